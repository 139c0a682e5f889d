"""What a run does about earlier runs for the same file. Pure: time and rows are handed in."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from typing import Any

from talkvalue_cli import times
from talkvalue_cli.imports.submitting import journal
from talkvalue_cli.imports.submitting.journal import Attempt

#: a request may still be worked on by the server so long after its sender has gone, in seconds
SETTLE_S = 60.0
#: the Date header, by which attempts are dated, is cut to whole seconds
RESOLUTION_S = 2.0


class Decision(enum.Enum):
    """What to do about a file."""

    CREATE = "create"
    ATTACH = "attach"
    REPORT = "report"
    LOOK_FOR = "look for"


def decide(prior: Attempt | None, now: float, again_after_s: float) -> Decision:
    """Return what to do, given the newest attempt that may have made a job.

    now: epoch seconds. again_after_s: an import that ended longer ago does not
    count any more.
    """
    if prior is None:
        return Decision.CREATE
    if prior.step == journal.CREATING:
        return Decision.LOOK_FOR
    if prior.step == journal.CREATED:
        return Decision.ATTACH
    return Decision.REPORT if now - ended_at(prior) < again_after_s else Decision.CREATE


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
