"""Narrator: turns what a wait sees into what a display shows."""

from __future__ import annotations

from talkvalue_cli.errors import TalkValueError, UsageError
from talkvalue_cli.output.progress import (
    BarDisplay,
    Display,
    JsonDisplay,
    PlainDisplay,
    SilentDisplay,
    Snapshot,
)
from talkvalue_cli.runtime import Runtime
from talkvalue_cli.times import format_duration
from talkvalue_cli.waiting import jobs, policy
from talkvalue_cli.waiting.history import JobHistory

#: without --stall-timeout people are told once after this many seconds
STALL_WARNING_S = 600.0


def choose_display(runtime: Runtime, progress: str, *, quiet: bool) -> Display:
    """Return the display for --progress.

    `auto` is a bar on a terminal that can move its cursor, timestamped lines
    elsewhere; with --verbose, lines too, for a bar would be torn apart.
    """
    output = runtime.output
    if quiet:
        return SilentDisplay(output)
    if progress == "auto":
        can_redraw = output.has_reader and not output.is_dumb and not runtime.flags.verbose
        progress = "bar" if can_redraw else "plain"
    if progress == "bar":
        if not output.has_reader:
            raise UsageError("--progress bar needs a terminal on standard error")
        return BarDisplay(output)
    if progress == "plain":
        return PlainDisplay(output, runtime.wall_clock)
    if progress == "json":
        return JsonDisplay(output, runtime.wall_clock)
    return SilentDisplay(output)


class Narrator:
    """Watches one wait; implements waiting.job_wait.Watcher."""

    def __init__(self, runtime: Runtime, display: Display, job_id: int) -> None:
        self._clock, self._display, self._job_id = runtime.clock, display, job_id
        self._began_at = runtime.clock.now()
        self._history: JobHistory | None = None
        self._contact = ""
        self._has_warned_stall = self._has_warned_status = False
        self.tick_s = display.tick_s

    def seen(self, history: JobHistory) -> None:
        """Show the record that a look has brought."""
        self._history, self._contact = history, ""
        self._display.show(self._snapshot(is_estimated=False))
        assert history.record is not None
        if not jobs.is_known(history.record) and not self._has_warned_status:
            self._has_warned_status = True
            self._display.say(
                f"import {self._job_id}: status {history.status} is unknown to this version; "
                "still waiting"
            )
        if history.still_s >= STALL_WARNING_S and not self._has_warned_stall:
            self._has_warned_stall = True
            self._display.say(
                f"import {self._job_id}: nothing has moved for {format_duration(history.still_s)}; "
                "still waiting (--stall-timeout gives up)"
            )

    def missed(self, history: JobHistory, error: TalkValueError, pause_s: float) -> None:
        """Show that a look failed."""
        self._history = history
        again = f"; looking again in {format_duration(pause_s)}" if pause_s else ""
        self._contact = f"{error.message}{again}"
        self._display.lost(self._snapshot(is_estimated=False))

    def tick(self) -> None:
        """Show what is estimated by now."""
        if self._history is not None:
            self._display.tick(self._snapshot(is_estimated=True))

    def finish(self, outcome: str) -> None:
        """Show the end, whatever it is."""
        seen = self._history is not None and self._history.record is not None
        self._display.finish(self._snapshot(is_estimated=False) if seen else None, outcome)

    def _snapshot(self, *, is_estimated: bool) -> Snapshot:
        history = self._history
        elapsed_s = self._clock.now() - self._began_at
        if history is None or history.record is None:
            return Snapshot(self._job_id, "", elapsed_s=elapsed_s, contact=self._contact)
        estimate = policy.estimate_end(history)
        rate = eta_s = None
        processed, left_rows = history.processed_rows, history.total_rows - history.processed_rows
        if estimate and estimate.left_s > 0 and history.status == "RUNNING":
            rate = left_rows / estimate.left_s
            since_s = self._clock.now() - history.seen_at
            eta_s = max(0.0, estimate.left_s - since_s)
            if is_estimated:
                processed += min(left_rows, int(rate * since_s))
        return Snapshot(
            self._job_id,
            str(history.status),
            processed,
            history.total_rows,
            int(history.record.get("failedCount") or 0),
            rate,
            eta_s,
            elapsed_s,
            self._contact,
        )
