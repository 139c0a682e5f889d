"""Exit codes: what each means, and the one table from what ended a command to its code.

Beside `cli.py`, which returns the code of the process, the documents of a wait hold codes too:
one for each import.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence

from talkvalue_cli import errors
from talkvalue_cli.imports.result import Outcome, UnsuccessfulImportError


class ExitCode(enum.IntEnum):
    """What the process returns, each with its meaning as one line of text."""

    meaning: str

    def __new__(cls, code: int, meaning: str) -> ExitCode:
        """Return a code with its meaning."""
        made = int.__new__(cls, code)
        made._value_, made.meaning = code, meaning
        return made

    OK = 0, "done; the import COMPLETED, or is PARTIAL_SUCCESS within what you allow"
    GENERAL = 1, "general error: network, server error, conflict, unexpected answer"
    USAGE = 2, "usage error: the command line or a local file is wrong; nothing was imported"
    AUTH = 3, "authentication: no token or session, or the server refuses it"
    NOT_FOUND = 4, "not found"
    FORBIDDEN = 5, "forbidden"
    PARTIAL = 6, "the import ended as PARTIAL_SUCCESS: some rows failed"
    FAILED = 7, "the import ended as FAILED: nothing was imported"
    NOT_FINISHED = 8, "status unknown, may still be running; wait again, do not create again"
    DEADLINE = 124, "timed out; the import keeps running, do not create again"
    SIGHUP = 129, "interrupted by SIGHUP; the import keeps running"
    SIGINT = 130, "interrupted by SIGINT (Ctrl-C); the import keeps running"
    SIGPIPE = 141, "the reader of standard output went away"
    SIGTERM = 143, "interrupted by SIGTERM; the import keeps running"


#: the first kind that fits decides
_BY_ERROR: tuple[tuple[type[BaseException], ExitCode], ...] = (
    (errors.UsageError, ExitCode.USAGE),
    (errors.AuthError, ExitCode.AUTH),
    (errors.NotFoundError, ExitCode.NOT_FOUND),
    (errors.ForbiddenError, ExitCode.FORBIDDEN),
    (errors.NotStartedError, ExitCode.NOT_FINISHED),
    (errors.DeadlineError, ExitCode.DEADLINE),
    (BrokenPipeError, ExitCode.SIGPIPE),
)
#: of an import that is no success; the errors of INTERRUPTED and ERROR have their own codes
_BY_OUTCOME = {
    Outcome.COMPLETED: ExitCode.PARTIAL,
    Outcome.PARTIAL: ExitCode.PARTIAL,
    Outcome.FAILED: ExitCode.FAILED,
    Outcome.UNKNOWN: ExitCode.GENERAL,
    Outcome.NOT_FINISHED: ExitCode.NOT_FINISHED,
    Outcome.TIMEOUT: ExitCode.DEADLINE,
    Outcome.STALLED: ExitCode.DEADLINE,
    Outcome.LOST: ExitCode.NOT_FINISHED,
}
#: what a process returns for several imports: the first of these that one of them has
SEVERITY = (130, 143, 129, 3, 7, 4, 5, 1, 2, 124, 8, 6, 0)


def code_of(error: BaseException | None) -> int:
    """Return the exit code of a command that an error ended, OK for none.

    Whatever has no line of its own is GENERAL.
    """
    if error is None:
        return ExitCode.OK
    if isinstance(error, (errors.Interrupted, errors.StoppedError)):
        return 128 + error.signum  # as shells count
    if isinstance(error, errors.ProgramError):
        return error.exit_code
    if isinstance(error, UnsuccessfulImportError):
        return _BY_OUTCOME[error.outcome]
    return next((code for kind, code in _BY_ERROR if isinstance(error, kind)), ExitCode.GENERAL)


def worst_code(codes: Sequence[int]) -> int:
    """Return the code of a process whose imports have these codes."""
    return min(codes, key=SEVERITY.index, default=int(ExitCode.OK))
