"""Progress in a log: timestamped lines for people, JSON objects for programs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from talkvalue_cli.output import render_json
from talkvalue_cli.output.progress.snapshot import (
    Display,
    Estimate,
    Snapshot,
    compose_sum,
    describe,
    timestamp,
)
from talkvalue_cli.output.writer import Output

#: plain output says something after this much silence, and grows it up to the longest
FIRST_HEARTBEAT_S, LONGEST_HEARTBEAT_S = 60.0, 300.0
#: at most one line for passing a tenth of the rows in this many seconds
TENTH_LINE_S = 10.0


class _LogDisplay(Display):
    """What is written down: a log states what was seen, not what is estimated."""

    tick_s: float | None = 5.0

    def __init__(self, output: Output, wall_clock: Callable[[], float]) -> None:
        super().__init__(output)
        self._wall_clock = wall_clock
        self._snapshots: dict[int, Snapshot] = {}
        self._said_at_s = 0.0

    def tick(self, estimate: Estimate) -> None:
        """Write something if it has been silent for long."""
        live = next((each for each in self._snapshots.values() if each.is_live), None)
        if live is not None:
            self._keep_alive(live._replace(elapsed_s=estimate(live.job_id).elapsed_s))

    def _keep_alive(self, snapshot: Snapshot) -> None:
        raise NotImplementedError


class PlainDisplay(_LogDisplay):
    """A timestamped line now and then, for logs; with many jobs, one for each that ends."""

    def __init__(self, output: Output, wall_clock: Callable[[], float], job_count: int = 1) -> None:
        super().__init__(output, wall_clock)
        self._job_count = job_count
        self._said: Snapshot | None = None
        self._heartbeat_s = FIRST_HEARTBEAT_S
        self._is_lost = False

    def show(self, snapshot: Snapshot) -> None:
        """Write a line if there is something worth one."""
        before = self._snapshots.get(snapshot.job_id)
        self._snapshots[snapshot.job_id] = snapshot
        is_back, self._is_lost = self._is_lost, False
        if is_back:
            self._line(snapshot, describe(snapshot) + ", contact is back")
        elif self._is_news(snapshot, before):
            self._line(snapshot, describe(snapshot))
        else:
            self._keep_alive(snapshot)
            return
        self._heartbeat_s = FIRST_HEARTBEAT_S

    def _is_news(self, snapshot: Snapshot, before: Snapshot | None) -> bool:
        if self._job_count > 1:
            # a status that this version does not know may be seen again and again
            return not snapshot.is_live and (before is None or before.status != snapshot.status)
        if self._said is None or self._said.status != snapshot.status:
            return True
        if self._said.run != snapshot.run:
            return True
        is_next_tenth = (snapshot.percent or 0) // 10 > (self._said.percent or 0) // 10
        return is_next_tenth and snapshot.elapsed_s - self._said_at_s >= TENTH_LINE_S

    def _keep_alive(self, snapshot: Snapshot) -> None:
        if snapshot.elapsed_s - self._said_at_s < self._heartbeat_s:
            return
        text = describe(snapshot)
        if self._is_lost:
            text = f"import {snapshot.job_id}: still no contact"
        elif self._job_count > 1:
            text = compose_sum(self._snapshots.values(), self._job_count)
        self._line(snapshot, text)
        self._heartbeat_s = min(LONGEST_HEARTBEAT_S, 2 * self._heartbeat_s)

    def lost(self, snapshot: Snapshot) -> None:
        """Write one line when contact is lost, not one for each failed poll."""
        if not self._is_lost:
            self._is_lost = True
            self._snapshots.setdefault(snapshot.job_id, snapshot)
            self._line(snapshot, f"import {snapshot.job_id}: {snapshot.contact}")

    def finish(self, snapshot: Snapshot, outcome: str) -> None:
        """Write the last state of a job unless it was said already."""
        if self._job_count == 1 and snapshot.status and self._is_news(snapshot, None):
            self._line(snapshot, describe(snapshot))

    def _line(self, snapshot: Snapshot, text: str) -> None:
        self._output.note(f"{timestamp(self._wall_clock())} {text}")
        self._said, self._said_at_s = snapshot, snapshot.elapsed_s


class JsonDisplay(_LogDisplay):
    """One JSON object a line for each event, for programs; `heartbeat` after a silent minute."""

    def show(self, snapshot: Snapshot) -> None:
        """Write `status` when it changed, `progress` when rows moved."""
        last = self._snapshots.get(snapshot.job_id)
        self._snapshots[snapshot.job_id] = snapshot
        if last is None or last.status != snapshot.status:
            self._event("status", snapshot)
        elif last[:5] != snapshot[:5]:
            self._event("progress", snapshot)
        else:
            self._keep_alive(snapshot)

    def _keep_alive(self, snapshot: Snapshot) -> None:
        if snapshot.elapsed_s - self._said_at_s >= FIRST_HEARTBEAT_S:
            self._event("heartbeat", snapshot)

    def say(self, text: str) -> None:
        """Write `warning` with the sentence."""
        self._write({"event": "warning", "message": text})

    def lost(self, snapshot: Snapshot) -> None:
        """Write `retry` for each failed poll."""
        self._event("retry", snapshot, message=snapshot.contact)

    def finish(self, snapshot: Snapshot, outcome: str) -> None:
        """Write `done`."""
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
        self._output.write_error(render_json.render_line(line))
