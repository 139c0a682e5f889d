"""Which pages of the list hold the jobs that are waited for.

The list endpoint gives full records, newest first. One page is one request for
many jobs, but nobody can ask where in the list a job stands, and new imports
push the others down. So places are guessed from ids, which fall along the
list, and corrected by each page that is seen.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import pairwise

from talkvalue_cli.api.pages import LARGEST_PAGE

#: after so many pages in one poll that held none of the jobs, the rest is asked for one by one
MOST_MISSES = 3


class ListIndex:
    """Where in the list each job is believed to stand. Pure."""

    def __init__(self) -> None:
        self._places: dict[int, int] = {}
        self._lone: set[int] = set()
        #: the server may give smaller pages than it is asked for
        self.largest_page = LARGEST_PAGE

    def forget(self, job_id: int) -> None:
        """Drop what is believed of a job."""
        self._places.pop(job_id, None)
        self._lone.discard(job_id)

    def page_size(self, job_ids: Collection[int]) -> int:
        """Return the smallest page that reaches the oldest job, at most 100."""
        places = [self._places.get(job_id) for job_id in job_ids if job_id not in self._lone]
        known = [place for place in places if place is not None]
        if not known or len(known) < len(places):
            return self.largest_page
        return min(self.largest_page, max(known) + 1)

    def group(self, job_ids: Iterable[int], size: int) -> dict[int, list[int]]:
        """Return the jobs by the page they should be on, counted from 1.

        Page 0 has those that no list has shown although it should have.
        """
        groups: dict[int, list[int]] = {}
        for job_id in job_ids:
            page = 0 if job_id in self._lone else self._places.get(job_id, 0) // size + 1
            groups.setdefault(page, []).append(job_id)
        return groups

    def learn(self, page: int, size: int, listed: Sequence[int], wanted: Iterable[int]) -> None:
        """Take in the ids on a page, and where that leaves the jobs that were wanted from it."""
        first = (page - 1) * size
        self._places |= {job_id: first + offset for offset, job_id in enumerate(listed)}
        self._lone -= set(listed)
        is_falling = all(a > b for a, b in pairwise(listed))
        for job_id in set(wanted) - set(listed):
            if not listed or not is_falling or listed[-1] <= job_id <= listed[0]:
                # it should have been here: nothing is known about its place any more
                self._lone.add(job_id)
            else:
                self._places[job_id] = _guess(job_id, first, listed)


def _guess(job_id: int, first: int, listed: Sequence[int]) -> int:
    """Return the place of an id beyond a page, as if ids went on falling as they do on it."""
    per_place = max(1.0, (listed[0] - listed[-1]) / max(1, len(listed) - 1))
    if job_id < listed[-1]:
        return first + len(listed) + int((listed[-1] - job_id - 1) / per_place)
    return max(0, first - 1 - int((job_id - listed[0] - 1) / per_place))
