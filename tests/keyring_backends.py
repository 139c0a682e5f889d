"""Keyrings for tests, chosen with `PYTHON_KEYRING_BACKEND=tests.keyring_backends.X`.

Those that keep something have it as JSON in the file that TALKVALUE_TEST_KEYRING names:
service → account → text.
"""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path

from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, PasswordDeleteError, PasswordSetError

FILE_VARIABLE = "TALKVALUE_TEST_KEYRING"


def keyring_environ(backend: type[KeyringBackend], file: Path) -> dict[str, str]:
    """Return what a process needs in its environment to have one of these keyrings."""
    return {
        "PYTHON_KEYRING_BACKEND": f"{__name__}.{backend.__name__}",
        "PYTHONPATH": str(Path(__file__).parent.parent),
        FILE_VARIABLE: str(file),
    }


def read_accounts(file: Path) -> dict[str, str]:
    """Return what the program has stored: account → text."""
    accounts: dict[str, str] = _load(file).get("talkvalue-cli", {})
    return accounts


def _load(file: Path) -> dict[str, dict[str, str]]:
    try:
        services: dict[str, dict[str, str]] = json.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    return services


class FileKeyring(KeyringBackend):
    """A keyring that works."""

    # never found by the library's own search
    priority = -1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]

    def get_password(self, service: str, username: str) -> str | None:
        return _load(_file()).get(service, {}).get(username)

    def set_password(self, service: str, username: str, password: str) -> None:
        services = _load(_file())
        services.setdefault(service, {})[username] = password
        _save(services)

    def delete_password(self, service: str, username: str) -> None:
        services = _load(_file())
        if username not in services.get(service, {}):
            raise PasswordDeleteError("there is none")
        del services[service][username]
        _save(services)


class ReadOnlyKeyring(FileKeyring):
    """Can be read, as some kernel keyrings in containers; nothing can be written."""

    def set_password(self, service: str, username: str, password: str) -> None:
        raise PasswordSetError("the quota is used up. Install a bigger one")


class ForgetfulKeyring(FileKeyring):
    """Takes everything and keeps nothing."""

    def set_password(self, service: str, username: str, password: str) -> None:
        pass

    def delete_password(self, service: str, username: str) -> None:
        pass


class Panic(BaseException):
    """What a library in Rust raises: not an Exception."""


class StrangeKeyring(FileKeyring):
    """Raises what no keyring should."""

    def get_password(self, service: str, username: str) -> str | None:
        raise Panic("called `unwrap()` on nothing")

    def set_password(self, service: str, username: str, password: str) -> None:
        self.get_password(service, username)

    def delete_password(self, service: str, username: str) -> None:
        self.get_password(service, username)


class LockedKeyring(FileKeyring):
    """Cannot be opened without its user."""

    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringLocked("Failed to unlock the collection!")

    def set_password(self, service: str, username: str, password: str) -> None:
        self.get_password(service, username)

    def delete_password(self, service: str, username: str) -> None:
        self.get_password(service, username)


class KeepingKeyring(FileKeyring):
    """Says nothing and does nothing when it is to delete."""

    def delete_password(self, service: str, username: str) -> None:
        pass


class UndeletableKeyring(FileKeyring):
    """Can be read and written; it refuses to delete."""

    def delete_password(self, service: str, username: str) -> None:
        raise PasswordDeleteError("access denied by the policy")


class TalkativeKeyring(FileKeyring):
    """Repeats what it cannot store."""

    def set_password(self, service: str, username: str, password: str) -> None:
        raise PasswordSetError(f"cannot store {password!r} under {username}")


#: lets whoever hangs in a keyring go, at the end of a test
RELEASE = threading.Event()


class HangingKeyring(FileKeyring):
    """Asks its user, and nobody answers."""

    def get_password(self, service: str, username: str) -> str | None:
        RELEASE.wait(3600)
        # whoever is let go after a test must not ask the keyring of the next one
        raise TimeoutError("nobody answered")

    def set_password(self, service: str, username: str, password: str) -> None:
        self.get_password(service, username)

    def delete_password(self, service: str, username: str) -> None:
        self.get_password(service, username)


def _file() -> Path:
    return Path(os.environ[FILE_VARIABLE])


def _save(services: dict[str, dict[str, str]]) -> None:
    part = _file().with_suffix(".part")
    part.write_text(json.dumps(services, indent=2), "utf-8")
    part.replace(_file())
