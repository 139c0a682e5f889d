"""Where the tokens of a profile are kept: the system's keyring, else a private file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from talkvalue_cli import files
from talkvalue_cli.auth.backends import (
    PREFIX,
    CredentialBackend,
    CredentialError,
    FileCredentials,
    KeyringCredentials,
)
from talkvalue_cli.auth.tokens import Tokens
from talkvalue_cli.config.settings import is_token
from talkvalue_cli.errors import LocalFileError

#: in the order in which they are written: the access token is of no use later, this one is
KEYS = ("refresh_token", "access_token", "expires_at", "id_token")
#: a process that renews a token holds the lock for one exchange
LOCK_WAIT_S = 90.0


def name_account(profile: str, key: str) -> str:
    """Return the account under which one text of a profile is kept."""
    return f"{PREFIX}{profile}:{key}"


class TokenStore:
    """The tokens of all profiles.

    Where a profile's tokens are is decided when they are first stored, by
    writing to the keyring and reading back, and is known later by where they
    are: what the file has is not looked for in the keyring.

    folder: the config folder, which holds the file.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._keyring, self._file = KeyringCredentials(), FileCredentials(folder)

    @property
    def file_path(self) -> Path:
        """The file that takes the place of a keyring."""
        return self._file.path

    def load(self, profile: str, organization_id: str = "") -> Tokens | None:
        """Return a profile's tokens, None when there are none.

        organization_id: what the profile is signed in to. Tokens in the file
        for another one are older than those that the existing CLI has put into
        the keyring meanwhile, for it never deletes the file.
        Raises CredentialError, also for a keyring that does not tell what it has.
        """
        stored = self._read(self._file, profile)
        if stored and _fits(stored, organization_id):
            return stored
        return self._read(self._keyring, profile) or stored

    def load_from_keyring(self, profile: str) -> Tokens | None:
        """Return the tokens in the keyring, if there are any beside those in the file."""
        if self._read(self._file, profile) is None:
            return None
        try:
            return self._read(self._keyring, profile)
        except CredentialError:
            return None

    def find_place(self, profile: str, organization_id: str = "") -> str | None:
        """Return where `load` takes the tokens from: `keyring`, or the file's path.

        None when there are none. Raises CredentialError.
        """
        if self._is_in_file(profile, organization_id):
            return str(self.file_path)
        return "keyring" if self._read(self._keyring, profile) else None

    def save(self, profile: str, tokens: Tokens, organization_id: str = "") -> None:
        """Store tokens where those of the profile are already.

        organization_id: what `load` was given for the tokens that these replace.
        A keyring that has stopped working is replaced by the file. Raises
        CredentialError, LocalFileError.
        """
        if self._is_in_file(profile, organization_id):
            self._write(self._file, profile, tokens)
            return
        try:
            self._write(self._keyring, profile, tokens)
        except CredentialError:
            self._write(self._file, profile, tokens)

    def save_new(self, profile: str, tokens: Tokens) -> CredentialError | None:
        """Store the tokens of a new sign-in in the best place there is.

        Returns why they are in the file when they are, else None.
        """
        try:
            self._keyring.probe()
            self._write(self._keyring, profile, tokens)
        except CredentialError as error:
            self._write(self._file, profile, tokens)
            return error
        # an older session in the file would be found first
        self._file.delete(_accounts(profile))
        return None

    def check_writable(self, profile: str, organization_id: str = "") -> None:
        """Raise LocalFileError when new tokens of a profile could not be stored."""
        if self._is_in_file(profile, organization_id):
            files.try_write(self._file.path)

    def check_file(self) -> None:
        """Raise CredentialError when there is a file of tokens that cannot be used."""
        self._file.list_accounts()

    def delete(self, profile: str) -> None:
        """Remove the tokens of a profile, wherever they are.

        Raises CredentialError, LocalFileError when some may be left.
        """
        self._file.delete(_accounts(profile))
        self._keyring.delete(_accounts(profile))

    def delete_from_file(self) -> None:
        """Remove every token in the file, those of forgotten profiles among them."""
        self._file.delete(self._file.list_accounts())

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Let only one process at a time renew tokens.

        Where the folder cannot be written nothing can be locked, and tokens in
        a keyring can be renewed all the same.
        """
        path = self._folder / "tokens.lock"
        try:
            files.check_writable(path)
        except LocalFileError:
            yield
            return
        with files.lock(path, may_wait=files.for_at_most(LOCK_WAIT_S)):
            yield

    @staticmethod
    def _read(backend: CredentialBackend, profile: str) -> Tokens | None:
        """Return the tokens that a backend has; what no header can carry is none."""
        texts = backend.read(_accounts(profile))
        found = {key: texts.get(name_account(profile, key), "").strip() for key in KEYS}
        values = {key: text if is_token(text) else "" for key, text in found.items()}
        return Tokens(**values) if values["access_token"] else None

    def _is_in_file(self, profile: str, organization_id: str) -> bool:
        """Tell whether `load` takes the tokens from the file, or will when they are there."""
        stored = self._read(self._file, profile)
        if stored is None:
            return False
        try:
            return _fits(stored, organization_id) or not self._read(self._keyring, profile)
        except CredentialError:
            return True

    @staticmethod
    def _write(backend: CredentialBackend, profile: str, tokens: Tokens) -> None:
        texts = {name_account(profile, key): getattr(tokens, key) for key in KEYS}
        backend.write({account: text for account, text in texts.items() if text})
        backend.delete([account for account, text in texts.items() if not text])


def _fits(tokens: Tokens, organization_id: str) -> bool:
    """Tell whether tokens may be for an organization, as far as they tell."""
    return organization_id in ("", tokens.organization_id or organization_id)


def _accounts(profile: str) -> list[str]:
    return [name_account(profile, key) for key in KEYS]
