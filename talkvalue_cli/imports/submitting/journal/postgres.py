"""The journal that many machines share: a PostgreSQL database."""

from __future__ import annotations

import contextlib
import json
import os
import platform
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from talkvalue_cli.errors import DeadlineError, LocalFileError, UsageError
from talkvalue_cli.imports.submitting.journal import schema
from talkvalue_cli.imports.submitting.journal.attempts import (
    CREATED,
    Attempt,
    Key,
    Row,
    to_attempt,
)
from talkvalue_cli.imports.submitting.journal.protocol import Journal, refuse_to_wait
from talkvalue_cli.imports.submitting.journal.session import FAILURES, Session, describe
from talkvalue_cli.imports.submitting.journal.url import JournalUrl, normalize_api_url
from talkvalue_cli.imports.submitting.tags import Tag, find_tag

#: pauses between two attempts to get a lock that another has, in seconds: from, to
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.05, 1.0

_ADVICE = (
    "without it nobody could tell whether a file was imported already; "
    "TALKVALUE_JOURNAL names the database"
)
#: as `to_attempt` takes them
_COLUMNS = """
    id, api_url, profile, sha256, source_id, mode, import_key, tag, file_path, file_name, step,
    headers::text, file_key, mapping::text, rows, newest_id, job_id, record::text,
    extract(epoch FROM began_at)::float8 AS began_at,
    extract(epoch FROM creating_at)::float8 AS creating_at,
    extract(epoch FROM updated_at)::float8 AS updated_at,
    host, run
"""


class PostgresJournal(Journal):
    """The table of attempts in a database of many machines; see `protocol.Journal`.

    Times are by the database's clock. A lock is an advisory lock of the one
    connection that also writes.

    sleep: lets seconds pass while another session has a lock.
    limit_s: how long to wait for a connection, where that is less than usual.
    host, run: who writes, by default this machine and this process.
    """

    is_shared = True
    _table, _columns, _newest = "talkvalue_attempts", _COLUMNS, "began_at DESC, id DESC"

    def __init__(
        self,
        url: JournalUrl,
        sleep: Callable[[float], None],
        limit_s: float | None = None,
        *,
        host: str | None = None,
        run: str | None = None,
    ) -> None:
        self._url, self._sleep = url, sleep
        host = platform.node() if host is None else host
        # two containers may have the same number for a process
        run = f"{os.getpid()}-{os.urandom(3).hex()}" if run is None else run
        self._sender = {"host": host, "run": run}
        with self._guard():
            self._session = Session(url, run, limit_s)
            try:
                schema.migrate(self._session)
            except BaseException:
                self._session.close()
                raise

    def close(self) -> None:
        """End the session."""
        self._session.close()

    def now(self) -> float:
        """Return epoch seconds by the database's clock."""
        with self._guard():
            [row] = self._session.fetch("SELECT extract(epoch FROM clock_timestamp()) AS now")
        return float(row["now"])

    def find_old(self, key: Key, profile: str, sent_sha256: str) -> Attempt | None:
        """Return None: no version that knew no import keys has written here."""
        return None

    def find_unfinished(self, api_url: str) -> Attempt | None:
        """Return the newest attempt whose job was not seen to end, of this machine if there is."""
        condition = f"api_url = ? AND step = '{CREATED}' AND host = ?"
        own = self._select_one(condition, normalize_api_url(api_url), self._sender["host"])
        return own or super().find_unfinished(api_url)

    def was_created(self, attempt_id: int, job_id: int) -> None:
        """Write down the job that the attempt made, whoever has the lock by now."""
        with self._guard():
            self._session.fetch(
                f"UPDATE talkvalue_attempts SET step = '{CREATED}', job_id = %s,"
                " host = %s, run = %s, updated_at = clock_timestamp() WHERE id = %s",
                (job_id, *self._sender.values(), attempt_id),
                apart=True,
            )

    @contextlib.contextmanager
    def lock(self, key: Key, may_wait: Callable[[], bool] = lambda: True) -> Iterator[None]:
        """Hold the lock of an import; the server gives it back when the connection ends."""
        number = int.from_bytes(bytes.fromhex(key.digest[:16]), "big", signed=True)
        pause_s = FIRST_PAUSE_S
        with self._guard():
            while not self._session.try_lock(number):
                if not may_wait():
                    raise refuse_to_wait()
                self._sleep(pause_s)
                pause_s = min(2 * pause_s, LONGEST_PAUSE_S)
        try:
            yield
        finally:
            self._session.unlock()

    def _fetch(self, query: str, values: tuple[Any, ...]) -> Sequence[Row]:
        return self._session.fetch(query.replace("?", "%s"), values)

    def _insert(self, values: dict[str, Any], organization: str, tag: Tag) -> int:
        values = {**values, "organization": organization, "tag": str(tag)}
        statement = (
            f"INSERT INTO talkvalue_attempts ({', '.join(values)})"
            f" SELECT {', '.join(f'%({name})s' + _CASTS.get(name, '') for name in values)}"
            " WHERE {fence} RETURNING id"
        )
        return self._session.write(statement, _clean(values))

    def _update(self, attempt_id: int, **values: Any) -> None:
        changes = [f"{name} = {_PLACES.get(name, '%({})s').format(name)}" for name in values]
        columns = ", ".join([*changes, "updated_at = clock_timestamp()"])
        statement = (
            f"UPDATE talkvalue_attempts SET {columns} WHERE id = %(id)s AND {{fence}} RETURNING id"
        )
        with self._guard():
            self._session.write(statement, _clean({**values, "id": attempt_id}))

    def _to_attempt(self, row: Row) -> Attempt:
        return to_attempt(row, lambda row: find_tag(row["tag"]), row["host"], row["run"])

    def _name_server(self, api_url: str) -> str:
        return normalize_api_url(api_url)

    def _to_json(self, value: Any) -> str:
        return json.dumps(_clean(value), allow_nan=False)

    @contextlib.contextmanager
    def _guard(self) -> Iterator[None]:
        try:
            yield
        except (DeadlineError, UsageError):
            raise
        except FAILURES as error:
            reason = self._url.redact(describe(error))
            raise LocalFileError(
                f"cannot use the journal {self._url.shown}: {reason}", code="JOURNAL", hint=_ADVICE
            ) from error


_CASTS = {"headers": "::jsonb", "rows": "::bigint", "source_id": "::bigint"}
_PLACES = {
    "mapping": "%({})s::jsonb",
    "record": "%({})s::jsonb",
    "creating_at": "to_timestamp(%({})s)",
}


def _clean(value: Any) -> Any:
    """Return a value without what no text of PostgreSQL can hold: NUL, and halves of characters."""
    if isinstance(value, str):
        return (
            value.replace("\0", "\ufffd")
            .encode("utf-16", "surrogatepass")
            .decode("utf-16", "replace")
        )
    if isinstance(value, Mapping):
        return {_clean(name): _clean(item) for name, item in value.items()}
    return [_clean(item) for item in value] if isinstance(value, (list, tuple)) else value
