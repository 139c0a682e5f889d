"""SQLite access: one connection per thread, one writer at a time, readers never blocked."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import cast

from . import migrations

READER_CACHE_KIB = 1024
WRITER_CACHE_KIB = 32 * 1024
BUSY_TIMEOUT_S = 30.0
PAGE_ROWS = 500
# Pages between checkpoints, 64 MiB: each checkpoint is an fsync.
CHECKPOINT_PAGES = 16384


class Transaction(sqlite3.Connection):
    """A connection, and on whose behalf and when it is used.

    organization_id, now (ISO 8601 UTC): those of the request or job that the transaction is of.
    """

    organization_id: int
    now: str

    def find(self, sql: str, *values: object) -> sqlite3.Row | None:
        """Return the first row of a query, or None."""
        return cast("sqlite3.Row | None", self.execute(sql, values).fetchone())

    def insert(self, table: str, **values: object) -> int:
        """Add a row, and return its id."""
        marks = ", ".join("?" * len(values))
        sql = f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks})"
        return cast(int, self.execute(sql, list(values.values())).lastrowid)

    def update(self, table: str, row_id: int, **values: object) -> None:
        """Change columns of one row."""
        assignments = ", ".join(f"{name} = ?" for name in values)
        self.execute(f"UPDATE {table} SET {assignments} WHERE id = ?", (*values.values(), row_id))

    def fetch_pages(
        self, sql: str, values: Sequence[object], key: str
    ) -> Iterator[list[sqlite3.Row]]:
        """Yield the rows of a query by its `key`, the last two parameters of which are a page.

        To be used after the transaction: who reads slowly does not hold up the log.
        """
        last = 0
        while rows := self.execute(sql, (*values, last, PAGE_ROWS)).fetchall():
            yield rows
            last = rows[-1][key]


class Store:
    """The database file and the folder of staged uploads beside it.

    WAL with synchronous NORMAL: a killed process loses nothing that was committed; a power
    cut may lose the last transactions but never breaks one in two.
    """

    def __init__(self, database: Path, files: Path) -> None:
        """Open `database`, creating or migrating it; `files` is an existing folder.

        Raises sqlite3.Error or ValueError for a file that is no sandbox database.
        """
        self.database = database
        self.files = files
        self._local = threading.local()
        # Waiting on a lock of our own is fairer to short writers than SQLite's busy handler.
        self._write_lock = threading.Lock()
        self.was_empty = migrations.migrate(self.connect())

    def connect(self) -> Transaction:
        """Return this thread's connection, opened at its first use, in autocommit mode."""
        existing: Transaction | None = getattr(self._local, "connection", None)
        if existing is not None:
            return existing
        connection = sqlite3.connect(
            self.database, BUSY_TIMEOUT_S, isolation_level=None, factory=Transaction
        )
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute(f"PRAGMA cache_size = -{READER_CACHE_KIB}")
        connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
        self._local.connection = connection
        return connection

    def enlarge_cache(self) -> None:
        """Give this thread's connection the writer's cache; for the import worker."""
        self.connect().execute(f"PRAGMA cache_size = -{WRITER_CACHE_KIB}")

    @contextmanager
    def read(self, organization_id: int = 0, now: str = "") -> Iterator[Transaction]:
        """Open a read transaction: all queries in it see the same moment."""
        connection = self.connect()
        connection.organization_id, connection.now = organization_id, now
        connection.execute("BEGIN")
        try:
            yield connection
        finally:
            connection.execute("ROLLBACK")

    @contextmanager
    def write(self, organization_id: int = 0, now: str = "") -> Iterator[Transaction]:
        """Open a write transaction, committed at the end, rolled back on any exception."""
        connection = self.connect()
        connection.organization_id, connection.now = organization_id, now
        with self._write_lock:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    def close(self) -> None:
        """Fold the log into the database and close this thread's connection."""
        connection = self.connect()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        del self._local.connection
