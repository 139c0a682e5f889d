"""`talkvalue path import list`."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import click

from talkvalue_cli.api import imports
from talkvalue_cli.commands.base import new_command
from talkvalue_cli.commands.options.paging import Paging, paging_options, print_list
from talkvalue_cli.commands.options.types import Word
from talkvalue_cli.commands.path.import_ import listing, tables
from talkvalue_cli.context import AppContext
from talkvalue_cli.errors import UsageError
from talkvalue_cli.imports.status import STATUSES


@new_command("list")
@paging_options
@click.option(
    "--status",
    "statuses",
    multiple=True,
    type=Word("status", STATUSES),
    help="Only imports with this status, the newest --page-size of all; repeatable.",
)
@click.option(
    "--watch",
    "is_watching",
    is_flag=True,
    help="Refresh the list until Ctrl-C; on a terminal only.",
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
    if is_watching:
        listing.watch_imports(
            context,
            lambda room: listing.take_imports(
                context.client, statuses, min(room, paging.page_size or room)
            ),
        )
    if statuses:
        listing.print_by_status(context, paging, statuses)
        return
    print_list(
        context,
        partial(imports.list_imports, context.client),
        paging,
        tables.LIST_COLUMNS,
        empty="There are no imports here.",
    )
