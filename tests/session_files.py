"""The files of a session, written by hand as the existing CLI writes them."""

from __future__ import annotations

import base64
import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

CLIENT_ID = "client_01KCTNX7YWPXTWN1AAY74TQC14"
EMAIL = "ada.baker@example.com"
NAMES = {
    "org_sandbox": "Sandbox Events",
    "org_harbor": "Harbor Meetups",
    "org_academy": "Northwind Academy",
}

#: posts a form (`data`) or a document (`json`) to a path of the server; returns the JSON answer
Post = Callable[..., dict[str, Any]]


class SessionFiles:
    """The config folder of a home: its config file, and the file of its tokens."""

    home: Path
    post: Post

    @property
    def config_folder(self) -> Path:
        """The config folder."""
        return self.home / ".talkvalue"

    @property
    def config_path(self) -> Path:
        """The config file."""
        return self.config_folder / "config.yml"

    @property
    def tokens_path(self) -> Path:
        """The file that takes the place of a keyring."""
        return self.config_folder / "keyring.json"

    @property
    def config(self) -> Any:
        """What the config file holds, as another YAML library reads it."""
        return yaml.safe_load(self.config_path.read_text())

    @property
    def tokens(self) -> dict[str, str]:
        """What the file of tokens holds."""
        found: dict[str, str] = json.loads(self.tokens_path.read_text())
        return found

    def arrive(self, organization: str = "org_sandbox", profile: str = "ada-baker") -> None:
        """Be signed in already; the server approves by itself.

        A second time adds a profile, which becomes the active one.
        """
        answer = obtain_tokens(self.post, organization)
        self.write_config(organization, profile)
        self.write_tokens(answer, profile)

    def write_config(self, organization: str = "org_sandbox", profile: str = "ada-baker") -> None:
        """Write a config file with this profile."""
        self.config_folder.mkdir(mode=0o700, exist_ok=True)
        before = self.config_path.read_text() if self.config_path.exists() else ""
        others = before.partition("profiles:\n")[2]
        write_private(
            self.config_path,
            "version: 1\n"
            "api_url: https://api.trytalkvalue.com\n"
            f"client_id: {CLIENT_ID}\n"
            f"active_profile: {profile}\n"
            "profiles:\n"
            f"  {profile}:\n"
            f"    org_id: {organization}\n"
            f"    org_name: {NAMES[organization]}\n"
            f"    member_email: {EMAIL}\n"
            "    auth_method: oauth\n" + others,
        )

    def write_tokens(self, answer: dict[str, Any], profile: str = "ada-baker") -> None:
        """Add the tokens of a profile to the file."""
        self.config_folder.mkdir(mode=0o700, exist_ok=True)
        before = self.tokens if self.tokens_path.exists() else {}
        entries = {
            f"talkvalue:{profile}:{key}": answer[key]
            for key in ("access_token", "refresh_token", "id_token")
        }
        end = {f"talkvalue:{profile}:expires_at": "2030-01-01T00:00:00.000Z"}
        write_private(self.tokens_path, json.dumps({**before, **entries, **end}, indent=2))

    def change_token(self, token: str, kind: str = "access_token") -> None:
        """Put another token in the place of the stored one."""
        changed = {**self.tokens, f"talkvalue:ada-baker:{kind}": token}
        write_private(self.tokens_path, json.dumps(changed, indent=2))

    def expire(self) -> str:
        """Make the stored access token one that has expired; the server would refuse it too."""
        token = expire(self.tokens["talkvalue:ada-baker:access_token"])
        self.change_token(token)
        return token


def write_private(path: Path, text: str) -> None:
    """Write a file that is its owner's alone."""
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)


def obtain_tokens(post: Post, organization: str) -> dict[str, Any]:
    """Return a token answer for an organization, without the program."""
    scope = "openid profile email offline_access"
    form = {"client_id": CLIENT_ID, "scope": scope}
    started = post("/user_management/authorize/device", data=form)
    grant = "urn:ietf:params:oauth:grant-type:device_code"
    form = {"client_id": CLIENT_ID, "device_code": started["device_code"], "grant_type": grant}
    first = post("/user_management/authenticate", data=form)
    return refresh(post, first["refresh_token"], organization_id=organization)


def refresh(post: Post, refresh_token: str, **more: str) -> dict[str, Any]:
    """Return the token answer of a refresh, without the program."""
    body = {"client_id": CLIENT_ID, "grant_type": "refresh_token", "refresh_token": refresh_token}
    return post("/user_management/authenticate", json={**body, **more})


def expire(token: str) -> str:
    """Return a token with the same claims that has expired; its signature does not fit any more."""
    head, body, signature = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    now = int(time.time())
    text = json.dumps({**claims, "iat": now - 600, "exp": now - 300})
    return f"{head}.{base64.urlsafe_b64encode(text.encode()).decode().rstrip('=')}.{signature}"
