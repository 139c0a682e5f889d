"""One session at a PostgreSQL server: what it must be fit for, and what becomes of it when lost.

Advisory locks live as long as the session that took them. So whoever holds one
writes on that very connection, and never connects again meanwhile: a lock that
was lost is found out by the write before the request, not after it.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple, TypeVar

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import DictRow, dict_row

from talkvalue_cli.errors import LocalFileError, UsageError
from talkvalue_cli.imports.submitting.journal.url import JournalUrl
from talkvalue_cli.transport import deadline

T = TypeVar("T")
Connection = psycopg.Connection[DictRow]
Values = Sequence[Any] | Mapping[str, Any]

#: for a connection, with all its hosts; for a statement; and for a pooler's second connection
CONNECT_LIMIT_S, STATEMENT_LIMIT_S, PROBE_LIMIT_S = 15.0, 30.0, 5.0
#: for a thread to find out that its socket was cut
CLOSE_LIMIT_S = 1.0
#: a machine without power, or a network that was cut, is found out within a minute (libpq's
#: manual, Parameter Key Words); what the URL says takes precedence
_PARAMETERS = {
    "connect_timeout": 10,
    "keepalives": 1,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
    "client_encoding": "UTF8",
}
#: how the session is to be, whatever the server's default: what was written is not lost when the
#: server fails, nobody ends a session because it waits, and nothing hangs in the server for ever
_SETTINGS = f"""
SELECT set_config(name, CASE name WHEN 'synchronous_commit' THEN 'on'
                                  WHEN 'statement_timeout' THEN '{STATEMENT_LIMIT_S:.0f}s'
                                  ELSE '0' END, false)
FROM pg_settings
WHERE name IN ('statement_timeout', 'idle_session_timeout')
   OR (name = 'synchronous_commit' AND setting = 'off')
"""
_FACTS = "SELECT pg_is_in_recovery() AS is_standby, pg_backend_pid() AS pid"
#: true while this session has the lock; poolers and imitations of PostgreSQL take it away
FENCE = """
    pg_backend_pid() = %(pid)s AND EXISTS (
        SELECT FROM pg_locks
        WHERE locktype = 'advisory' AND pid = pg_backend_pid() AND granted AND objsubid = 1
          AND (classid::bigint << 32 | objid::bigint) = %(lock)s)
