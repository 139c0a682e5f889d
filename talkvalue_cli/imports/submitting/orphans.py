"""The search for an import that was requested, and whose creation was never confirmed."""

from __future__ import annotations

from contextlib import suppress

from talkvalue_cli.api import imports
from talkvalue_cli.errors import DeadlineError, TalkValueError
from talkvalue_cli.imports.file.checked import CheckedFile
from talkvalue_cli.imports.result import Action, Submission
from talkvalue_cli.imports.submitting import recovery
from talkvalue_cli.imports.submitting.journal import Attempt, Key
from talkvalue_cli.imports.submitting.recovery import Candidates
from talkvalue_cli.imports.submitting.run_context import (
    FIRST_PAUSE_S,
    LONGEST_PAUSE_S,
    RunContext,
)
from talkvalue_cli.times import format_duration


class OrphanSearch:
    """Looks for the jobs of attempts whose answer was never heard."""

    def __init__(self, run: RunContext) -> None:
        self._run = run

    def find(
        self, file: CheckedFile, key: Key, attempt: Attempt, settle_s: float
    ) -> Submission | None:
        """Return the job of an attempt whose answer was never heard; None when it made none.

        It is looked for until it is found, or settle_s have passed; another machine
        may have imported the file meanwhile, which counts as well. Raises
        TalkValueError when one of several may be it, DeadlineError when there
        was no time to find out.
        """
        left_s = self._run.deadline.cut(settle_s)
        found = self._search(file, attempt, left_s)
        if found is not None and found.tagged:
            return self._adopt(file, attempt, found)
        if left_s < settle_s:
            raise DeadlineError("the deadline passed while it was looked for")
        if found is not None and found.untagged:
            return self._choose(file, attempt, found)
        if attempt.tag is None:
            self._run.journal.was_refused(attempt.id)
            return None
        known = self._run.find_elsewhere(key)
        if known.job is None:
            return None
        self._run.journal.was_refused(attempt.id)
        return self._run.take_over(file, key, known.job)

    def _search(self, file: CheckedFile, attempt: Attempt, left_s: float) -> Candidates | None:
        """Look until a job shows that carries the tag, or the time is over; return what was seen.

        Raises TalkValueError when the server does not answer in the end.
        """
        is_tagged = recovery.keeps_tags(self._run.journal, attempt)
        clock = self._run.clock
        ends_at, pause_s, has_told = clock.now() + left_s, FIRST_PAUSE_S, False
        while True:
            is_last = clock.now() >= ends_at
            found = self._look_for(attempt, is_tagged=is_tagged, is_last=is_last)
            if is_last or (found is not None and found.tagged):
                return found
            if not has_told:
                self._run.listener.note(
                    f"{file.path}: an import may have been requested a moment ago; looking for it "
                    f"for {format_duration(left_s)} before it is created again"
                )
                has_told = True
            clock.sleep(min(pause_s, max(0.0, ends_at - clock.now())))
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)

    def settles_in_s(self, attempt: Attempt) -> float:
        """Return for how long the job of an attempt may still turn up, in seconds.

        That counts from its sender's last sign of life by the journal's clock, and from
        its upload by the server's, whichever is later: one of them may have been set.
        """
        settle_s = self._run.options.settle_s
        left_s = max(
            attempt.updated_at + settle_s - self._run.journal.now(), self._unseen_s(attempt)
        )
        return min(settle_s, max(0.0, left_s))

    def _unseen_s(self, attempt: Attempt) -> float:
        """Return what is left to settle by the server's clock; all of it when that is unknown."""
        settle_s, server_time = self._run.options.settle_s, None
        try:
            _, server_time = imports.fetch_page(self._run.client, page=1, page_size=1)
        except TalkValueError as error:
            if not error.is_transient:
                raise
        if server_time is None or attempt.creating_at is None:
            return settle_s
        return attempt.creating_at + settle_s - server_time.timestamp()

    def _look_for(self, attempt: Attempt, *, is_tagged: bool, is_last: bool) -> Candidates | None:
        """Look once; None when the server does not answer, and may be asked again."""
        try:
            return recovery.find_candidates(
                self._run.client, self._run.journal, attempt, is_tagged=is_tagged
            )
        except TalkValueError as error:
            if is_last or not error.is_transient:
                raise
            return None

    def _choose(self, file: CheckedFile, attempt: Attempt, found: Candidates) -> Submission:
        """Take the one job that an attempt without a tag can have made. Raises for several."""
        if attempt.tag is None and len(found.untagged) == 1:
            return self._adopt(file, attempt, Candidates(found.untagged, []))
        raise recovery.describe_candidates(file.path, found)

    def _adopt(self, file: CheckedFile, attempt: Attempt, found: Candidates) -> Submission:
        first = found.tagged[0]
        self._name_twins(file, found)
        self._run.journal.was_created(attempt.id, first["id"])
        return Submission(file.path, Action.ADOPTED, first["id"], first, attempt_id=attempt.id)

    def _name_twins(self, file: CheckedFile, found: Candidates) -> None:
        """Warn of several jobs that carry one tag, which cannot be undone."""
        if len(found.tagged) > 1:
            named = ", ".join(str(job["id"]) for job in found.tagged)
            self._run.warn(
                file,
                f"{file.path} was imported more than once: one request has made the imports "
                f"{named}",
            )

    def look_for_twins(self, file: CheckedFile, key: Key) -> None:
        """Look whether a request that was given up has made a job after all, as far as it shows."""
        attempt = self._run.journal.find_latest(key)
        if attempt is not None and attempt.tag is not None:
            with suppress(TalkValueError):
                found = self._look_for(attempt, is_tagged=True, is_last=False)
                self._name_twins(file, found or Candidates([], []))


def describe_uncertain(file: CheckedFile, error: TalkValueError) -> TalkValueError:
    """Return the error for a create of unknown fate."""
    return TalkValueError(
        f"{file.path}: the import may or may not have been created: {error.text}",
        code="CREATE_UNCERTAIN",
        hint="run the same again: it looks for the import before it creates one",
        details=error.details,
    )
