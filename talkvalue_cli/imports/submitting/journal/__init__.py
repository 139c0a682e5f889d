"""The journal: what `path import run` has begun, written before each step that cannot be undone.

Creating an import is not idempotent and cannot be cancelled, and a process can
be killed at any moment. So each step is written down before it is taken, and
the next run for the same file knows what may have happened. It is a file of
this machine (`sqlite`), or a database that many machines share (`postgres`).
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Iterator, Mapping

from talkvalue_cli.errors import UsageError
from talkvalue_cli.imports.submitting.journal.attempts import (
    CREATED,
    CREATING,
    FINISHED,
    REFUSED,
    UPLOADING,
    Attempt,
    Key,
)
from talkvalue_cli.imports.submitting.journal.folder import has_journal, state_dir
from talkvalue_cli.imports.submitting.journal.protocol import Journal
from talkvalue_cli.imports.submitting.journal.url import find_url, normalize_api_url

__all__ = [
    "CREATED",
    "CREATING",
    "FINISHED",
    "REFUSED",
    "UPLOADING",
    "Attempt",
    "Journal",
    "Key",
    "has_journal",
    "normalize_api_url",
    "open_journal",
    "state_dir",
]


@contextlib.contextmanager
def open_journal(
    url: str | None = None,
    *,
    environ: Mapping[str, str] | None = None,
    wall_clock: Callable[[], float] = time.time,
    sleep: Callable[[float], None] = time.sleep,
    limit_s: float | None = None,
) -> Iterator[Journal]:
    """Open a journal, and close it in the end; it is for one thread at a time.

    url: of a PostgreSQL database that several machines share. Without it
        TALKVALUE_JOURNAL names one; without that it is the journal of this
        user on this machine.
    environ: in place of the process's environment.
    wall_clock: epoch seconds, by which the journal of this machine is dated.
    sleep: lets seconds pass while somebody else has the database or a lock.
    limit_s: how long to wait for a connection, or for who else has the database, where that is
        less than usual.

    Raises LocalFileError when it cannot be used, and UsageError for a URL that
    is none, or without the extra that speaks to PostgreSQL.
    """
    environ = os.environ if environ is None else environ
    shared = find_url(url, environ)
    book: Journal
    if shared is None:
        from talkvalue_cli.imports.submitting.journal.sqlite import SqliteJournal

        book = SqliteJournal(state_dir(environ), wall_clock, sleep, limit_s)
    else:
        try:
            # a library that takes long to load, and that the journal of one machine needs not
            from talkvalue_cli.imports.submitting.journal.postgres import PostgresJournal
        except ImportError as error:
            raise UsageError(
                "a shared journal needs psycopg, which is not installed",
                hint="pip install '.[postgres]' in the folder of the clone installs it",
            ) from error
        book = PostgresJournal(shared, sleep, limit_s)
    try:
        yield book
    finally:
        book.close()
