"""One import job under way: its open file, its position, and the step from state to state.

The rows are checked first and put aside; only when all are, and nothing can make the job FAILED
any more, they land. So a job that is FAILED has left nothing behind.
"""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from itertools import islice

from ..db.store import Store, Transaction
from ..faults.pace import JobFaults, Pace
from ..web import timestamps
from . import csv_file, landing, staging
from .csv_file import Layout
from .staging import Target
from .validation import RowError, RowValidator, Values

FIRST_BATCH_ROWS = 500
LARGEST_BATCH_ROWS = 20_000

BEGIN_SQL = """UPDATE imports SET status = 'RUNNING',
    process_started_at = COALESCE(process_started_at, ?) WHERE id = ?"""
LAND_SQL = "UPDATE imports SET is_landing = 1 WHERE id = ?"
COMPLETE_SQL = """UPDATE imports SET completed_at = ?, status = CASE
    WHEN failed_count = 0 THEN 'COMPLETED'
    WHEN failed_count < processed_rows THEN 'PARTIAL_SUCCESS' ELSE 'FAILED' END WHERE id = ?"""
FAIL_SQL = """UPDATE imports SET completed_at = ?1, status = 'FAILED', failure_code = ?2,
    failure_message = ?3, process_started_at = COALESCE(process_started_at, ?1),
    new_count = 0, updated_count = 0, duplicated_count = 0, skip_count = 0 WHERE id = ?4"""


class JobRun:
    """Works one job forward in turns; only the worker's thread may use it."""

    def __init__(
        self,
        store: Store,
        job_id: int,
        rows_per_second: float | None,
        faults: JobFaults,
        clock: Callable[[], float],
        wall: Callable[[], float],
    ) -> None:
        """Load a PENDING or RUNNING job; a RUNNING one goes on where its last batch ended.

        clock: monotonic seconds. wall: seconds since 1970.
        """
        row = store.connect().find("SELECT * FROM jobs WHERE id = ?", job_id)
        assert row is not None
        self.job_id = job_id
        #: whether the last turn did anything; a stalled job need not be asked all the time
        self.is_moving = True
        #: whether rows have begun to land: the job cannot fail any more
        self.is_landing = bool(row["is_landing"])
        self._store = store
        self._row: sqlite3.Row = row
        self._rate = rows_per_second
        self._faults = faults
        self._clock = clock
        self._wall = wall
        self._rests_until = clock() + (faults.queue_s if row["status"] == "PENDING" else 0.0)
        self._done: int = row["processed_rows"]
        self._total: int = row["total_rows"]
        self._batch_rows = FIRST_BATCH_ROWS
        self._resources = ExitStack()
        self._target = Target(job_id, row["channel_id"], row["mode"])
        self._rows: Iterator[list[str]] = iter(())
        self._validator: RowValidator | None = None
        self._pace: Pace | None = None
        self._last_row_s: float | None = None

    def take_turn(self, budget_s: float) -> bool:
        """Do at most about `budget_s` seconds of work; return whether the job has ended."""
        now = self._clock()
        self.is_moving = now >= self._rests_until
        if not self.is_moving:
            return False
        if self._pace is None:
            with self._write() as tx:
                tx.execute(BEGIN_SQL, (tx.now, self.job_id))
            self._pace = Pace(self._total, self._done, now, self._rate, self._faults)
        try:
            return self._land(budget_s) if self.is_landing else self._step(self._pace, budget_s)
        except (csv.Error, OSError) as error:
            if self.is_landing:
                raise
            return self.fail("UNREADABLE_FILE", f"The file cannot be read: {error}")

    def rest(self, pause_s: float) -> None:
        """Do nothing for a while."""
        self._rests_until = self._clock() + pause_s
        self.is_moving = False

    def _write(self) -> AbstractContextManager[Transaction]:
        now = timestamps.format_epoch(self._wall())
        return self._store.write(self._row["organization_id"], now)

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

    def _step(self, pace: Pace, budget_s: float) -> bool:
        if self._validator is None:
            problem = self._open()
            if problem is not None:
                return self.fail("INVALID_MAPPING", problem)
        wanted = min(pace.limit_rows(self._done, self._clock()) - self._done, self._batch_rows)
        self.is_moving = wanted > 0
        if wanted > 0 and not self._check_rows(wanted, budget_s):
            return self._fail_without_channel()
        if pace.fail_at is not None and self._done >= pace.fail_at:
            return self.fail("INTERNAL_ERROR", "The import failed on the server.")
        return self._done >= self._total and self._finish(budget_s)

    def _fail_without_channel(self) -> bool:
        return self.fail("SOURCE_DELETED", "The channel was deleted during the import.")

    def _check_rows(self, wanted: int, budget_s: float) -> bool:
        """Check up to `wanted` rows and put them aside; return False when the channel has gone."""
        assert self._validator is not None
        started = self._clock()
        cells = list(islice(self._rows, wanted))
        values: list[Values] = []
        failed: list[tuple[int, RowError, list[str]]] = []
        for number, row in enumerate(cells, start=self._done + 1):
            outcome = self._validator.check_row(row)
            if isinstance(outcome, RowError):
                failed.append((number, outcome, row))
            else:
                values.append(outcome)
        with self._write() as tx:
            if not landing.has_channel(tx, self._target):
                return False
            staging.stage_batch(tx, self._target, values, failed)
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

    def _finish(self, budget_s: float) -> bool:
        """Let the rows land, unless the channel has gone."""
        if self._last_row_s is None:
            self._last_row_s = self._clock()
        if self._clock() - self._last_row_s < self._faults.finalize_s:
            return False
        with self._write() as tx:
            self.is_landing = landing.has_channel(tx, self._target)
            if self.is_landing:
                tx.execute(LAND_SQL, (self.job_id,))
        if not self.is_landing:
            return self._fail_without_channel()
        return self._land(budget_s)

    def _land(self, budget_s: float) -> bool:
        """Land rows for `budget_s`, and say that the job has ended once all have."""
        started = self._clock()
        while self._clock() - started <= budget_s:
            with self._write() as tx:
                if not landing.land_rows(tx, self._target, self._batch_rows):
                    tx.execute(COMPLETE_SQL, (tx.now, self.job_id))
                    self.close()
                    return True
        return False

    def fail(self, code: str, message: str) -> bool:
        """End the job as FAILED, without anything that was put aside; return True."""
        self.close()
        with self._write() as tx:
            tx.execute("DELETE FROM import_batches WHERE job_id = ?", (self.job_id,))
            tx.execute(FAIL_SQL, (tx.now, code, message, self.job_id))
        return True

    def close(self) -> None:
        """Close the file; unless the job has ended, it goes on after a restart."""
        self._resources.close()
