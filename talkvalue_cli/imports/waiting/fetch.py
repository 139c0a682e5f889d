"""Fetching the status of import jobs with as few requests as it takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from talkvalue_cli.api import imports
from talkvalue_cli.clock import Clock
from talkvalue_cli.counts import read_count
from talkvalue_cli.errors import (
    NetworkError,
    NotFoundError,
    RefusedError,
    TalkValueError,
    UnexpectedAnswerError,
)
from talkvalue_cli.imports.status import Job
from talkvalue_cli.imports.waiting.list_index import MOST_MISSES, ListIndex

if TYPE_CHECKING:
    from talkvalue_cli.transport.client import Client

#: a job that was just created may be unknown to the server for this long, in seconds
VISIBLE_AFTER_S = 30.0
#: after so many requests in one poll that got no answer, the rest of it would get none either
MOST_LOSSES = 3
#: so many jobs in one poll are asked for by themselves because their list may be old
MOST_ALONE = 3


class PollResponse(NamedTuple):
    """A good poll: the ImportJob, and the Date header of the answer.

    is_listed: it comes from a page of the list, which a cache may have kept.
    """

    job: Job
    server_time: datetime | None
    is_listed: bool = False


Fetched = tuple[int, PollResponse | TalkValueError]


class StatusFetcher:
    """Fetches one job by GET, several by the pages of the list that hold them.

    on_tick: called now and then while an answer is awaited.
    requests: how many were sent.
    """

    def __init__(self, client: Client, clock: Clock, on_tick: Callable[[], None]) -> None:
        self._client, self._clock, self._on_tick = client, clock, on_tick
        self._index = ListIndex()
        self._created_at: dict[int, float] = {}
        self._alone: set[int] = set()
        self.requests = 0

    def expect(self, job_id: int) -> None:
        """Be told of a job whose creation was just confirmed: it exists, visible or not."""
        self._created_at[job_id] = self._clock.now()

    def forget(self, job_id: int) -> None:
        """Be told of a job that nobody will ask for again."""
        self._created_at.pop(job_id, None)
        self._alone.discard(job_id)
        self._index.forget(job_id)

    def ask_alone(self, job_id: int) -> None:
        """Ask for a job by itself in the next poll: what the list showed of it may be old."""
        self._alone.add(job_id)

    def fetch(self, job_ids: Sequence[int], limit_s: float | None) -> Iterator[Fetched]:
        """Yield what is seen of each job, or the error of the request that asked for it.

        A server that asks for a pause or cannot be reached is not asked for the
        rest; jobs that the limit leaves no time for are left out.

        limit_s: how long all requests may take, None for no limit of the wait's.
        Raises TalkValueError for what no later poll can change and what concerns
        every job, such as a token that is refused; what was yielded before holds.
        """
        ends_at_s = None if limit_s is None else self._clock.now() + limit_s
        size = self._index.page_size(job_ids)
        listed: set[int] = set()
        misses = losses = 0
        pending = list(job_ids)
        alone = [job_id for job_id in pending if job_id in self._alone][:MOST_ALONE]
        self._alone.clear()
        while pending:
            left_s = None if ends_at_s is None else ends_at_s - self._clock.now()
            if len(pending) < len(job_ids) and left_s is not None and left_s <= 0:
                return
            client = self._client.for_one_poll(left_s, self._on_tick)
            page, members = min(self._index.group(pending, size).items())
            is_worth_a_page = len(members) > 1 and page > 0 and page not in listed
            found: Mapping[int, PollResponse | TalkValueError]
            if alone:
                job_id = alone.pop(0)
                found = {job_id: self._get(client, job_id)}
            elif is_worth_a_page and misses < MOST_MISSES:
                listed.add(page)
                found = self._list(client, page, size, members, pending)
                size = min(size, self._index.largest_page)
                misses += not found
            else:
                found = {members[0]: self._get(client, members[0])}
            errors = [e for e in found.values() if isinstance(e, TalkValueError) and e.is_transient]
            losses += any(isinstance(e, NetworkError) for e in errors)
            if errors and (errors[0].retry_after_s or losses >= MOST_LOSSES):
                found = {**dict.fromkeys(pending, errors[0]), **found}
            yield from found.items()
            pending = [job_id for job_id in pending if job_id not in found]

    def _get(self, client: Client, job_id: int) -> PollResponse | TalkValueError:
        self.requests += 1
        try:
            return PollResponse(*imports.fetch_import(client, job_id))
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
    ) -> Mapping[int, PollResponse | TalkValueError]:
        """Return what a page shows of all the jobs that are still to be fetched."""
        self.requests += 1
        try:
            found, server_time = imports.fetch_page(client, page=page, page_size=size)
        except TalkValueError as error:
            if not error.is_transient:
                raise
            return dict.fromkeys(members, error)
        page_size = read_count(found.size)
        if page_size and page_size < size:
            self._index.largest_page = page_size
        jobs = {job["id"]: job for job in found.items}
        self._index.learn(page, size, list(jobs), members)
        return {i: _judge(jobs[i], server_time) for i in pending if i in jobs}


def _judge(job: dict[str, Any], server_time: datetime | None) -> PollResponse | TalkValueError:
    """Return what a list shows of one job; one that has no status says nothing about the others."""
    try:
        return PollResponse(imports.check_status(job), server_time, is_listed=True)
    except UnexpectedAnswerError as error:
        return error
