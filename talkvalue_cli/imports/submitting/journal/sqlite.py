"""The journal of one machine: a SQLite database in the folder for state, private to its owner."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from talkvalue_cli import files
from talkvalue_cli.errors import DeadlineError, LocalFileError
from talkvalue_cli.imports.status import without_values
from talkvalue_cli.imports.submitting.journal import protocol, sqlite_schema
from talkvalue_cli.imports.submitting.journal.folder import ADVICE, FILE_NAME
from talkvalue_cli.imports.submitting.journal.protocol import (
    CREATED,
    CREATING,
    FINISHED,
    MATTERS,
    REFUSED,
    UPLOADING,
    Attempt,
    Key,
)
from talkvalue_cli.imports.submitting.tags import Tag, find_tag, make_tag

T = TypeVar("T")

#: other processes hold the database for milliseconds; more is a failure. Who has less time waits
#: less, but for a moment at least
BUSY_TIMEOUT_S, LEAST_BUSY_TIMEOUT_S = 30.0, 1.0
#: how long SQLite itself waits for them, which no signal can end, and the pause before it is
#: asked again, in seconds
BUSY_SLICE_S = BUSY_PAUSE_S = 0.05

#: a journal is made with its tables, or not at all
_EMPTY = "it is empty, and must have been damaged; without it a new one is made"


class SqliteJournal:
    """The database of attempts, private to its owner (mode 0600); see `protocol.Journal`.

    wall_clock: epoch seconds, by which attempts are dated.
    sleep: lets seconds pass while another process has the database or a lock.
    limit_s: how long to wait for the database, where that is less than usual.
    """

    is_shared = False

    def __init__(
        self,
        folder: Path,
        wall_clock: Callable[[], float],
        sleep: Callable[[float], None],
        limit_s: float | None = None,
    ) -> None:
        limit_s = BUSY_TIMEOUT_S if limit_s is None else min(limit_s, BUSY_TIMEOUT_S)
        self._busy_limit_s = max(limit_s, LEAST_BUSY_TIMEOUT_S)
        self._folder, self._wall_clock, self._sleep = folder, wall_clock, sleep
        self._path = folder / FILE_NAME
        with self._guard():
            files.make_folder(folder)
            if not self._path.exists():
                self._make_database()
            elif self._path.stat().st_size == 0:
                raise LocalFileError(_EMPTY)
            self._database = self._connect(self._path)
            try:
                self._wait_while_busy(self._migrate)
            except BaseException:
                self._database.close()
                raise

    def _make_database(self) -> None:
        """Put an empty journal, with its tables, in its place at once, unless another did."""
        part = self._path.with_name(f".{FILE_NAME}.{os.urandom(4).hex()}.part")
        try:
            # made private before SQLite opens it; its companions take the mode over
            os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
            with contextlib.closing(self._connect(part)) as database:
                database.executescript(sqlite_schema.SCHEMA + "PRAGMA user_version = 1;")
            with contextlib.suppress(FileExistsError):
                files.rename_new(part, self._path)
        finally:
            part.unlink(missing_ok=True)

    @staticmethod
    def _connect(path: Path) -> sqlite3.Connection:
        database = sqlite3.connect(path, timeout=BUSY_SLICE_S, isolation_level=None)
        database.row_factory = sqlite3.Row
        return database

    def _migrate(self) -> None:
        """Bring the tables up to date; by one process, and wholly or not at all."""
        if self._read_version() == sqlite_schema.VERSION:
            return
        self._database.execute("BEGIN IMMEDIATE")
        try:
            version = self._read_version()
            if version < 1:  # SQLite takes what is cut off in its first page for an empty one
                raise LocalFileError(_EMPTY)
            if version > sqlite_schema.VERSION:
                raise LocalFileError("a newer version of this program has written it")
            for statement in ";".join(sqlite_schema.MIGRATIONS[version:]).split(";"):
                self._database.execute(statement)
            self._database.execute(f"PRAGMA user_version = {sqlite_schema.VERSION}")
            self._database.execute("COMMIT")
        except BaseException:
            # SQLite has done so itself after what is worse, such as a full disk
            if self._database.in_transaction:
                self._database.execute("ROLLBACK")
            raise

    def _read_version(self) -> int:
        [version] = self._database.execute("PRAGMA user_version").fetchone()
        return int(version)

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    def now(self) -> float:
        """Return epoch seconds by the clock that dates the attempts."""
        return self._wall_clock()

    def find_latest(self, key: Key) -> Attempt | None:
        """Return the newest attempt of an import that matters: one that may have made a job."""
        return self._select_one(f"import_key = ? AND {MATTERS}", (key.digest,))

    def find_old(self, key: Key, profile: str, sent_sha256: str) -> Attempt | None:
        """Return the newest attempt that matters of a version which knew no import keys.

        sent_sha256: of the file as it is sent, by which those versions knew it.
        """
        return self._select_one(
            "import_key IS NULL AND api_url = ? AND profile = ? AND sha256 = ?"
            f" AND source_id = ? AND mode = ? AND {MATTERS}",
            (key.api_url, profile, sent_sha256, key.source_id, key.mode),
        )

    def find_job(self, api_url: str, job_id: int) -> Attempt | None:
        """Return the newest attempt that made a job, or found it."""
        return self._select_one("api_url = ? AND job_id = ?", (api_url, job_id))

    def find_unfinished(self, api_url: str) -> Attempt | None:
        """Return the newest attempt whose job was created and not seen to end."""
        return self._select_one(f"api_url = ? AND step = '{CREATED}'", (api_url,))

    def find_elsewhere(self, api_url: str, job_id: int | None) -> Attempt | None:
        """Return the newest attempt at another server, see `protocol.Journal`."""
        if job_id is None:
            return self._select_one(f"api_url <> ? AND step = '{CREATED}'", (api_url,))
        return self._select_one("api_url <> ? AND job_id = ?", (api_url, job_id))

    def list_newest(self, limit: int) -> list[Attempt]:
        """Return attempts, newest first."""
        with self._guard():
            rows = self._select("SELECT * FROM attempts ORDER BY id DESC LIMIT ?", (limit,))
            return [_to_attempt(row) for row in rows]

    def list_job_ids(self, api_url: str) -> set[int]:
        """Return the ids of all jobs that are known to be ours."""
        with self._guard():
            query = "SELECT job_id FROM attempts WHERE api_url = ? AND job_id IS NOT NULL"
            rows = self._select(query, (api_url,))
        return {row["job_id"] for row in rows}

    def has_lost_tags(self, api_url: str) -> bool:
        """Tell whether an import that was sent with a tag was shown by the server without one."""
        with self._guard():
            rows = self._select(
                "SELECT * FROM attempts WHERE api_url = ? AND attempt IS NOT NULL"
                " AND record IS NOT NULL ORDER BY id DESC LIMIT ?",
                (api_url, protocol.LOOKED_AT),
            )
            return protocol.have_lost_tags(map(_to_attempt, rows))

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
        now = self._wall_clock()
        values = {
            "api_url": key.api_url,
            "profile": profile,
            "sha256": key.sha256,
            "source_id": key.source_id,
            "mode": key.mode,
            "import_key": key.digest,
            "attempt": tag.attempt,
            "file_path": file_path,
            "file_name": file_name,
            "headers": json.dumps(headers),
            "rows": rows,
            "step": UPLOADING,
            "began_at": now,
            "updated_at": now,
        }
        with self._guard():
            cursor = self._execute(
                f"INSERT INTO attempts ({', '.join(values)})"
                f" VALUES ({', '.join('?' * len(values))})",
                tuple(values.values()),
            )
        assert cursor.lastrowid is not None
        return cursor.lastrowid

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
        """
        self._update(
            attempt_id,
            step=CREATING,
            file_key=file_key,
            mapping=json.dumps(mapping),
            creating_at=server_time,
            newest_id=newest_id,
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
        # its id, too: that it was created may not have been written down
        record, job_id = without_values(record), record["id"]
        self._update(attempt_id, step=FINISHED, record=json.dumps(record), job_id=job_id)

    @contextlib.contextmanager
    def lock(self, key: Key, may_wait: Callable[[], bool] = lambda: True) -> Iterator[None]:
        """Hold the lock of an import: who has it decides whether to create.

        The operating system gives it back however its holder dies. Raises
        DeadlineError when another process has it and may_wait says no.
        """

        def may_go_on() -> bool:
            if may_wait():
                return True
            raise protocol.refuse_to_wait()

        path = self._folder / "locks" / key.digest[:32]
        with contextlib.ExitStack() as stack:
            with self._guard():
                stack.enter_context(files.lock(path, may_wait=may_go_on, sleep=self._sleep))
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
        for _ in range(round(self._busy_limit_s / (BUSY_SLICE_S + BUSY_PAUSE_S))):
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
        except DeadlineError:
            raise
        except (sqlite3.Error, OSError, ValueError, TypeError, LocalFileError) as error:
            reason = error.strerror if isinstance(error, OSError) else str(error)
            raise LocalFileError(
                f"cannot use the journal {self._path}: {reason}",
                code="JOURNAL",
                hint=ADVICE,
            ) from error


def _to_attempt(row: sqlite3.Row) -> Attempt:
    return protocol.to_attempt(row, _read_tag)


def _read_tag(row: protocol.Row) -> Tag | None:
    import_key, attempt = row["import_key"], row["attempt"]
    return find_tag(str(make_tag(import_key, attempt))) if import_key and attempt else None
