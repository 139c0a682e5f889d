"""The journal that many machines share: a PostgreSQL database."""

from __future__ import annotations

import contextlib
import json
import os
import platform
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from talkvalue_cli.errors import DeadlineError, LocalFileError, UsageError
from talkvalue_cli.imports.status import without_values
from talkvalue_cli.imports.submitting.journal import protocol, schema
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
from talkvalue_cli.imports.submitting.journal.session import FAILURES, Session, describe
from talkvalue_cli.imports.submitting.journal.url import JournalUrl, normalize_api_url
from talkvalue_cli.imports.submitting.tags import Tag, find_tag

#: pauses between two attempts to get a lock that another has, in seconds: from, to
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.05, 1.0

_ADVICE = (
    "without it nobody could tell whether a file was imported already; "
    "TALKVALUE_JOURNAL names the database"
)
#: as `protocol.to_attempt` takes them
_COLUMNS = """
    id, api_url, profile, sha256, source_id, mode, import_key, tag, file_path, file_name, step,
    headers::text, file_key, mapping::text, rows, newest_id, job_id, record::text,
    extract(epoch FROM began_at)::float8 AS began_at,
    extract(epoch FROM creating_at)::float8 AS creating_at,
    extract(epoch FROM updated_at)::float8 AS updated_at,
    host, run
"""
_NEWEST = "ORDER BY began_at DESC, id DESC LIMIT"


