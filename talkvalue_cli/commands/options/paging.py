"""One way to page: --page and --page-size for one page, --all for everything as it arrives."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from talkvalue_cli.api import pages
from talkvalue_cli.commands.options.groups import flag, hand_over, option
from talkvalue_cli.commands.options.types import COUNT, CURSOR
from talkvalue_cli.context import AppContext
from talkvalue_cli.errors import UsageError
from talkvalue_cli.output.columns import Column, Record


class Paging(NamedTuple):
    """Which part of a list is asked for; None leaves it to the server.

    page: its number; cursor: where it begins, in a list without numbers.
    """

    page: int | None = None
    page_size: int | None = None
    is_all: bool = False
    cursor: int | None = None


_SIZE_OPTIONS = (
    option(
        "--page-size",
        f"Items on a page (usually 20), or in each request of --all ({pages.LARGEST_PAGE}).",
        type=COUNT,
    ),
    flag("--all is_all", "Everything, page by page, printed as it arrives."),
)
_PAGE_OPTION = option("--page", "Which page; the first is 1.", type=COUNT)
_CURSOR_OPTION = option(
    "--cursor", "Where to begin; an answer that is not the last has the next one.", type=CURSOR
)


def _collect(given: dict[str, Any]) -> Paging:
    paging = Paging(**given)
    if paging.is_all and paging.page is not None:
        raise UsageError("--page and --all exclude each other")
    return paging


#: each hands a Paging to the function as `paging`
paging_options = hand_over("paging", (_PAGE_OPTION, *_SIZE_OPTIONS), _collect)
cursor_options = hand_over("paging", (_CURSOR_OPTION, *_SIZE_OPTIONS), _collect)


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
    pagination = {
        "page": found.number,
        "pageSize": found.size,
        "totalElements": found.total_elements,
        "totalPages": found.total_pages,
    }
    context.output.rows(show(found.items), columns, pagination=pagination, empty=empty)
