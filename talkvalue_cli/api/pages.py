"""Walking the pages of a list, each asked for when it is wanted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Protocol

from talkvalue_cli.api.models import Page

#: the largest page that is asked for
LARGEST_PAGE = 100


class Load(Protocol):
    """Asks for one page; None leaves the number or the size to the server."""

    def __call__(self, *, page: int | None, page_size: int | None) -> Page: ...


def walk_pages(load: Load, page_size: int = LARGEST_PAGE) -> Iterator[Page]:
    """Yield all pages from the first one on.

    A list that grows at its front pushes items on, so a page may begin with
    some of the last one.
    """
    page = pages = 1
    while page <= pages:
        found = load(page=page, page_size=page_size)
        yield found
        # an empty page ends the list, however many pages it is said to have
        page, pages = page + 1, found.total_pages if found.items else 0


def drop_repeats(pages: Iterable[Page]) -> Iterator[list[Any]]:
    """Yield the items of each page without those that the page before had already."""
    seen: set[int] = set()
    for found in pages:
        yield [item for item in found.items if item["id"] not in seen]
        seen = {item["id"] for item in found.items}
