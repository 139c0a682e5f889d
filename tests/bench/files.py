"""Preparing a large file, beside a bare loop that reads it with the csv module and writes it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.bench.processes import TALKVALUE, Cost, Row, measure

LARGEST_PEAK_MB = 60
MOST_LOOPS = 2.5
_LOOP = """
import csv, sys
source, encoding, delimiter, target = sys.argv[1:]
with open(source, encoding=encoding, newline="") as rows, open(target, "w", newline="") as out:
    writer = csv.writer(out)
    for row in csv.reader(rows, delimiter=delimiter):
        writer.writerow(row)
"""
_FIRST_NAMES = ("Jörg", "Ann", "Björn", "Chloé", "Zoë", "Max")
_LAST_NAMES = ("Müller", "Smith", "Ångström", "Dubois", "Weiß")


def run(folder: Path, rows: int) -> Iterator[Row]:
    """Prepare a file as Excel saves it in Germany, and one that is plain already."""
    folder.joinpath("home").mkdir()
    yield from _run_one(folder, rows, "cp1252", ";", "{day:02}.{month:02}.2025")
    yield from _run_one(folder, rows, "utf-8", ",", "2025-{month:02}-{day:02}")


def _run_one(folder: Path, rows: int, encoding: str, delimiter: str, date: str) -> Iterator[Row]:
    path, target = folder / "people.csv", folder / "prepared.csv"
    _write_rows(path, rows, encoding, delimiter, date)
    environ = {**os.environ, "HOME": str(folder / "home")}
    loop = [sys.executable, "-c", _LOOP, str(path), encoding, delimiter, str(target)]
    bare = _succeed(measure(loop, environ))
    command = [TALKVALUE, "path", "import", "prepare", str(path), "-o", str(target), "--force"]
    cost = _succeed(measure(command, environ))
    what = f"prepare of {rows:,} rows, {path.stat().st_size / (1 << 20):.0f} MB {encoding}"
    loops = cost.cpu_s / bare.cpu_s
    yield Row(
        f"{what}: beside a bare loop of {bare.cpu_s:.1f} s",
        f"{loops:.2f} times in {cost.cpu_s:.1f} s",
        f"<= {MOST_LOOPS}",
        loops <= MOST_LOOPS,
    )
    yield Row(
        f"{what}: peak memory",
        f"{cost.peak_mb:.0f} MB",
        f"<= {LARGEST_PEAK_MB} MB",
        cost.peak_mb <= LARGEST_PEAK_MB,
    )
    path.unlink()


def _succeed(cost: Cost) -> Cost:
    assert cost.code == 0, cost
    return cost


def _write_rows(path: Path, rows: int, encoding: str, delimiter: str, date: str) -> None:
    with path.open("w", encoding=encoding, newline="") as file:
        names = ("Email", "First Name", "Last Name", "Company", "Phone", "Joined")
        file.write(delimiter.join(names) + "\n")
        for number in range(rows):
            cells = (
                f"person{number}@example.org",
                _FIRST_NAMES[number % len(_FIRST_NAMES)],
                _LAST_NAMES[number % len(_LAST_NAMES)],
                f"Firma {number % 997} GmbH",
                f"+49 30 {number % 9_999_999:07}",
                date.format(day=number % 28 + 1, month=number % 12 + 1),
            )
            file.write(delimiter.join(cells) + "\n")
