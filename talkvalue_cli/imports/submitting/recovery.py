"""What an earlier run for the same file means, and how to find the import that it may have made."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from talkvalue_cli import times
from talkvalue_cli.api import imports
from talkvalue_cli.errors import TalkValueError
from talkvalue_cli.imports.submitting.journal import CREATED, CREATING, Attempt, Journal
from talkvalue_cli.times import format_duration

if TYPE_CHECKING:
    from talkvalue_cli.clock import Clock
    from talkvalue_cli.imports.listener import ProgressListener
    from talkvalue_cli.transport.client import Client

#: a request may still be worked on by the server so long after its sender has gone, in seconds
SETTLE_S = 60.0
#: the Date header, by which attempts are dated, is cut to whole seconds
RESOLUTION_S = 2.0
#: between two searches of the list, in seconds
SEARCH_PAUSE_S = 2.0
AMBIGUOUS = "AMBIGUOUS"


class NextStep(enum.Enum):
    """What to do about a file."""

    CREATE = "create"
    ATTACH = "attach"
    REPORT = "report"
    FIND_ORPHAN = "find the import whose creation was never confirmed"


def next_step(prior: Attempt | None, now: float, again_after_s: float) -> NextStep:
    """Return what to do, given the newest attempt that may have made a job.

    now: epoch seconds. again_after_s: an import that finished longer ago does
    not count any more.
    """
    if prior is None:
        return NextStep.CREATE
    if prior.step == CREATING:
        return NextStep.FIND_ORPHAN
    if prior.step == CREATED:
        return NextStep.ATTACH
    return NextStep.REPORT if now - ended_at(prior) < again_after_s else NextStep.CREATE


def ended_at(attempt: Attempt) -> float:
    """Return when an attempt's job ended, in epoch seconds: by its record, else by the journal."""
    moment = times.parse_timestamp((attempt.record or {}).get("completedAt"))
    return attempt.updated_at if moment is None else moment.timestamp()


def find_candidates(
    attempt: Attempt, listed: Iterable[Mapping[str, Any]], known_ids: set[int]
) -> list[Mapping[str, Any]]:
    """Return the jobs of a list that the attempt may have made.

    They have its file name and mode, are in the journal of no other attempt,
    and did not start before the request was sent, by the server's clock.
    """
    return [
        job
        for job in listed
        if job.get("fileName") == attempt.file_name
        and job.get("mode", attempt.key.mode) == attempt.key.mode
        and job["id"] not in known_ids
        and not started_before(job, attempt)
    ]


def started_before(job: Mapping[str, Any], attempt: Attempt) -> bool:
    """Tell whether a job was at work before the attempt's create request was sent."""
    # a job that failed before it started has only an end
    started = times.parse_timestamp(job.get("processStartedAt") or job.get("completedAt"))
    if started is None or attempt.creating_at is None:
        return False
    return started.timestamp() < attempt.creating_at - RESOLUTION_S


def settles_in_s(attempt: Attempt, now: float) -> float:
    """Return for how many seconds the server may still be about to make the attempt's job.

    They count from the sender's last sign of life, by this machine's clock, and
    are never more than SETTLE_S, should that clock have been set back.
    now: epoch seconds.
    """
    return min(SETTLE_S, max(0.0, attempt.updated_at + SETTLE_S - now))


def find_orphan(
    client: Client,
    journal: Journal,
    path: str,
    attempt: Attempt,
    clock: Clock,
    listener: ProgressListener,
) -> dict[str, Any] | None:
    """Return the job of an attempt whose answer was never heard; None when it made none.

    The attempt's name must be locked: every other attempt of unknown fate that
    has the name is known to be dead then. Raises TalkValueError, with the code
    AMBIGUOUS when several jobs may be the one.
    """
    settled_at = clock.now() + settles_in_s(attempt, journal.now())
    has_told = False
    while True:
        is_settled = clock.now() >= settled_at
        candidates = _list_candidates(client, journal, attempt)
        rivals = journal.list_rivals(attempt, SETTLE_S)
        if candidates and len(candidates) + len(rivals) > 1:
            raise _ambiguous(path, candidates)
        if candidates:
            job = dict(candidates[0])
            journal.was_created(attempt.id, job["id"])
            return job
        if is_settled:
            journal.was_refused(attempt.id)
            return None
        if not has_told:
            listener.note(
                f"{path}: an import may have been requested a moment ago; looking for it for "
                f"{format_duration(settled_at - clock.now())} before it is created again"
            )
            has_told = True
        clock.sleep(min(SEARCH_PAUSE_S, max(0.0, settled_at - clock.now())))


def _list_candidates(client: Client, journal: Journal, attempt: Attempt) -> list[Mapping[str, Any]]:
    """Return the jobs that the attempt may have made.

    The list is newest first: it is walked until a page is older throughout.
    """
    listed: list[Any] = []
    for found in imports.walk_pages(client):
        listed += found.items
        if all(started_before(job, attempt) for job in found.items):
            break
    # asked for last: whoever has made a job of the list has written it down by now
    known_ids = journal.list_job_ids(attempt.key.api_url)
    unique = {job["id"]: job for job in listed}.values()
    return find_candidates(attempt, unique, known_ids)


def _ambiguous(path: str, candidates: Sequence[Mapping[str, Any]]) -> TalkValueError:
    lines = "".join(f"\n  {job['id']}  {job.get('status')}" for job in candidates)
    return TalkValueError(
        f"{path}: an earlier run was cut off while it created the import, and "
        f"{len(candidates)} imports may be the one:{lines}",
        code=AMBIGUOUS,
        remedy=("attach_id", "ID"),
    )
