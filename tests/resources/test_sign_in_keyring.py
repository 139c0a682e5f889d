"""A keyring that is locked, hangs or fails: told as that by every command, and never for long."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from keyring.backend import KeyringBackend

from talkvalue_cli.auth import backends
from tests import keyring_backends, session_files
from tests.test_failure_matrix import LINES
from tests.world import Machine

Put = Callable[[type[KeyringBackend]], None]
UseKeyring = Callable[[KeyringBackend], None]
ACCOUNTS = {
    f"talkvalue:{profile}:{key}": f"secret-{profile}-{key}"
    for profile in ("ada-baker", "bob")
    for key in ("access_token", "expires_at", "id_token", "refresh_token")
}
OTHERS = {name: text for name, text in ACCOUNTS.items() if ":bob:" in name}
#: what does not let anybody know what is in it, and its words
CLOSED: list[tuple[type[KeyringBackend], str]] = [
    (keyring_backends.LockedKeyring, "Failed to unlock the collection!"),
    (keyring_backends.HangingKeyring, "no answer within 0.01 s"),
    (keyring_backends.StrangeKeyring, "called `unwrap()` on nothing"),
]
#: what takes none
UNWRITABLE: list[tuple[type[KeyringBackend], str]] = [
    *CLOSED,
    (keyring_backends.ForgetfulKeyring, "it does not keep what is written"),
    (keyring_backends.ReadOnlyKeyring, "the quota is used up"),
]
#: what keeps its secrets, and why it is no use to delete them
KEEPING: list[tuple[type[KeyringBackend], str]] = [
    *CLOSED,
    (keyring_backends.UndeletableKeyring, "access denied by the policy"),
    (keyring_backends.KeepingKeyring, "it keeps what was deleted"),
]
#: the first asks an index of packages, the second has nothing to resume
_OTHERS = ("update", "path import resume")
SESSION_LINES = [
    *(line for line in LINES if not line.startswith(_OTHERS)),
    "auth status",
    "auth status --exit-status",
    "auth switch org_harbor",
    "auth token",
]


@pytest.fixture
def put(use_keyring: UseKeyring, monkeypatch: pytest.MonkeyPatch) -> Put:
    """Return a function that puts a keyring in place, which nobody waits for if it hangs."""

    def put(backend: type[KeyringBackend]) -> None:
        hangs = backend is keyring_backends.HangingKeyring
        monkeypatch.setattr(backends, "KEYRING_LIMIT_S", 0.01 if hangs else 60)
        use_keyring(backend())

    return put


@pytest.fixture
def keyring_file(keyring_file: Path, ada: Machine) -> Path:
    """The keyring, with the sessions of two profiles of a machine."""
    ada.write_config("org_harbor", "bob")
    ada.write_config()
    keyring_file.write_text(json.dumps({"talkvalue-cli": ACCOUNTS}))
    return keyring_file


def _names(closed: list[tuple[type[KeyringBackend], str]]) -> Iterator[str]:
    return (backend.__name__ for backend, _ in closed)


@pytest.mark.parametrize(("backend", "words"), CLOSED, ids=_names(CLOSED))
def test_every_command_says_it_as_it_is(
    ada: Machine,
    keyring_file: Path,
    put: Put,
    backend: type[KeyringBackend],
    words: str,
) -> None:
    put(backend)
    ada.write("contacts.csv", "email\nx@example.org\n")
    for line in SESSION_LINES:
        done = ada.run(line)
        assert (done.code, done.out, done.sent) == (1, "", []), (line, done)
        assert (done.error["code"], done.error["message"]) == (
            "CREDENTIALS",
            f"cannot read the keyring: {words}",
        ), line
        assert done.error["hint"].endswith("\ntalkvalue auth login"), line
    assert keyring_backends.read_accounts(keyring_file) == ACCOUNTS


@pytest.mark.parametrize("line", ["auth list", "config list", "auth use bob"])
def test_what_needs_no_token_asks_no_keyring(
    ada: Machine, keyring_file: Path, put: Put, line: str
) -> None:
    put(keyring_backends.LockedKeyring)
    assert ada.run(line).code == 0


@pytest.mark.parametrize("line", ["auth logout", "auth logout --all"])
@pytest.mark.parametrize(("backend", "words"), KEEPING, ids=_names(KEEPING))
def test_nobody_is_logged_out_while_the_keyring_keeps_the_secrets(
    ada: Machine,
    keyring_file: Path,
    put: Put,
    line: str,
    backend: type[KeyringBackend],
    words: str,
) -> None:
    before = ada.config
    put(backend)
    done = ada.run(line)
    kept = "ada-baker, bob" if "--all" in line else "ada-baker"
    assert (done.code, done.out) == (1, "")
    assert done.error["code"] == "CREDENTIALS"
    assert done.error["message"] == (
        f"cannot delete from the keyring: {words}; "
        f"still logged in, with tokens that may be left: {kept}"
    )
    assert done.error["loggedOut"] is False
    assert done.error["profiles"] == kept.split(", ")
    assert ada.config == before
    assert keyring_backends.read_accounts(keyring_file) == ACCOUNTS
    # once it is open again the same command does it
    put(keyring_backends.FileKeyring)
    assert ada.run(line).code == 0
    left = {} if "--all" in line else OTHERS
    assert keyring_backends.read_accounts(keyring_file) == left
    assert list(ada.config["profiles"]) == (["bob"] if left else [])


def test_a_logout_of_all_forgets_those_whose_tokens_are_gone(
    ada: Machine, keyring_file: Path, put: Put
) -> None:
    class HalfLocked(keyring_backends.FileKeyring):
        def delete_password(self, service: str, username: str) -> None:
            if ":bob:" in username:
                raise PermissionError("this item is locked")
            super().delete_password(service, username)

    put(HalfLocked)
    done = ada.run("auth logout --all")
    assert (done.code, done.error["profiles"]) == (1, ["bob"])
    assert (list(ada.config["profiles"]), ada.config["active_profile"]) == (["bob"], "")
    assert {name.split(":")[1] for name in keyring_backends.read_accounts(keyring_file)} == {"bob"}


@pytest.mark.parametrize(("backend", "words"), UNWRITABLE, ids=_names(UNWRITABLE))
def test_a_login_is_the_way_out(
    ada: Machine,
    keyring_file: Path,
    put: Put,
    backend: type[KeyringBackend],
    words: str,
) -> None:
    put(backend)
    done = ada.log_in("org_harbor")
    assert f"{ada.tokens_path}: cannot use the keyring: {words}\n" in done.err
    # the file is asked first, so it does not matter any more what the keyring does
    assert ada.run("path channel list").code == 0
    ada.expire()
    assert ada.run("path channel list").code == 0


def _arrive(ada: Machine, keyring_file: Path) -> dict[str, str]:
    """Put a session that has expired into the keyring, as the existing CLI does; return it."""
    answer = session_files.obtain_tokens(ada.post, "org_sandbox")
    texts = {
        "talkvalue:ada-baker:access_token": session_files.expire(answer["access_token"]),
        "talkvalue:ada-baker:expires_at": "2026-01-01T00:00:00.000Z",
        "talkvalue:ada-baker:id_token": answer["id_token"],
        "talkvalue:ada-baker:refresh_token": answer["refresh_token"],
    }
    keyring_file.write_text(json.dumps({"talkvalue-cli": {**texts, **OTHERS}}))
    return texts


def test_a_session_in_the_keyring_is_renewed_and_kept_there(
    ada: Machine, keyring_file: Path
) -> None:
    before = _arrive(ada, keyring_file)
    assert ada.run("path channel list").code == 0
    after = keyring_backends.read_accounts(keyring_file)
    assert after.keys() == {*before, *OTHERS}
    assert {name: after[name] for name in OTHERS} == OTHERS
    assert [name for name in before if after[name] == before[name]] == []
    assert not ada.tokens_path.exists()


@pytest.mark.parametrize("line", ["auth logout", "auth logout --all"])
def test_a_logout_removes_what_an_older_login_has_left_in_the_file_too(
    ada: Machine, keyring_file: Path, line: str
) -> None:
    ada.write_tokens(dict.fromkeys(("access_token", "refresh_token", "id_token"), "older"))
    assert ada.run(line).code == 0
    assert not ada.tokens_path.exists()
    left = {} if "--all" in line else OTHERS
    assert keyring_backends.read_accounts(keyring_file) == left


@pytest.mark.parametrize("backend", [*dict(CLOSED), keyring_backends.ReadOnlyKeyring])
def test_a_renewal_that_the_keyring_does_not_take_goes_to_the_file(
    ada: Machine, keyring_file: Path, put: Put, backend: type[KeyringBackend]
) -> None:
    before = _arrive(ada, keyring_file)

    def lock(request: object) -> None:
        put(backend)

    ada.world.on_request = lock
    assert ada.run("path channel list").code == 0
    token = "talkvalue:ada-baker:refresh_token"
    assert ada.tokens[token] != before[token]
    assert ada.run("path channel list").code == 0
