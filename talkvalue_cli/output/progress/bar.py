"""Progress on a terminal: a line for each job, redrawn in place."""

from __future__ import annotations

from talkvalue_cli import signals
from talkvalue_cli.output.columns import clean
from talkvalue_cli.output.progress.snapshot import (
    Display,
    Estimate,
    Snapshot,
    compose_sum,
    round_duration,
)
from talkvalue_cli.output.style import style_of_status
from talkvalue_cli.output.table import cut, display_width
from talkvalue_cli.output.terminal import terminal_height, terminal_width
from talkvalue_cli.output.writer import Output
from talkvalue_cli.statuses import PENDING

#: the lines are redrawn this often, in seconds: at most four times a second
REDRAW_S = 0.25
#: less and less often the longer a wait lasts, but at least this often: a wait of hours is to cost
#: next to nothing, and nobody watches it that closely
LONGEST_REDRAW_S, REDRAWS_PER_WAIT = 2.0, 60.0
#: columns of the bar itself, brackets included
WIDEST_BAR, NARROWEST_BAR = 32, 10
#: what hides the cursor, and what shows it
_HIDE, _SHOW = "\x1b[?25l", "\x1b[?25h"


class BarDisplay(Display):
    """A line for each live job, redrawn in place; the alternate screen is not used.

    There are at most as many lines as the screen has; what does not fit is summed up.
    """

    def __init__(self, output: Output, job_count: int = 1) -> None:
        super().__init__(output)
        self.tick_s = REDRAW_S
        self._has_escapes = not output.is_dumb
        self._job_count = job_count
        self._snapshots: dict[int, Snapshot] = {}
        self._drawn: list[str] = []
        self._drawn_at_s = float("-inf")
        self._may_be_hidden = False
        output.clear_line = self.close
        signals.give_back_with(self._give_back)

    def show(self, snapshot: Snapshot) -> None:
        """Draw the lines again, but not for each of many jobs that one poll has shown."""
        self._snapshots[snapshot.job_id] = self._hold(snapshot)
        calm_s = snapshot.elapsed_s / REDRAWS_PER_WAIT
        self.tick_s = min(LONGEST_REDRAW_S, max(REDRAW_S, calm_s))
        if self._job_count == 1 or snapshot.elapsed_s - self._drawn_at_s >= REDRAW_S:
            self._draw(snapshot.elapsed_s)

    def tick(self, estimate: Estimate) -> None:
        """Draw the lines with estimated rows."""
        for snapshot in self._shown():
            self._snapshots[snapshot.job_id] = self._hold(estimate(snapshot.job_id))
        self._draw(float("-inf"))

    def _hold(self, snapshot: Snapshot) -> Snapshot:
        """Keep what was shown of a job that moves until it gets there: a bar never goes back.

        Once the job stands still, or is started again, what was seen is all there is.
        """
        before = self._snapshots.get(snapshot.job_id)
        if before is None or not before.guessed or before.guess <= snapshot.guess:
            return snapshot
        if snapshot.still_s or snapshot.run != before.run or not snapshot.is_live:
            return snapshot
        return snapshot._replace(guessed=before.guess - snapshot.processed)

    def lost(self, snapshot: Snapshot) -> None:
        """Draw the lines, which say so themselves."""
        self.show(snapshot)

    def close(self) -> None:
        """Erase the lines and bring the cursor back."""
        drawn, self._drawn = self._drawn, []
        if not self._has_escapes:
            if drawn:
                self._output.write_error(f"\r{' ' * len(drawn[-1])}\r")
            return
        if self._may_be_hidden:
            up = "\x1b[A\r\x1b[K" * (len(drawn) - 1)
            self._output.write_error(f"\r\x1b[K{up}{_SHOW}" if drawn else _SHOW)
            self._may_be_hidden = False

    def _give_back(self) -> None:
        """Bring the cursor back before the process stops, and draw everything again after that."""
        if self._may_be_hidden:
            self._output.write_at_once(_SHOW)
        self._drawn = []

    def _shown(self) -> list[Snapshot]:
        """Return the jobs that get a line: the live ones, as far as the screen reaches."""
        # a terminal that cannot move its cursor has one line only
        room = terminal_height(self._output.stderr) - 2 if self._has_escapes else 1
        live = [snapshot for snapshot in self._snapshots.values() if snapshot.is_live]
        return (live if self._job_count > 1 else list(self._snapshots.values()))[: max(1, room)]

    def _draw(self, elapsed_s: float) -> None:
        # the last column stays free: some terminals wrap as soon as it is filled
        width = terminal_width(self._output.stderr) - 1
        shown = self._shown()
        lines = [compose_bar(snapshot, width) for snapshot in shown]
        if self._job_count > 1:
            lines.append(compose_sum(self._snapshots.values(), self._job_count)[:width])
        self._drawn_at_s = max(self._drawn_at_s, elapsed_s)
        if lines == self._drawn or self._output.is_in_background:
            return
        styled = [
            line.replace(
                snapshot.status,
                self._output.error_style(snapshot.status, style_of_status(snapshot.status)),
                1,
            )
            for line, snapshot in zip(lines, shown, strict=False)
        ] + lines[len(shown) :]
        text = self._replace(lines, styled)
        # known before the terminal is told, so that whatever comes between takes it back
        self._drawn, self._may_be_hidden = lines, self._has_escapes
        self._output.write_error(text)

    def _replace(self, lines: list[str], styled: list[str]) -> str:
        """Return what turns the lines on the screen into these."""
        if not self._has_escapes:
            gap = len(self._drawn[-1]) - len(lines[-1]) if self._drawn else 0
            return f"\r{styled[-1]}{' ' * gap}"
        start = f"\x1b[{len(self._drawn) - 1}A" if len(self._drawn) > 1 else ""
        start = start if self._drawn else _HIDE
        body = "\n".join(f"\r{line}\x1b[K" for line in styled)
        return f"{start}{body}\x1b[J" if len(styled) < len(self._drawn) else f"{start}{body}"


