"""Two places for secrets: the keyring of the system, and a private file.

Both hold texts under account names, as the existing CLI names them (section 4 of the
command reference). Every method raises CredentialError or LocalFileError.
"""

from __future__ import annotations

import contextlib
import json
import secrets
import sys
import threading
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from talkvalue_cli import files
from talkvalue_cli.errors import Interrupted, LocalFileError, TalkValueError
from talkvalue_cli.transport.deadline import run_within

T = TypeVar("T")

SERVICE = "talkvalue-cli"
PREFIX = "talkvalue:"
PROBE_ACCOUNT = "talkvalue:probe"
FILE_NAME = "keyring.json"
#: bytes; a session has some thousands
LARGEST_FILE = 1 << 20
#: a keyring may ask its user for a password; nobody answers a cron job, in seconds
KEYRING_LIMIT_S = 10.0
#: a shorter text is no secret, but may be a part of ordinary words
SHORTEST_SECRET = 8
WAY_OUT = (
    "unlock it or start it, and run this again; to keep the session in a private file instead:\n"
    "talkvalue auth login"
)


class CredentialError(TalkValueError):
    """A place for secrets that cannot be used."""

    code = "CREDENTIALS"


class NoKeyringError(CredentialError):
    """This machine has no keyring, so there is nothing in it."""


class KeyringCredentials:
    """The keyring of the system, through the keyring library, which is imported only here.

    Where there is no keyring at all it holds nothing, and only writing fails.
    One that does not answer is not asked anything else before it does.
    """

    def __init__(self) -> None:
        #: set when the question that was given up is answered after all
        self._answered: threading.Event | None = None

    def read(self, accounts: Iterable[str]) -> dict[str, str]:
        """Return the texts there are under these accounts."""

        def work(keyring: Any) -> dict[str, str]:
            found = {account: keyring.get_password(SERVICE, account) for account in accounts}
            return {account: text for account, text in found.items() if text}

        try:
            return self._use("read", work)
        except NoKeyringError:
            return {}

    def write(self, texts: Mapping[str, str]) -> None:
        """Store texts by account, in the order given."""

        def work(keyring: Any) -> None:
            for account, text in texts.items():
                keyring.set_password(SERVICE, account, text)

        self._use("write", work, secret_texts=texts.values())

    def delete(self, accounts: Iterable[str]) -> None:
        """Remove the texts under these accounts, as far as there are any, and see them gone."""

        def work(keyring: Any) -> None:
            for account in accounts:
                if keyring.get_password(SERVICE, account) is not None:
                    keyring.delete_password(SERVICE, account)
                    if keyring.get_password(SERVICE, account) is not None:
                        raise LookupError("it keeps what was deleted")

        with contextlib.suppress(NoKeyringError):
            self._use("delete from", work)

    def probe(self) -> None:
        """Write a text, read it back, and delete it: some keyrings can do only one of these."""

        def work(keyring: Any) -> None:
            text = secrets.token_hex(8)
            keyring.set_password(SERVICE, PROBE_ACCOUNT, text)
            found = keyring.get_password(SERVICE, PROBE_ACCOUNT)
            keyring.delete_password(SERVICE, PROBE_ACCOUNT)
            if found != text:
                raise LookupError("it does not keep what is written")

        self._use("use", work)

    def _use(self, verb: str, work: Callable[[Any], T], *, secret_texts: Iterable[str] = ()) -> T:
        """Return what work returns.

        secret_texts: what the keyring may repeat when it complains.
        Raises NoKeyringError, CredentialError.
        """
        is_silent = self._answered is not None and not self._answered.is_set()
        answered = threading.Event()

        def run() -> T:
            try:
                return work(_import_keyring())
            finally:
                answered.set()

        error: BaseException = TimeoutError(f"no answer within {KEYRING_LIMIT_S:.3g} s")
        if not is_silent:
            try:
                return run_within(KEYRING_LIMIT_S, run)
            except Interrupted:
                raise
            # a backend may raise anything: errors of D-Bus, panics of Rust
            except BaseException as caught:  # noqa: BLE001
                if answered.is_set():
                    error = caught
                else:
                    self._answered = answered
        kind = NoKeyringError if _is_missing(error) else CredentialError
        reason = _describe(error, secret_texts)
        # without its cause, in which the keyring may repeat what it was given
        raise kind(f"cannot {verb} the keyring: {reason}", hint=WAY_OUT) from None


