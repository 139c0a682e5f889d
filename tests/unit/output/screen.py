"""A standard error that displays write to, with a clock for their timestamps."""

from __future__ import annotations

from typing import Any

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


def at(
    elapsed_s: float, status: str = "RUNNING", processed: int = 0, job_id: int = 7, **more: Any
) -> Snapshot:
    """Return what there is to show of an import of 1000 rows."""
    return Snapshot(job_id, status, processed, 1000, elapsed_s=elapsed_s, **more)
