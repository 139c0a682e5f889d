"""Tokens are where they belong and nowhere else, and after a logout nowhere at all.

Logouts of all, and a token in the environment: tests/resources/test_secrets_stored.py.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests import session_files
from tests.csv_texts import people
from tests.forks import NOT_FORKED
from tests.harness import PATIENCE_S, Finished, Sandbox
from tests.process.stub_server import StubServer
from tests.process.user import User
from tests.replies import Reply, Request

LIST = ("path", "channel", "list")
KINDS = ("device_code", "access_token", "refresh_token", "id_token")
#: a program that looks like a browser's opener, and writes down how it was called
OPENER = '#!/bin/sh\n{ tr "\\0" "\\n" </proc/$$/cmdline; env; } >"$HOME/opened"\n'


class Recorder(StubServer):
    """Passes requests on to a server; `secrets` are those that it has given out since."""

    def __init__(self, server: Sandbox) -> None:
        super().__init__(server.folder)
        self.target = server.url
        #: secret → its kind
        self.secrets: dict[str, str] = {}

    def take(self, request: Request) -> Reply:
        """Pass a request on, and remember the secrets in the answer."""
        names = ("Authorization", "Content-Type")
        answer = requests.request(
            request.method,
            self.target + request.path,
            data=request.body,
            headers={name: request.headers[name] for name in names if name in request.headers},
            timeout=PATIENCE_S,
        )
        with contextlib.suppress(ValueError):
            self.secrets |= {answer.json()[key]: key for key in KINDS if key in answer.json()}
        return Reply(
            answer.content, answer.status_code, {"Content-Type": answer.headers["Content-Type"]}
        )


@pytest.fixture
def recorder(approving: Sandbox) -> Iterator[Recorder]:
    """A server before the sandbox that knows the secrets."""
    recorder = Recorder(approving)
    yield recorder
    recorder.stop()


class _CommandLines:
    """Collects the command lines of all processes while it is open."""

    def __init__(self) -> None:
        self.seen: set[bytes] = set()
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> _CommandLines:
        self._thread.start()
        return self

    def __exit__(self, *about: object) -> None:
        self._done.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._done.wait(0.1):
            for path in Path("/proc").glob("[0-9]*/cmdline"):
                try:
                    self.seen.add(path.read_bytes())
                except OSError:
                    continue


def _find(secrets: dict[str, str], text: bytes) -> list[str]:
    """Return the kinds of secrets in a text; the end of one is as bad as the whole."""
    return sorted({kind for secret, kind in secrets.items() if secret[-16:].encode() in text})


def _files(home: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in home.rglob("*") if path.is_file()}


def test_a_whole_session_shows_no_secret_to_anybody(
    approving: Sandbox, recorder: Recorder, own_home: Path
) -> None:
    opener = own_home / "bin" / "xdg-open"
    opener.parent.mkdir()
    opener.write_text(OPENER)
    opener.chmod(0o755)
    ada = User(own_home, approving, TALKVALUE_AUTH_API_URL=recorder.url, DISPLAY=":0")
    ada.environ |= NOT_FORKED
    ada.environ["PATH"] = f"{opener.parent}:{ada.environ['PATH']}"
    (own_home / "people.csv").write_text(people(20, bad=1))
    finished: list[Finished] = []

    def run(*arguments: str) -> Finished:
        finished.append(ada.run(*arguments))
        return finished[-1]

    with _CommandLines() as processes:
        assert run("auth", "login", "--org=org_harbor", "--verbose").code == 0
        assert run("auth", "switch", "org_sandbox", "--verbose").code == 0
        assert run(*LIST, "--verbose").code == 0
        refused = ada.expire()
        assert run(*LIST, "--verbose").code == 0
        imported = ("people.csv", "--source-id=1", "--mode=SKIP", "--mapping=0:EMAIL", "--verbose")
        assert run("path", "import", "run", *imported).code == 6
        assert run("path", "import", "get", "4711", "--verbose").code == 4
        assert run("auth", "status", "--json", "--verbose").code == 0
        assert run("config", "list").code == 0
        # a token that the server refuses, and a refresh token that it refuses too
        used_up = {key.rpartition(":")[2]: value for key, value in ada.tokens.items()}
        session_files.refresh(ada.post, used_up["refresh_token"])
        ada.write_tokens({**used_up, "access_token": f"refused-{'x' * 30}"})
        assert run(*LIST, "--verbose").code == 3
        ada.write_tokens(used_up)
        printed = ada.run("auth", "token")
        stored, others = ada.tokens, _files(own_home)
        assert run("auth", "logout", "--verbose").code == 0
    secrets = recorder.secrets | {refused: "access_token"}
    assert set(secrets.values()) == {"device_code", "access_token", "refresh_token", "id_token"}
    assert any(b"path\x00import\x00run" in line for line in processes.seen)
    for line in processes.seen:
        assert _find(secrets, line) == [], line
    for done in finished:
        assert _find(secrets, (done.out + done.err).encode()) == [], done
    assert _find(secrets, printed.out.encode()) == ["access_token"]
    assert printed.err == ""
    assert secrets.keys() & set(stored.values()) == {
        stored[f"talkvalue:ada-baker:{key}"]
        for key in ("access_token", "refresh_token", "id_token")
    }
    assert _find(secrets, others.pop("keyring.json")) == [
        "access_token",
        "id_token",
        "refresh_token",
    ]
    assert b"/device?user_code=" in others["opened"]
    assert any(content.startswith(b"SQLite format 3") for content in others.values())
    for name, content in others.items():
        assert _find(secrets, content) == [], name
    left = _files(own_home)
    assert "keyring.json" not in left
    for name, content in left.items():
        assert _find(secrets, content) == [], name


def test_a_login_that_fails_in_the_end_leaves_no_token(
    approving: Sandbox, recorder: Recorder, own_home: Path
) -> None:
    ada = User(own_home, approving, TALKVALUE_AUTH_API_URL=recorder.url)
    done = ada.run("auth", "login", "--org", "nomatch", "--verbose")
    assert (done.code, done.out) == (2, "")
    assert set(recorder.secrets.values()) >= {"device_code", "access_token", "refresh_token"}
    assert _find(recorder.secrets, done.err.encode()) == []
    assert _files(own_home) == {}
