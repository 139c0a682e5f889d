"""One import job under way: its open file, its position, and the step from state to state."""

from __future__ import annotations

import csv
import json
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import islice

from ..db.store import Store
from ..faults.pace import JobFaults, Pace
from ..web import timestamps
from . import csv_file, jobs, upsert
from .csv_file import Layout
from .upsert import Batch, Target
from .validation import Rejection, RowValidator

FIRST_BATCH_ROWS = 500
LARGEST_BATCH_ROWS = 20_000


class JobRun:
    """Works one job forward in turns; only the worker's thread may use it."""

    def __init__(
        self,
        store: Store,
        job_id: int,
        rows_per_second: float | None,
        faults: JobFaults,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Load a PENDING or RUNNING job; a RUNNING one goes on where its last batch ended."""
        row = store.connect().execute(f"{jobs.JOB_SQL} WHERE imports.id = ?", (job_id,)).fetchone()
        self.job_id = job_id
        self._store = store
        self._row: sqlite3.Row = row
        self._rate = rows_per_second
        self._faults = faults
        self._clock = clock
        self._created_s = clock()
        self._done: int = row["processed_rows"]
        self._total: int = row["total_rows"]
        self._batch_rows = FIRST_BATCH_ROWS
        self._resources = ExitStack()
        self._target = Target(job_id, row["organization_id"], row["channel_id"], row["mode"])
        self._rows: Iterator[list[str]] = iter(())
        self._validator: RowValidator | None = None
        self._pace: Pace | None = None
        self._last_row_s: float | None = None
        self._moved = True

    @property
    def is_moving(self) -> bool:
        """Whether the last turn did anything; a stalled job need not be asked all the time."""
        return self._moved

    def take_turn(self, budget_s: float) -> bool:
        """Do at most about `budget_s` seconds of work; return whether the job has ended."""
        now = self._clock()
        if self._pace is None:
            if self._row["status"] == "PENDING" and now - self._created_s < self._faults.queue_s:
                self._moved = False
                return False
            self._begin()
            self._pace = Pace(self._total, self._done, now, self._rate, self._faults)
        try:
            return self._step(self._pace, now, budget_s)
        except (csv.Error, OSError) as error:
            self.conclude("UNREADABLE_FILE", f"The file cannot be read: {error}")
            return True

    def _begin(self) -> None:
        with self._store.write() as connection:
            connection.execute(
                "UPDATE imports SET status = 'RUNNING',"
                " process_started_at = COALESCE(process_started_at, ?) WHERE id = ?",
                (timestamps.read_clock(), self.job_id),
            )

    def _open(self) -> str | None:
        """Open the file behind the rows already done; return what is wrong with the mapping."""
        headers: list[str] = json.loads(self._row["headers"])
        mapping: dict[str, int] = json.loads(self._row["mappings"])
        beyond = [index for index in mapping.values() if index >= len(headers)]
        if beyond:
            return f"Column {beyond[0]} is mapped, but the file has {len(headers)} columns."
        self._validator = RowValidator(mapping, len(headers))
        path = self._store.files / self._row["staged_name"]
        layout = Layout(self._row["encoding"], self._row["delimiter"])
        self._rows = self._resources.enter_context(csv_file.open_rows(path, layout))
        # The header and what an earlier process has committed.
        next(islice(self._rows, self._done, self._done + 1), None)
        return None

    def _step(self, pace: Pace, now: float, budget_s: float) -> bool:
        if self._validator is None:
            problem = self._open()
            if problem is not None:
                self.conclude("INVALID_MAPPING", problem)
                return True
        if pace.fail_at is not None and self._done >= pace.fail_at:
            self.conclude("INTERNAL_ERROR", "The import failed on the server.")
            return True
        wanted = min(pace.limit_rows(self._done, now) - self._done, self._batch_rows)
        self._moved = wanted > 0
        if wanted > 0 and not self._import_rows(wanted, budget_s):
            self.conclude("SOURCE_DELETED", "The channel was deleted during the import.")
            return True
        return self._finish() if self._done >= self._total else False

    def _import_rows(self, wanted: int, budget_s: float) -> bool:
        """Import up to `wanted` rows; return False when the channel has gone."""
        assert self._validator is not None
        started = self._clock()
        cells = list(islice(self._rows, wanted))
        batch = Batch()
        for number, row in enumerate(cells, start=self._done + 1):
            outcome = self._validator.check_row(row)
            if isinstance(outcome, Rejection):
                batch.rejected.append((number, outcome, row))
            else:
                batch.accepted.append(outcome)
        with self._store.write() as connection:
            found = connection.execute(
                "SELECT 1 FROM channels WHERE id = ?", (self._target.channel_id,)
            ).fetchone()
            if found is None:
                return False
            upsert.write_batch(connection, self._target, batch, timestamps.read_clock())
        self._done += len(cells)
        if len(cells) < wanted:
            self._total = self._done  # the file became shorter behind our back
        self._adapt_batch(wanted, self._clock() - started, budget_s)
        return True

    def _adapt_batch(self, rows: int, took_s: float, budget_s: float) -> None:
        if rows < self._batch_rows and took_s < budget_s:
            return  # a throttled slice says little about what a full batch costs
        ideal = int(rows * budget_s / max(took_s, 1e-4))
        grown = min(ideal, self._batch_rows * 2, LARGEST_BATCH_ROWS)
        self._batch_rows = max(grown, 50)

    def _finish(self) -> bool:
        if self._last_row_s is None:
            self._last_row_s = self._clock()
        if self._clock() - self._last_row_s < self._faults.finalize_s:
            return False
        self.conclude(None, None)
        return True

    def conclude(self, failure_code: str | None, failure_message: str | None) -> None:
        """Close the file and write the terminal state.

        With a failure the job is FAILED, and rows that landed before it stay; without one
        the counters decide: COMPLETED, PARTIAL_SUCCESS, or FAILED when every row was rejected.
        """
        self._resources.close()
        now = timestamps.read_clock()
        with self._store.write() as connection:
            connection.execute(
                """UPDATE imports SET completed_at = ?, failure_code = ?, failure_message = ?,
                   process_started_at = COALESCE(process_started_at, ?),
                   status = CASE WHEN ? IS NOT NULL THEN 'FAILED'
                       WHEN failed_count = 0 THEN 'COMPLETED'
                       WHEN failed_count < processed_rows THEN 'PARTIAL_SUCCESS'
                       ELSE 'FAILED' END WHERE id = ?""",
                (now, failure_code, failure_message, now, failure_code, self.job_id),
            )

    def close(self) -> None:
        """Close the file without ending the job; it goes on after a restart."""
        self._resources.close()
