"""What became of one import: the one type in which every wait and every run ends."""

from __future__ import annotations

import enum
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from talkvalue_cli.counts import read_count
from talkvalue_cli.errors import (
    Interrupted,
    NoContentError,
    NotFoundError,
    StoppedError,
    TalkValueError,
)
from talkvalue_cli.imports import status
from talkvalue_cli.imports.status import NO_TOLERANCE, Job, MaxFailed, Tolerance, find_line
from talkvalue_cli.statuses import COMPLETED, FAILED, PARTIAL_SUCCESS
from talkvalue_cli.times import format_duration

if TYPE_CHECKING:
    from talkvalue_cli.imports.file.prepared import Prepared
    from talkvalue_cli.imports.file.tally import LineMap

#: so many reasons of failed rows are named
SHOWN_REASONS = 3
#: where a server may say why a whole job failed; none is described yet, the first one counts
_REASON_KEYS = ("errorMessage", "failureReason", "reason", "message", "detail", "error")


class Outcome(enum.Enum):
    """How a wait for one import ended; the value is the word for it in JSON."""

    COMPLETED = "completed"
    PARTIAL = "partial"
    FAILED = "failed"
    #: finished with a status that this version does not know
    UNKNOWN = "unknown"
    #: seen alive when there was no more time or reason to wait
    NOT_FINISHED = "not-finished"
    TIMEOUT = "timeout"
    STALLED = "stalled"
    #: the server could not be reached for too long
    LOST = "lost"
    INTERRUPTED = "interrupted"
    #: the server or this machine refused something; `ImportResult.error` tells what
    ERROR = "error"


_CODES = {
    Outcome.COMPLETED: "IMPORT_PARTIAL",
    Outcome.PARTIAL: "IMPORT_PARTIAL",
    Outcome.FAILED: "IMPORT_FAILED",
    Outcome.UNKNOWN: "UNKNOWN_STATUS",
    Outcome.NOT_FINISHED: "NOT_FINISHED",
    Outcome.TIMEOUT: "WAIT_TIMEOUT",
    Outcome.STALLED: "WAIT_STALLED",
    Outcome.LOST: "WAIT_LOST",
}
_FINISHED = {
    COMPLETED: Outcome.COMPLETED,
    PARTIAL_SUCCESS: Outcome.PARTIAL,
    FAILED: Outcome.FAILED,
}


class UnsuccessfulImportError(TalkValueError):
    """An import did not finish as a success, or not in time; `outcome` tells which."""

    def __init__(self, message: str, outcome: Outcome, job_id: int) -> None:
        super().__init__(message, code=_CODES[outcome], details={"jobId": job_id})
        self.outcome = outcome


class WaitStats(NamedTuple):
    """What a wait took: seconds, uploads apart, and requests."""

    elapsed_s: float = 0.0
    requests: int = 0


class Action:
    """What a run did about a file.

    CREATED: made an import. ATTACHED: found one that was not seen to finish.
    ADOPTED: found one whose creation was never confirmed. KNOWN: found one that
    had finished, and made none. NONE: could not submit it.
    """

    CREATED, ATTACHED, ADOPTED, KNOWN, NONE = "created", "attached", "adopted", "known", "none"


class Submission(NamedTuple):
    """What came of submitting one file: an import to wait for, one that is known, or an error.

    file: the path as it was given. action: one of Action. job: as far as it is known.
    attempt_id: the row of the journal, None when there is none.
    prepared: what was decided about the file; None for one that is sent untouched.
    lines: the line of the file for each row that is sent.
    warnings: sentences that were told to the listener, and that a reader of results needs too.
    """

    file: str
    action: str
    job_id: int | None = None
    job: Job | None = None
    error: TalkValueError | None = None
    attempt_id: int | None = None
    prepared: Prepared | None = None
    lines: LineMap | None = None
    warnings: tuple[str, ...] = ()

    @property
    def is_new(self) -> bool:
        """The import was created just now, so a server may not show it yet."""
        return self.action == Action.CREATED


