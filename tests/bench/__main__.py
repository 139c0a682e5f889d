"""Measure everything and write a table: to standard output and to build/bench.md."""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench import files, many, startup, streams, waiting
from tests.bench.processes import Row
from tests.harness import Sandbox

RESULT = Path("build", "bench.md")


@contextmanager
def _sandbox(*options: str) -> Iterator[Sandbox]:
    with tempfile.TemporaryDirectory() as folder:
        server = Sandbox(Path(folder), *options)
        try:
            yield server
        finally:
            server.stop()


def _measure(*, is_quick: bool) -> Iterator[Row]:
    # the quick run shows that the benchmarks work; its figures are not those of the README
    repeats, megabytes = (5, 50) if is_quick else (40, 1024)
    lengths_s = (3, 8) if is_quick else waiting.LENGTHS_S
    with tempfile.TemporaryDirectory() as name, _sandbox() as fast:
        folder = Path(name)
        yield from startup.run(fast, repeats)
        yield from streams.run_upload(fast, folder, megabytes)
        yield from streams.run_download(fast, folder, megabytes)
    with tempfile.TemporaryDirectory() as name:
        yield from files.run(Path(name), 50_000 if is_quick else 2_000_000)
    with _sandbox("--rows-per-second", str(waiting.PACE)) as slow:
        yield from waiting.run(slow, lengths_s)
        yield from many.run(slow, waiting.PACE, (20, 40) if is_quick else (100, 1000))
        yield from waiting.run_long(slow, 10 if is_quick else waiting.CPU_WAIT_S)
    # last: a process is charged with the memory of the one that starts it (getrusage(2)), and this
    # one grows when it makes up so many people
    with _sandbox() as fast:
        yield from streams.run_pace(fast, 20_000 if is_quick else 400_000)


def main() -> int:
    """Print each row as it is measured, and return 1 when an aim is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes, to try it out")
    is_quick = parser.parse_args().quick
    machine = f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.system()}"
    lines = [f"Measured by `make bench`: {machine}.", "", "| what | figure | aim |  |"]
    lines.append("| --- | --- | --- | --- |")
    print("\n".join(lines), flush=True)  # noqa: T201 - the table is what this program is for
    missed = 0
    for row in _measure(is_quick=is_quick):
        mark = "" if row.is_met is None else "yes" if row.is_met else "**no**"
        missed += row.is_met is False
        lines.append(f"| {row.what} | {row.figure} | {row.aim} | {mark} |")
        print(lines[-1], flush=True)  # noqa: T201
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text("\n".join(lines) + "\n")
    return 1 if missed and not is_quick else 0


if __name__ == "__main__":
    sys.exit(main())
