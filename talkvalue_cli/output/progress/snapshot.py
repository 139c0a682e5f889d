"""How a wait shows that it goes on: what there is to show, and what every display does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import NamedTuple

from talkvalue_cli import times
from talkvalue_cli.output.columns import clean
from talkvalue_cli.output.writer import Output
from talkvalue_cli.statuses import LIVE, PENDING, RUNNING

#: a job that was not seen to move for so long stands still, in seconds
STILL_S = 30.0


class Snapshot(NamedTuple):
    """What there is to show of one job at one moment.

    processed, total, failed: rows. rate: rows a second. eta_s: seconds to go.
    elapsed_s: seconds since the wait began. contact: what is wrong with the
    connection, empty when it works. guessed: rows that may have followed since the
    server has told `processed`. still_s: seconds for which nothing had moved when it was last seen.
    run: counts how often the server has started the job again.
    """

    job_id: int
    status: str
    processed: int = 0
    total: int = 0
    failed: int = 0
    rate: float | None = None
    eta_s: float | None = None
    elapsed_s: float = 0.0
    contact: str = ""
    guessed: int = 0
    still_s: float = 0.0
    run: int = 0

    @property
    def still(self) -> str:
        """For how long a RUNNING job has stood still, in words; empty when it moves."""
        is_still = self.status == RUNNING and self.still_s >= STILL_S
        return f"no progress for {round_duration(self.still_s)}" if is_still else ""

    @property
    def is_live(self) -> bool:
        """The job has not come to its end, or was not seen yet."""
        return self.status in ("", *LIVE)

    @property
    def guess(self) -> int:
        """The rows that may be processed by now."""
        return self.processed + self.guessed

    @property
    def percent(self) -> int | None:
        """Whole percents of the rows, at most 99 until the status says that it is over."""
        if self.total <= 0:
            return None
        percent = min(100, 100 * self.guess // self.total)
        return min(99, percent) if self.is_live else percent


Estimate = Callable[[int], Snapshot]


class Display:
    """One way to show progress of one job or many; this one, the base of the others, is silent.

    tick_s: how often `tick` wants to be called, in seconds; None is never.
    """

    tick_s: float | None = None

    def __init__(self, output: Output) -> None:
        self._output = output

    def show(self, snapshot: Snapshot) -> None:
        """Show what a poll has brought."""

    def tick(self, estimate: Estimate) -> None:
        """Show what is estimated between two polls; `estimate` has it for a job id."""

    def say(self, text: str) -> None:
        """Show a warning, which is no progress."""
        self._output.warn(text)

    def lost(self, snapshot: Snapshot) -> None:
        """Show that a poll failed."""

    def finish(self, snapshot: Snapshot, outcome: str) -> None:
        """Show the end of the wait for one job."""

    def close(self) -> None:
        """Leave the terminal as it was."""


def compose_sum(snapshots: Iterable[Snapshot], job_count: int) -> str:
    """Return the line that sums up many jobs."""
    states = Counter(snapshot.status for snapshot in snapshots if snapshot.status)
    done = sum(count for status, count in states.items() if status not in LIVE)
    parts = [f"{states[status]} {clean(status)}" for status in sorted(states)]
    return f"{done} of {job_count} done" + (f": {', '.join(parts)}" if parts else "")


def describe(snapshot: Snapshot) -> str:
    """Return the state of an import as a sentence for a log."""
    parts = []
    if snapshot.percent is not None and snapshot.status != PENDING:
        parts.append(f"{snapshot.processed}/{snapshot.total} rows")
    if snapshot.failed:
        parts.append(f"{snapshot.failed} failed")
    if snapshot.still:
        parts.append(snapshot.still)
    elif snapshot.rate and snapshot.status == RUNNING:
        parts.append(f"{snapshot.rate:.0f} rows/s")
    if snapshot.eta_s is not None and snapshot.status == RUNNING and not snapshot.still:
        parts.append(f"about {round_duration(snapshot.eta_s)} left")
    if snapshot.status == PENDING:
        parts.append(f"for {round_duration(snapshot.elapsed_s)}")
    percent = f" {snapshot.percent} %" if snapshot.percent and parts else ""
    return f"import {snapshot.job_id} {snapshot.status}{percent}" + (
        f" ({', '.join(parts)})" if parts else ""
    )


def timestamp(epoch_s: float) -> str:
    """Return a moment in RFC 3339, UTC, whole seconds."""
    return times.format_timestamp(times.from_epoch(int(epoch_s)))


def ring(output: Output, text: str) -> None:
    """Ring the bell and raise a notification (OSC 9) if people sit at a terminal."""
    if output.has_reader and not output.is_dumb:
        output.write_error(f"\a\x1b]9;{clean(text)}\x07")


def round_duration(seconds: float) -> str:
    """Return whole seconds as text: a figure that changes all the time needs no decimals."""
    return times.format_duration(float(round(seconds)))
