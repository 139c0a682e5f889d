"""`path import list` beyond a single page: by status, all pages, and watched."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Iterator
from typing import TYPE_CHECKING, Any

from talkvalue_cli.api import imports
from talkvalue_cli.commands.import_tables import LIST_COLUMNS
from talkvalue_cli.errors import TalkValueError, UsageError
from talkvalue_cli.output import terminal_height
from talkvalue_cli.output.columns import clean
from talkvalue_cli.output.progress import timestamp
from talkvalue_cli.runtime import Runtime
from talkvalue_cli.waiting import jobs

if TYPE_CHECKING:
    from talkvalue_cli.api.client import Client

STATUSES = ("PENDING", "RUNNING", "COMPLETED", "PARTIAL_SUCCESS", "FAILED")
DEFAULT_COUNT = 20
#: pause between two looks while something is going on, and while nothing is, in seconds
BUSY_PAUSE_S, IDLE_PAUSE_S = 2.0, 10.0
#: lines of a watched screen that are not imports
FRAME_LINES = 4


def walk_imports(client: Client, statuses: Collection[str]) -> Iterator[dict[str, Any]]:
    """Yield imports of all pages, newest first; only those with one of the statuses, if any."""
    seen: set[int] = set()
    for found in imports.walk_pages(client):
        for job in found.items:
            if job["id"] not in seen and (not statuses or job["status"] in statuses):
                yield job
        seen = {job["id"] for job in found.items}


def take_imports(
    client: Client, statuses: Collection[str], count: int | None
) -> list[dict[str, Any]]:
    """Return the newest imports with one of the statuses, as many as count, None for all."""
    return list(itertools.islice(walk_imports(client, statuses), count))


def watch_imports(runtime: Runtime, load: Callable[[int], list[dict[str, Any]]]) -> None:
    """Draw the list again and again, until a signal ends it.

    load: returns as many imports as there is room for. Raises UsageError
    without a terminal.
    """
    output = runtime.output
    if output.format != "table" or not output.is_on_terminal or output.is_dumb:
        raise UsageError("--watch draws on a terminal; without one use `path import wait`")
    found: list[dict[str, Any]] = []
    while True:
        room = max(1, terminal_height(output.stdout) - FRAME_LINES)
        try:
            found = load(room)
            status = ""
        except TalkValueError as error:
            if not error.is_transient:
                raise
            status = f"  {clean(error.message)}"
        try:
            # a line that is too long is cut off: it would push the first ones off the screen
            output.write("\x1b[H\x1b[2J\x1b[?7l")
            output.rows(found, LIST_COLUMNS)
            output.write(f"{timestamp(runtime.wall_clock())}{status}  Ctrl-C leaves\n")
        finally:
            output.write("\x1b[?7h")
        is_busy = any(not jobs.is_finished(job) for job in found)
        runtime.clock.sleep(BUSY_PAUSE_S if is_busy else IDLE_PAUSE_S)
