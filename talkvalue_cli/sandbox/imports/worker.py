"""The import worker: one thread that takes turns among the jobs under way.

Jobs start in the order of creation and run side by side, so that many throttled jobs all move.
"""

from __future__ import annotations

import sys
import threading
import time
import traceback
from collections.abc import Callable

from ..db.store import Store
from ..faults.pace import NO_FAULTS, JobFaults
from .job_run import JobRun

MAX_ACTIVE_JOBS = 200
# One round over all jobs should not take longer: counters are to move several times a second.
ROUND_S = 0.15
SHORTEST_SLICE_S = 0.005
TICK_S = 0.1
# With many jobs, fewer and larger slices each: a transaction costs more than its rows.
CROWD_JOBS = 20
CROWD_TICK_S = 0.2
SWEEP_ROWS = 20_000
# A full disk passes.
RETRY_S = 1.0

NEXT_SQL = """SELECT id FROM imports
    WHERE status IN ('PENDING', 'RUNNING') AND id > ? ORDER BY id LIMIT ?"""
LEFT_OVER_SQL = """SELECT id FROM imports WHERE completed_at IS NOT NULL
    AND EXISTS (SELECT 1 FROM import_keys WHERE job_id = imports.id)"""
SWEEP_SQL = """DELETE FROM import_keys WHERE job_id = ?1 AND key IN
    (SELECT key FROM import_keys WHERE job_id = ?1 LIMIT ?2)"""


class ImportWorker:
    """Runs the jobs of one store.

    `run_turn` does the work and may be called directly; `start` calls it from a thread.
    """

    def __init__(
        self,
        store: Store,
        rows_per_second: float | None = None,
        choose_faults: Callable[[int], JobFaults] = lambda job_id: NO_FAULTS,
        clock: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
    ) -> None:
        """rows_per_second: pace of each job, None for as fast as possible.

        choose_faults: job id -> the faults of that job. clock: seconds, for the pace.
        wall: seconds since 1970, for what jobs show.
        """
        self._store = store
        self._rate = rows_per_second
        self._choose_faults = choose_faults
        self._clock = clock
        self._wall = wall
        self._active: list[JobRun] = []
        self._last_id = 0
        self._to_sweep: list[int] | None = None
        self._news = threading.Event()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="import-worker", daemon=True)

    def start(self) -> None:
        """Start the thread; unfinished jobs of an earlier process go on."""
        self._thread.start()

    def wake(self) -> None:
        """Say that a job was added."""
        self._news.set()

    def stop(self, timeout_s: float = 2.0) -> None:
        """End the thread after its present batch."""
        self._stopping = True
        self._news.set()
        if self._thread.is_alive():
            self._thread.join(timeout_s)

    def _run(self) -> None:
        self._store.enlarge_cache()
        while not self._stopping:
            try:
                pause_s = self.run_turn()
            except Exception:  # noqa: BLE001 - jobs must not stop for ever
                traceback.print_exc(file=sys.stderr)
                pause_s = RETRY_S
            if pause_s != 0.0:
                self._news.wait(pause_s)
            self._news.clear()
        self.release()

    def release(self) -> None:
        """Close the files of the active jobs; these go on when another worker takes them."""
        for run in self._active:
            run.close()
        self._active = []

    def run_turn(self) -> float | None:
        """Give each active job one slice; return the pause before the next turn, in seconds.

        None means that there is nothing to do until `wake`.
        """
        self._admit_jobs()
        if not self._active:
            return 0.0 if self._sweep() else None
        started = self._clock()
        budget_s = max(ROUND_S / len(self._active), SHORTEST_SLICE_S)
        self._active = [run for run in self._active if not self._take_turn(run, budget_s)]
        if not self._active:
            return 0.0
        self._sweep()
        if any(run.is_moving and (run.is_landing or self._rate is None) for run in self._active):
            return 0.0
        tick_s = TICK_S if len(self._active) <= CROWD_JOBS else CROWD_TICK_S
        return max(0.001, tick_s - (self._clock() - started))

    def _take_turn(self, run: JobRun, budget_s: float) -> bool:
        try:
            ended = run.take_turn(budget_s)
        except Exception as error:  # noqa: BLE001 - one bad job must not stop the others
            traceback.print_exc(file=sys.stderr)
            if run.is_landing:  # too late to fail: rows are there
                run.rest(RETRY_S)
                return False
            ended = run.fail("INTERNAL_ERROR", f"The import failed on the server: {error}")
        if ended and self._to_sweep is not None:
            self._to_sweep.append(run.job_id)
        return ended

    def _admit_jobs(self) -> None:
        free = MAX_ACTIVE_JOBS - len(self._active)
        if free <= 0:
            return
        rows = self._store.connect().execute(NEXT_SQL, (self._last_id, free)).fetchall()
        for row in rows:
            self._last_id = row["id"]
            faults = self._choose_faults(self._last_id)
            self._active.append(
                JobRun(self._store, self._last_id, self._rate, faults, self._clock, self._wall)
            )

    def _sweep(self) -> bool:
        """Forget some of the e-mails seen by jobs that ended; return whether any were left."""
        if self._to_sweep is None:
            rows = self._store.connect().execute(LEFT_OVER_SQL)
            self._to_sweep = [row["id"] for row in rows]
        if not self._to_sweep:
            return False
        job_id = self._to_sweep[0]
        with self._store.write() as tx:
            swept = tx.execute(SWEEP_SQL, (job_id, SWEEP_ROWS)).rowcount
        if swept < SWEEP_ROWS:
            self._to_sweep.pop(0)
        return True
