"""`talkvalue path import list`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NoReturn

from talkvalue_cli.api import imports
from talkvalue_cli.api.pages import LARGEST_PAGE
from talkvalue_cli.commands.base import new_command
from talkvalue_cli.commands.options.groups import with_option
from talkvalue_cli.commands.options.paging import Paging, paging_options, print_list
from talkvalue_cli.commands.options.types import Word
from talkvalue_cli.commands.path.import_ import tables
from talkvalue_cli.context import AppContext
from talkvalue_cli.errors import TalkValueError, UsageError
from talkvalue_cli.imports.listing import take_imports, walk_by_status
from talkvalue_cli.imports.status import STATUSES, is_finished
from talkvalue_cli.output.columns import clean
from talkvalue_cli.output.progress.snapshot import timestamp
from talkvalue_cli.output.writer import terminal_height

DEFAULT_COUNT = 20
#: pause between two polls while something is going on, and while nothing is, in seconds
BUSY_PAUSE_S, IDLE_PAUSE_S = 2.0, 10.0
#: lines of a watched screen that are not imports
FRAME_LINES = 4


@new_command("list")
@paging_options
@with_option(
    "--status statuses",
    "Only imports with this status, the newest --page-size of all; repeatable.",
    multiple=True,
    type=Word("status", STATUSES),
)
@with_option(
    "--watch is_watching", "Refresh the list until Ctrl-C; on a terminal only.", is_flag=True
)
def command(
    context: AppContext, paging: Paging, statuses: Sequence[str], is_watching: bool
) -> None:
    """List imports, newest first.

    Examples:
      talkvalue path import list --page-size 5
      talkvalue path import list --status FAILED --status PARTIAL_SUCCESS
      talkvalue path import list --all --format csv
    """
    if paging.page is not None and (statuses or is_watching):
        raise UsageError("--page goes with neither --status nor --watch")
    if is_watching and context.flags.query is not None:
        raise UsageError("--watch and --query exclude each other")
    client = context.client
    if is_watching:
        limit = paging.page_size or sys.maxsize
        _watch(context, lambda room: take_imports(client, statuses, min(room, limit)))
    if not statuses:
        load, empty = partial(imports.list_imports, client), "There are no imports here."
        print_list(context, load, paging, tables.LIST_COLUMNS, empty=empty)
        return
    empty = "There are no such imports here."
    if paging.is_all:
        found = walk_by_status(client, statuses, paging.page_size or LARGEST_PAGE)
        context.output.pages(found, tables.LIST_COLUMNS, empty=empty)
    else:
        newest = take_imports(client, statuses, paging.page_size or DEFAULT_COUNT)
        context.output.rows(newest, tables.LIST_COLUMNS, empty=empty)


def _watch(context: AppContext, load: Callable[[int], list[dict[str, Any]]]) -> NoReturn:
    """Draw the list again and again, until a signal ends it.

    load: returns as many imports as there is room for. Raises UsageError
    without a terminal.
    """
    output = context.output
    if output.format != "table" or not output.is_on_terminal or output.is_dumb:
        raise UsageError("--watch draws on a terminal; without one use `path import wait`")
    found: list[dict[str, Any]] = []
    while True:
        status = ""
        try:
            found = load(max(1, terminal_height(output.stdout) - FRAME_LINES))
        except TalkValueError as error:
            if not error.is_transient:
                raise
            status = f"  {clean(error.text)}"
        try:
            # a line that is too long is cut off: it would push the first ones off the screen
            output.write("\x1b[H\x1b[2J\x1b[?7l")
            output.rows(found, tables.LIST_COLUMNS)
            told = f"{timestamp(context.wall_clock())}{status}  Ctrl-C leaves\n"
            output.write(f"{told}\x1b[?7h")
        except BaseException:  # a signal may come before the last of it was written
            output.write("\x1b[?7h")
            raise
        is_busy = any(not is_finished(job) for job in found)
        context.clock.sleep(BUSY_PAUSE_S if is_busy else IDLE_PAUSE_S)