class PostgresJournal:
    """The table of attempts in a database of many machines; see `protocol.Journal`.

    Times are by the database's clock. A lock is an advisory lock of the one
    connection that also writes.

    sleep: lets seconds pass while another session has a lock.
    limit_s: how long to wait for a connection, where that is less than usual.
    host, run: who writes, by default this machine and this process.
    """

    is_shared = True

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
        self._host = platform.node() if host is None else host
        # two containers may have the same number for a process
        self._run = f"{os.getpid()}-{os.urandom(3).hex()}" if run is None else run
        with self._guard():
            self._session = Session(url, self._run, limit_s)
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

    def find_latest(self, key: Key) -> Attempt | None:
        """Return the newest attempt of an import that matters: one that may have made a job."""
        return self._select_one(f"import_key = %s AND {MATTERS}", (key.digest,))

    def find_old(self, key: Key, profile: str, sent_sha256: str) -> Attempt | None:
        """Return None: no version that knew no import keys has written here."""
        return None

    def find_job(self, api_url: str, job_id: int) -> Attempt | None:
        """Return the newest attempt that made a job, or found it."""
        return self._select_one(
            "api_url = %s AND job_id = %s", (normalize_api_url(api_url), job_id)
        )

    def find_unfinished(self, api_url: str) -> Attempt | None:
        """Return the newest attempt whose job was not seen to end, of this machine if there is."""
        condition = f"api_url = %s AND step = '{CREATED}'"
        values = (normalize_api_url(api_url),)
        own = self._select_one(f"{condition} AND host = %s", (*values, self._host))
        return own or self._select_one(condition, values)

    def find_elsewhere(self, api_url: str, job_id: int | None) -> Attempt | None:
        """Return the newest attempt at another server, see `protocol.Journal`."""
        url = normalize_api_url(api_url)
        if job_id is None:
            return self._select_one(f"api_url <> %s AND step = '{CREATED}'", (url,))
        return self._select_one("api_url <> %s AND job_id = %s", (url, job_id))

    def list_newest(self, limit: int) -> list[Attempt]:
        """Return attempts, newest first."""
        return self._select("true", (), limit)

    def list_job_ids(self, api_url: str) -> set[int]:
        """Return the ids of all jobs that are known to be ours."""
        query = "SELECT job_id FROM talkvalue_attempts WHERE api_url = %s AND job_id IS NOT NULL"
        with self._guard():
            rows = self._session.fetch(query, (normalize_api_url(api_url),))
        return {row["job_id"] for row in rows}

    def has_lost_tags(self, api_url: str) -> bool:
        """Tell whether an import that was sent with a tag was shown by the server without one."""
        condition = "api_url = %s AND record IS NOT NULL"
        values = (normalize_api_url(api_url),)
        return protocol.have_lost_tags(self._select(condition, values, protocol.LOOKED_AT))

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
        values = {
            "api_url": normalize_api_url(key.api_url),
            "organization": key.organization,
            "profile": profile,
            "sha256": key.sha256,
            "source_id": key.source_id,
            "mode": key.mode,
            "import_key": key.digest,
            "tag": str(tag),
            "file_path": file_path,
            "file_name": file_name,
            "headers": _to_json(headers),
            "rows": rows,
            "step": UPLOADING,
            "host": self._host,
            "run": self._run,
        }
        statement = (
            f"INSERT INTO talkvalue_attempts ({', '.join(values)})"
            f" SELECT {', '.join(f'%({name})s' + _CASTS.get(name, '') for name in values)}"
            " WHERE {fence} RETURNING id"
        )
        with self._guard():
            return self._session.write(statement, _clean(values))

    def will_create(
        self,
        attempt_id: int,
        *,
        file_key: str,
        mapping: Any,
        server_time: float,
        newest_id: int | None = None,
    ) -> None:
        """Write down that the create request is about to be sent, if the lock is still held.

        newest_id: of the imports that there are before it, None when nobody has looked.
        """
        self._update(
            attempt_id,
            step=CREATING,
            file_key=file_key,
            mapping=_to_json(mapping),
            creating_at=server_time,
            newest_id=newest_id,
            # it may go on with what another has begun
            host=self._host,
            run=self._run,
        )

    def is_creating(self, attempt_id: int) -> None:
        """Write down that the create request may still be under way, if the lock is still held."""
        self._update(attempt_id)

    def was_refused(self, attempt_id: int) -> None:
        """Write down that the server certainly made no job."""
        self._update(attempt_id, step=REFUSED)

    def was_created(self, attempt_id: int, job_id: int) -> None:
        """Write down the job that the attempt made, whoever has the lock by now."""
        with self._guard():
            self._session.fetch(
                f"UPDATE talkvalue_attempts SET step = '{CREATED}', job_id = %s,"
                " host = %s, run = %s, updated_at = clock_timestamp() WHERE id = %s",
                (job_id, self._host, self._run, attempt_id),
                apart=True,
            )

    def was_finished(self, attempt_id: int, record: Mapping[str, Any]) -> None:
        """Write down how the job ended, without the people's data that a server quotes."""
        # its id, too: that it was created may not have been written down
        record, job_id = without_values(record), record["id"]
        self._update(attempt_id, step=FINISHED, record=_to_json(record), job_id=job_id)

    @contextlib.contextmanager
    def lock(self, key: Key, may_wait: Callable[[], bool] = lambda: True) -> Iterator[None]:
        """Hold the lock of an import: who has it decides whether to create.

        The server gives it back as soon as its holder's connection ends. Raises
        DeadlineError when another session has it and may_wait says no.
        """
        number = int.from_bytes(bytes.fromhex(key.digest[:16]), "big", signed=True)
        pause_s = FIRST_PAUSE_S
        with self._guard():
            while not self._session.try_lock(number):
                if not may_wait():
                    raise protocol.refuse_to_wait()
                self._sleep(pause_s)
                pause_s = min(2 * pause_s, LONGEST_PAUSE_S)
        try:
            yield
        finally:
            self._session.unlock()

    def _select_one(self, condition: str, values: tuple[Any, ...]) -> Attempt | None:
        return next(iter(self._select(condition, values, 1)), None)

    def _select(self, condition: str, values: tuple[Any, ...], limit: int) -> list[Attempt]:
        query = f"SELECT {_COLUMNS} FROM talkvalue_attempts WHERE {condition} {_NEWEST} %s"
        with self._guard():
            rows = self._session.fetch(query, (*values, limit))
            return [protocol.to_attempt(row, _read_tag, row["host"], row["run"]) for row in rows]

    def _update(self, attempt_id: int, **values: Any) -> None:
        changes = [f"{name} = {_PLACES.get(name, '%({})s').format(name)}" for name in values]
        columns = ", ".join([*changes, "updated_at = clock_timestamp()"])
        statement = (
            f"UPDATE talkvalue_attempts SET {columns} WHERE id = %(id)s AND {{fence}} RETURNING id"
        )
        with self._guard():
            self._session.write(statement, _clean({**values, "id": attempt_id}))

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


def _read_tag(row: protocol.Row) -> Tag | None:
    return find_tag(row["tag"])


def _to_json(value: Any) -> str:
    return json.dumps(_clean(value), allow_nan=False)


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
