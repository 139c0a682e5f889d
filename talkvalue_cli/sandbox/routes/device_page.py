"""`/device`: the verification URI, where a person decides about a user code; plain HTML."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request

from ..sign_in.accounts import allow_anyone
from ..sign_in.devices import Devices
from ..web import forms
from ..web.forms import FormError
from ..web.query import accept_query

#: state of a code that cannot be decided about (any more) -> message, status
REFUSALS = {
    "UNKNOWN": ("This code is unknown. Look at it once more.", 404),
    "EXPIRED": ("This code has expired. Start the login again.", 410),
    "APPROVED": ("This code was approved already.", 409),
    "USED": ("This code was approved already.", 409),
    "DENIED": ("This code was denied already.", 409),
}
ACTIONS = {"approve": "Signed in", "deny": "Denied"}
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline';"
    " form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def _show(title: str, status: int, **values: object) -> Response:
    page = render_template("device.html", title=title, **values)
    return Response(page, status, HEADERS, content_type="text/html; charset=utf-8")


def _show_form(user_code: str, error: str = "", status: int = 200) -> Response:
    return _show("Sign in to the sandbox", status, user_code=user_code, error=error)


def _show_end(title: str) -> Response:
    return _show(title, 200, has_ended=True)


def make_blueprint(devices: Devices) -> Blueprint:
    """Return the page; whoever reaches this server may approve, as is fit for a sandbox."""
    blueprint = Blueprint("device_page", __name__)

    @blueprint.get("/device")
    @allow_anyone
    @accept_query("user_code")
    def ask() -> Response:
        user_code = request.args.get("user_code", "")
        state = devices.find_state(user_code) if user_code else "PENDING"
        if state == "PENDING":
            return _show_form(user_code)
        if state in ("APPROVED", "USED"):
            return _show_end("Approved already")  # --auto-approve was quicker
        return _show_form(user_code, *REFUSALS[state])

    @blueprint.post("/device")
    @allow_anyone
    def decide() -> Response:
        try:
            form = forms.read_form()
            forms.check_fields(form, ("user_code", "action"))
        except FormError as error:
            return _show_form("", str(error), 400)
        user_code, action = form["user_code"], form["action"]
        if action not in ACTIONS:
            return _show_form(user_code, "Choose to approve or to deny.", 400)
        state = devices.decide(user_code, is_approved=action == "approve")
        if state == "PENDING":
            return _show_end(ACTIONS[action])
        return _show_form(user_code, *REFUSALS[state])

    return blueprint
