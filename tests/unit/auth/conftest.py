"""Fixtures of the tests of sessions."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from keyring.backend import KeyringBackend

from tests import keyring_backends


@pytest.fixture
def keyring_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of a keyring that works, which is the one in use."""
    file = tmp_path / "test-keyring.json"
    monkeypatch.setenv(keyring_backends.FILE_VARIABLE, str(file))
    monkeypatch.setattr("keyring.core._keyring_backend", keyring_backends.FileKeyring())
    return file


@pytest.fixture
def use_keyring(
    keyring_file: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[KeyringBackend], None]:
    """Return a function that puts another keyring in the place of that one, with the same file."""
    return lambda backend: monkeypatch.setattr("keyring.core._keyring_backend", backend)
