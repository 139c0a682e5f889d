"""Tokens in a keyring: found there, written there, and in a file where it does not work."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from keyring.backend import KeyringBackend

from tests import keyring_backends, session_files
from tests.harness import Sandbox
from tests.process.member import Member

LIST = ("path", "channel", "list")
KEYS = ("access_token", "expires_at", "id_token", "refresh_token")
ACCOUNTS = [f"talkvalue:ada-baker:{key}" for key in KEYS]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The file behind the keyring."""
    return tmp_path / "system-keyring.json"


def _with_keyring(
    server: Sandbox,
    home: Path,
    file: Path,
    backend: type[KeyringBackend] = keyring_backends.FileKeyring,
) -> Member:
    return Member(home, server, **keyring_backends.keyring_environ(backend, file))


def _write_accounts(file: Path, texts: dict[str, str]) -> None:
    file.write_text(json.dumps({"talkvalue-cli": texts}))


def test_a_login_puts_the_tokens_there_and_a_logout_removes_them(
    approving: Sandbox, own_home: Path, file: Path
) -> None:
    ada = _with_keyring(approving, own_home, file)
    done = ada.log_in("org_harbor")
    assert "The session is in a file" not in done.err
    assert sorted(keyring_backends.read_accounts(file)) == ACCOUNTS
    assert not ada.tokens_path.exists()
    assert ada.run(*LIST).code == 0
    assert ada.run("auth", "logout").json["data"] == {"loggedOut": True, "profile": "ada-baker"}
    assert json.loads(file.read_text()) == {"talkvalue-cli": {}}


def test_what_the_existing_cli_has_put_there_is_found_renewed_and_kept_there(
    approving: Sandbox, own_home: Path, file: Path
) -> None:
    ada = _with_keyring(approving, own_home, file)
    answer = session_files.obtain_tokens(ada.post, "org_academy")
    expired = session_files.expire(answer["access_token"])
    ada.write_config("org_academy")
    before = {
        "talkvalue:ada-baker:access_token": expired,
        "talkvalue:ada-baker:refresh_token": answer["refresh_token"],
        "talkvalue:ada-baker:id_token": answer["id_token"],
        "talkvalue:ada-baker:expires_at": "2026-01-01T00:00:00.000Z",
        "talkvalue:another:access_token": "is-left-alone",
    }
    _write_accounts(file, before)
    listed = ada.run(*LIST)
    assert [each["name"] for each in listed.json["data"]] == ["Students", "Alumni"]
    after = keyring_backends.read_accounts(file)
    assert after.keys() == before.keys()
    assert after["talkvalue:another:access_token"] == "is-left-alone"
    for account in ACCOUNTS:
        assert after[account] != before[account]
    assert not ada.tokens_path.exists()


@pytest.mark.parametrize(
    ("backend", "reason"),
    [
        (keyring_backends.ReadOnlyKeyring, "the quota is used up"),
        (keyring_backends.ForgetfulKeyring, "it does not keep what is written"),
    ],
)
def test_where_it_cannot_be_written_the_next_command_finds_the_file(
    approving: Sandbox,
    own_home: Path,
    file: Path,
    backend: type[KeyringBackend],
    reason: str,
) -> None:
    ada = _with_keyring(approving, own_home, file, backend)
    done = ada.log_in("org_harbor")
    assert f"{ada.tokens_path}: cannot use the keyring: {reason}\n" in done.err
    listed = ada.run(*LIST)
    assert (listed.code, listed.err) == (0, "")
    assert sorted(ada.tokens) == ACCOUNTS


def test_a_keyring_that_stops_working_is_replaced_by_the_file_at_the_next_renewal(
    approving: Sandbox, own_home: Path, file: Path
) -> None:
    ada = _with_keyring(approving, own_home, file, keyring_backends.ReadOnlyKeyring)
    answer = session_files.obtain_tokens(ada.post, "org_academy")
    ada.write_config("org_academy")
    texts = {
        "talkvalue:ada-baker:access_token": session_files.expire(answer["access_token"]),
        "talkvalue:ada-baker:refresh_token": answer["refresh_token"],
    }
    _write_accounts(file, texts)
    assert ada.run(*LIST).code == 0
    assert ada.run(*LIST).code == 0
    assert ada.tokens["talkvalue:ada-baker:refresh_token"] != answer["refresh_token"]


@pytest.mark.parametrize("arguments", [("auth", "logout"), ("auth", "logout", "--all")])
def test_logout_removes_what_an_older_login_has_left_in_the_file(
    approving: Sandbox, own_home: Path, file: Path, arguments: tuple[str, ...]
) -> None:
    ada = _with_keyring(approving, own_home, file)
    ada.arrive()
    _write_accounts(file, dict.fromkeys(ACCOUNTS, "newer"))
    assert ada.run(*arguments).code == 0
    assert not ada.tokens_path.exists()
    assert json.loads(file.read_text()) == {"talkvalue-cli": {}}


def test_a_login_removes_the_older_tokens_from_the_file(
    approving: Sandbox, own_home: Path, file: Path
) -> None:
    ada = _with_keyring(approving, own_home, file)
    ada.arrive("org_harbor")
    ada.write_tokens(dict.fromkeys(("access_token", "refresh_token", "id_token"), "b"), "bob")
    ada.log_in("org_academy")
    assert {account.split(":")[1] for account in ada.tokens} == {"bob"}
    assert sorted(keyring_backends.read_accounts(file)) == ACCOUNTS
    assert len(ada.run(*LIST).json["data"]) == 2


def test_a_file_that_others_may_read_is_made_private_when_it_is_used(
    approving: Sandbox, own_home: Path
) -> None:
    ada = Member(own_home, approving)
    ada.arrive()
    ada.tokens_path.chmod(0o644)
    assert ada.run(*LIST).code == 0
    assert oct(ada.tokens_path.stat().st_mode) == "0o100600"
