"""The journal of one machine: a SQLite database in the folder for state, private to its owner."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from talkvalue_cli import files
from talkvalue_cli.errors import DeadlineError, LocalFileError
from talkvalue_cli.imports.submitting.journal import sqlite_schema
from talkvalue_cli.imports.submitting.journal.attempts import Attempt, Key, Row, to_attempt
from talkvalue_cli.imports.submitting.journal.folder import ADVICE, FILE_NAME
from talkvalue_cli.imports.submitting.journal.protocol import Journal, refuse_to_wait
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


class SqliteJournal(Journal):
    """The database of attempts, private to its owner (mode 0600); see `protocol.Journal`.

    wall_clock: epoch seconds, by which attempts are dated.
    sleep: lets seconds pass while another process has the database or a lock.
    limit_s: how long to wait for the database, where that is less than usual.
    """

    is_shared = False
    _table, _columns, _newest = "attempts", "*", "id DESC"

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

    @contextlib.contextmanager
    def lock(self, key: Key, may_wait: Callable[[], bool] = lambda: True) -> Iterator[None]:
        """Hold the lock of an import; the operating system gives it back however one dies."""

        def may_go_on() -> bool:
            if may_wait():
                return True
            raise refuse_to_wait()

        path = self._folder / "locks" / key.digest[:32]
        with contextlib.ExitStack() as stack:
            with self._guard():
                stack.enter_context(files.lock(path, may_wait=may_go_on, sleep=self._sleep))
            yield

    def _fetch(self, query: str, values: tuple[Any, ...]) -> list[sqlite3.Row]:
        return self._wait_while_busy(lambda: self._database.execute(query, values).fetchall())

    def _insert(self, values: dict[str, Any], organization: str, tag: Tag) -> int:
        now = self._wall_clock()
        values = {**values, "attempt": tag.attempt, "began_at": now, "updated_at": now}
        places = ", ".join("?" * len(values))
        statement = f"INSERT INTO attempts ({', '.join(values)}) VALUES ({places})"
        row_id = self._execute(statement, tuple(values.values())).lastrowid
        assert row_id is not None
        return row_id

    def _update(self, attempt_id: int, **values: Any) -> None:
        values["updated_at"] = self._wall_clock()
        columns = ", ".join(f"{name} = ?" for name in values)
        with self._guard():
            self._execute(
                f"UPDATE attempts SET {columns} WHERE id = ?", (*values.values(), attempt_id)
            )

    def _to_attempt(self, row: Row) -> Attempt:
        return to_attempt(row, _read_tag)

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


def _read_tag(row: Row) -> Tag | None:
    import_key, attempt = row["import_key"], row["attempt"]
    return find_tag(str(make_tag(import_key, attempt))) if import_key and attempt else None
