"""Walking the pages of a list, each asked for when it is wanted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Protocol

from talkvalue_cli.api.models import Page
from talkvalue_cli.counts import read_count

#: the largest page that is asked for
LARGEST_PAGE = 100


class Load(Protocol):
    """Asks for one page; None leaves the number or the size to the server."""

    def __call__(self, *, page: int | None, page_size: int | None) -> Page: ...


def walk_pages(load: Load, page_size: int = LARGEST_PAGE) -> Iterator[Page]:
    """Yield all pages from the first one on.

    A list that grows at its front pushes items on, so a page may begin with
    some of the last one. Where a page does not tell how many there are, they
    are walked until one has nothing that the page before did not have.
    """
    page, before = 1, set[int]()
    while True:
        found = load(page=page, page_size=page_size)
        yield found
        total, ids = read_count(found.total_pages), {item["id"] for item in found.items}
        is_last = ids <= before if total is None else page >= total
        # an empty page ends the list, however many pages it is said to have
        if is_last or not ids:
            return
        page, before = page + 1, ids


def drop_repeats(pages: Iterable[Page]) -> Iterator[list[Any]]:
    """Yield the items of each page without those that the page before had already."""
    seen: set[int] = set()
    for found in pages:
        yield [item for item in found.items if item["id"] not in seen]
        seen = {item["id"] for item in found.items}
