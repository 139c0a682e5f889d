"""Walking the pages of a list, each asked for when it is wanted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Protocol

from talkvalue_cli.api.models import Page
from talkvalue_cli.counts import read_count
from talkvalue_cli.errors import UnexpectedAnswerError

#: the largest page that is asked for
LARGEST_PAGE = 100
#: so many pages in a row may be ones of before: a list of small pages that grows while it is
#: walked pushes whole pages on
MOST_REPEATS = 3
#: a list may become so many times as long while it is walked, and so many pages longer
MOST_GROWTH, MOST_NEW_PAGES = 2, 100


class Load(Protocol):
    """Asks for one page; None leaves the number or the size to the server."""

    def __call__(self, *, page: int | None, page_size: int | None) -> Page: ...


def walk_pages(load: Load, page_size: int = LARGEST_PAGE) -> Iterator[Page]:
    """Yield all pages from the first one on.

    A list that grows at its front pushes items on, so a page may begin with
    some of the last one. Where a page does not tell how many there are, they
    are walked until one has nothing that the page before did not have.
    """
    end = _End()
    page, before = 1, set[int]()
    while True:
        found = load(page=page, page_size=page_size)
        end.check(page, found)
        yield found
        total, ids = read_count(found.total_pages), {item["id"] for item in found.items}
        is_last = ids <= before if total is None else page >= total
        # an empty page ends the list, however many pages it is said to have
        if is_last or not ids:
            return
        page, before = page + 1, ids


class _End:
    """Finds out that a list has none, whatever its server says."""

    def __init__(self) -> None:
        # of each page no more than a number: a list may be long
        self._seen: set[int] = set()
        self._repeats = 0
        self._most_pages = 0

    def check(self, page: int, found: Page) -> None:
        """Raise UnexpectedAnswerError when the pages begin again or become more and more."""
        mark = hash(tuple(item["id"] for item in found.items))
        self._repeats = self._repeats + 1 if mark in self._seen else 0
        self._seen.add(mark)
        if page == 1:
            self._most_pages = MOST_GROWTH * (read_count(found.total_pages) or 0) + MOST_NEW_PAGES
        if self._repeats > MOST_REPEATS:
            raise UnexpectedAnswerError(
                f"the server repeats pages: page {page} was there before; "
                "what was printed may not be everything"
            )
        if page > self._most_pages > 0:
            raise UnexpectedAnswerError(
                f"the list does not end: it had {page} pages, and goes on becoming longer"
            )


def drop_repeats(pages: Iterable[Page]) -> Iterator[list[Any]]:
    """Yield the items of each page without those that the page before had already."""
    seen: set[int] = set()
    for found in pages:
        yield [item for item in found.items if item["id"] not in seen]
        seen = {item["id"] for item in found.items}
