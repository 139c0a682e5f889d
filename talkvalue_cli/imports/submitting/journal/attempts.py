"""The rows of a journal: what was begun for which import, and how far it has come."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable
from typing import Any, NamedTuple, Protocol, TypeVar

from talkvalue_cli.imports.submitting.tags import Tag

T = TypeVar("T")

#: the step that was about to be taken, or the last one taken
UPLOADING, CREATING, CREATED, FINISHED, REFUSED = (
    "uploading",
    "creating",
    "created",
    "finished",
    "refused",
)
#: a row at which there may be a job: at one of these two there is none; a step that is none shows
#: that the row is damaged, and is not passed over
MATTERS = f"step NOT IN ('{UPLOADING}', '{REFUSED}')"


class Key(NamedTuple):
    """What makes two runs the same import: where it goes, and what goes there how.

    organization: its id, empty where it is not known. sha256: of the file as
    it was given. rules: (column from 0, field) that the caller asked for.
    said: (name, value) of what else the caller said that changes what is sent. It counts
        only where there is any, so that the keys of older versions stay the same.
    """

    api_url: str
    organization: str
    sha256: str
    source_id: int
    mode: str
    rules: tuple[tuple[int, str], ...] = ()
    said: tuple[tuple[str, str], ...] = ()

    @property
    def digest(self) -> str:
        """The import key: 64 hexadecimal digits."""
        parts = self if self.said else self[:-1]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


class Attempt(NamedTuple):
    """One row. Times are epoch seconds by the journal's clock, `creating_at` by the server's.

    import_key, tag: None in rows of a version that had none.
    file_name: what the file is called, without the tag. file_key: of its upload.
    mapping: as the server takes it, None before it was decided.
    record: the ImportJob as it was last seen, None before.
    newest_id: of the imports that there were before the create request.
    host, run: who has it in hand, or had, in a journal that several machines share; else None.
    """

    id: int
    api_url: str
    profile: str
    sha256: str
    source_id: int
    mode: str
    import_key: str | None
    tag: Tag | None
    file_path: str
    file_name: str
    step: str
    headers: list[str] | None
    file_key: str | None
    mapping: list[dict[str, Any]] | None
    rows: int | None
    newest_id: int | None
    job_id: int | None
    record: dict[str, Any] | None
    began_at: float
    creating_at: float | None
    updated_at: float
    host: str | None = None
    run: str | None = None


_AS_THEY_ARE = (
    *("id", "api_url", "profile", "sha256", "source_id", "mode", "import_key", "file_path"),
    *("file_name", "step", "file_key", "rows", "newest_id", "job_id"),
)


class Row(Protocol):
    """A row of a database, by the names of its columns."""

    def __getitem__(self, name: str, /) -> Any:
        """Return the value of a column."""


def to_attempt(
    row: Row, read_tag: Callable[[Row], Tag | None], host: str | None = None, run: str | None = None
) -> Attempt:
    """Return a row as an Attempt. Raises ValueError, which names the row, when it is damaged.

    row: its lists and records are JSON, and its times epoch seconds.
    """
    try:
        _check_places(row)
        tag = read_tag(row)
        if row["import_key"] is not None and tag is None:
            raise ValueError("it has lost its tag")
        return Attempt(
            **{name: row[name] for name in _AS_THEY_ARE},
            tag=tag,
            headers=_read_list(row["headers"], str),
            mapping=_read_list(row["mapping"], dict),
            record=_read_json(row["record"], dict),
            began_at=_read_time(row["began_at"]),
            creating_at=None if row["creating_at"] is None else _read_time(row["creating_at"]),
            updated_at=_read_time(row["updated_at"]),
            host=host,
            run=run,
        )
    except (ValueError, TypeError, IndexError) as error:
        raise ValueError(f"row {row['id']} is damaged: {error}") from error


def _check_places(row: Row) -> None:
    """Raise ValueError for a step, an id or a count that is none."""
    if row["step"] not in (UPLOADING, CREATING, CREATED, FINISHED, REFUSED):
        raise ValueError(f"{str(row['step'])[:40]!r} is no step")
    for name in ("job_id", "rows", "newest_id"):
        value = row[name]
        if value is not None and not (isinstance(value, int) and value >= 0):
            raise ValueError(f"{name} is {str(value)[:40]!r}")
    if row["step"] in (CREATED, FINISHED) and row["job_id"] is None:
        raise ValueError(f"it is {row['step']}, and has no job_id")


def _read_time(value: Any) -> float:
    seconds = float(value)
    if not math.isfinite(seconds):
        raise ValueError(f"{seconds} is no time")
    return seconds


def _read_list(text: str | None, kind: type[T]) -> list[T] | None:
    items = _read_json(text, list)
    if not all(isinstance(item, kind) for item in items or ()):
        raise ValueError(f"{str(text)[:40]!r} has what is no {kind.__name__} in it")
    return items


def _read_json(text: str | None, kind: type[T]) -> T | None:
    if text is None:
        return None
    value = json.loads(text)
    if not isinstance(value, kind):
        raise ValueError(f"{text[:40]!r} is no {kind.__name__}")
    return value