class ImportResult(NamedTuple):
    """What became of one import.

    job: the ImportJob as it was last seen, None when it never was.
    error: why this is no success, None when it is one.
    file, action, prepared, lines, warnings: as in Submission; None when no file was submitted.
    failed_rows: where they were saved (`-` for a stream). failed_rows_error: why
        they were not. Both are None when there were none, or nobody asked.
    """

    outcome: Outcome
    job_id: int | None
    job: Job | None = None
    error: TalkValueError | None = None
    file: str | None = None
    action: str | None = None
    failed_rows: Path | None = None
    failed_rows_error: TalkValueError | None = None
    prepared: Prepared | None = None
    lines: LineMap | None = None
    warnings: tuple[str, ...] = ()

    def find_line(self, row: int) -> int | None:
        """Return the line of the user's file for the server's number of a row.

        Where the file is not at hand it is that of the file as it was sent.
        """
        return find_line(row) if self.lines is None else self.lines.find(row)

    @property
    def is_success(self) -> bool:
        """The import finished within what was tolerated, and what was asked for was saved."""
        return self.error is None

    @property
    def is_finished(self) -> bool:
        """The job has finished, whatever became of the wait for it."""
        return self.job is not None and status.is_finished(self.job)

    @property
    def can_resume(self) -> bool:
        """A later wait may find out more: the server has the job, and it was not seen to finish."""
        if self.job_id is None or isinstance(self.error, NotFoundError):
            return False
        return self.outcome not in (*_FINISHED.values(), Outcome.UNKNOWN)

    def is_settled(self, *, wants_failed_rows: bool) -> bool:
        """Tell whether a later run would find nothing left to do.

        That is so when the job has finished and its failed rows, if they are
        wanted, were saved or cannot be.
        """
        if not self.is_finished or self.job is None:
            return False
        if not wants_failed_rows or not status.may_have_failed_rows(self.job):
            return True
        error = self.failed_rows_error
        if self.failed_rows is not None or isinstance(error, NoContentError):
            return True
        return error is not None and error.code == "FILE_EXISTS"

    def raise_for_outcome(
        self, *, allow_partial: bool = False, max_failed: MaxFailed | None = None
    ) -> None:
        """Raise the error of an import that is no success; do nothing for one that is.

        allow_partial, max_failed: permit more than the wait was told to.
        Raises UnsuccessfulImportError, or the TalkValueError that ended the wait.
        """
        tolerance = Tolerance(allow_partial, max_failed)
        # a command line has looked at its own
        from talkvalue_cli.imports.arguments import check_all

        check_all(tolerance._asdict())
        error = self.error
        if isinstance(error, UnsuccessfulImportError) and self.is_finished and self.job is not None:
            error = judge(self.job, tolerance).error
        if error is not None:
            raise error


def judge(job: Job, tolerance: Tolerance = NO_TOLERANCE) -> ImportResult:
    """Return the result of a job as it is: finished, or alive."""
    if not status.is_finished(job):
        return unfinished(Outcome.NOT_FINISHED, job["id"], job)
    outcome = _FINISHED.get(str(job.get("status")), Outcome.UNKNOWN)
    if outcome in (Outcome.COMPLETED, Outcome.PARTIAL) and tolerance.permits(job):
        return ImportResult(outcome, job["id"], job)
    if outcome is Outcome.UNKNOWN:
        message = f"import {job['id']}: status {job.get('status')} is unknown to this version"
    else:
        told = [find_reason(job)] if outcome is Outcome.FAILED else []
        said = "; ".join(filter(None, [*told, _count_failed(job)]))
        message = _describe(job["id"], job) + (f": {said}" if said else "")
    error = UnsuccessfulImportError(message, outcome, job["id"])
    return ImportResult(outcome, job["id"], job, error)