class _MissingLibraryError(Exception):
    """The keyring library is not installed."""


def _import_keyring() -> Any:
    try:
        import keyring
    except ImportError as error:
        raise _MissingLibraryError(str(error)) from error
    return keyring


def _is_missing(error: BaseException) -> bool:
    """Tell whether an error says that this machine has no keyring."""
    if isinstance(error, _MissingLibraryError):
        return True
    # the library is loaded, or nothing could have failed in it
    errors = sys.modules.get("keyring.errors")
    return errors is not None and isinstance(error, errors.NoKeyringError)


def _describe(error: BaseException, secret_texts: Iterable[str]) -> str:
    """Return the first sentence of what a keyring says; the rest is advice on packages."""
    text = str(error)
    for secret in secret_texts:
        if len(secret) >= SHORTEST_SECRET:
            text = text.replace(secret, "***")
    text = " ".join(text.split()).partition(". ")[0]
    return text or type(error).__name__


class FileCredentials:
    """`keyring.json`: a flat JSON object, account → text, mode 0600."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE_NAME

    def read(self, accounts: Iterable[str]) -> dict[str, str]:
        """Return the texts there are under these accounts."""
        texts = self._load()
        found = {account: texts.get(account) for account in accounts}
        return {key: text for key, text in found.items() if isinstance(text, str) and text}

    def write(self, texts: Mapping[str, str]) -> None:
        """Store texts by account."""
        self._save({**self._load(), **texts})

    def delete(self, accounts: Iterable[str]) -> None:
        """Remove the texts under these accounts; without any left the file goes as well."""
        files.remove_parts(self.path)
        texts = self._load()
        doomed = set(accounts)
        left = {account: text for account, text in texts.items() if account not in doomed}
        if left == texts:
            return
        if left or self.path.is_symlink():  # the link could go, and the tokens would stay
            self._save(left)
            return
        try:
            self.path.unlink(missing_ok=True)
        except OSError as error:
            raise LocalFileError(f"cannot remove {self.path}: {error.strerror}") from error

    def list_accounts(self) -> list[str]:
        """Return the accounts of this program that have a text."""
        return [account for account in self._load() if account.startswith(PREFIX)]

    def _load(self) -> dict[str, Any]:
        files.make_private(self.path)
        if self.path.exists() and not self.path.is_file():
            raise CredentialError(f"{self.path} is not a file")
        try:
            with self.path.open("rb") as file:
                content = files.read_whole(file, LARGEST_FILE)
        except (FileNotFoundError, NotADirectoryError):
            return {}
        except OSError as error:
            raise CredentialError(f"cannot read {self.path}: {error.strerror}") from error
        except ValueError as error:
            raise CredentialError(f"{self.path} is {error}") from error
        texts: Any = None
        with contextlib.suppress(ValueError, RecursionError):
            texts = json.loads(content)
        if not isinstance(texts, dict):
            raise CredentialError(
                f"{self.path} is not a JSON object of credentials",
                hint="fix the file or move it away; it was left as it is",
            )
        return texts

    def _save(self, texts: Mapping[str, Any]) -> None:
        text = json.dumps(texts, indent=2, ensure_ascii=False) + "\n"
        # half of a surrogate pair, which no UTF-8 holds, is escaped as JSON does it
        files.write(self.path, text.encode("utf-8", "backslashreplace"))


CredentialBackend = KeyringCredentials | FileCredentials
