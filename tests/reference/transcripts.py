"""What terminals of several widths show of the commands that are used most.

`python -m tests.reference.transcripts` writes it to tests/transcripts/, where a test compares it.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pyte

from tests.csv_texts import people
from tests.world import World

FOLDER = Path(__file__).parent.parent / "transcripts"
WIDTHS = (60, 80, 120, 200)
#: 2027-03-02T12:00:00Z
BEGAN_AT = 1_803_988_800.0
#: lines of a screen on which nothing is ever pushed out
LINES = 400
FILE = "newsletter-subscribers-2027-03.csv"
COMMANDS = (
    f"path import run {FILE} --source-id 1 --mode SKIP --dry-run",
    f"path import run {FILE} --source-id 1 --mode SKIP",
    "path import get 2",
    "path import wait --latest",
    "path import list",
    "path import list --since 1h --status partial_success",
    "path import history",
    "path import failed-export 2 --summary",
    "path channel list",
    "path person list --page-size 5",
    "path event list",
)


def write_transcripts(folder: Path = FOLDER) -> None:
    """Write a file for each width."""
    folder.mkdir(exist_ok=True)
    for width in WIDTHS:
        path_of(width, folder).write_text(record(width), "utf-8")


def path_of(width: int, folder: Path = FOLDER) -> Path:
    """Return the file of a width."""
    return folder / f"{width}-columns.txt"


def record(width: int) -> str:
    """Return what a terminal shows at the end of each command, without colour."""
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder), "--rows-per-second=20", began_at=BEGAN_AT)
        try:
            return "".join(_record(world, width))
        finally:
            world.close()


def _record(world: World, width: int) -> Iterator[str]:
    world.write("fair.csv", people(60))
    world.import_files("fair.csv --source-id 3")
    world.clock.advance(2 * 86400)
    world.write(FILE, people(90, bad=3))
    for line in COMMANDS:
        done = world.run(line, columns=width)
        yield f"$ talkvalue {line}\n"
        yield from (f"{text}\n" for text in _show(done.out + done.err, width))
        yield f"(exit {done.code})\n\n" if done.code else "\n"
        # a moment later somebody types the next one
        world.clock.advance(60)
    world.create_import(people(400))
    world.clock.advance(8)
    yield "$ talkvalue path import list --active\n"
    yield from (
        f"{text}\n"
        for text in _show(world.run("path import list --active", columns=width).out, width)
    )


def _show(text: str, width: int) -> list[str]:
    """Return the lines that stand on the screen in the end."""
    screen = pyte.Screen(width, LINES)
    pyte.Stream(screen).feed(text.replace("\n", "\r\n"))
    lines = [line.rstrip() for line in screen.display]
    while lines and not lines[-1]:
        lines.pop()
    return lines


if __name__ == "__main__":
    os.environ["TZ"] = "UTC"
    time.tzset()
    write_transcripts()
