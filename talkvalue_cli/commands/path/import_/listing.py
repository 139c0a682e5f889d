"""`path import list` beyond a single page: by status, all pages, and watched."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Iterator
from typing import TYPE_CHECKING, Any

from talkvalue_cli.api import imports
from talkvalue_cli.api.pages import LARGEST_PAGE, drop_repeats
from talkvalue_cli.commands.options.paging import Paging
from talkvalue_cli.commands.path.import_.tables import LIST_COLUMNS
from talkvalue_cli.context import AppContext
from talkvalue_cli.errors import TalkValueError, UsageError
from talkvalue_cli.imports.status import is_finished
from talkvalue_cli.output.columns import clean
from talkvalue_cli.output.progress.snapshot import timestamp
from talkvalue_cli.output.writer import terminal_height

if TYPE_CHECKING:
    from talkvalue_cli.transport.client import Client

DEFAULT_COUNT = 20
#: pause between two looks while something is going on, and while nothing is, in seconds
BUSY_PAUSE_S, IDLE_PAUSE_S = 2.0, 10.0
#: lines of a watched screen that are not imports
FRAME_LINES = 4


def print_by_status(context: AppContext, paging: Paging, statuses: Collection[str]) -> None:
    """Print imports with one of the statuses: as many as a page holds, or all of them."""
    empty = "There are no such imports here."
    if paging.is_all:
        found = walk_by_status(context.client, statuses, paging.page_size or LARGEST_PAGE)
        context.output.pages(found, LIST_COLUMNS, empty=empty)
    else:
        count = paging.page_size or DEFAULT_COUNT
        jobs_found = take_imports(context.client, statuses, count)
        context.output.rows(jobs_found, LIST_COLUMNS, empty=empty)


def take_imports(client: Client, statuses: Collection[str], count: int) -> list[dict[str, Any]]:
    """Return the newest imports with one of the statuses, if any, and as many as count."""
    walked = itertools.chain.from_iterable(walk_by_status(client, statuses))
    return list(itertools.islice(walked, count))


def walk_by_status(
    client: Client, statuses: Collection[str], page_size: int = LARGEST_PAGE
) -> Iterator[list[dict[str, Any]]]:
    """Yield what each page has of imports with one of the statuses; without statuses all of it."""
    for found in drop_repeats(imports.walk_pages(client, page_size)):
        yield [job for job in found if not statuses or job.get("status") in statuses]


def watch_imports(context: AppContext, load: Callable[[int], list[dict[str, Any]]]) -> None:
    """Draw the list again and again, until a signal ends it.

    load: returns as many imports as there is room for. Raises UsageError
    without a terminal.
    """
    output = context.output
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
            status = f"  {clean(error.text)}"
        try:
            # a line that is too long is cut off: it would push the first ones off the screen
            output.write("\x1b[H\x1b[2J\x1b[?7l")
            output.rows(found, LIST_COLUMNS)
            output.write(f"{timestamp(context.wall_clock())}{status}  Ctrl-C leaves\n")
        finally:
            output.write("\x1b[?7h")
        is_busy = any(not is_finished(job) for job in found)
        context.clock.sleep(BUSY_PAUSE_S if is_busy else IDLE_PAUSE_S)
