"""Files of imports, on this machine or in an object storage."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from airflow.providers.common.compat.sdk import ObjectStoragePath

T = TypeVar("T")

#: a path, a URL of an object storage, or the object itself
StoragePath = str | os.PathLike[str] | ObjectStoragePath
#: so much is in memory at a time
CHUNK = 1 << 20


def find_object(path: StoragePath) -> ObjectStoragePath | None:
    """Return the object that a path means; None for a file of this machine."""
    found = path
    if not isinstance(found, ObjectStoragePath):
        if len(urlsplit(os.fspath(found)).scheme) < 2:  # one letter is a drive of Windows
            return None
        found = ObjectStoragePath(os.fspath(found))
    return None if found.protocol in ("", "file", "local") else found


def find_file(path: StoragePath) -> str:
    """Return the path on this machine of something that is no object."""
    if isinstance(path, ObjectStoragePath):
        return path.path
    text = os.fspath(path)
    return urlsplit(text).path if text.startswith("file://") else text


@contextmanager
def fetched(path: StoragePath) -> Iterator[str]:
    """Give the path of a file: its own, or that of a private copy under the same name."""
    remote = find_object(path)
    if remote is None:
        yield find_file(path)
        return
    with tempfile.TemporaryDirectory(prefix="talkvalue-") as folder:
        copy = Path(folder, remote.name)
        with remote.open("rb") as source, copy.open("wb") as target:
            shutil.copyfileobj(source, target, CHUNK)
        yield str(copy)


def save_into(
    folder: StoragePath, save: Callable[[Path], tuple[T, Path | None]], *, force: bool
) -> tuple[T, str | None]:
    """Let something save a file into a folder, which is made, and return where it went in the end.

    save: takes a folder of this machine, and returns the file that it saved, if it did.
    An object that exists is left as it is, unless force: somebody may have corrected it.
    """
    remote = find_object(folder)
    if remote is None:
        local = Path(find_file(folder))
        local.mkdir(parents=True, exist_ok=True)
        result, saved = save(local)
        return result, None if saved is None else str(saved)
    with tempfile.TemporaryDirectory(prefix="talkvalue-") as name:
        result, saved = save(Path(name))
        if saved is None:
            return result, None
        target = remote / saved.name
        if force or not target.exists():
            with saved.open("rb") as source, target.open("wb") as stream:
                shutil.copyfileobj(source, stream, CHUNK)
        return result, str(target)
