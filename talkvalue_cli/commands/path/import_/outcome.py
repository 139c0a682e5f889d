"""How a wait for one import ended: the verdict, the last record, and the error to print."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from talkvalue_cli.errors import (
    ImportOutcomeError,
    Interrupted,
    NotFoundError,
    TalkValueError,
)
from talkvalue_cli.exit_codes import ExitCode, code_of
from talkvalue_cli.imports.status import Record, Tolerance, Verdict, is_finished, judge
from talkvalue_cli.times import format_duration

#: so many reasons of rejected rows are named
SHOWN_REASONS = 3


class Outcome(NamedTuple):
    """The end of one wait. `error` is None when the exit code is 0."""

    verdict: Verdict
    record: Record | None
    error: TalkValueError | None


class Outcomes:
    """Makes the outcome of one job.

    resume: the command that goes on waiting for it.
    """

    def __init__(self, job_id: int, resume: str) -> None:
        self.job_id, self._resume = job_id, resume

    def finished(self, record: Record, tolerance: Tolerance) -> Outcome:
        """The job is terminal."""
        verdict = judge(record, tolerance)
        if verdict.exit_code == ExitCode.OK:
            return Outcome(verdict, record, None)
        if verdict.outcome == "unknown":
            message = f"import {self.job_id}: status {record['status']} is unknown to this version"
        else:
            message = f"import {self.job_id} ended as {record['status']}{_rejected(record)}"
        return Outcome(verdict, record, self._error(verdict, message, resume=None))

    def not_finished(self, record: Record) -> Outcome:
        """A single look has found the job alive."""
        return self._stopped(Verdict("not-finished", ExitCode.NOT_FINISHED, "NOT_FINISHED"), record)

    def timed_out(self, record: Record | None, timeout_s: float) -> Outcome:
        """The deadline passed."""
        verdict = Verdict("timeout", ExitCode.DEADLINE, "WAIT_TIMEOUT")
        return self._stopped(verdict, record, f"no end within {format_duration(timeout_s)}; ")

    def stalled(self, record: Record | None, still_s: float) -> Outcome:
        """The job did not move for longer than was to be put up with."""
        verdict = Verdict("stalled", ExitCode.DEADLINE, "WAIT_STALLED")
        return self._stopped(verdict, record, f"no move for {format_duration(still_s)}; ")

    def lost(self, record: Record | None, cause: TalkValueError | None) -> Outcome:
        """Contact was lost for longer than was to be put up with."""
        verdict = Verdict("lost", ExitCode.NOT_FINISHED, "WAIT_LOST")
        return self._stopped(verdict, record, f"{cause.message}; " if cause else "")

    def interrupted(
        self, interrupt: Interrupted, record: Record | None, doing: str = "waiting"
    ) -> Outcome:
        """A signal arrived."""
        verdict = Verdict("interrupted", code_of(interrupt), "INTERRUPTED")
        is_over = record is not None and is_finished(record)
        reason = f"stopped {doing} ({interrupt.name}){'' if is_over else ', the server goes on'}; "
        return self._stopped(verdict, record, reason)

    def failed(self, error: TalkValueError, record: Record | None) -> Outcome:
        """A look failed in a way that no later look can mend."""
        # nothing can be resumed that the server does not have
        resume = None if isinstance(error, NotFoundError) else self._resume
        # the same error may have ended the wait for other jobs too
        facts = {**error.details, "jobId": self.job_id, "resumeCommand": resume}
        error = error.evolve(details=facts)
        return Outcome(Verdict("error", code_of(error), error.code), record, error)

    def _stopped(self, verdict: Verdict, record: Record | None, reason: str = "") -> Outcome:
        """The wait ended before the job did, as far as we know."""
        error = self._error(verdict, reason + self._describe(record), resume=self._resume)
        error = error.evolve(
            hint=f"{self._resume}   goes on waiting; do not create the import again"
        )
        return Outcome(verdict, record, error)

    def _describe(self, record: Record | None) -> str:
        """Return where the job stood when it was last seen."""
        if record is None:
            return f"import {self.job_id} was never seen"
        if is_finished(record):
            return f"import {self.job_id} ended as {record['status']}"
        total, processed = record.get("totalRows"), record.get("processedRows")
        percent = f" ({100 * int(processed or 0) // total} %)" if total else ""
        return f"import {self.job_id} is still {record['status']}{percent}, not failed"

    def _error(self, verdict: Verdict, message: str, *, resume: str | None) -> ImportOutcomeError:
        return ImportOutcomeError(
            message,
            exit_code=verdict.exit_code,
            code=str(verdict.error_code),
            details={"jobId": self.job_id, "resumeCommand": resume},
        )


def describe_rejected(record: Record) -> str:
    """Return how many rows of the import were rejected, and the most frequent reasons."""
    return f"import {record['id']}{_rejected(record)}"


def _rejected(record: Record) -> str:
    failed = record.get("failedCount")
    if not failed:
        return ""
    text = f": {failed:,} of {record.get('totalRows', 0):,} rows were rejected"
    sample = [row for row in record.get("failedRows") or () if isinstance(row, dict)]
    reasons = Counter(str(row.get("errorCode") or "without a code") for row in sample)
    if reasons:
        counted = ", ".join(f"{n} {code}" for code, n in reasons.most_common(SHOWN_REASONS))
        text += f" ({counted} in a sample of {len(sample)})"
    return text
