"""`talkvalue path import list`."""

from __future__ import annotations

import sys
from functools import partial

from talkvalue_cli.api import imports
from talkvalue_cli.api.pages import LARGEST_PAGE
from talkvalue_cli.commands.base import new_command
from talkvalue_cli.commands.options.groups import with_option
from talkvalue_cli.commands.options.paging import Paging, paging_options, print_list
from talkvalue_cli.commands.path.import_ import shared_journal, tables
from talkvalue_cli.commands.path.import_.filters import Choice, choice_options
from talkvalue_cli.context import AppContext
from talkvalue_cli.errors import UsageError
from talkvalue_cli.imports import listing
from talkvalue_cli.output.columns import Column

#: so many are shown where nothing says how far back they go
DEFAULT_COUNT = 20


@new_command("list")
@paging_options
@choice_options
@with_option(
    "-w --watch is_watching",
    "Refresh the list in place until q or Ctrl-C; on a terminal only.",
    is_flag=True,
)
def command(context: AppContext, paging: Paging, choice: Choice, is_watching: bool) -> None:
    """List imports, newest first.

    The server has no filter: its list is walked from the newest import on, as
    far as --since, --limit or --active need it, and otherwise 10,000 imports back.

    Examples:
      talkvalue path import list --limit 5
      talkvalue path import list --active
      talkvalue path import list --since yesterday --status failed --status partial_success
      talkvalue path import list --all --format csv
    """
    if paging.page is not None and (is_watching or not choice.is_page):
        raise UsageError("--page and what chooses imports exclude each other")
    if is_watching and context.flags.query is not None:
        raise UsageError("--watch and --query exclude each other")
    if paging.is_all and choice.limit is not None:
        raise UsageError("--all and --limit exclude each other")
    with shared_journal.finding_channels(context) as find_channel:
        columns = tables.list_columns(find_channel)
        if is_watching:
            from talkvalue_cli.commands.path.import_ import watch

            most = choice.limit or paging.page_size
            watch.watch(context, choice.wanted, most, columns)
        elif choice.is_page:
            load, empty = (
                partial(imports.list_imports, context.client),
                "There are no imports here.",
            )
            print_list(context, load, paging, columns, empty=empty)
        else:
            _print_chosen(context, paging, choice, columns)


def _print_chosen(
    context: AppContext, paging: Paging, choice: Choice, columns: list[Column]
) -> None:
    empty = "There are no such imports here."
    if paging.is_all:
        found = listing.walk(context.client, choice.wanted, paging.page_size or LARGEST_PAGE)
        context.output.pages(found, columns, empty=empty)
        return
    has_end = choice.wanted.since is not None or choice.wanted.is_active
    count = choice.limit or paging.page_size or (sys.maxsize if has_end else DEFAULT_COUNT)
    taken = listing.take_imports(context.client, choice.wanted, count)
    context.output.rows(taken.jobs, columns, empty=empty)
    if taken.is_cut:
        looked_at = listing.MOST_PAGES * LARGEST_PAGE
        context.output.warn(
            f"only the newest {looked_at:,} imports were looked at; --all looks at every one"
        )
