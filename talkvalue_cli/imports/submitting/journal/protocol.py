"""What a journal is, wherever it is kept: its rows, and what can be done with them."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, NamedTuple, Protocol, TypeVar

from talkvalue_cli.errors import DeadlineError
from talkvalue_cli.imports.submitting.tags import Tag, find_tag

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
#: so many of the newest imports tell whether a server keeps tags
LOOKED_AT = 100


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


class Row(Protocol):
    """A row of a database, by the names of its columns."""

    def __getitem__(self, name: str, /) -> Any:
        """Return the value of a column."""


class Journal(Protocol):
    """What was begun, written down before each step that cannot be undone.

    Every method raises LocalFileError when the journal cannot be read or
    written; nothing that depends on it has been done then.
    """

    @property
    def is_shared(self) -> bool:
        """Several machines write to it, so that a lock can be lost while its holder lives."""

    def close(self) -> None:
        """Close the database."""

    def now(self) -> float:
        """Return epoch seconds by the clock that dates the attempts."""

    def find_latest(self, key: Key) -> Attempt | None:
        """Return the newest attempt of an import that matters: one that may have made a job."""

    def find_old(self, key: Key, profile: str, sent_sha256: str) -> Attempt | None:
        """Return the newest attempt that matters of a version which knew no import keys.

        sent_sha256: of the file as it is sent, by which those versions knew it.
        """

    def find_job(self, api_url: str, job_id: int) -> Attempt | None:
        """Return the newest attempt that made a job, or found it."""

    def find_unfinished(self, api_url: str) -> Attempt | None:
        """Return the newest attempt whose job was created and not seen to end.

        One that this machine has made comes before those of others.
        """

    def find_elsewhere(self, api_url: str, job_id: int | None) -> Attempt | None:
        """Return the newest attempt at another server: that made a job, or one that has not ended.

        job_id: None for any that was not seen to end.
        """

    def list_newest(self, limit: int) -> list[Attempt]:
        """Return attempts, newest first."""

    def list_job_ids(self, api_url: str) -> set[int]:
        """Return the ids of all jobs that are known to be ours."""

    def has_lost_tags(self, api_url: str) -> bool:
        """Tell whether an import that was sent with a tag was shown by the server without one."""

    def begin(
        self,
        key: Key,
        *,
        profile: str,
        tag: Tag,
        file_path: str,
        file_name: str,
        headers: Sequence[str],
        rows: int,
    ) -> int:
        """Write down that a file is about to be uploaded; return the attempt's id."""

    def will_create(
        self,
        attempt_id: int,
        *,
        file_key: str,
        mapping: Any,
        server_time: float,
        newest_id: int | None = None,
    ) -> None:
        """Write down that the create request is about to be sent.

        newest_id: of the imports that there are before it, None when nobody has looked.
        Raises LocalFileError, too, when the lock that is held has been lost.
        """

    def is_creating(self, attempt_id: int) -> None:
        """Write down that the create request may still be under way.

        Raises LocalFileError, too, when the lock that is held has been lost.
        """

    def was_refused(self, attempt_id: int) -> None:
        """Write down that the server certainly made no job."""

    def was_created(self, attempt_id: int, job_id: int) -> None:
        """Write down the job that the attempt made."""

    def was_finished(self, attempt_id: int, record: Mapping[str, Any]) -> None:
        """Write down how the job ended, without the people's data that a server quotes."""

    def lock(
        self, key: Key, may_wait: Callable[[], bool] = lambda: True
    ) -> AbstractContextManager[None]:
        """Hold the lock of an import: who has it decides whether to create.

        It is free again however its holder dies. Raises DeadlineError when
        another process has it and may_wait says no.
        """


def refuse_to_wait() -> DeadlineError:
    """Return the error for a lock that another process has had for too long."""
    return DeadlineError(
        "the deadline passed while another run was sending the same file",
        hint="run it again later: it attaches to the import of the other one",
    )


def have_lost_tags(attempts: Iterable[Attempt]) -> bool:
    """Tell whether one of these was sent with a tag, and shown without one."""
    names = ((a.file_key, (a.record or {}).get("fileName")) for a in attempts)
    return any(find_tag(key) and not find_tag(name) for key, name in names)


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
            row["id"],
            row["api_url"],
            row["profile"],
            row["sha256"],
            row["source_id"],
            row["mode"],
            row["import_key"],
            tag,
            row["file_path"],
            row["file_name"],
            row["step"],
            _read_list(row["headers"], str),
            row["file_key"],
            _read_list(row["mapping"], dict),
            row["rows"],
            row["newest_id"],
            row["job_id"],
            _read_json(row["record"], dict),
            _read_time(row["began_at"]),
            None if row["creating_at"] is None else _read_time(row["creating_at"]),
            _read_time(row["updated_at"]),
            host,
            run,
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
