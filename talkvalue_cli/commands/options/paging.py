"""One way to page: --page and --page-size for one page, --all for everything as it arrives."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import click

from talkvalue_cli.api import pages
from talkvalue_cli.api.models import Page
from talkvalue_cli.commands.options.groups import hand_over
from talkvalue_cli.commands.options.types import CURSOR, PAGE
from talkvalue_cli.context import AppContext
from talkvalue_cli.errors import UsageError
from talkvalue_cli.output.columns import Column, Record


class Paging(NamedTuple):
    """Which part of a list is asked for; None leaves it to the server."""

    page: int | None = None
    page_size: int | None = None
    is_all: bool = False


PAGE_SIZE_OPTION = click.Option(
    ["--page-size"],
    type=PAGE,
    metavar="N",
    help="Items on a page (usually 20), or in each request of --all (100).",
)
ALL_OPTION = click.Option(
    ["--all", "is_all"], is_flag=True, help="Everything, page by page, printed as it arrives."
)
PAGING_OPTIONS = (
    click.Option(["--page"], type=PAGE, metavar="N", help="Which page; the first is 1."),
    PAGE_SIZE_OPTION,
    ALL_OPTION,
)


def _collect(given: dict[str, Any]) -> Paging:
    paging = Paging(**given)
    if paging.is_all and paging.page is not None:
        raise UsageError("--page and --all exclude each other")
    return paging


#: hands a Paging to the function as `paging`
paging_options = hand_over("paging", PAGING_OPTIONS, _collect)


class Cursor(NamedTuple):
    """Which part of a list without page numbers is asked for."""

    cursor: int | None = None
    page_size: int | None = None
    is_all: bool = False


CURSOR_OPTION = click.Option(
    ["--cursor"],
    type=CURSOR,
    metavar="N",
    help="Where to begin; an answer that is not the last has the next one.",
)
#: hands a Cursor to the function as `part`
cursor_options = hand_over(
    "part", (CURSOR_OPTION, PAGE_SIZE_OPTION, ALL_OPTION), lambda given: Cursor(**given)
)


def print_list(
    context: AppContext,
    load: pages.Load,
    paging: Paging,
    columns: Sequence[Column],
    *,
    adapt: Callable[[Record], Record] | None = None,
    empty: str,
) -> None:
    """Print the page that is asked for, or all of them.

    adapt: what becomes of each item before it is printed.
    empty: a note for people when there is nothing.
    """

    def show(items: Sequence[Record]) -> Sequence[Record]:
        return [adapt(item) for item in items] if adapt else items

    if paging.is_all:
        walked = pages.walk_pages(load, paging.page_size or pages.LARGEST_PAGE)
        context.output.pages(map(show, pages.drop_repeats(walked)), columns, empty=empty)
        return
    found = load(page=paging.page, page_size=paging.page_size)
    context.output.rows(show(found.items), columns, pagination=paginate(found), empty=empty)


def paginate(page: Page) -> dict[str, int]:
    """Return the `pagination` member of a paged list."""
    return {
        "page": page.number,
        "pageSize": page.size,
        "totalElements": page.total_elements,
        "totalPages": page.total_pages,
    }
