"""A standard error that displays write to, with a clock for their timestamps."""

from __future__ import annotations

from typing import Any

from talkvalue_cli.output.progress.log import PlainDisplay
from talkvalue_cli.output.progress.snapshot import Snapshot
from talkvalue_cli.output.writer import Output
from tests.fakes import FakeStream

#: 2026-11-23T08:00:00Z
NOW = 1795420800.0
RUNNING = Snapshot(7, "RUNNING", 420, 1000, failed=3, rate=51.6, eta_s=11.2, elapsed_s=75.0)


class Screen:
    """An output whose standard error is looked at, and a clock for its timestamps."""

    def __init__(self, *, environ: dict[str, str] | None = None, is_terminal: bool = True) -> None:
        self.stderr = FakeStream(is_terminal=is_terminal)
        self.stdout = FakeStream()
        self.output = Output(self.stdout, self.stderr, environ or {}, format="json")
        self.now = NOW

    def wall_clock(self) -> float:
        return self.now

    @property
    def lines(self) -> list[str]:
        assert self.stdout.text == ""
        return self.stderr.text.splitlines()


class Log(Screen):
    """Plain lines, without the timestamps before them."""

    def __init__(self, job_count: int = 1) -> None:
        super().__init__(is_terminal=False)
        self.plain = PlainDisplay(self.output, self.wall_clock, job_count)

    def tick(self, elapsed_s: float) -> None:
        """Let time pass; what is estimated meanwhile is half of the rows."""
        self.plain.tick(lambda job_id: at(elapsed_s, processed=500, job_id=job_id))

    def look(self, elapsed_s: float, *statuses: str) -> None:
        """Show what a look has brought of imports 1, 2 and so on."""
        for job_id, status in enumerate(statuses, 1):
            self.plain.show(at(elapsed_s, status, 250, job_id))

    @property
    def said(self) -> list[str]:
        assert all(line.startswith("2026-11-23T08:00:00Z ") for line in self.lines)
        return [line.partition(" ")[2] for line in self.lines]


def at(
    elapsed_s: float, status: str = "RUNNING", processed: int = 0, job_id: int = 7, **more: Any
) -> Snapshot:
    """Return what there is to show of an import of 1000 rows."""
    return Snapshot(job_id, status, processed, 1000, elapsed_s=elapsed_s, **more)
