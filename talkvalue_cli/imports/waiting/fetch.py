"""Looking at import jobs with as few requests as it takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from talkvalue_cli.api import imports
from talkvalue_cli.clock import Clock
from talkvalue_cli.errors import NetworkError, NotFoundError, RefusedError, TalkValueError
from talkvalue_cli.imports.waiting.list_index import MOST_MISSES, PageMap
from talkvalue_cli.imports.waiting.waiter import Sighting
from talkvalue_cli.transport.client import Client

#: a job that was just created may be unknown to the server for this long, in seconds
VISIBLE_AFTER_S = 30.0
#: after so many requests in one look that got no answer, the rest of it would get none either
MOST_LOSSES = 3

Seen = dict[int, Sighting | TalkValueError]


class ImportLooker:
    """Looks at one job by GET, at several by the pages of the list that hold them.

    on_tick: called now and then while an answer is awaited.
    Implements waiting.jobs_wait.Looker.
    """

    def __init__(self, client: Client, clock: Clock, on_tick: Callable[[], None]) -> None:
        self._client, self._clock, self._on_tick = client, clock, on_tick
        self._pages = PageMap()
        self._created_at: dict[int, float] = {}
        self.requests = 0

    def expect(self, job_id: int) -> None:
        """Be told of a job whose creation was just confirmed: it exists, visible or not."""
        self._created_at[job_id] = self._clock.now()

    def look(
        self, job_ids: Sequence[int], limit_s: float | None
    ) -> Iterator[tuple[int, Sighting | TalkValueError]]:
        """Yield what is seen of each job, or the error of the request that asked for it.

        A server that asks for a pause or cannot be reached is not asked for the
        rest; jobs that the limit leaves no time for are left out.
        """
        ends_at_s = None if limit_s is None else self._clock.now() + limit_s
        size = self._pages.page_size(job_ids)
        listed: set[int] = set()
        misses = losses = 0
        pending = list(job_ids)
        while pending:
            left_s = None if ends_at_s is None else ends_at_s - self._clock.now()
            if len(pending) < len(job_ids) and left_s is not None and left_s <= 0:
                return
            client = self._client.for_one_look(left_s, self._on_tick)
            page, members = min(self._pages.group(pending, size).items())
            is_worth_a_page = len(members) > 1 and page > 0 and page not in listed
            if is_worth_a_page and misses < MOST_MISSES:
                listed.add(page)
                found = self._list(client, page, size, members, pending)
                size = min(size, self._pages.largest_page)
                misses += not found
            else:
                found = {members[0]: self._get(client, members[0])}
            errors = [e for e in found.values() if isinstance(e, TalkValueError) and e.is_transient]
            losses += any(isinstance(e, NetworkError) for e in errors)
            if errors and (errors[0].retry_after_s or losses >= MOST_LOSSES):
                found = {**dict.fromkeys(pending, errors[0]), **found}
            yield from found.items()
            pending = [job_id for job_id in pending if job_id not in found]

    def _get(self, client: Client, job_id: int) -> Sighting | TalkValueError:
        self.requests += 1
        try:
            return Sighting(*imports.look_at_import(client, job_id))
        except NotFoundError as error:
            age_s = self._clock.now() - self._created_at.get(job_id, float("-inf"))
            return error.evolve(is_transient=age_s < VISIBLE_AFTER_S)
        except RefusedError as error:
            # the refusal of one job, such as a conflict, says nothing about the others
            return error
        except TalkValueError as error:
            if not error.is_transient:
                raise
            return error

    def _list(
        self, client: Client, page: int, size: int, members: list[int], pending: list[int]
    ) -> Seen:
        """Return what a page shows of all the jobs that are still to be looked at."""
        self.requests += 1
        try:
            found, server_time = imports.look_at_page(client, page=page, page_size=size)
        except TalkValueError as error:
            if not error.is_transient:
                raise
            return dict.fromkeys(members, error)
        if 0 < found.size < size:
            self._pages.largest_page = found.size
        jobs = {job["id"]: job for job in found.items}
        self._pages.learn(page, size, list(jobs), members)
        return {job_id: Sighting(jobs[job_id], server_time) for job_id in pending if job_id in jobs}