"""
_NO_POOLER = (
    "a pooler gives its connections away after each transaction, and locks with them; "
    "use a direct connection or session pooling"
)
_LOST = "the connection that held the lock of this import was lost"


class Held(NamedTuple):
    """A lock that this session has: its number, and the process of the server that has it."""

    lock: int
    pid: int


class Session:
    """A connection, made again when it is lost while no lock is held.

    Its methods raise psycopg.Error, TimeoutError and LocalFileError. Signals
    are answered while they wait.

    run: who this is, for the list of the server's sessions.
    limit_s: how long to wait for a connection, where that is less than usual.
    """

    def __init__(self, url: JournalUrl, run: str, limit_s: float | None = None) -> None:
        self._parameters = {**_PARAMETERS, "application_name": f"talkvalue {run}", **_read(url)}
        self._limit_s = min(CONNECT_LIMIT_S, limit_s or CONNECT_LIMIT_S)
        self.held: Held | None = None
        self._is_lost = self._is_in_transaction = False
        self._connection = self._connect()

    def close(self) -> None:
        """End the session, and with it whatever lock it has."""
        _close(self._connection)

    def fetch(self, query: str, values: Values = (), *, apart: bool = False) -> list[DictRow]:
        """Run a statement and return its rows.

        apart: what it says is true without the lock, so that another connection
            may say it when the one that held the lock is lost.
        """
        is_bound = self.held is not None or self._is_in_transaction
        if not self._has_ended:
            try:
                return self._execute(query, values)
            except psycopg.OperationalError:
                if not self._connection.closed or (is_bound and not apart):
                    raise
        if not is_bound:
            self.close()
            self._connection, self._is_lost = self._connect(), False
            return self._execute(query, values)
        if not apart:
            raise LocalFileError(_LOST)
        with _closing(self._connect()) as connection:
            return execute(connection, query, values)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Do wholly what the block does, or nothing of it."""
        self.fetch("BEGIN")
        self._is_in_transaction = True
        try:
            yield
            self.fetch("COMMIT")
        except BaseException:
            with suppress(psycopg.Error, LocalFileError):
                self.fetch("ROLLBACK")
            raise
        finally:
            self._is_in_transaction = False

    def write(self, statement: str, values: Mapping[str, Any]) -> int:
        """Run a statement that returns an id, behind the fence while a lock is held.

        statement: with {fence} where the condition of its writing belongs.
        """
        if self.held is None:
            rows = self.fetch(statement.format(fence="true"), values)
            if not rows:
                raise LocalFileError("the server has no such row")
            return int(rows[0]["id"])
        try:
            rows = self.fetch(statement.format(fence=FENCE), {**values, **self.held._asdict()})
        except psycopg.OperationalError as error:
            if not self._connection.closed:
                raise
            raise LocalFileError(f"{_LOST}: {describe(error)}") from error
        if not rows:
            raise LocalFileError(self._tell_why())
        return int(rows[0]["id"])

    def try_lock(self, lock: int) -> bool:
        """Take an advisory lock, unless another session has it, or this one has any."""
        if self.held is not None:
            return False
        query = "SELECT pg_try_advisory_lock(%s) AS is_ours, pg_backend_pid() AS pid"
        [row] = self.fetch(query, (lock,))
        if not row["is_ours"]:
            return False
        self.held = Held(lock, row["pid"])
        try:
            [row] = self.fetch(f"SELECT {FENCE} AS is_held", self.held._asdict())
            if not row["is_held"]:
                raise LocalFileError(self._tell_why())
        except BaseException:
            self._give_up()
            self.held = None
            raise
        return True

    def unlock(self) -> None:
        """Give the lock back; a session that was lost has done so."""
        assert self.held is not None
        try:
            if not self._has_ended:
                self.fetch("SELECT pg_advisory_unlock(%s)", (self.held.lock,))
        except (psycopg.Error, TimeoutError):
            self._give_up()
        except BaseException:
            self._give_up()
            raise
        finally:
            self.held = None

    @property
    def _has_ended(self) -> bool:
        return self._is_lost or self._connection.closed

    def _give_up(self) -> None:
        """Let nobody use this connection again: its lock may be held still."""
        self.close()
        self._is_lost = True

    def _tell_why(self) -> str:
        """Return why the lock that was taken is held no more."""
        [row] = self.fetch(_FACTS)
        if self.held is not None and row["pid"] != self.held.pid:
            return _NO_POOLER
        return "the server has no such row, or has taken the lock away"

    def _execute(self, query: str, values: Values) -> list[DictRow]:
        try:
            return execute(self._connection, query, values)
        except BaseException as error:
            # after a limit or a signal its thread may be at it still
            self._is_lost = isinstance(error, TimeoutError) or not isinstance(error, Exception)
            raise

    def _connect(self) -> Connection:
        """Return a connection to a server that can keep a journal."""
        connection = self._open(self._limit_s)
        try:
            execute(connection, _SETTINGS)
            [facts] = execute(connection, _FACTS)
            if facts["is_standby"]:
                raise LocalFileError("this server is a standby, which takes no writes")
            # a pooler makes up the number that it greets with
            if facts["pid"] != connection.info.backend_pid:
                self._check_pooler(connection, facts["pid"])
        except BaseException:
            _close(connection)
            raise
        return connection

    def _open(self, limit_s: float) -> Connection:
        def connect() -> Connection:
            made = psycopg.connect(
                **self._parameters, autocommit=True, prepare_threshold=None, row_factory=dict_row
            )
            try:
                deadline.check()
            except TimeoutError:  # nobody waits for it any more
                made.close()
                raise
            return made

        return deadline.run_within(limit_s, connect)

    def _check_pooler(self, connection: Connection, pid: int) -> None:
        """Raise LocalFileError when a pooler gives a connection away that is in nobody's use."""
        try:
            with _closing(self._open(PROBE_LIMIT_S)) as other:
                # in a transaction, so that it keeps whatever it was given
                execute(other, "BEGIN", limit_s=PROBE_LIMIT_S)
                [facts] = execute(other, _FACTS, limit_s=PROBE_LIMIT_S)
                if facts["pid"] == pid or self._find_pid(connection) != pid:
                    raise LocalFileError(_NO_POOLER)
        except TimeoutError:
            pass  # there is one connection, and it is ours
        except psycopg.Error as error:
            raise LocalFileError(f"{_NO_POOLER} ({describe(error)})") from error

    def _find_pid(self, connection: Connection) -> int | None:
        """Return which process of the server answers, None when none is to be had."""
        try:
            [facts] = execute(connection, _FACTS, limit_s=PROBE_LIMIT_S)
        except TimeoutError:
            return None
        return int(facts["pid"])


@contextmanager
def _closing(connection: Connection) -> Iterator[Connection]:
    """Close a connection in the end."""
    try:
        yield connection
    finally:
        _close(connection)


def _close(connection: Connection) -> None:
    """Close a connection, not while a thread that was given up is at it still."""
    # psycopg holds this lock during a statement; such a thread finds its socket cut
    if connection.lock.acquire(timeout=CLOSE_LIMIT_S):
        try:
            connection.close()
        finally:
            connection.lock.release()


def execute(
    connection: Connection, query: str, values: Values = (), limit_s: float | None = None
) -> list[DictRow]:
    """Run a statement within a limit, in which signals are answered, and return its rows."""

    def work() -> list[DictRow]:
        deadline.begin(lambda: _cut(connection))
        # psycopg types queries as literals, lest somebody puts values into them
        cursor = connection.execute(query.encode(), values)
        return cursor.fetchall() if cursor.description else []

    return deadline.run_within(limit_s or STATEMENT_LIMIT_S, work)


def _cut(connection: Connection) -> None:
    """End what another thread does with a connection, of which it may need all but the socket."""
    with suppress(psycopg.Error), socket.socket(fileno=os.dup(connection.fileno())) as end:
        end.shutdown(socket.SHUT_RDWR)


def _read(url: JournalUrl) -> dict[str, Any]:
    """Return a URL's parameters. Raises UsageError, which does not repeat it."""
    try:
        return dict(conninfo_to_dict(url.text))
    except psycopg.Error:
        # its message quotes what it does not understand, be it the password
        problem = UsageError(
            f"{url.shown} is not a usable URL of PostgreSQL",
            hint="characters such as @ : / % ? and # in a password are written as %40, %3A, %2F …",
        )
    raise problem


def describe(error: Exception) -> str:
    """Return what went wrong in one line."""
    primary = error.diag.message_primary if isinstance(error, psycopg.Error) else None
    first = (primary or str(error)).strip().partition("\n")[0]
    return first or type(error).__name__


#: whatever makes a journal unusable
FAILURES = (psycopg.Error, LocalFileError, TimeoutError, OSError, ValueError)
