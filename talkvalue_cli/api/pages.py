"""Walking the pages of a list, each asked for when it is wanted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Protocol

from talkvalue_cli.api.models import Page
from talkvalue_cli.counts import read_count
from talkvalue_cli.errors import UnexpectedAnswerError

#: the largest page that is asked for
LARGEST_PAGE = 100


class Load(Protocol):
    """Asks for one page; None leaves the number or the size to the server."""

    def __call__(self, *, page: int | None, page_size: int | None) -> Page: ...


def walk_pages(load: Load, page_size: int = LARGEST_PAGE) -> Iterator[Page]:
    """Yield all pages from the first one on.

    A list that grows at its front pushes items on, so a page may begin with
    some of the last one. Raises UnexpectedAnswerError when a page that was
    yielded does not tell whether there is another one.
    """
    page = pages = 1
    while page <= pages:
        found = load(page=page, page_size=page_size)
        yield found
        if not found.items:
            return  # however many pages the list is said to have
        total = read_count(found.total_pages)
        if total is None:
            raise UnexpectedAnswerError(
                f"page {page} of the list has no usable 'totalPages': there may be more pages"
            )
        page, pages = page + 1, total


def drop_repeats(pages: Iterable[Page]) -> Iterator[list[Any]]:
    """Yield the items of each page without those that the page before had already."""
    seen: set[int] = set()
    for found in pages:
        yield [item for item in found.items if item["id"] not in seen]
        seen = {item["id"] for item in found.items}
