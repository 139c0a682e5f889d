"""How a wait shows that it goes on: a bar, timestamped lines, JSON objects, or nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from typing import Any, NamedTuple, Protocol

from talkvalue_cli import times
from talkvalue_cli.output import Output, terminal_width
from talkvalue_cli.output.columns import clean
from talkvalue_cli.output.paint import style_of_status

#: the bar is redrawn this often, in seconds: at most four times a second
REDRAW_S = 0.25
#: plain output says something after this much silence, and grows it up to the longest
FIRST_HEARTBEAT_S, LONGEST_HEARTBEAT_S = 60.0, 300.0
#: at most one line for passing a tenth of the rows in this many seconds
TENTH_LINE_S = 10.0
#: columns of the bar itself, brackets included
WIDEST_BAR, NARROWEST_BAR = 32, 10


class Snapshot(NamedTuple):
    """What there is to show at one moment.

    processed, total, failed: rows. rate: rows a second. eta_s: seconds to go.
    elapsed_s: seconds since the wait began. contact: what is wrong with the
    connection, empty when it works.
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

    @property
    def percent(self) -> int | None:
        """Whole percents of the rows, at most 99 until the status says that it is over."""
        if self.total <= 0:
            return None
        percent = min(100, 100 * self.processed // self.total)
        return min(99, percent) if self.status in ("PENDING", "RUNNING") else percent


class Display(Protocol):
    """One way to show progress.

    tick_s: how often `tick` wants to be called, in seconds; None is never.
    """

    tick_s: float | None

    def show(self, snapshot: Snapshot) -> None:
        """Show what a look has brought."""

    def tick(self, snapshot: Snapshot) -> None:
        """Show what is estimated between two looks."""

    def say(self, text: str) -> None:
        """Show a sentence."""

    def lost(self, snapshot: Snapshot) -> None:
        """Show that a look failed."""

    def finish(self, snapshot: Snapshot | None, outcome: str) -> None:
        """Show the end, and leave the terminal as it was."""


class SilentDisplay:
    """Shows nothing."""

    tick_s: float | None = None

    def __init__(self, output: Output) -> None:
        self._output = output

    def show(self, snapshot: Snapshot) -> None:
        """Do nothing."""

    def tick(self, snapshot: Snapshot) -> None:
        """Do nothing."""

    def say(self, text: str) -> None:
        """Pass it on: a warning is no progress."""
        self._output.warn(text)

    def lost(self, snapshot: Snapshot) -> None:
        """Do nothing."""

    def finish(self, snapshot: Snapshot | None, outcome: str) -> None:
        """Do nothing."""


class BarDisplay:
    """One line that is redrawn in place; the alternate screen is not used."""

    tick_s: float | None = REDRAW_S

    def __init__(self, output: Output) -> None:
        self._output = output
        self._has_escapes = not output.is_dumb
        self._drawn = ""

    def show(self, snapshot: Snapshot) -> None:
        """Draw the line."""
        # the last column stays free: some terminals wrap as soon as it is filled
        width = terminal_width(self._output.stderr) - 1
        line = compose_bar(snapshot, width)
        if line == self._drawn:
            return
        style = style_of_status(snapshot.status)
        shown = line.replace(snapshot.status, self._output.error_paint(snapshot.status, style), 1)
        if self._has_escapes:
            hide = "" if self._drawn else "\x1b[?25l"
            self._output.write_error(f"{hide}\r{shown}\x1b[K")
        else:
            self._output.write_error(f"\r{shown}{' ' * (len(self._drawn) - len(line))}")
        self._drawn = line

    def tick(self, snapshot: Snapshot) -> None:
        """Draw the line anew."""
        self.show(snapshot)

    def say(self, text: str) -> None:
        """Write the sentence above the line."""
        self._erase()
        self._output.warn(text)

    def lost(self, snapshot: Snapshot) -> None:
        """Draw the line, which says so itself."""
        self.show(snapshot)

    def finish(self, snapshot: Snapshot | None, outcome: str) -> None:
        """Erase the line and bring the cursor back."""
        self._erase()

    def _erase(self) -> None:
        if self._drawn:
            clear = "\r\x1b[K\x1b[?25h" if self._has_escapes else f"\r{' ' * len(self._drawn)}\r"
            self._output.write_error(clear)
            self._drawn = ""


def compose_bar(snapshot: Snapshot, width: int) -> str:
    """Return the line for a terminal of that many columns.

    What matters least goes first when there is no room: the bar, then elapsed
    time, rate and the rest; id, status and what is wrong with the connection
    always stay, cut if they must be.
    """
    from talkvalue_cli.output.cells import cut, display_width

    parts = _bar_parts(snapshot)
    order = [part for part in _DISPENSABLE if part in parts]
    while order and display_width("  ".join(parts.values())) > width:
        del parts[order.pop(0)]
    room = width - display_width("  ".join(parts.values())) - 2
    if snapshot.percent is not None and room >= NARROWEST_BAR:
        bar = draw_bar(snapshot.percent, min(room, WIDEST_BAR))
        parts = {"id": parts.pop("id"), "status": parts.pop("status"), "bar": bar, **parts}
    return cut("  ".join(parts.values()), width)


_DISPENSABLE = ("elapsed", "rate", "failed", "rows", "eta", "percent")


def _bar_parts(snapshot: Snapshot) -> dict[str, str]:
    parts = {"id": f"import {snapshot.job_id}", "status": clean(snapshot.status)}
    contact = {"contact": clean(snapshot.contact)} if snapshot.contact else {}
    if snapshot.status == "PENDING":
        return {**parts, "elapsed": f"for {_whole(snapshot.elapsed_s)}", **contact}
    if snapshot.percent is not None:
        parts["percent"] = f"{snapshot.percent:3d} %"
        parts["rows"] = f"{snapshot.processed:,}/{snapshot.total:,}"
    if snapshot.rate:
        parts["rate"] = f"{snapshot.rate:,.0f} rows/s"
    if snapshot.failed:
        parts["failed"] = f"{snapshot.failed:,} failed"
    if snapshot.eta_s is not None and not contact:
        parts["eta"] = f"ETA {_whole(snapshot.eta_s)}"
    parts["elapsed"] = _whole(snapshot.elapsed_s)
    return parts | contact


def draw_bar(percent: int, width: int) -> str:
    """Return a bar of so many columns, brackets included."""
    filled = (width - 2) * percent // 100
    head = ">" if 0 < filled < width - 2 else ""
    return f"[{('=' * filled)[: filled - len(head)] + head:<{width - 2}}]"


class PlainDisplay:
    """A timestamped line now and then, for logs."""

    tick_s: float | None = 5.0

    def __init__(self, output: Output, wall_clock: Callable[[], float]) -> None:
        self._output, self._wall_clock = output, wall_clock
        self._last: Snapshot | None = None
        self._said_at_s = 0.0
        self._heartbeat_s = FIRST_HEARTBEAT_S
        self._tenth = 0
        self._is_lost = False

    def show(self, snapshot: Snapshot) -> None:
        """Write a line if there is something worth one."""
        last, tenth = self._last, (snapshot.percent or 0) // 10
        is_back, self._is_lost = self._is_lost, False
        silent_s = snapshot.elapsed_s - self._said_at_s
        if last is None or last.status != snapshot.status or is_back:
            self._line(snapshot, describe(snapshot) + (", contact is back" if is_back else ""))
        elif tenth > self._tenth and silent_s >= TENTH_LINE_S:
            self._line(snapshot, describe(snapshot))
        else:
            self.tick(snapshot)
            return
        self._heartbeat_s = FIRST_HEARTBEAT_S

    def tick(self, snapshot: Snapshot) -> None:
        """Write a line if it has been silent for long."""
        if snapshot.elapsed_s - self._said_at_s >= self._heartbeat_s:
            self._line(snapshot, describe(snapshot))
            self._heartbeat_s = min(LONGEST_HEARTBEAT_S, 2 * self._heartbeat_s)

    def say(self, text: str) -> None:
        """Write a sentence with the time before it."""
        self._output.warn(text)

    def lost(self, snapshot: Snapshot) -> None:
        """Write one line when contact is lost, not one for each failed look."""
        if not self._is_lost:
            self._is_lost = True
            self._line(snapshot, f"import {snapshot.job_id}: {snapshot.contact}")

    def finish(self, snapshot: Snapshot | None, outcome: str) -> None:
        """Write the last state unless it was the last line anyway."""
        if snapshot is not None and (self._last is None or self._last.status != snapshot.status):
            self._line(snapshot, describe(snapshot))

    def _line(self, snapshot: Snapshot, text: str) -> None:
        self._output.note(f"{timestamp(self._wall_clock())} {text}")
        self._last, self._said_at_s = snapshot, snapshot.elapsed_s
        self._tenth = (snapshot.percent or 0) // 10


class JsonDisplay:
    """One JSON object a line for each event, for programs."""

    tick_s: float | None = 5.0

    def __init__(self, output: Output, wall_clock: Callable[[], float]) -> None:
        self._output, self._wall_clock = output, wall_clock
        self._last: Snapshot | None = None
        self._said_at_s = 0.0

    def show(self, snapshot: Snapshot) -> None:
        """Write `status` when it changed, `progress` when rows moved."""
        last, self._last = self._last, snapshot
        if last is None or last.status != snapshot.status:
            self._event("status", snapshot)
        elif last[:5] != snapshot[:5]:
            self._event("progress", snapshot)
        else:
            self.tick(snapshot)

    def tick(self, snapshot: Snapshot) -> None:
        """Write `heartbeat` after a minute without an event."""
        if snapshot.elapsed_s - self._said_at_s >= FIRST_HEARTBEAT_S:
            self._event("heartbeat", snapshot)

    def say(self, text: str) -> None:
        """Write `warning` with the sentence."""
        self._write({"event": "warning", "message": text})

    def lost(self, snapshot: Snapshot) -> None:
        """Write `retry` for each failed look."""
        self._event("retry", snapshot, message=snapshot.contact)

    def finish(self, snapshot: Snapshot | None, outcome: str) -> None:
        """Write `done`."""
        if snapshot is not None:
            self._event("done", snapshot, outcome=outcome)

    def _event(self, event: str, snapshot: Snapshot, **more: str) -> None:
        self._said_at_s = snapshot.elapsed_s
        self._write(
            {
                "id": snapshot.job_id,
                "event": event,
                "status": snapshot.status or None,
                "processedRows": snapshot.processed,
                "totalRows": snapshot.total,
                "failedCount": snapshot.failed,
                "elapsedSeconds": round(snapshot.elapsed_s, 3),
                **more,
            }
        )

    def _write(self, members: Mapping[str, Any]) -> None:
        line = {"time": timestamp(self._wall_clock()), **members}
        self._output.write_error(json.dumps(line, ensure_ascii=False) + "\n")


def describe(snapshot: Snapshot) -> str:
    """Return the state of an import as a sentence for a log."""
    parts = []
    if snapshot.percent is not None and snapshot.status != "PENDING":
        parts.append(f"{snapshot.processed}/{snapshot.total} rows")
    if snapshot.failed:
        parts.append(f"{snapshot.failed} failed")
    if snapshot.rate and snapshot.status == "RUNNING":
        parts.append(f"{snapshot.rate:.0f} rows/s")
    if snapshot.eta_s is not None and snapshot.status == "RUNNING":
        parts.append(f"about {_whole(snapshot.eta_s)} left")
    if snapshot.status == "PENDING":
        parts.append(f"for {_whole(snapshot.elapsed_s)}")
    percent = f" {snapshot.percent} %" if snapshot.percent and parts else ""
    return f"import {snapshot.job_id} {snapshot.status}{percent}" + (
        f" ({', '.join(parts)})" if parts else ""
    )


def timestamp(epoch_s: float) -> str:
    """Return a moment in RFC 3339, UTC, whole seconds."""
    moment = datetime.fromtimestamp(int(epoch_s), timezone.utc)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def ring(output: Output, text: str) -> None:
    """Ring the bell and raise a notification (OSC 9) if people sit at a terminal."""
    if output.has_reader and not output.is_dumb:
        output.write_error(f"\a\x1b]9;{text}\x07")


def _whole(seconds: float) -> str:
    return times.format_duration(float(round(seconds)))
