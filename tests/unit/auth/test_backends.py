"""The two places for secrets: a keyring, and the file in its stead."""

from __future__ import annotations

import json
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail, null

from talkvalue_cli.auth import backends
from talkvalue_cli.auth.backends import (
    CredentialError,
    FileCredentials,
    KeyringCredentials,
    NoKeyringError,
)
from talkvalue_cli.errors import LocalFileError
from talkvalue_cli.exit_codes import code_of
from tests import keyring_backends
from tests.harness import wait_for
from tests.unit.auth.sessions import mode_of

UseKeyring = Callable[[KeyringBackend], None]
ACCOUNT = "talkvalue:ada:access_token"


def test_the_keyring_has_the_names_of_the_existing_cli(keyring_file: Path) -> None:
    backend = KeyringCredentials()
    backend.write({ACCOUNT: "a", "talkvalue:ada:refresh_token": "r"})
    assert json.loads(keyring_file.read_text()) == {
        "talkvalue-cli": {ACCOUNT: "a", "talkvalue:ada:refresh_token": "r"}
    }
    assert backend.read([ACCOUNT, "talkvalue:ada:id_token"]) == {ACCOUNT: "a"}
    backend.delete([ACCOUNT, "talkvalue:ada:id_token"])
    assert keyring_backends.read_accounts(keyring_file) == {"talkvalue:ada:refresh_token": "r"}


def test_a_probe_writes_reads_and_leaves_nothing(keyring_file: Path) -> None:
    KeyringCredentials().probe()
    assert keyring_backends.read_accounts(keyring_file) == {}
    assert keyring_file.exists()


