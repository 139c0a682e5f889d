"""ProgressReporter: turns what the engine tells into what a display shows."""

from __future__ import annotations

from talkvalue_cli import signals
from talkvalue_cli.context import AppContext
from talkvalue_cli.counts import read_count
from talkvalue_cli.errors import TalkValueError, UsageError
from talkvalue_cli.imports.result import ImportResult
from talkvalue_cli.imports.status import is_finished, is_known
from talkvalue_cli.imports.waiting.history import JobHistory
from talkvalue_cli.imports.waiting.polling import estimate_end, guess_rows
from talkvalue_cli.output.progress.bar import BarDisplay, UploadBar
from talkvalue_cli.output.progress.log import JsonDisplay, PlainDisplay
from talkvalue_cli.output.progress.snapshot import Display, Snapshot
from talkvalue_cli.statuses import RUNNING
from talkvalue_cli.times import format_duration

#: without --stall-timeout people are told once after this many seconds
STALL_WARNING_S = 600.0


def choose_display(
    context: AppContext, progress: str, *, quiet: bool = False, job_count: int = 1
) -> Display:
    """Return the display for --progress.

    `auto` is a bar on a terminal that can move its cursor, timestamped lines
    elsewhere; with --verbose, lines too, for a bar would be torn apart.
    """
    output = context.output
    if quiet:
        return Display(output)
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
    return Display(output)


class ProgressReporter:
    """A ProgressListener for one command; in the end the terminal is as it was.

    warns_of_stall: say once that a job makes no progress.
    """

    def __init__(
        self, context: AppContext, display: Display | None = None, *, warns_of_stall: bool = True
    ) -> None:
        self._output, self._clock = context.output, context.clock
        self._display = display or Display(context.output)
        self._warns_of_stall = warns_of_stall
        self._began_at = context.clock.now()
        self._histories: dict[int, JobHistory] = {}
        self._contact = ""
        self._upload: UploadBar | None = None
        self._warned_stall: set[int] = set()
        self._told_restarts: dict[int, int] = {}
        self._warned_status: set[int] = set()

    def __enter__(self) -> ProgressReporter:
        return self

    def __exit__(self, *error: object) -> None:
        self.wait_ended()

    @property
    def tick_s(self) -> float | None:
        """How often the display wants to be refreshed, in seconds."""
        return self._display.tick_s

    def tick(self) -> None:
        """Show what is estimated by now, or how far an upload is; a signal is answered here."""
        signals.check()
        if self._upload is not None:
            self._upload.draw()
        else:
            self._display.tick(lambda job_id: self._snapshot(job_id, is_estimated=True))

    def polled(self, history: JobHistory) -> None:
        """Show the job that a poll has brought."""
        job_id = history.job_id
        self._histories[job_id], self._contact = history, ""
        self._tell_restart(history)
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
                f"import {job_id}: no progress for {format_duration(history.still_s)}; "
                "still waiting (--stall-timeout gives up)"
            )

    def _tell_restart(self, history: JobHistory) -> None:
        before, record = history.before_restart, history.record
        if history.restarts == self._told_restarts.get(history.job_id, 0):
            return
        assert before is not None and record is not None
        self._told_restarts[history.job_id] = history.restarts
        self._warned_stall.discard(history.job_id)
        was, now = (
            f"{each['status']} {read_count(each.get('processedRows')) or 0:,}"
            for each in (before, record)
        )
        self._display.say(
            f"import {history.job_id}: the server has started it again ({was} → {now} rows)"
        )

    def poll_failed(self, job_id: int, error: TalkValueError, retry_in_s: float) -> None:
        """Show that a poll brought nothing."""
        again = f"; retrying in {format_duration(retry_in_s)}" if retry_in_s else ""
        self._contact = f"{error.text.splitlines()[0]}{again}"
        self._display.lost(self._snapshot(job_id, is_estimated=False))

    def ended(self, result: ImportResult) -> None:
        """Show the end of the wait for a job, whatever it is."""
        assert result.job_id is not None
        snapshot = self._snapshot(result.job_id, is_estimated=False)
        self._display.finish(snapshot, result.outcome.value)

    def wait_ended(self) -> None:
        """Leave the terminal as it was."""
        self._display.close()

    def upload_began(self, name: str, size: int) -> None:
        """Show a bar for the upload, if somebody watches."""
        if self._upload is None:
            self._upload = UploadBar(self._output, name, size)
        self._upload.begin()

    def sent(self, size: int) -> None:
        """Count bytes of an upload; called from the thread that sends them."""
        if self._upload is not None:
            self._upload.add(size)

    def upload_ended(self) -> None:
        """Erase the bar of the upload."""
        if self._upload is not None:
            self._upload.close()
        self._upload = None

    def note(self, text: str) -> None:
        """Say it on standard error."""
        self._output.note(text)

    def warn(self, text: str) -> None:
        """Say it on standard error, as a warning."""
        self._output.warn(text)

    def _snapshot(self, job_id: int, *, is_estimated: bool) -> Snapshot:
        history = self._histories.get(job_id)
        elapsed_s = self._clock.now() - self._began_at
        if history is None or history.record is None:
            return Snapshot(job_id, "", elapsed_s=elapsed_s, contact=self._contact)
        estimate = estimate_end(history)
        rate = eta_s = None
        guessed, left_rows = 0, history.total_rows - history.processed_rows
        if estimate and estimate.left_s > 0 and history.status == RUNNING:
            rate = left_rows / estimate.left_s
            since_s = self._clock.now() - history.seen_at
            eta_s = max(0.0, estimate.left_s - since_s)
            guessed = min(left_rows, guess_rows(history, since_s)) if is_estimated else 0
        return Snapshot(
            job_id,
            str(history.status),
            history.processed_rows,
            history.total_rows,
            history.failed_rows,
            rate,
            eta_s,
            elapsed_s,
            self._contact,
            guessed=guessed,
            still_s=history.still_s,
            run=history.restarts,
        )
