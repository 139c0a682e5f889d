"""Finding the import of a run that never heard the answer to its create request."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from talkvalue_cli.api import imports
from talkvalue_cli.context import AppContext
from talkvalue_cli.errors import TalkValueError
from talkvalue_cli.imports.submitting import recovery
from talkvalue_cli.imports.submitting.journal import Attempt, Journal
from talkvalue_cli.times import format_duration

LOOK_PAUSE_S = 2.0
AMBIGUOUS = "AMBIGUOUS"


class JobSearch:
    """Looks through the list for the job that an attempt may have made."""

    def __init__(self, context: AppContext, journal: Journal) -> None:
        self._runtime, self._journal = context, journal

    def find(self, path: str, attempt: Attempt) -> dict[str, Any] | None:
        """Return the job of an attempt whose answer was never heard; None when it made none.

        The attempt's name must be locked: every other attempt of unknown fate
        that has the name is known to be dead then.
        """
        clock = self._runtime.clock
        settled_at = clock.now() + recovery.settles_in_s(attempt, self._runtime.wall_clock())
        has_told = False
        while True:
            is_settled = clock.now() >= settled_at
            candidates = self._list_candidates(attempt)
            rivals = self._journal.list_rivals(attempt, recovery.SETTLE_S)
            if candidates and len(candidates) + len(rivals) > 1:
                raise _ambiguous(path, candidates)
            if candidates:
                record = dict(candidates[0])
                self._journal.was_created(attempt.id, record["id"])
                return record
            if is_settled:
                self._journal.was_refused(attempt.id)
                return None
            if not has_told:
                self._tell_patience(path, settled_at - clock.now())
                has_told = True
            clock.sleep(min(LOOK_PAUSE_S, max(0.0, settled_at - clock.now())))

    def _tell_patience(self, path: str, left_s: float) -> None:
        self._runtime.output.note(
            f"{path}: an import may have been requested a moment ago; looking for it for "
            f"{format_duration(left_s)} before it is created anew"
        )

    def _list_candidates(self, attempt: Attempt) -> list[Any]:
        """Return the jobs that the attempt may have made.

        The list is newest first: it is walked until a page is older throughout.
        """
        listed: list[Any] = []
        for found in imports.walk_pages(self._runtime.client):
            listed += found.items
            if all(recovery.started_before(job, attempt) for job in found.items):
                break
        # asked for last: whoever has made a job of the list has written it down by now
        known_ids = self._journal.list_job_ids(attempt.key.api_url)
        unique = {job["id"]: job for job in listed}.values()
        return recovery.find_candidates(attempt, unique, known_ids)


def _ambiguous(path: str, candidates: Sequence[Any]) -> TalkValueError:
    lines = "".join(f"\n  {job['id']}  {job['status']}" for job in candidates)
    return TalkValueError(
        f"{path}: an earlier run was cut off while it created the import, and "
        f"{len(candidates)} imports may be the one:{lines}",
        code=AMBIGUOUS,
        hint="name it with --attach ID, or import anew with --again",
    )
