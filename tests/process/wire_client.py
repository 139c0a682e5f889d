"""Runs command lines in this process, one of a JSON list each, and reports on all of them.

They are run by threads, with shortened limits and pauses that take no time. The program's own
`main()` is called, so that what it does not catch is seen here.
"""

from __future__ import annotations

import io
import json
import re
import resource
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from multiprocessing.pool import ThreadPool
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from talkvalue_cli import cli, crash
from talkvalue_cli.transport import deadline
from talkvalue_cli.transport.session import BearerAuth, NoAuth, Session
from tests.fakes import FakeRuntime

T = TypeVar("T")

#: in place of the limit of an exchange, and of a download
LIMIT_S = 0.3
#: bytes
LARGEST_OUTPUT = 100_000


def run_within(
    limit_s: float | None, work: Callable[[], T], on_tick: Callable[[], None] | None = None
) -> T:
    """Do as the program's own, within less time."""
    assert limit_s is not None, "every exchange has a limit"
    return deadline.run_within(min(limit_s, LIMIT_S), work, on_tick)


class Stdout(io.BytesIO):
    """Standard output of which the start is kept."""

    def write(self, data: Any) -> int:
        """Keep the bytes while there are few."""
        if self.tell() < LARGEST_OUTPUT:
            super().write(data)
        return len(data)


class Context(FakeRuntime):
    """What a command works with: no pauses, shortened limits, and no memory of large output."""

    def __init__(self, argv: Sequence[str], environ: Mapping[str, str]) -> None:
        super().__init__(argv, environ)
        self.start_of_stdout = Stdout()
        self.stdout = io.TextIOWrapper(self.start_of_stdout, "utf-8", write_through=True)

    def make_session(self, auth: BearerAuth | NoAuth | None) -> Session:
        """Return the program's own session, which is to be quick."""
        session = super().make_session(auth)
        session.run_within = run_within
        return session


def read_peak_kb() -> int:
    """Return the most memory that this process ever had, in KiB."""
    status = Path("/proc/self/status")
    if status.exists():
        # the figure of getrusage(2) begins with that of whoever started this process
        return int(re.findall(r"VmHWM:\s+(\d+) kB", status.read_text())[0])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def raise_again(error: Exception, *arguments: object) -> NoReturn:
    """Stand in for what makes a sentence of an error that nobody foresaw."""
    raise error


def run(case: dict[str, Any]) -> dict[str, Any]:
    """Run a command line; return its end, and what it took."""
    context = Context(case["argv"], case["environ"])
    began_at = time.monotonic()
    try:
        code, raised = cli.main(case["argv"], context), ""
    except BaseException as error:  # noqa: BLE001 - that is what is looked for
        code, raised = -1, f"{type(error).__name__}: {error}"
    return {
        "code": code,
        "raised": raised,
        "seconds": time.monotonic() - began_at,
        "out": context.start_of_stdout.getvalue().decode(errors="replace"),
        "err": context.fake_stderr.text,
        "peak_kb": read_peak_kb(),
    }


def main(thread_count: int) -> None:
    """Run the cases of standard input, and write their ends to standard output."""
    deadline.DOWNLOAD_LIMIT_S = 2 * LIMIT_S
    vars(crash)["describe"] = raise_again
    with ThreadPool(thread_count) as pool:
        ends = pool.map(run, json.load(sys.stdin), chunksize=1)
    json.dump(ends, sys.stdout)


if __name__ == "__main__":
    main(int(sys.argv[1]))
