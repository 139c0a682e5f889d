"""`/device`: the verification URI, where a person decides about a user code."""

from __future__ import annotations

from flask import Blueprint, Response, request

from ..sign_in import device_page
from ..sign_in.accounts import allow_anyone
from ..sign_in.devices import Devices
from ..web import forms
from ..web.forms import FormError
from ..web.query import accept_query

#: state of a code that cannot be decided about (any more) -> message, status
REFUSALS = {
    "UNKNOWN": ("This code is unknown. Look at it once more.", 404),
    "EXPIRED": ("This code has expired. Start the sign-in anew.", 410),
    "APPROVED": ("This code was approved already.", 409),
    "USED": ("This code was approved already.", 409),
    "DENIED": ("This code was denied already.", 409),
}
ACTIONS = {"approve": "Signed in", "deny": "Denied"}


def _refuse(user_code: str, state: str) -> Response:
    message, status = REFUSALS[state]
    return device_page.show_form(user_code, message, status)


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
            return device_page.show_form(user_code)
        if state in ("APPROVED", "USED"):
            return device_page.show_end("Approved already")  # --auto-approve was quicker
        return _refuse(user_code, state)

    @blueprint.post("/device")
    @allow_anyone
    def decide() -> Response:
        try:
            form = forms.read_form()
            forms.check_fields(form, ("user_code", "action"))
        except FormError as error:
            return device_page.show_form("", str(error), 400)
        user_code, action = form["user_code"], form["action"]
        if action not in ACTIONS:
            return device_page.show_form(user_code, "Choose to approve or to deny.", 400)
        state = devices.decide(user_code, is_approved=action == "approve")
        if state == "PENDING":
            return device_page.show_end(ACTIONS[action])
        return _refuse(user_code, state)

    return blueprint