@pytest.mark.parametrize(
    ("backend", "reason"),
    [
        (keyring_backends.ReadOnlyKeyring(), "the quota is used up"),
        (keyring_backends.ForgetfulKeyring(), "it does not keep what is written"),
        (keyring_backends.StrangeKeyring(), "called `unwrap()` on nothing"),
        (fail.Keyring(), "No recommended backend was available"),  # type: ignore[no-untyped-call]
        (null.Keyring(), "it does not keep what is written"),  # type: ignore[no-untyped-call]
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_a_keyring_that_does_not_work_fails_the_probe(
    use_keyring: UseKeyring, backend: KeyringBackend, reason: str
) -> None:
    use_keyring(backend)
    with pytest.raises(CredentialError) as caught:
        KeyringCredentials().probe()
    assert caught.value.message == f"cannot use the keyring: {reason}"
    assert (caught.value.code, code_of(caught.value)) == ("CREDENTIALS", 1)


def test_a_failure_without_words_is_told_by_its_name(use_keyring: UseKeyring) -> None:
    class Silent(keyring_backends.FileKeyring):
        def get_password(self, service: str, username: str) -> str | None:
            raise RuntimeError

    use_keyring(Silent())
    with pytest.raises(CredentialError, match="cannot read the keyring: RuntimeError"):
        KeyringCredentials().read([ACCOUNT])


def test_a_keyring_that_hangs_is_given_up_once_and_asked_again_when_it_answers(
    use_keyring: UseKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    class Counting(keyring_backends.HangingKeyring):
        def get_password(self, service: str, username: str) -> str | None:
            asked.append(username)
            return super().get_password(service, username)

    monkeypatch.setattr(backends, "KEYRING_LIMIT_S", 0.05)
    use_keyring(Counting())
    credentials = KeyringCredentials()
    uses: list[tuple[str, Callable[[], object]]] = [
        ("read", lambda: credentials.read([ACCOUNT])),
        ("write", lambda: credentials.write({ACCOUNT: "a"})),
        ("delete from", lambda: credentials.delete([ACCOUNT])),
        ("use", credentials.probe),
    ]
    for verb, use in uses:
        with pytest.raises(CredentialError) as caught:
            use()
        assert caught.value.message == f"cannot {verb} the keyring: no answer within 0.05 s"
    assert asked == [ACCOUNT]
    use_keyring(keyring_backends.FileKeyring())
    keyring_backends.RELEASE.set()
    monkeypatch.setattr(backends, "KEYRING_LIMIT_S", 60)
    wait_for(lambda: _can_read(credentials), "an answer")


def _can_read(credentials: KeyringCredentials) -> bool:
    try:
        return credentials.read([ACCOUNT]) == {}
    except CredentialError:
        return False


def test_nobody_waits_for_a_keyring_for_long() -> None:
    assert backends.KEYRING_LIMIT_S == 10.0


def test_the_way_out_is_told_with_a_command_on_a_line_of_its_own(use_keyring: UseKeyring) -> None:
    use_keyring(keyring_backends.LockedKeyring())
    with pytest.raises(CredentialError) as caught:
        KeyringCredentials().read([ACCOUNT])
    assert caught.value.message == "cannot read the keyring: Failed to unlock the collection!"
    assert caught.value.hint == (
        "unlock it or start it, and run this again; to keep the session in a private file "
        "instead:\ntalkvalue auth login"
    )


def test_where_there_is_no_keyring_there_is_nothing_in_it(use_keyring: UseKeyring) -> None:
    use_keyring(fail.Keyring())  # type: ignore[no-untyped-call]
    assert KeyringCredentials().read([ACCOUNT]) == {}
    KeyringCredentials().delete([ACCOUNT])
    with pytest.raises(NoKeyringError):
        KeyringCredentials().write({ACCOUNT: "a"})


def test_without_the_library_there_is_no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    assert KeyringCredentials().read([ACCOUNT]) == {}


def test_a_keyring_that_keeps_what_was_deleted_is_told(
    keyring_file: Path, use_keyring: UseKeyring
) -> None:
    KeyringCredentials().write({ACCOUNT: "a"})
    use_keyring(keyring_backends.KeepingKeyring())
    with pytest.raises(CredentialError) as caught:
        KeyringCredentials().delete([ACCOUNT])
    assert caught.value.message == "cannot delete from the keyring: it keeps what was deleted"


def test_what_a_keyring_repeats_of_a_secret_is_not_told(use_keyring: UseKeyring) -> None:
    secret = "-".join(("secret", "1"))
    use_keyring(keyring_backends.TalkativeKeyring())
    with pytest.raises(CredentialError) as caught:
        KeyringCredentials().write({ACCOUNT: secret})
    assert caught.value.message == f"cannot write the keyring: cannot store '***' under {ACCOUNT}"
    assert secret not in "".join(traceback.format_exception(caught.value))


def test_the_file_is_flat_json_that_only_its_owner_reads(tmp_path: Path) -> None:
    folder = tmp_path / "config"
    backend = FileCredentials(folder)
    backend.write({ACCOUNT: "ä", "talkvalue:ada:refresh_token": "r"})
    path = folder / "keyring.json"
    assert path.read_text("utf-8") == (
        '{\n  "talkvalue:ada:access_token": "ä",\n  "talkvalue:ada:refresh_token": "r"\n}\n'
    )
    assert (mode_of(path), mode_of(folder)) == ("0o600", "0o700")


def test_a_file_that_others_may_read_is_tightened_when_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "keyring.json"
    path.write_text(json.dumps({ACCOUNT: "a"}))
    path.chmod(0o644)
    assert FileCredentials(tmp_path).read([ACCOUNT]) == {ACCOUNT: "a"}
    assert mode_of(path) == "0o600"


def test_what_is_not_of_the_accounts_stays_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "keyring.json"
    path.write_text(json.dumps({ACCOUNT: "a", "other": "o", "odd": 7}))
    backend = FileCredentials(tmp_path)
    backend.write({"talkvalue:bob:access_token": "b"})
    backend.delete([ACCOUNT])
    assert json.loads(path.read_text()) == {
        "other": "o",
        "odd": 7,
        "talkvalue:bob:access_token": "b",
    }
    assert backend.read(["odd", "other"]) == {"other": "o"}
    assert backend.list_accounts() == ["talkvalue:bob:access_token"]


def test_a_file_without_anything_left_goes(tmp_path: Path) -> None:
    backend = FileCredentials(tmp_path)
    backend.write({ACCOUNT: "a"})
    backend.delete([ACCOUNT])
    assert not backend.path.exists()
    backend.delete([ACCOUNT])


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b"null", b"\xff\xfe\xfd", b"[" * 5000])
def test_a_file_that_cannot_be_understood_is_an_error_and_stays(
    tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "keyring.json"
    path.write_bytes(content)
    backend = FileCredentials(tmp_path)
    for use in (
        lambda: backend.read([ACCOUNT]),
        lambda: backend.write({ACCOUNT: "a"}),
        lambda: backend.delete([ACCOUNT]),
        backend.list_accounts,
    ):
        with pytest.raises(CredentialError) as caught:
            use()
        assert caught.value.message == f"{path} is not a JSON object of credentials"
        assert caught.value.hint == "fix the file or move it away; it was left as it is"
    assert path.read_bytes() == content


def test_a_folder_in_the_place_of_the_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "keyring.json").mkdir()
    with pytest.raises(CredentialError, match=r"keyring\.json is not a file"):
        FileCredentials(tmp_path).read([ACCOUNT])


def test_a_file_that_is_far_too_large_is_not_read_whole(tmp_path: Path) -> None:
    with (tmp_path / "keyring.json").open("wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(CredentialError, match=r"keyring\.json is larger than 1 MiB"):
        FileCredentials(tmp_path).read([ACCOUNT])


def test_a_config_folder_that_is_a_file_holds_nothing_and_takes_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    backend = FileCredentials(tmp_path / "file" / "config")
    assert backend.read([ACCOUNT]) == {}
    with pytest.raises(LocalFileError):
        backend.write({ACCOUNT: "a"})