def compose_bar(snapshot: Snapshot, width: int) -> str:
    """Return the line for a terminal of that many columns.

    What matters least goes first when there is no room: the bar, then elapsed
    time, rate and the rest; id, status and what is wrong with the connection
    always stay, cut if they must be.
    """
    parts = _bar_parts(snapshot)
    order = [part for part in _DISPENSABLE if part in parts]
    while order and display_width("  ".join(parts.values())) > width:
        del parts[order.pop(0)]
    room = width - display_width("  ".join(parts.values())) - 2
    if snapshot.percent is not None and snapshot.status != PENDING and room >= NARROWEST_BAR:
        bar = draw_bar(snapshot.percent, min(room, WIDEST_BAR))
        parts = {"id": parts.pop("id"), "status": parts.pop("status"), "bar": bar, **parts}
    return cut("  ".join(parts.values()), width)


_DISPENSABLE = ("elapsed", "rate", "failed", "rows", "eta", "percent", "still")


def _bar_parts(snapshot: Snapshot) -> dict[str, str]:
    parts = {"id": f"import {snapshot.job_id}", "status": clean(snapshot.status)}
    contact = {"contact": clean(snapshot.contact)} if snapshot.contact else {}
    if snapshot.status == PENDING:
        return {**parts, "elapsed": f"for {round_duration(snapshot.elapsed_s)}", **contact}
    if snapshot.percent is not None:
        about = "~" if snapshot.guessed else ""
        parts["percent"] = f"{about}{snapshot.percent}".rjust(3) + " %"
        # what the server has told, however far the bar is by now
        parts["rows"] = f"{snapshot.processed:,}/{snapshot.total:,}"
    if snapshot.still:
        parts["still"] = snapshot.still
    elif snapshot.rate:
        parts["rate"] = f"{snapshot.rate:,.0f} rows/s"
    if snapshot.failed:
        parts["failed"] = f"{snapshot.failed:,} failed"
    if snapshot.eta_s is not None and not contact and not snapshot.still:
        parts["eta"] = f"ETA {round_duration(snapshot.eta_s)}"
    parts["elapsed"] = round_duration(snapshot.elapsed_s)
    return parts | contact


def draw_bar(percent: int, width: int) -> str:
    """Return a bar of so many columns, brackets included."""
    filled = (width - 2) * percent // 100
    head = ">" if 0 < filled < width - 2 else ""
    return f"[{('=' * filled)[: filled - len(head)] + head:<{width - 2}}]"


class UploadBar:
    """How far an upload has come, on a terminal; elsewhere nothing.

    size: bytes in all.
    """

    def __init__(self, output: Output, name: str, size: int) -> None:
        self._output, self._name, self._size = output, name, size
        self._is_shown = output.has_reader and not output.is_dumb and not output.is_holding
        self._sent = 0
        self._drawn = ""

    def begin(self) -> None:
        """Start from nothing, also when the upload is sent again."""
        self._output.clear_line()
        self._sent = 0

    def add(self, size: int) -> None:
        """Count bytes that were sent; called from the thread that sends them."""
        self._sent += size

    def draw(self) -> None:
        """Draw the line if it has changed."""
        percent = 100 * self._sent // max(1, self._size)
        sent = f"{self._sent / 1e6:.1f}/{self._size / 1e6:.1f} MB"
        text = (
            f"uploading {clean(self._name)}  {draw_bar(percent, WIDEST_BAR)}  {percent} %  {sent}"
        )
        line = cut(text, terminal_width(self._output.stderr) - 1)
        if self._is_shown and line != self._drawn:
            self._drawn = line
            self._output.write_error(f"\r{line}\x1b[K")

    def close(self) -> None:
        """Erase the line."""
        if self._drawn:
            self._output.write_error("\r\x1b[K")
