"""`/user_management`: the device flow, and refresh tokens (section 8 of the API reference)."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, g, request

from ..db.store import Store
from ..sign_in.accounts import allow_anyone
from ..sign_in.devices import Devices, SignInRules
from ..sign_in.sessions import Sessions
from ..web import forms
from ..web.bodies import read_json_object
from ..web.forms import FormError
from ..web.problems import NO_STORE, OAuthError, Problem

DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
REFRESH_GRANT = "refresh_token"
CLIENT_ID = re.compile(r"client_\w{1,100}", re.ASCII)
JSON = "application/json"
#: who signs in: the page asks nobody who they are
SIGNED_IN_MEMBER_ID = 1

Answer = tuple[dict[str, Any], dict[str, str]]


def _read_body() -> dict[str, object]:
    """Return the fields of a form or of a JSON object; raises OAuthError."""
    try:
        if request.mimetype == JSON:
            return read_json_object()
        return dict(forms.read_form())
    except (FormError, Problem) as error:
        raise OAuthError("invalid_request", str(error)) from None


def _read_texts(
    body: dict[str, object], *required: str, optional: tuple[str, ...] = ()
) -> dict[str, str]:
    """Return the fields that a request must and may have; raises OAuthError for any other."""
    texts = {}
    try:
        forms.check_fields([name for name in body if name not in optional], required)
    except FormError as error:
        raise OAuthError("invalid_request", str(error)) from None
    for name, value in body.items():
        # what is not printable includes halves of surrogate pairs, which no database takes
        if not isinstance(value, str) or not value or not value.isprintable():
            raise OAuthError("invalid_request", f"{name} must be a printable text.")
        texts[name] = value
    if not CLIENT_ID.fullmatch(texts["client_id"]):
        raise OAuthError("invalid_client", "The client id must look like client_...")
    return texts


def _expect_type(mimetype: str) -> None:
    if request.mimetype != mimetype:
        raise OAuthError("invalid_request", f"The content type must be {mimetype}.")


def make_blueprint(
    store: Store, rules: SignInRules, devices: Devices, sessions: Sessions
) -> Blueprint:
    """Return the routes of signing in; they need no token."""
    blueprint = Blueprint("oauth", __name__)

    @blueprint.post("/user_management/authorize/device")
    @allow_anyone
    def start_device() -> Answer:
        _expect_type(forms.CONTENT_TYPE)
        given = _read_texts(_read_body(), "client_id", "scope")
        device_code, user_code = devices.start(given["client_id"])
        page = f"{request.host_url}device"
        answer = {
            "device_code": device_code,
            "user_code": user_code,
            "verification_uri": page,
            "verification_uri_complete": f"{page}?user_code={user_code}",
            "expires_in": rules.device_life_s,
            "interval": rules.device_interval_s,
        }
        return answer, NO_STORE

    @blueprint.post("/user_management/authenticate")
    @allow_anyone
    def authenticate() -> Answer:
        body = _read_body()
        grant = body.get("grant_type")
        if grant is None:
            raise OAuthError("invalid_request", "grant_type is required.")
        if grant not in (DEVICE_GRANT, REFRESH_GRANT):
            raise OAuthError("unsupported_grant_type", "The grant type is not supported.")
        g.grant_type = grant  # for the counters
        return (redeem_device if grant == DEVICE_GRANT else refresh)(body), NO_STORE

    def redeem_device(body: dict[str, object]) -> dict[str, Any]:
        _expect_type(forms.CONTENT_TYPE)
        given = _read_texts(body, "client_id", "device_code", "grant_type")
        with store.write() as tx:
            refusal = devices.redeem(tx, given["client_id"], given["device_code"])
            if refusal is None:
                return sessions.open(tx, given["client_id"], SIGNED_IN_MEMBER_ID)
        raise refusal

    def refresh(body: dict[str, object]) -> dict[str, Any]:
        _expect_type(JSON)
        given = _read_texts(
            body, "client_id", "refresh_token", "grant_type", optional=("organization_id",)
        )
        return sessions.refresh(
            given["client_id"], given["refresh_token"], given.get("organization_id")
        )

    return blueprint
