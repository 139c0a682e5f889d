"""What can be done with a journal, wherever it is kept."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, ClassVar

from talkvalue_cli.errors import DeadlineError
from talkvalue_cli.imports.status import without_values
from talkvalue_cli.imports.submitting.journal.attempts import (
    CREATED,
    CREATING,
    FINISHED,
    MATTERS,
    REFUSED,
    UPLOADING,
    Attempt,
    Key,
    Row,
)
from talkvalue_cli.imports.submitting.tags import Tag, find_tag

#: so many of the newest imports tell whether a server keeps tags
LOOKED_AT = 100


class Journal(ABC):
    """What was begun, written down before each step that cannot be undone.

    Every method raises LocalFileError when the journal cannot be read or
    written; nothing that depends on it has been done then. Where it is kept says how rows
    are read and written: conditions have ? in the place of each value.
    """

    #: several machines write to it, so that a lock can be lost while its holder lives
    is_shared: ClassVar[bool]
    #: table, columns as `to_attempt` takes them, and what comes first
    _table: ClassVar[str]
    _columns: ClassVar[str]
    _newest: ClassVar[str]
    #: columns that say who writes
    _sender: Mapping[str, str] = {}

    @abstractmethod
    def close(self) -> None:
        """Close the database."""

    @abstractmethod
    def now(self) -> float:
        """Return epoch seconds by the clock that dates the attempts."""

    @abstractmethod
    def lock(
        self, key: Key, may_wait: Callable[[], bool] = lambda: True
    ) -> AbstractContextManager[None]:
        """Hold the lock of an import: who has it decides whether to create.

        It is free again however its holder dies. Raises DeadlineError when
        another process has it and may_wait says no.
        """

    @abstractmethod
    def _guard(self) -> AbstractContextManager[None]:
        """Make errors of the database those of the journal."""

    @abstractmethod
    def _fetch(self, query: str, values: tuple[Any, ...]) -> Sequence[Row]:
        """Return the rows of a query."""

    @abstractmethod
    def _insert(self, values: dict[str, Any], organization: str, tag: Tag) -> int:
        """Add a row, and return its id."""

    @abstractmethod
    def _update(self, attempt_id: int, **values: Any) -> None:
        """Change a row, behind the lock if one is held."""

    @abstractmethod
    def _to_attempt(self, row: Row) -> Attempt:
        """Return a row as an Attempt. Raises ValueError when it is damaged."""

    def _name_server(self, api_url: str) -> str:
        """Return a server's URL as this journal has it."""
        return api_url

    def _to_json(self, value: Any) -> str:
        return json.dumps(value)

    def find_latest(self, key: Key) -> Attempt | None:
        """Return the newest attempt of an import that matters: one that may have made a job."""
        return self._select_one(f"import_key = ? AND {MATTERS}", key.digest)

    def find_old(self, key: Key, profile: str, sent_sha256: str) -> Attempt | None:
        """Return the newest attempt that matters of a version which knew no import keys.

        sent_sha256: of the file as it is sent, by which those versions knew it.
        """
        return self._select_one(
            "import_key IS NULL AND api_url = ? AND profile = ? AND sha256 = ?"
            f" AND source_id = ? AND mode = ? AND {MATTERS}",
            *(self._name_server(key.api_url), profile, sent_sha256, key.source_id, key.mode),
        )

    def find_job(self, api_url: str, job_id: int) -> Attempt | None:
        """Return the newest attempt that made a job, or found it."""
        return self._select_one("api_url = ? AND job_id = ?", self._name_server(api_url), job_id)

    def find_unfinished(self, api_url: str) -> Attempt | None:
        """Return the newest attempt whose job was created and not seen to end.

        One that this machine has made comes before those of others.
        """
        return self._select_one(f"api_url = ? AND step = '{CREATED}'", self._name_server(api_url))

    def find_elsewhere(self, api_url: str, job_id: int | None) -> Attempt | None:
        """Return the newest attempt at another server: that made a job, or one that has not ended.

        job_id: None for any that was not seen to end.
        """
        url = self._name_server(api_url)
        if job_id is None:
            return self._select_one(f"api_url <> ? AND step = '{CREATED}'", url)
        return self._select_one("api_url <> ? AND job_id = ?", url, job_id)

    def list_newest(self, limit: int) -> list[Attempt]:
        """Return attempts, newest first."""
        return self._select("1 = 1", (), limit)

    def list_job_ids(self, api_url: str) -> set[int]:
        """Return the ids of all jobs that are known to be ours."""
        query = f"SELECT job_id FROM {self._table} WHERE api_url = ? AND job_id IS NOT NULL"
        with self._guard():
            rows = self._fetch(query, (self._name_server(api_url),))
        return {row["job_id"] for row in rows}

    def has_lost_tags(self, api_url: str) -> bool:
        """Tell whether an import that was sent with a tag was shown by the server without one."""
        condition, values = "api_url = ? AND record IS NOT NULL", (self._name_server(api_url),)
        shown = self._select(condition, values, LOOKED_AT)
        names = ((a.file_key, (a.record or {}).get("fileName")) for a in shown)
        return any(find_tag(key) and not find_tag(name) for key, name in names)

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
            "api_url": self._name_server(key.api_url),
            "profile": profile,
            "sha256": key.sha256,
            "source_id": key.source_id,
            "mode": key.mode,
            "import_key": key.digest,
            "file_path": file_path,
            "file_name": file_name,
            "headers": self._to_json(headers),
            "rows": rows,
            "step": UPLOADING,
            **self._sender,
        }
        with self._guard():
            return self._insert(values, key.organization, tag)

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
        self._update(
            attempt_id,
            step=CREATING,
            file_key=file_key,
            mapping=self._to_json(mapping),
            creating_at=server_time,
            newest_id=newest_id,
            # it may go on with what another has begun
            **self._sender,
        )

    def is_creating(self, attempt_id: int) -> None:
        """Write down that the create request may still be under way.

        Raises LocalFileError, too, when the lock that is held has been lost.
        """
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
        json_text, job_id = self._to_json(without_values(record)), record["id"]
        self._update(attempt_id, step=FINISHED, record=json_text, job_id=job_id)

    def _select_one(self, condition: str, *values: Any) -> Attempt | None:
        return next(iter(self._select(condition, values, 1)), None)

    def _select(self, condition: str, values: tuple[Any, ...], limit: int) -> list[Attempt]:
        query = f"SELECT {self._columns} FROM {self._table} WHERE {condition}"
        with self._guard():
            rows = self._fetch(f"{query} ORDER BY {self._newest} LIMIT ?", (*values, limit))
            return [self._to_attempt(row) for row in rows]


def refuse_to_wait() -> DeadlineError:
    """Return the error for a lock that another process has had for too long."""
    return DeadlineError(
        "the deadline passed while another run was sending the same file",
        hint="run it again later: it attaches to the import of the other one",
    )
