"""Requests to the OAuth server: begin a device sign-in, ask for its tokens, renew them.

Section 8 of the API reference; RFC 8628 (device flow) and RFC 6749 (errors, refresh).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import requests

from talkvalue_cli.auth import tokens
from talkvalue_cli.errors import AuthError, RefusedError, TalkValueError, UnexpectedAnswerError
from talkvalue_cli.transport import deadline, problems, responses
from talkvalue_cli.transport.failures import exchange
from talkvalue_cli.transport.session import Session

AUTHORIZE_PATH = "/user_management/authorize/device"
TOKEN_PATH = "/user_management/authenticate"
GRANT_KEYS = ("device_code", "user_code", "verification_uri", "verification_uri_complete")
SCOPE = "openid profile email offline_access"
DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
#: how long one exchange may take altogether, in seconds
LIMIT_S, POLL_LIMIT_S = 30.0, 10.0
#: what holds when the server does not say (RFC 8628 section 3.2), in seconds
DEFAULT_INTERVAL_S, DEFAULT_LIFE_S = 5.0, 900.0


class OAuthError(AuthError):
    """The OAuth server refuses.

    error: its word for the reason (RFC 6749 section 5.2), empty when it gave none.
    """

    def __init__(self, message: str, error: str, **more: Any) -> None:
        """more: `text` and `details`, as for any error."""
        super().__init__(message, **more)
        self.error = error


class DeviceGrant(NamedTuple):
    """A sign-in that waits for somebody to approve it in a browser. Times are in seconds.

    device_code: secret; user_code: for the user to compare or type.
    complete_uri: holds the user code; empty when the server gave none.
    """

    device_code: str
    user_code: str
    uri: str
    complete_uri: str
    life_s: float
    interval_s: float

    def __repr__(self) -> str:
        return f"DeviceGrant(uri={self.uri!r})"


class OAuthServer:
    """One OAuth server, as one client of it.

    tell: takes a line about each exchange; never a body, for those are secrets.
    """

    def __init__(
        self,
        session: Session,
        base_url: str,
        client_id: str,
        *,
        tell: Callable[[str], None] = lambda line: None,
    ) -> None:
        self._session, self._base_url, self._client_id = session, base_url, client_id
        self._tell = tell

    def begin_device_grant(self) -> DeviceGrant:
        """`POST /user_management/authorize/device`. Raises TalkValueError."""
        answer = self._post(AUTHORIZE_PATH, LIMIT_S, form={"scope": SCOPE})
        device_code, user_code, uri, complete_uri = (
            tokens.read_text(answer, key) for key in GRANT_KEYS
        )
        # it goes back in a form, which cannot hold everything that JSON can
        if not (device_code and device_code.isascii() and user_code and uri):
            raise UnexpectedAnswerError(f"{self._base_url} began no sign-in: codes are missing")
        return DeviceGrant(
            device_code,
            user_code,
            uri,
            complete_uri,
            life_s=_read_seconds(answer, "expires_in", DEFAULT_LIFE_S),
            interval_s=_read_seconds(answer, "interval", DEFAULT_INTERVAL_S),
        )

    def ask_for_tokens(self, device_code: str) -> dict[str, Any]:
        """`POST /user_management/authenticate`: one poll; return the token answer.

        Raises OAuthError, `authorization_pending` among others, and TalkValueError.
        """
        fields = {"device_code": device_code, "grant_type": DEVICE_GRANT}
        return self._post(TOKEN_PATH, POLL_LIMIT_S, form=fields)

    def refresh(self, refresh_token: str, organization_id: str = "") -> dict[str, Any]:
        """`POST /user_management/authenticate`: return the token answer of a refresh.

        The refresh token is used up by it. organization_id: scopes the access
        token to one organization. Raises OAuthError and TalkValueError.
        """
        body = {"grant_type": "refresh_token", "refresh_token": refresh_token}
        if organization_id:
            body["organization_id"] = organization_id
        return self._post(TOKEN_PATH, LIMIT_S, document=body)

    def _post(
        self,
        path: str,
        limit_s: float,
        *,
        form: dict[str, str] | None = None,
        document: dict[str, str] | None = None,
    ) -> dict[str, Any]:
        """Send the fields of a form, or of a JSON document, and return the JSON object."""
        where = self._base_url + path
        client = {"client_id": self._client_id}

        def work() -> tuple[requests.Response, bytes]:
            with self._session.post(
                where,
                data=None if form is None else client | form,
                json=None if document is None else client | document,
                timeout=(deadline.CONNECT_TIMEOUT_S, limit_s),
                # a redirect could take the codes anywhere
                allow_redirects=False,
                stream=True,
            ) as response:
                return response, responses.read_at_most(response, responses.LARGEST_PROBLEM)

        self._tell(f"> POST {where} (the body is secret)")
        response, body = exchange(self._session, limit_s, work, where)
        self._tell(f"< {response.status_code} {response.reason or ''} {where}")
        if not response.ok or response.status_code >= 300:
            raise _refusal(response, body, f"POST {path}")
        answer = responses.read_json(response, body, f"POST {path}").value
        if not isinstance(answer, dict):
            raise UnexpectedAnswerError(f"POST {path} was not answered with an object")
        return answer


def _refusal(response: requests.Response, body: bytes, request: str) -> TalkValueError:
    """Return the error for an answer that is not a success."""
    found = problems.read_object(body)
    error, description = (tokens.read_text(found, key) for key in ("error", "error_description"))
    # the server's own text, unchanged, is what the existing CLI has as the message
    own, status = description.strip() or error.strip(), response.status_code
    said = " ".join(own.split())
    method, _, path = request.partition(" ")
    details = {"status": status, "method": method, "path": path}
    if 300 <= status < 400:  # such as the sign-in page of a hotel's network
        return UnexpectedAnswerError(
            f"{request} was answered with a redirect, which is not followed (HTTP {status})",
            is_transient=True,
        )
    if status in problems.TRANSIENT_STATUSES:
        told = f"the sign-in server does not work: {said or 'no reason given'}"
        return RefusedError(
            own or told,
            text=f"{told} (HTTP {status}, {request})",
            details=details,
            is_transient=True,
            retry_after_s=problems.read_retry_after(response.headers),
        )
    told = f"the sign-in server refuses: {said or 'it gives no reason'}"
    return OAuthError(
        own or told, error.strip(), text=f"{told} (HTTP {status}, {request})", details=details
    )


def _read_seconds(answer: Mapping[str, Any], key: str, default: float) -> float:
    value = tokens.read_number(answer, key)
    return float(value) if value is not None and 0 <= value < 1e9 else default
