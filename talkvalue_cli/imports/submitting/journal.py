"""The journal: what `path import run` has begun, written before each step that cannot be undone.

Creating an import is not idempotent and cannot be cancelled, and a process can
be killed at any moment. So each step is written down before it is taken, and
the next run for the same file knows what may have happened.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from talkvalue_cli import files
from talkvalue_cli.errors import DeadlineError, LocalFileError
from talkvalue_cli.imports.status import list_failed_rows

T = TypeVar("T")

FILE_NAME = "journal.db"
#: other processes hold the database for milliseconds; more is a failure
BUSY_TIMEOUT_S = 30.0
#: how long SQLite itself waits for them, which no signal can end, and the pause before it is
#: asked again, in seconds
BUSY_SLICE_S = BUSY_PAUSE_S = 0.05

#: the step that was about to be taken, or the last one taken
UPLOADING, CREATING, CREATED, FINISHED, REFUSED = (
    "uploading",
    "creating",
    "created",
    "finished",
    "refused",
)

_SCHEMA = """
CREATE TABLE IF NOT EXISTS attempts (
    id INTEGER PRIMARY KEY,
    api_url TEXT NOT NULL,
    profile TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    source_id INTEGER NOT NULL,
    mode TEXT NOT NULL,
    file_path TEXT NOT NULL,
    file_name TEXT NOT NULL,
    step TEXT NOT NULL,
    mapping TEXT,
    file_key TEXT,
    job_id INTEGER,
    record TEXT,
    began_at REAL NOT NULL,
    creating_at REAL,
    updated_at REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS attempts_by_key
    ON attempts (api_url, sha256, source_id, mode, profile);
PRAGMA user_version = 1;
"""


_ADVICE = (
    "without it nobody could tell whether a file was imported already; "
    "XDG_STATE_HOME names another folder"
)


class Key(NamedTuple):
    """What makes two runs the same import: where it goes, and what goes there."""

    api_url: str
    profile: str
    sha256: str
    source_id: int
    mode: str


class Attempt(NamedTuple):
    """One row. Times are epoch seconds by this machine's clock, `creating_at` by the server's.

    record: the ImportJob as it was last seen, None before.
    """

    id: int
    key: Key
    file_path: str
    file_name: str
    step: str
    job_id: int | None
    record: dict[str, Any] | None
    began_at: float
    creating_at: float | None
    updated_at: float


def state_dir(environ: Mapping[str, str]) -> Path:
    """Return the folder for state: `$XDG_STATE_HOME/talkvalue`, else below ~/.local/state.

    XDG Base Directory Specification: a relative XDG_STATE_HOME is ignored.
    Raises LocalFileError when there is no home either.
    """
    base = environ.get("XDG_STATE_HOME", "")
    if os.path.isabs(base):
        return Path(base, "talkvalue")
    home = environ.get("HOME") or os.path.expanduser("~")
    if not os.path.isabs(home):
        raise LocalFileError(
            "there is no folder for the journal: HOME is not set", code="JOURNAL", hint=_ADVICE
        )
    return Path(home, ".local", "state", "talkvalue")


@contextlib.contextmanager
def open_journal(
    environ: Mapping[str, str], wall_clock: Callable[[], float], sleep: Callable[[float], None]
) -> Iterator[Journal]:
    """Open the journal of this user, and close it in the end."""
    book = Journal(state_dir(environ), wall_clock, sleep)
    try:
        yield book
    finally:
        book.close()


class Journal:
    """The database of attempts, private to its owner (mode 0600).

    Every method raises LocalFileError when the journal cannot be read or
    written; nothing that depends on it has been done then.

    wall_clock: epoch seconds, by which attempts are dated.
    sleep: lets seconds pass while another process has the database or a lock.
    """

    def __init__(
        self, folder: Path, wall_clock: Callable[[], float], sleep: Callable[[float], None]
    ) -> None:
        self._folder, self._wall_clock, self._sleep = folder, wall_clock, sleep
        self._path = folder / FILE_NAME
        with self._guard():
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            # made private before SQLite opens it; its companions take the mode over
            os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600))
            self._database = sqlite3.connect(self._path, timeout=BUSY_SLICE_S, isolation_level=None)
            self._database.row_factory = sqlite3.Row
            try:
                self._wait_while_busy(self._make_tables)
            except BaseException:
                self._database.close()
                raise

    def _make_tables(self) -> None:
        [version] = self._database.execute("PRAGMA user_version").fetchone()
        if version == 0:
            self._database.executescript(_SCHEMA)

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    def now(self) -> float:
        """Return epoch seconds by the clock that dates the attempts."""
        return self._wall_clock()

    def find_latest(self, key: Key) -> Attempt | None:
        """Return the newest attempt that matters: one that may have made a job."""
        return self._select_one(
            "api_url = ? AND profile = ? AND sha256 = ? AND source_id = ? AND mode = ?"
            f" AND step IN ('{CREATING}', '{CREATED}', '{FINISHED}')",
            tuple(key),
        )

    def find_job(self, api_url: str, job_id: int) -> Attempt | None:
        """Return the attempt that made a job."""
        return self._select_one("api_url = ? AND job_id = ?", (api_url, job_id))

    def find_unfinished(self, api_url: str) -> Attempt | None:
        """Return the newest attempt whose job was created and not seen to end."""
        return self._select_one(f"api_url = ? AND step = '{CREATED}'", (api_url,))

    def list_rivals(self, attempt: Attempt, within_s: float) -> list[Attempt]:
        """Return other attempts of unknown fate whose jobs would look the same in a list.

        within_s: those that began so much earlier can no longer be meant.
        """
        with self._guard():
            rows = self._select(
                "SELECT * FROM attempts WHERE api_url = ? AND file_name = ? AND mode = ?"
                f" AND step = '{CREATING}' AND id != ? AND creating_at >= ?",
                (
                    attempt.key.api_url,
                    attempt.file_name,
                    attempt.key.mode,
                    attempt.id,
                    (attempt.creating_at or 0.0) - within_s,
                ),
            )
            return [_to_attempt(row) for row in rows]

    def list_newest(self, limit: int) -> list[Attempt]:
        """Return attempts, newest first."""
        with self._guard():
            rows = self._select("SELECT * FROM attempts ORDER BY id DESC LIMIT ?", (limit,))
            return [_to_attempt(row) for row in rows]

    def list_job_ids(self, api_url: str) -> set[int]:
        """Return the ids of all jobs that are known to be ours."""
        with self._guard():
            rows = self._select(
                "SELECT job_id FROM attempts WHERE api_url = ? AND job_id IS NOT NULL", (api_url,)
            )
        return {row["job_id"] for row in rows}

    def begin(self, key: Key, file_path: str, file_name: str) -> int:
        """Write down that a file is about to be uploaded; return the attempt's id."""
        now = self._wall_clock()
        with self._guard():
            cursor = self._execute(
                "INSERT INTO attempts (api_url, profile, sha256, source_id, mode, file_path,"
                " file_name, step, began_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (*key, file_path, file_name, UPLOADING, now, now),
            )
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    def will_create(
        self, attempt_id: int, *, file_key: str, mapping: Any, server_time: float
    ) -> None:
        """Write down that the create request is about to be sent."""
        self._update(
            attempt_id,
            step=CREATING,
            file_key=file_key,
            mapping=json.dumps(mapping),
            creating_at=server_time,
        )

    def is_creating(self, attempt_id: int) -> None:
        """Write down that the create request may still be under way."""
        self._update(attempt_id)

    def was_refused(self, attempt_id: int) -> None:
        """Write down that the server certainly made no job."""
        self._update(attempt_id, step=REFUSED)

    def was_created(self, attempt_id: int, job_id: int) -> None:
        """Write down the job that the attempt made."""
        self._update(attempt_id, step=CREATED, job_id=job_id)

    def was_finished(self, attempt_id: int, record: Mapping[str, Any]) -> None:
        """Write down how the job ended, without the people's data that a server quotes."""
        rows = [{**row, "rawValue": None} for row in list_failed_rows(record)]
        bare = {**record, "failedRows": rows} if record.get("failedRows") else record
        self._update(attempt_id, step=FINISHED, record=json.dumps(bare))

    @contextlib.contextmanager
    def lock(
        self,
        key: tuple[object, ...],
        may_wait: Callable[[], bool] = lambda: True,
    ) -> Iterator[None]:
        """Hold the lock of a Key: who has it decides whether to create.

        The operating system gives it back however its holder dies. Raises
        DeadlineError when another process has it and may_wait says no.
        """
        name = hashlib.sha256(repr(tuple(key)).encode()).hexdigest()[:32]

        def may_go_on() -> bool:
            if may_wait():
                return True
            raise DeadlineError(
                "the deadline passed while another run was sending the same file",
                hint="run it again later: it attaches to the import of the other one",
            )

        with contextlib.ExitStack() as stack:
            with self._guard():
                lock = files.lock(
                    self._folder / "locks" / name, may_wait=may_go_on, sleep=self._sleep
                )
                stack.enter_context(lock)
            yield

    def _select_one(self, condition: str, values: tuple[Any, ...]) -> Attempt | None:
        with self._guard():
            rows = self._select(
                f"SELECT * FROM attempts WHERE {condition} ORDER BY id DESC LIMIT 1", values
            )
            return _to_attempt(rows[0]) if rows else None

    def _update(self, attempt_id: int, **values: Any) -> None:
        values["updated_at"] = self._wall_clock()
        columns = ", ".join(f"{name} = ?" for name in values)
        with self._guard():
            self._execute(
                f"UPDATE attempts SET {columns} WHERE id = ?", (*values.values(), attempt_id)
            )

    def _select(self, query: str, values: tuple[Any, ...]) -> list[sqlite3.Row]:
        return self._wait_while_busy(lambda: self._database.execute(query, values).fetchall())

    def _execute(self, statement: str, values: tuple[Any, ...]) -> sqlite3.Cursor:
        return self._wait_while_busy(lambda: self._database.execute(statement, values))

    def _wait_while_busy(self, work: Callable[[], T]) -> T:
        """Do the work, again after a pause while another process has the database."""
        for _ in range(round(BUSY_TIMEOUT_S / (BUSY_SLICE_S + BUSY_PAUSE_S))):
            try:
                return work()
            except sqlite3.OperationalError as error:
                # its number, SQLITE_BUSY, is not told before Python 3.11
                if str(error) != "database is locked":
                    raise
            self._sleep(BUSY_PAUSE_S)
        return work()

    @contextlib.contextmanager
    def _guard(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError, ValueError, TypeError, LocalFileError) as error:
            reason = error.strerror if isinstance(error, OSError) else str(error)
            raise LocalFileError(
                f"cannot use the journal {self._path}: {reason}",
                code="JOURNAL",
                hint=_ADVICE,
            ) from error


def _to_attempt(row: sqlite3.Row) -> Attempt:
    key = Key(row["api_url"], row["profile"], row["sha256"], row["source_id"], row["mode"])
    record = None if row["record"] is None else json.loads(row["record"])
    return Attempt(
        row["id"],
        key,
        row["file_path"],
        row["file_name"],
        row["step"],
        row["job_id"],
        record,
        float(row["began_at"]),
        row["creating_at"],
        float(row["updated_at"]),
    )
