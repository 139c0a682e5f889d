"""Somebody with a home of their own, who signs in to a sandbox with the program."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import time
from pathlib import Path
from typing import Any

import requests
import yaml

from tests.harness import Finished, Sandbox, Server, clean_environ, run_cli, start_cli

CLIENT_ID = "client_01KCTNX7YWPXTWN1AAY74TQC14"
EMAIL = "ada.baker@example.com"
NAMES = {
    "org_sandbox": "Sandbox Events",
    "org_harbor": "Harbor Meetups",
    "org_academy": "Northwind Academy",
}
NO_KEYRING = "keyring.backends.fail.Keyring"


class Member:
    """A home folder, and the program started in it; no token is in its environment.

    more: further variables of the environment.
    """

    def __init__(self, home: Path, server: Server, **more: str) -> None:
        self.home, self.server = home, server
        home.mkdir(exist_ok=True)
        self.environ = clean_environ(
            home,
            **{
                "TALKVALUE_API_URL": server.url,
                "TALKVALUE_AUTH_API_URL": server.url,
                "PYTHON_KEYRING_BACKEND": NO_KEYRING,
                **more,
            },
        )

    @property
    def folder(self) -> Path:
        """The config folder."""
        return self.home / ".talkvalue"

    @property
    def config_path(self) -> Path:
        """The config file."""
        return self.folder / "config.yml"

    @property
    def tokens_path(self) -> Path:
        """The file that takes the place of a keyring."""
        return self.folder / "keyring.json"

    @property
    def config(self) -> Any:
        """What the config file holds, as another YAML library reads it."""
        return yaml.safe_load(self.config_path.read_text())

    @property
    def tokens(self) -> dict[str, str]:
        """What the file of tokens holds."""
        found: dict[str, str] = json.loads(self.tokens_path.read_text())
        return found

    def run(self, *args: str | Path, stdin: str | None = None, **more: str) -> Finished:
        """Run the program to its end; more: variables for this run alone."""
        return run_cli(*args, environ={**self.environ, **more}, cwd=self.home, stdin=stdin)

    def start(self, *args: str | Path, **more: str) -> subprocess.Popen[str]:
        """Start the program."""
        return start_cli(*args, environ={**self.environ, **more}, cwd=self.home)

    def log_in(self, organization: str = "org_sandbox", *args: str, **more: str) -> Finished:
        """Sign in with the program, which has to succeed; the sandbox approves by itself."""
        done = self.run("auth", "login", "--org", organization, *args, **more)
        assert done.code == 0, done.err
        return done

    def arrive(self, organization: str = "org_sandbox", profile: str = "ada-baker") -> None:
        """Be signed in already, with the files of the existing CLI, written by hand.

        A second time adds a profile, which becomes the active one.
        """
        answer = obtain_tokens(self.server, organization)
        self.write_config(organization, profile)
        self.write_tokens(answer, profile)

    def write_config(self, organization: str = "org_sandbox", profile: str = "ada-baker") -> None:
        """Write a config file with this profile, as the existing CLI writes it."""
        self.folder.mkdir(mode=0o700, exist_ok=True)
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
        """Add the tokens of a profile to the file, as the existing CLI writes it."""
        self.folder.mkdir(mode=0o700, exist_ok=True)
        before = self.tokens if self.tokens_path.exists() else {}
        entries = {
            f"talkvalue:{profile}:{key}": answer[key]
            for key in ("access_token", "refresh_token", "id_token")
        }
        end = {f"talkvalue:{profile}:expires_at": "2030-01-01T00:00:00.000Z"}
        write_private(self.tokens_path, json.dumps({**before, **entries, **end}, indent=2))

    def change_token(self, access_token: str, profile: str = "ada-baker") -> None:
        """Put another access token in the place of the stored one."""
        changed = {**self.tokens, f"talkvalue:{profile}:access_token": access_token}
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


def obtain_tokens(server: Server, organization: str) -> dict[str, Any]:
    """Return a token answer for an organization, without the program."""
    scope = "openid profile email offline_access"
    form = {"client_id": CLIENT_ID, "scope": scope}
    started = _post(server, "/user_management/authorize/device", data=form)
    grant = "urn:ietf:params:oauth:grant-type:device_code"
    form = {"client_id": CLIENT_ID, "device_code": started["device_code"], "grant_type": grant}
    first = _post(server, "/user_management/authenticate", data=form)
    return refresh(server, first["refresh_token"], organization_id=organization)


def refresh(server: Server, refresh_token: str, **more: str) -> dict[str, Any]:
    """Return the token answer of a refresh, without the program."""
    body = {"client_id": CLIENT_ID, "grant_type": "refresh_token", "refresh_token": refresh_token}
    return _post(server, "/user_management/authenticate", json={**body, **more})


def _post(server: Server, path: str, **arguments: Any) -> dict[str, Any]:
    answer = requests.post(server.url + path, timeout=20, **arguments)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def decide(server: Server, user_code: str, action: str) -> None:
    """Approve or deny a sign-in on the sandbox's page."""
    form = {"user_code": user_code, "action": action}
    answer = requests.post(server.url + "/device", data=form, timeout=20)
    assert answer.status_code == 200, answer.text


def expire(token: str) -> str:
    """Return a token with the same claims that has expired; its signature does not fit any more."""
    head, body, signature = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    now = int(time.time())
    text = json.dumps({**claims, "iat": now - 600, "exp": now - 300})
    return f"{head}.{base64.urlsafe_b64encode(text.encode()).decode().rstrip('=')}.{signature}"


def count(server: Sandbox, **wanted: Any) -> int:
    """Return how many requests the sandbox has had whose counter has these values."""
    counters = requests.get(server.url + "/sandbox/requests", timeout=20).json()
    return sum(
        each["count"]
        for each in counters
        if all(each[key] == value for key, value in wanted.items())
    )
