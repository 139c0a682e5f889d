"""Narrator: turns what a wait sees into what a display shows."""

from __future__ import annotations

from talkvalue_cli.context import AppContext
from talkvalue_cli.errors import TalkValueError, UsageError
from talkvalue_cli.imports.status import is_finished, is_known
from talkvalue_cli.imports.waiting import polling
from talkvalue_cli.imports.waiting.history import JobHistory
from talkvalue_cli.output.progress.bar import BarDisplay
from talkvalue_cli.output.progress.log import JsonDisplay, PlainDisplay
from talkvalue_cli.output.progress.snapshot import Display, SilentDisplay, Snapshot
from talkvalue_cli.times import format_duration

#: without --stall-timeout people are told once after this many seconds
STALL_WARNING_S = 600.0


def choose_display(
    context: AppContext, progress: str, *, quiet: bool, job_count: int = 1
) -> Display:
    """Return the display for --progress.

    `auto` is a bar on a terminal that can move its cursor, timestamped lines
    elsewhere; with --verbose, lines too, for a bar would be torn apart.
    """
    output = context.output
    if quiet:
        return SilentDisplay(output)
    if progress == "auto":
        can_redraw = output.has_reader and not output.is_dumb and not context.flags.verbose
        progress = "bar" if can_redraw else "plain"
    if progress == "bar":
        if not output.has_reader:
            raise UsageError("--progress bar needs a terminal on standard error")
        return BarDisplay(output, job_count)
    if progress == "plain":
        return PlainDisplay(output, context.wall_clock, job_count)
    if progress == "json":
        return JsonDisplay(output, context.wall_clock)
    return SilentDisplay(output)


class Narrator:
    """Watches one wait; implements waiting.jobs_wait.Watcher."""

    def __init__(
        self,
        context: AppContext,
        display: Display,
        job_ids: list[int],
        *,
        warns_of_stall: bool = True,
    ) -> None:
        self._warns_of_stall = warns_of_stall
        self._clock, self._display = context.clock, display
        self._began_at = context.clock.now()
        self._histories: dict[int, JobHistory] = {}
        self._first_id = job_ids[0] if job_ids else 0
        self._contact = ""
        self._warned_stall: set[int] = set()
        self._warned_status: set[int] = set()

    @property
    def tick_s(self) -> float | None:
        """How often the display wants to be drawn anew, in seconds."""
        return self._display.tick_s

    def seen(self, history: JobHistory) -> None:
        """Show the record that a look has brought."""
        job_id = history.job_id
        self._histories[job_id], self._contact = history, ""
        self._display.show(self._snapshot(job_id, is_estimated=False))
        assert history.record is not None
        is_odd = not is_known(history.record) and not is_finished(history.record)
        if is_odd and job_id not in self._warned_status:
            self._warned_status.add(job_id)
            self._display.say(
                f"import {job_id}: status {history.status} is unknown to this version; "
                "still waiting"
            )
        is_stalled = self._warns_of_stall and history.still_s >= STALL_WARNING_S
        if is_stalled and job_id not in self._warned_stall:
            self._warned_stall.add(job_id)
            self._display.say(
                f"import {job_id}: nothing has moved for {format_duration(history.still_s)}; "
                "still waiting (--stall-timeout gives up)"
            )

    def missed(self, error: TalkValueError, pause_s: float) -> None:
        """Show that a look brought nothing."""
        again = f"; looking again in {format_duration(pause_s)}" if pause_s else ""
        self._contact = f"{error.message.splitlines()[0]}{again}"
        live = [job for job in self._histories.values() if not _is_finished(job)]
        job_id = live[0].job_id if live else self._first_id
        self._display.lost(self._snapshot(job_id, is_estimated=False))

    def tick(self) -> None:
        """Show what is estimated by now."""
        self._display.tick(lambda job_id: self._snapshot(job_id, is_estimated=True))

    def finish(self, job_id: int, outcome: str) -> None:
        """Show the end of the wait for a job, whatever it is."""
        self._display.finish(self._snapshot(job_id, is_estimated=False), outcome)

    def close(self) -> None:
        """Leave the terminal as it was."""
        self._display.close()

    def _snapshot(self, job_id: int, *, is_estimated: bool) -> Snapshot:
        history = self._histories.get(job_id)
        elapsed_s = self._clock.now() - self._began_at
        if history is None or history.record is None:
            return Snapshot(job_id, "", elapsed_s=elapsed_s, contact=self._contact)
        estimate = polling.estimate_end(history)
        rate = eta_s = None
        processed, left_rows = history.processed_rows, history.total_rows - history.processed_rows
        if estimate and estimate.left_s > 0 and history.status == "RUNNING":
            rate = left_rows / estimate.left_s
            since_s = self._clock.now() - history.seen_at
            eta_s = max(0.0, estimate.left_s - since_s)
            if is_estimated:
                processed += min(left_rows, int(rate * since_s))
        return Snapshot(
            job_id,
            str(history.status),
            processed,
            history.total_rows,
            int(history.record.get("failedCount") or 0),
            rate,
            eta_s,
            elapsed_s,
            self._contact,
        )


def _is_finished(history: JobHistory) -> bool:
    return history.record is not None and is_finished(history.record)
