"""Imports out of the list, for which the API has no filter."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from talkvalue_cli.api import imports
from talkvalue_cli.api.pages import LARGEST_PAGE, drop_repeats
from talkvalue_cli.imports.status import Job, is_finished, read_begin

if TYPE_CHECKING:
    from talkvalue_cli.transport.client import Client

#: so many pages are asked for in search of imports, unless all are wanted
MOST_PAGES = 100


class ImportFilter(NamedTuple):
    """Which imports are meant; every one without any condition.

    since, until: epoch seconds, between which an import has begun; one that has
        not begun is newer than any that has.
    is_active: not finished yet.
    """

    statuses: frozenset[str] = frozenset()
    since: float | None = None
    until: float | None = None
    is_active: bool = False

    def takes(self, job: Job) -> bool:
        """Tell whether an import is meant."""
        if self.is_active and is_finished(job):
            return False
        # statuses may be anything, and not everything has a place in a set
        if self.statuses and str(job.get("status")) not in self.statuses:
            return False
        began = read_begin(job)
        if self.until is not None and (began is None or began.timestamp() >= self.until):
            return False
        return not self._is_before(job)

    def is_last(self, found: list[dict[str, Any]]) -> bool:
        """Tell whether nothing that is older than a whole page can be meant."""
        if self.is_active and all(map(is_finished, found)):
            return True
        return self.since is not None and all(map(self._is_before, found))

    def _is_before(self, job: Job) -> bool:
        began = read_begin(job)
        return self.since is not None and began is not None and began.timestamp() < self.since


EVERY = ImportFilter()


def walk(
    client: Client, wanted: ImportFilter = EVERY, page_size: int = LARGEST_PAGE
) -> Iterator[list[dict[str, Any]]]:
    """Yield what each page has of the imports that are wanted, newest first, as far as needed."""
    for found in drop_repeats(imports.walk_pages(client, page_size)):
        yield [job for job in found if wanted.takes(job)]
        if wanted.is_last(found):
            return


class Taken(NamedTuple):
    """The newest imports of a kind; is_cut: nobody has looked whether there are older ones."""

    jobs: list[dict[str, Any]]
    is_cut: bool = False


def take_imports(
    client: Client, wanted: ImportFilter, count: int, *, most_pages: int = MOST_PAGES
) -> Taken:
    """Return the newest imports that are wanted, and as many as count.

    No more than most_pages are asked for, which are as small as the count where
    there is nothing to look for.
    """
    page_size = min(count, LARGEST_PAGE) if wanted == EVERY else LARGEST_PAGE
    jobs: list[dict[str, Any]] = []
    walked = walk(client, wanted, page_size)
    for found in itertools.islice(walked, most_pages):
        jobs += found
        if len(jobs) >= count:
            return Taken(jobs[:count])
    return Taken(jobs, is_cut=next(walked, None) is not None)


def list_live(client: Client) -> list[dict[str, Any]]:
    """Return the PENDING and RUNNING imports, newest first.

    The list is walked until a page has none: what is older than a whole page of
    finished imports is not alive.
    """
    return list(itertools.chain.from_iterable(walk(client, ImportFilter(is_active=True))))
