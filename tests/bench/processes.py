"""Running processes and measuring what they cost."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, NamedTuple

#: the command as it is installed, for `python -m` would add the search for the module
TALKVALUE = str(Path(sysconfig.get_path("scripts")) / "talkvalue")
PYTHON = sys.executable


class Cost(NamedTuple):
    """What a process took: seconds of the clock and of CPU, peak memory in MB; its exit code."""

    wall_s: float
    cpu_s: float
    peak_mb: float
    code: int


def measure(
    command: Sequence[str],
    environ: Mapping[str, str],
    *,
    stdout: int | IO[bytes] = subprocess.DEVNULL,
) -> Cost:
    """Run a process to its end and return what it cost (getrusage(2), by wait4)."""
    began_at = time.perf_counter()
    process = subprocess.Popen(command, env=dict(environ), stdout=stdout, stderr=subprocess.DEVNULL)
    return finish(process, began_at)


def finish(process: subprocess.Popen[bytes], began_at: float) -> Cost:
    """Wait for a process that was started at began_at (time.perf_counter) and return its cost."""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return Cost(
        time.perf_counter() - began_at,
        usage.ru_utime + usage.ru_stime,
        usage.ru_maxrss / 1024,
        process.returncode,
    )


class Row(NamedTuple):
    """One line of the result: what was measured, the figure, the aim, and whether it is met."""

    what: str
    figure: str
    aim: str = ""
    is_met: bool | None = None
