"""A program that signs in to a sandbox, and the person in front of it."""

from __future__ import annotations

import base64
import json
from typing import Any

from werkzeug.test import TestResponse

from .bench import Bench

CLIENT_ID = "client_unit"
DEVICE_PATH = "/user_management/authorize/device"
TOKEN_PATH = "/user_management/authenticate"
DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"


class Program:
    """Knows its client id and nothing else; what it is told it returns."""

    def __init__(self, bench: Bench, client_id: str = CLIENT_ID) -> None:
        self.bench, self.client_id = bench, client_id

    def start(self) -> Any:
        """Ask for a device code, and return the answer."""
        form = {"client_id": self.client_id, "scope": "openid profile email offline_access"}
        answer = self.bench.client.post(DEVICE_PATH, data=form)
        assert answer.status_code == 200, answer.text
        return answer.json

    def poll(self, started: Any) -> TestResponse:
        """Ask for the tokens once."""
        form = {
            "client_id": self.client_id,
            "device_code": started["device_code"],
            "grant_type": DEVICE_GRANT,
        }
        return self.bench.client.post(TOKEN_PATH, data=form)

    def decide(self, user_code: str, action: str = "approve") -> TestResponse:
        """Press a button on the page."""
        form = {"user_code": user_code, "action": action}
        return self.bench.client.post("/device", data=form)

    def sign_in(self) -> Any:
        """Return the tokens of a new session without an organization."""
        started = self.start()
        assert self.decide(started["user_code"]).status_code == 200
        answer = self.poll(started)
        assert answer.status_code == 200, answer.text
        return answer.json

    def try_refresh(self, refresh_token: str, organization_id: str | None = None) -> TestResponse:
        """Send a refresh token, and ask for an organization if one is named."""
        body = {
            "client_id": self.client_id,
            "grant_type": "refresh_token",
            "refresh_token": refresh_token,
        }
        if organization_id is not None:
            body["organization_id"] = organization_id
        return self.bench.client.post(TOKEN_PATH, json=body)

    def refresh(self, tokens: Any, organization_id: str | None = None) -> Any:
        """Return the tokens that take the place of others."""
        answer = self.try_refresh(tokens["refresh_token"], organization_id)
        assert answer.status_code == 200, answer.text
        return answer.json

    def enter(self, organization_id: str) -> str:
        """Sign in, and return an access token for an organization."""
        token: str = self.refresh(self.sign_in(), organization_id)["access_token"]
        return token

    def send(self, token: str, method: str, path: str, **options: Any) -> TestResponse:
        """Send a request with an access token."""
        return self.bench.send(method, path, token=token, **options)

    def get(self, token: str, path: str) -> Any:
        """Return the JSON of a GET with an access token."""
        return self.bench.do("GET", path, token=token)


def error_of(answer: TestResponse) -> str:
    """Return the OAuth error of a refused request; all of them have one form."""
    assert answer.status_code == 400
    assert answer.content_type == "application/json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.json is not None
    assert list(answer.json) == ["error", "error_description"]
    assert answer.json["error_description"]
    return str(answer.json["error"])


def read_part(token: str, part: int = 1) -> Any:
    """Return a part of a JWT, as anybody can read it."""
    text = token.split(".")[part]
    return json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
