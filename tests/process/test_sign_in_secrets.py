"""Tokens are where they belong and nowhere else, and after a logout nowhere at all."""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import session_files
from tests.csv_texts import people
from tests.forks import NOT_FORKED
from tests.harness import Finished, Sandbox, clean_environ, run_cli
from tests.process import member
from tests.process.member import Member
from tests.process.recorder import Recorder

LIST = ("path", "channel", "list")
#: a program that looks like a browser's opener, and writes down how it was called
OPENER = '#!/bin/sh\n{ tr "\\0" "\\n" </proc/$$/cmdline; env; } >"$HOME/opened"\n'
#: a keyring backend that tells when it is imported
TELLTALE = """
import os
from keyring.backends.fail import Keyring
open(os.environ["TELLTALE"], "a").close()
"""


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
    ada = Member(own_home, approving, TALKVALUE_AUTH_API_URL=recorder.url, DISPLAY=":0")
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
    ada = Member(own_home, approving, TALKVALUE_AUTH_API_URL=recorder.url)
    done = ada.run("auth", "login", "--org", "nomatch", "--verbose")
    assert (done.code, done.out) == (2, "")
    assert set(recorder.secrets.values()) >= {"device_code", "access_token", "refresh_token"}
    assert _find(recorder.secrets, done.err.encode()) == []
    assert _files(own_home) == {}


def test_logout_of_all_leaves_no_token(
    approving: Sandbox, recorder: Recorder, own_home: Path
) -> None:
    ada = Member(own_home, approving, TALKVALUE_AUTH_API_URL=recorder.url)
    ada.log_in("org_harbor", "--profile=one")
    ada.log_in("org_academy", "--profile=two")
    # of a profile that was removed by hand
    ada.write_tokens(
        session_files.obtain_tokens(functools.partial(member.post, recorder), "org_sandbox"), "gone"
    )
    assert ada.run("auth", "logout", "--profile=one").json["data"] == {
        "loggedOut": True,
        "profile": "one",
    }
    assert sorted({account.split(":")[1] for account in ada.tokens}) == ["gone", "two"]
    # what a process that was killed in the middle of a write leaves behind
    (ada.config_folder / ".keyring.json.0a1b2c3d.part").write_bytes(ada.tokens_path.read_bytes())
    assert ada.run("auth", "logout", "--all").json["data"] == {
        "loggedOut": True,
        "profile": None,
        "profiles": ["two"],
    }
    assert (ada.config["profiles"], ada.config["active_profile"]) == ({}, "")
    for name, content in _files(own_home).items():
        assert _find(recorder.secrets, content) == [], name
    assert ada.run(*LIST).code == 3


@pytest.mark.parametrize("is_named", [True, False])
def test_with_a_token_in_the_environment_neither_keyring_nor_config_folder_is_touched(
    approving: Sandbox, tmp_path: Path, own_home: Path, is_named: bool
) -> None:
    (tmp_path / "telltale.py").write_text(TELLTALE)
    told = tmp_path / "told"
    more = {"TALKVALUE_TOKEN": "sandbox-token-of-the-tests"} if is_named else {}
    environ = clean_environ(
        own_home,
        **{
            "PYTHONPATH": str(tmp_path),
            "PYTHON_KEYRING_BACKEND": "telltale.Keyring",
            "TELLTALE": str(told),
            "TALKVALUE_API_URL": approving.url,
            "XDG_CONFIG_HOME": str(own_home / "config"),
            **more,
        },
    )
    if is_named:
        assert run_cli(*LIST, environ=environ).code == 0
        assert run_cli("auth", "status", environ=environ).json["data"]["loggedIn"] is True
        assert run_cli(*LIST, "--profile", "nobody", environ=environ).code == 0
        assert run_cli("auth", "login", "--org=x", environ=environ).code == 2
        assert list(own_home.iterdir()) == []
    else:  # the telltale works
        folder = own_home / "config" / "talkvalue"
        Member(own_home, approving).write_config()
        folder.parent.mkdir()
        (own_home / ".talkvalue").rename(folder)
        assert run_cli(*LIST, environ=environ).code == 3
    assert told.exists() is not is_named
