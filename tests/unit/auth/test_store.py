"""Where the tokens of a profile are: decided at sign-in, and known later by where they are."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail

from talkvalue_cli import files
from talkvalue_cli.auth.backends import CredentialError
from talkvalue_cli.auth.store import TokenStore
from talkvalue_cli.auth.tokens import Tokens
from talkvalue_cli.errors import LocalFileError
from tests import keyring_backends
from tests.unit.auth.sessions import make_tokens

UseKeyring = Callable[[KeyringBackend], None]
TOKENS = Tokens("access-1", "refresh-1", "id-1", "2026-11-23T08:05:00.000Z")
LATER = Tokens("access-2", "refresh-2", "", "2026-11-23T08:10:00.000Z")
ACCOUNTS = {
    "talkvalue:ada:refresh_token": "refresh-1",
    "talkvalue:ada:access_token": "access-1",
    "talkvalue:ada:expires_at": "2026-11-23T08:05:00.000Z",
    "talkvalue:ada:id_token": "id-1",
}
LATER_ACCOUNTS = {
    "talkvalue:ada:refresh_token": "refresh-2",
    "talkvalue:ada:access_token": "access-2",
    "talkvalue:ada:expires_at": "2026-11-23T08:10:00.000Z",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "config"


@pytest.fixture
def store(folder: Path) -> TokenStore:
    return TokenStore(folder)


@pytest.fixture(params=[keyring_backends.LockedKeyring, keyring_backends.StrangeKeyring])
def let_keyring_fail(request: pytest.FixtureRequest, use_keyring: UseKeyring) -> Callable[[], None]:
    """Have nothing but errors from the keyring from then on."""
    return lambda: use_keyring(request.param())


def in_file(folder: Path) -> dict[str, Any]:
    """Return what the file has, nothing where there is none."""
    path = folder / "keyring.json"
    found: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}
    return found


def put_in_file(folder: Path, accounts: dict[str, str]) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "keyring.json").write_text(json.dumps(accounts))


def accounts_of(profile: str, tokens: Tokens) -> dict[str, str]:
    """Return what is stored for tokens."""
    return {f"talkvalue:{profile}:{key}": text for key, text in tokens._asdict().items() if text}


def test_a_session_goes_to_the_keyring_where_one_works(
    keyring_file: Path, store: TokenStore, folder: Path
) -> None:
    assert store.save_new("ada", TOKENS) is None
    assert keyring_backends.read_accounts(keyring_file) == ACCOUNTS
    assert not folder.exists()
    assert store.load("ada") == TOKENS
    assert store.load("bob") is None


@pytest.mark.parametrize(
    "backend",
    [
        keyring_backends.ReadOnlyKeyring(),
        keyring_backends.ForgetfulKeyring(),
        keyring_backends.StrangeKeyring(),
    ],
    ids=lambda backend: type(backend).__name__,
)
def test_a_session_goes_to_the_file_where_no_keyring_works(
    use_keyring: UseKeyring, store: TokenStore, folder: Path, backend: KeyringBackend
) -> None:
    use_keyring(backend)
    problem = store.save_new("ada", TOKENS)
    assert problem is not None
    assert problem.message.startswith("cannot use the keyring: ")
    assert in_file(folder) == ACCOUNTS
    # another process asks the file again, whatever the keyring says to it
    assert TokenStore(folder).load("ada") == TOKENS


def test_what_the_file_has_is_not_looked_for_in_the_keyring(
    use_keyring: UseKeyring, store: TokenStore, folder: Path
) -> None:
    class Untouchable(keyring_backends.FileKeyring):
        def get_password(self, service: str, username: str) -> str | None:
            pytest.fail("the keyring is asked")

    put_in_file(folder, ACCOUNTS)
    use_keyring(Untouchable())
    assert store.load("ada") == TOKENS
    store.save("ada", LATER)
    assert in_file(folder) == LATER_ACCOUNTS


def test_a_new_session_in_the_keyring_ends_the_one_in_the_file(
    keyring_file: Path, store: TokenStore, folder: Path
) -> None:
    put_in_file(folder, {**ACCOUNTS, "talkvalue:bob:access_token": "b"})
    store.save_new("ada", LATER)
    assert in_file(folder) == {"talkvalue:bob:access_token": "b"}
    assert store.load("ada") == LATER


def test_a_renewed_session_stays_in_the_keyring_and_loses_what_it_has_no_more(
    keyring_file: Path, store: TokenStore, folder: Path
) -> None:
    store.save_new("ada", TOKENS)
    store.save("ada", LATER)
    assert keyring_backends.read_accounts(keyring_file) == LATER_ACCOUNTS
    assert in_file(folder) == {}


def test_a_keyring_that_stops_working_is_replaced_by_the_file(
    use_keyring: UseKeyring, store: TokenStore, folder: Path
) -> None:
    store.save_new("ada", TOKENS)
    use_keyring(keyring_backends.ReadOnlyKeyring())
    store.save("ada", LATER)
    assert in_file(folder) == LATER_ACCOUNTS
    assert store.load("ada") == LATER


def test_a_file_for_another_organization_is_older_than_the_keyring(
    keyring_file: Path, store: TokenStore, folder: Path
) -> None:
    """The existing CLI signs in to the keyring, and leaves an old file where it is."""
    old, new = make_tokens("old", org_id="org_1"), make_tokens("new", org_id="org_2")
    put_in_file(folder, accounts_of("ada", old))
    keyring_file.write_text(json.dumps({"talkvalue-cli": accounts_of("ada", new)}))
    assert store.load("ada", "org_2") == new
    assert store.load("ada", "org_1") == old
    assert store.load("ada") == old
    assert store.load_from_keyring("ada") == new


def test_a_renewed_session_goes_back_to_where_it_was_found(
    keyring_file: Path, store: TokenStore, folder: Path
) -> None:
    old, new = make_tokens("old", org_id="org_1"), make_tokens("new", org_id="org_2")
    newer = make_tokens("newer", org_id="org_2")
    put_in_file(folder, accounts_of("ada", old))
    keyring_file.write_text(json.dumps({"talkvalue-cli": accounts_of("ada", new)}))
    store.save("ada", newer, "org_2")
    assert keyring_backends.read_accounts(keyring_file) == accounts_of("ada", newer)
    assert in_file(folder) == accounts_of("ada", old)


def test_a_file_for_another_organization_is_used_when_the_keyring_has_nothing(
    keyring_file: Path, store: TokenStore, folder: Path
) -> None:
    old = make_tokens("old", org_id="org_1")
    put_in_file(folder, accounts_of("ada", old))
    assert store.load("ada", "org_2") == old
    assert store.load_from_keyring("ada") is None
    store.save("ada", LATER, "org_2")
    assert in_file(folder) == LATER_ACCOUNTS


def test_a_file_that_cannot_be_understood_is_no_missing_session(
    store: TokenStore, folder: Path
) -> None:
    folder.mkdir()
    (folder / "keyring.json").write_text("{")
    with pytest.raises(CredentialError):
        store.load("ada")
    with pytest.raises(CredentialError):
        store.check_file()
    with pytest.raises(CredentialError):
        store.delete("ada")


def test_signing_out_removes_a_session_from_both_places(
    keyring_file: Path, store: TokenStore, folder: Path
) -> None:
    bob = {"talkvalue:bob:access_token": "b"}
    put_in_file(folder, {**ACCOUNTS, **bob})
    keyring_file.write_text(json.dumps({"talkvalue-cli": {**ACCOUNTS, **bob}}))
    store.delete("ada")
    assert in_file(folder) == bob
    assert keyring_backends.read_accounts(keyring_file) == bob


def test_signing_out_removes_what_is_left_of_a_session(
    keyring_file: Path, store: TokenStore
) -> None:
    rest = {"talkvalue:ada:refresh_token": "r"}
    keyring_file.write_text(json.dumps({"talkvalue-cli": rest}))
    store.delete("ada")
    assert keyring_backends.read_accounts(keyring_file) == {}


def test_signing_out_needs_no_keyring_where_there_is_none(
    use_keyring: UseKeyring, store: TokenStore, folder: Path
) -> None:
    put_in_file(folder, ACCOUNTS)
    use_keyring(fail.Keyring())  # type: ignore[no-untyped-call]
    store.delete("ada")
    assert in_file(folder) == {}


def test_a_keyring_that_does_not_tell_what_it_has_is_no_missing_session(
    keyring_file: Path, let_keyring_fail: Callable[[], None], store: TokenStore, folder: Path
) -> None:
    keyring_file.write_text(json.dumps({"talkvalue-cli": ACCOUNTS}))
    let_keyring_fail()
    with pytest.raises(CredentialError, match="cannot read the keyring"):
        store.load("ada")
    put_in_file(folder, accounts_of("ada", make_tokens("other", org_id="org_2")))
    with pytest.raises(CredentialError, match="cannot read the keyring"):
        store.load("ada", "org_1")
    assert store.load_from_keyring("ada") is None


def test_signing_out_fails_when_the_keyring_may_keep_something(
    keyring_file: Path, let_keyring_fail: Callable[[], None], store: TokenStore, folder: Path
) -> None:
    keyring_file.write_text(json.dumps({"talkvalue-cli": ACCOUNTS}))
    put_in_file(folder, ACCOUNTS)
    let_keyring_fail()
    with pytest.raises(CredentialError, match="cannot delete from the keyring"):
        store.delete("ada")
    # what can go is gone
    assert in_file(folder) == {}
    assert keyring_backends.read_accounts(keyring_file) == ACCOUNTS


def test_a_renewed_session_is_stored_when_the_keyring_fails(
    let_keyring_fail: Callable[[], None], store: TokenStore, folder: Path
) -> None:
    let_keyring_fail()
    store.check_writable("ada", "org_1")
    store.save("ada", LATER, "org_1")
    assert in_file(folder) == LATER_ACCOUNTS


def test_signing_out_of_everything_empties_the_file(store: TokenStore, folder: Path) -> None:
    put_in_file(folder, {**ACCOUNTS, "talkvalue:gone:refresh_token": "r", "other": "o"})
    store.delete_from_file()
    assert in_file(folder) == {"other": "o"}


def test_only_tokens_in_the_file_need_a_folder_that_can_be_written(
    keyring_file: Path, store: TokenStore, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_in_file(folder, ACCOUNTS)

    def refuse(path: Path) -> None:
        raise LocalFileError(f"cannot write {path}")

    monkeypatch.setattr(files, "try_write", refuse)
    monkeypatch.setattr(files, "check_writable", refuse)
    store.check_writable("bob")
    with pytest.raises(LocalFileError):
        store.check_writable("ada")
    # nothing can be locked there, and that is no reason to fail
    with store.lock():
        pass
    assert not (folder / "tokens.lock").exists()
