"""A stored token that is no token is never sent or printed, wherever it is and whatever is run."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from keyring.backend import KeyringBackend

from tests import keyring_backends, session_files
from tests.test_failure_matrix import LINES
from tests.world import TOKEN, Machine

UseKeyring = Callable[[KeyringBackend], None]
HEAD, TAIL = "tv_live_9f8e7d6c5b4a", "39281706f5e4d3c2b1a0"
BREAKS = ["\n", "\r\n", "\r", "\x00", "\ud800", "\udc80", "\x1b[31m", "\u2028", "é", " ", '"', "\\"]
KEYS = ("access_token", "refresh_token", "id_token")
#: the first asks an index of packages, the second has nothing to resume
_OTHERS = ("update", "path import resume")
SESSION_LINES = [
    *(line for line in LINES if not line.startswith(_OTHERS)),
    "auth switch org_harbor",
    "auth token",
]


def _put(who: Machine, keyring_file: Path, place: str, texts: dict[str, str]) -> None:
    """Store texts by key for the profile."""
    if not who.config_path.exists():
        who.write_config()
    accounts = {f"talkvalue:ada-baker:{key}": text for key, text in texts.items()}
    if place == "file":
        session_files.write_private(who.tokens_path, json.dumps(accounts))
    else:
        keyring_file.write_text(json.dumps({"talkvalue-cli": accounts}))


def _assert_untold(done: object) -> None:
    assert HEAD not in repr(done) and TAIL not in repr(done)


@pytest.mark.parametrize(
    ("place", "mark"),
    [*(("file", mark) for mark in BREAKS), ("keyring", "\n"), ("keyring", "\x00")],
)
def test_a_damaged_token_is_none_and_nobody_sees_it(
    ada: Machine, keyring_file: Path, place: str, mark: str
) -> None:
    _put(ada, keyring_file, place, dict.fromkeys(KEYS, f"{HEAD}{mark}{TAIL}"))
    ada.write("contacts.csv", "email\nx@example.org\n")
    for line in ("path channel list", "auth status", "auth token", "auth logout"):
        for flags in ("--verbose", "--verbose --format csv", "--verbose --format table"):
            done = ada.run(line, flags)
            _assert_untold(done)
            assert done.sent == []
            if line in ("path channel list", "auth token"):
                assert (done.code, done.out) == (3, ""), line
                assert "the session of profile 'ada-baker' is over" in done.err
            elif line == "auth status":
                assert done.code == 0


def test_no_command_shows_one(ada: Machine, keyring_file: Path) -> None:
    _put(ada, keyring_file, "file", dict.fromkeys(KEYS, f"{HEAD}\n{TAIL}\ud800"))
    ada.write("contacts.csv", "email\nx@example.org\n")
    for line in SESSION_LINES:
        done = ada.run(line, "--verbose")
        _assert_untold(done)
        assert (done.code, done.out, done.sent) == (3, "", []), line


@pytest.mark.parametrize("place", ["file", "keyring"])
@pytest.mark.parametrize("around", ["\n", "\r\n", " ", "\t"], ids=ascii)
def test_blanks_around_a_token_do_no_harm(
    ada: Machine, keyring_file: Path, place: str, around: str
) -> None:
    answer = session_files.obtain_tokens(ada.post, "org_sandbox")
    _put(ada, keyring_file, place, {key: f"{around}{answer[key]}{around}" for key in KEYS})
    assert ada.run("path channel list").code == 0


@pytest.mark.parametrize("place", ["file", "keyring"])
@pytest.mark.parametrize("kind", ["refresh_token", "id_token"])
@pytest.mark.parametrize("mark", ["\n", "\ud800", "\x1b[31m", '"'], ids=ascii)
def test_another_token_that_is_damaged_is_left_out(
    ada: Machine, keyring_file: Path, place: str, kind: str, mark: str
) -> None:
    answer = session_files.obtain_tokens(ada.post, "org_sandbox")
    good = {key: answer[key] for key in KEYS}
    _put(ada, keyring_file, place, {**good, kind: f"{HEAD}{mark}{TAIL}"})
    done = ada.run("path channel list --verbose")
    assert done.code == 0
    _assert_untold(done)
    expired = session_files.expire(answer["access_token"])
    _put(ada, keyring_file, place, {**good, "access_token": expired, kind: f"{HEAD}{mark}{TAIL}"})
    done = ada.run("path channel list --verbose")
    _assert_untold(done)
    assert done.code == (3 if kind == "refresh_token" else 0)


def test_a_renewal_beside_a_damaged_token_of_another_profile_is_stored(
    ada: Machine, keyring_file: Path
) -> None:
    ada.arrive()
    ada.expire()
    strange = {**ada.tokens, "talkvalue:bob:access_token": f"{HEAD}\ud800"}
    session_files.write_private(ada.tokens_path, json.dumps(strange))
    assert ada.run("path channel list").code == 0
    assert ada.tokens["talkvalue:bob:access_token"] == f"{HEAD}\ud800"


def test_a_keyring_that_repeats_what_it_cannot_store_gives_nothing_away(
    ada: Machine, use_keyring: UseKeyring, keyring_file: Path
) -> None:
    answer = session_files.obtain_tokens(ada.post, "org_sandbox")
    expired = session_files.expire(answer["access_token"])
    _put(ada, keyring_file, "keyring", {**answer, "access_token": expired})
    use_keyring(keyring_backends.TalkativeKeyring())
    done = ada.run("path channel list --verbose")
    assert done.code == 0
    for text in ada.tokens.values():
        assert text not in done.out + done.err
    assert "cannot store" not in done.err


def _list_files_with(who: Machine, secrets: Iterable[str]) -> list[str]:
    """Return the names of files in the home that hold the end of a secret."""
    ends = [secret[-16:].encode() for secret in secrets]
    files = [path for path in who.home.rglob("*") if path.is_file()]
    return [path.name for path in files if any(end in path.read_bytes() for end in ends)]


def test_logout_of_all_leaves_no_token(ada: Machine) -> None:
    ada.log_in("org_harbor", "--profile=one")
    ada.log_in("org_academy", "--profile=two")
    # of a profile that was removed by hand
    ada.write_tokens(session_files.obtain_tokens(ada.post, "org_sandbox"), "gone")
    secrets = [text for name, text in ada.tokens.items() if not name.endswith(":expires_at")]
    out = {"loggedOut": True, "profile": "one"}
    assert ada.run("auth logout --profile=one").data == out
    assert sorted({account.split(":")[1] for account in ada.tokens}) == ["gone", "two"]
    # what a process that was killed in the middle of a write leaves behind
    (ada.config_folder / ".keyring.json.0a1b2c3d.part").write_bytes(ada.tokens_path.read_bytes())
    assert set(_list_files_with(ada, secrets)) == {"keyring.json", ".keyring.json.0a1b2c3d.part"}
    out = {"loggedOut": True, "profile": None, "profiles": ["two"]}
    assert ada.run("auth logout --all").data == out
    assert (ada.config["profiles"], ada.config["active_profile"]) == ({}, "")
    assert _list_files_with(ada, secrets) == []
    assert ada.run("path channel list").code == 3


def test_with_a_token_in_the_environment_neither_keyring_nor_config_folder_is_touched(
    ada: Machine, use_keyring: UseKeyring
) -> None:
    asked = []

    class Telltale(keyring_backends.FileKeyring):
        def get_password(self, service: str, username: str) -> str | None:
            asked.append(username)
            return super().get_password(service, username)

    use_keyring(Telltale())
    for line, code in (
        ("path channel list", 0),
        ("auth status", 0),
        ("path channel list --profile nobody", 0),
        ("auth login --org=x", 2),
    ):
        assert ada.run(line, TALKVALUE_TOKEN=TOKEN).code == code
    assert (list(ada.home.iterdir()), asked) == ([], [])
    # the telltale works
    ada.write_config()
    assert ada.run("path channel list").code == 3
    assert asked