def unfinished(outcome: Outcome, job_id: int, job: Job | None, reason: str = "") -> ImportResult:
    """Return the result of a wait that ended before the job did, as far as we know."""
    message = f"{reason}; {_describe(job_id, job)}" if reason else _describe(job_id, job)
    return ImportResult(outcome, job_id, job, UnsuccessfulImportError(message, outcome, job_id))


def interrupted(
    job_id: int, job: Job | None, interrupt: Interrupted, doing: str = ""
) -> ImportResult:
    """Return the result of a wait that a signal ended.

    doing: what it ended when that was not the wait, such as `saving failed rows`.
    """
    is_alive = job is None or not status.is_finished(job)
    message = f"interrupted ({interrupt.name}){f' while {doing}' if doing else ''}; " + (
        f"the import keeps running on the server; {_describe(job_id, job)}"
        if is_alive
        else _describe(job_id, job)
    )
    error = StoppedError(message, interrupt.signum, details={"jobId": job_id})
    return ImportResult(Outcome.INTERRUPTED, job_id, job, error)


def refused(job_id: int, job: Job | None, error: TalkValueError) -> ImportResult:
    """Return the result of a wait that ended with an error which no later poll can change."""
    # the same error may have ended the wait for other jobs too
    named = error.evolve(details={**error.details, "jobId": job_id})
    return ImportResult(Outcome.ERROR, job_id, job, named)


def count_failed(job: Job) -> str:
    """Return how many rows of the import failed, and the most frequent reasons."""
    counted = _count_failed(job)
    return f"import {job['id']}" + (f": {counted}" if counted else "")


def find_reason(job: Job) -> str:
    """Return the server's own words for why a job failed, in one line; empty without any.

    That is a message of the job, or the one that all sampled rows share.
    """
    told = (job.get(key) for key in _REASON_KEYS)
    words = next((text for text in told if isinstance(text, str) and text.strip()), "")
    if not words:
        shown = [
            row.get("errorMessage") or row.get("errorCode") for row in status.list_failed_rows(job)
        ]
        is_shared = bool(shown) and all(each == shown[0] for each in shown)
        words = shown[0] if is_shared and isinstance(shown[0], str) else ""
    return " ".join(words.split())


def _describe(job_id: int, job: Job | None) -> str:
    """Return where the job stood when it was last seen."""
    if job is None:
        return f"import {job_id} was never seen"
    if status.is_finished(job):
        return f"import {job_id} ended as {job.get('status')}"
    total, processed = read_count(job.get("totalRows")), read_count(job.get("processedRows"))
    percent = f" ({100 * (processed or 0) // total} %)" if total else ""
    return f"import {job_id} is still {job.get('status')}{percent}, not failed"


def _count_failed(job: Job) -> str:
    failed = read_count(job.get("failedCount"))
    if not failed:
        return ""
    total = read_count(job.get("totalRows"))
    text = f"{failed:,} of {'?' if total is None else f'{total:,}'} rows failed"
    sample = status.list_failed_rows(job)
    reasons = Counter(str(row.get("errorCode") or "without a code") for row in sample)
    if reasons:
        counted = ", ".join(f"{n} {code}" for code, n in reasons.most_common(SHOWN_REASONS))
        scope = f" in a sample of {len(sample)}" if len(sample) < failed else ""
        text += f" ({counted}{scope})"
    return text


def timed_out(job_id: int, job: Job | None, timeout_s: float) -> ImportResult:
    """Return the result of a wait whose deadline passed."""
    reason = f"timed out after {format_duration(timeout_s)}"
    return unfinished(Outcome.TIMEOUT, job_id, job, reason)


def stalled(job_id: int, job: Job | None, still_s: float) -> ImportResult:
    """Return the result of a wait for a job that made no progress for too long."""
    reason = f"no progress for {format_duration(still_s)}"
    return unfinished(Outcome.STALLED, job_id, job, reason)
