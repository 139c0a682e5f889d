"""What can go wrong, and the exit code that each kind of failure has."""

from __future__ import annotations

import enum
import signal
from collections.abc import Mapping
from typing import Any


class ExitCode(enum.IntEnum):
    """What the process returns; `describe` has the sentence that the documentation prints."""

    OK = 0
    GENERAL = 1
    USAGE = 2
    AUTH = 3
    NOT_FOUND = 4
    FORBIDDEN = 5
    PARTIAL = 6
    FAILED = 7
    NOT_FINISHED = 8
    DEADLINE = 124
    SIGHUP = 129
    SIGINT = 130
    SIGPIPE = 141
    SIGTERM = 143

    def describe(self) -> str:
        """Return the meaning of the code as one line of text."""
        return _MEANINGS[self]


_MEANINGS = {
    ExitCode.OK: "done; the import COMPLETED, or is PARTIAL_SUCCESS within what you allow",
    ExitCode.GENERAL: "general error: network, server error, conflict, unexpected answer",
    ExitCode.USAGE: "usage error: the command line or a local file is wrong; nothing was imported",
    ExitCode.AUTH: "authentication: no token or session, or the server refuses it",
    ExitCode.NOT_FOUND: "not found",
    ExitCode.FORBIDDEN: "forbidden",
    ExitCode.PARTIAL: "the import ended as PARTIAL_SUCCESS: some rows were rejected",
    ExitCode.FAILED: "the import ended as FAILED: nothing landed",
    ExitCode.NOT_FINISHED: "not finished, as far as we know; look again, do not create again",
    ExitCode.DEADLINE: "the deadline passed; the import goes on, do not create again",
    ExitCode.SIGHUP: "stopped by SIGHUP; the import goes on",
    ExitCode.SIGINT: "stopped by SIGINT (Ctrl-C); the import goes on",
    ExitCode.SIGPIPE: "the reader of standard output went away",
    ExitCode.SIGTERM: "stopped by SIGTERM; the import goes on",
}


class TalkValueError(Exception):
    """Any failure that ends a command with a message instead of a traceback.

    message: what happened, to which thing.
    hint: what to do next, usually a command to type.
    code: a stable upper-case word for scripts, `error.code` in JSON.
    details: further keys of the JSON error, spelled as they are printed.
    is_transient: the same request may succeed when it is sent again later.
    retry_after_s: the pause the server asked for, in seconds.
    was_never_sent: the request that failed certainly did not reach its server.
    """

    exit_code: int = ExitCode.GENERAL
    was_never_sent = False
    code = "ERROR"
    #: first field of an error in CSV; the existing CLI prints its class names there
    kind = "CliError"

    def __init__(
        self,
        message: str,
        *,
        hint: str | None = None,
        code: str | None = None,
        details: Mapping[str, Any] | None = None,
        is_transient: bool = False,
        retry_after_s: float | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.code = code or type(self).code
        self.details = dict(details or {})
        self.is_transient = is_transient
        self.retry_after_s = retry_after_s


class UsageError(TalkValueError):
    """The command line, the environment or a local file is wrong."""

    exit_code = ExitCode.USAGE
    code = "USAGE"
    kind = "UsageError"


class AuthError(TalkValueError):
    """There is no token, or the server refuses it.

    may_be_renewed: the same request may succeed with the token that comes next.
    """

    exit_code = ExitCode.AUTH
    code = "AUTHENTICATION"
    kind = "AuthError"
    may_be_renewed = False


class NotFoundError(TalkValueError):
    """The thing asked for does not exist."""

    exit_code = ExitCode.NOT_FOUND
    code = "NOT_FOUND"
    kind = "NotFoundError"


class ForbiddenError(TalkValueError):
    """The token is good, but does not allow this."""

    exit_code = ExitCode.FORBIDDEN
    code = "FORBIDDEN"
    kind = "ForbiddenError"


class RefusedError(TalkValueError):
    """The server answered with any other status that is not a success."""

    code = "HTTP_ERROR"


class NetworkError(TalkValueError):
    """No answer, or only a part of one.

    is_disconnect: the server closed the connection instead of answering.
    """

    code = "NETWORK"

    def __init__(
        self,
        message: str,
        *,
        was_never_sent: bool = False,
        is_disconnect: bool = False,
        is_transient: bool = True,
        hint: str | None = None,
    ) -> None:
        super().__init__(message, is_transient=is_transient, hint=hint)
        self.was_never_sent = was_never_sent
        self.is_disconnect = is_disconnect


class UnexpectedAnswerError(TalkValueError):
    """The server said 2xx, but the body is not what the API describes."""

    code = "UNEXPECTED_ANSWER"


class LocalFileError(TalkValueError):
    """A file of this machine could not be written."""

    code = "LOCAL_FILE"


class ImportOutcomeError(TalkValueError):
    """A wait ended in a way that is not a success; `exit_code` tells which."""

    def __init__(
        self, message: str, *, exit_code: int, code: str, details: Mapping[str, Any]
    ) -> None:
        super().__init__(message, code=code, details=details)
        self.exit_code = exit_code


class Interrupted(BaseException):
    """SIGINT, SIGTERM or SIGHUP arrived.

    Not an Exception, so that no handler of failures takes it for one.
    """

    def __init__(self, signum: int) -> None:
        super().__init__(signum)
        self.signum = signum

    @property
    def name(self) -> str:
        """The signal's name, such as SIGINT."""
        return signal.Signals(self.signum).name

    @property
    def exit_code(self) -> int:
        """128 plus the number of the signal, as shells count."""
        return 128 + self.signum
