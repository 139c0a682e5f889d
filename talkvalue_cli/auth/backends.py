"""Two places for secrets: the keyring of the system, and a private file.

Both hold texts under account names, as the existing CLI names them (section 4 of the
command reference). Every method raises CredentialError or LocalFileError.
"""

from __future__ import annotations

import contextlib
import json
import secrets
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from talkvalue_cli import files
from talkvalue_cli.errors import LocalFileError, TalkValueError
from talkvalue_cli.transport.deadline import run_within

T = TypeVar("T")

SERVICE = "talkvalue-cli"
PREFIX = "talkvalue:"
PROBE_ACCOUNT = "talkvalue:probe"
FILE_NAME = "keyring.json"
#: a keyring may ask its user for a password; nobody answers a cron job
KEYRING_LIMIT_S = 60.0


class CredentialError(TalkValueError):
    """A place for secrets that cannot be used."""

    code = "CREDENTIALS"


class KeyringCredentials:
    """The keyring of the system, through the keyring library, which is imported only here."""

    def read(self, accounts: Iterable[str]) -> dict[str, str]:
        """Return the texts there are under these accounts."""

        def work(keyring: Any) -> dict[str, str]:
            found = {account: keyring.get_password(SERVICE, account) for account in accounts}
            return {account: text for account, text in found.items() if text}

        return self._use("read", work)

    def write(self, texts: Mapping[str, str]) -> None:
        """Store texts by account, in the order given."""

        def work(keyring: Any) -> None:
            for account, text in texts.items():
                keyring.set_password(SERVICE, account, text)

        self._use("write", work)

    def delete(self, accounts: Iterable[str]) -> None:
        """Remove the texts under these accounts, as far as there are any."""

        def work(keyring: Any) -> None:
            for account in accounts:
                if keyring.get_password(SERVICE, account) is not None:
                    keyring.delete_password(SERVICE, account)

        self._use("delete", work)

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

    @staticmethod
    def _use(verb: str, work: Callable[[Any], T]) -> T:
        def fail(error: BaseException) -> CredentialError:
            return CredentialError(f"cannot {verb} the keyring: {_describe(error)}")

        def run() -> T:
            try:
                import keyring

                return work(keyring)
            # a backend may raise anything: errors of D-Bus, panics of Rust; no signal comes here
            except BaseException as error:
                raise fail(error) from error

        try:
            return run_within(KEYRING_LIMIT_S, run)
        except TimeoutError as error:
            raise fail(error) from error


def _describe(error: BaseException) -> str:
    """Return the first sentence of what a keyring says; the rest is advice on packages."""
    text = " ".join(str(error).split()).partition(". ")[0]
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
            content = self.path.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return {}
        except OSError as error:
            raise CredentialError(f"cannot read {self.path}: {error.strerror}") from error
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
        files.write(self.path, text.encode())


CredentialBackend = KeyringCredentials | FileCredentials
