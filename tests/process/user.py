"""Somebody with a home of their own, who signs in to a sandbox with the program."""

from __future__ import annotations

import functools
import subprocess
from pathlib import Path
from typing import Any

import requests

from tests.harness import (
    NO_KEYRING,
    PATIENCE_S,
    Finished,
    Sandbox,
    Server,
    clean_environ,
    run_cli,
    start_cli,
)
from tests.session_files import SessionFiles


class User(SessionFiles):
    """A home folder, and the program started in it; no token is in its environment.

    more: further variables of the environment.
    """

    def __init__(self, home: Path, server: Server, **more: str) -> None:
        self.home, self.server = home, server
        self.post = functools.partial(post, server)
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


def post(server: Server, path: str, **arguments: Any) -> dict[str, Any]:
    """Send a form or a document without the program, and return the answer."""
    answer = requests.post(server.url + path, timeout=PATIENCE_S, **arguments)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def decide(server: Server, user_code: str, action: str) -> None:
    """Approve or deny a sign-in on the sandbox's page."""
    form = {"user_code": user_code, "action": action}
    answer = requests.post(server.url + "/device", data=form, timeout=PATIENCE_S)
    assert answer.status_code == 200, answer.text


def count(server: Sandbox, **wanted: Any) -> int:
    """Return how many requests the sandbox has had whose counter has these values."""
    counters = requests.get(server.url + "/sandbox/requests", timeout=PATIENCE_S).json()
    return sum(
        each["count"]
        for each in counters
        if all(each[key] == value for key, value in wanted.items())
    )
