"""What can go wrong. An error is whole when it is built; who adds to one makes another."""

from __future__ import annotations

import copyreg
import signal
from collections.abc import Mapping
from typing import Any, TypeVar

E = TypeVar("E", bound="TalkValueError")


class TalkValueError(Exception):
    """Any failure that ends a command with a message instead of a traceback.

    message: what happened, to which thing; the server's own words where it has said it.
    text: the same for people, with what was asked and more that is in `details`.
    hint: what to do next, usually a command to type.
    remedy: the argument that would let it pass, by its name in Python, and a
        value for it; whoever has a command line says how it is written there.
    code: a stable upper-case word for scripts, `error.code` in JSON.
    details: further keys of the JSON error, spelled as they are printed.
    is_transient: the same request may succeed when it is sent again later.
    retry_after_s: the pause the server asked for, in seconds.
    was_never_sent: the request that failed certainly did not reach its server.
    """

    was_never_sent = False
    code = "ERROR"
    #: first field of an error in CSV; the existing CLI prints its class names there
    kind = "CliError"

    def __init__(
        self,
        message: str,
        *,
        text: str | None = None,
        hint: str | None = None,
        remedy: tuple[str, str] | None = None,
        code: str | None = None,
        details: Mapping[str, Any] | None = None,
        is_transient: bool = False,
        retry_after_s: float | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.text = message if text is None else text
        self.hint = hint
        self.remedy = remedy
        self.code = code or type(self).code
        self.details = dict(details or {})
        self.is_transient = is_transient
        self.retry_after_s = retry_after_s

    @property
    def may_have_arrived(self) -> bool:
        """A request to change something that failed in this way may have changed it."""
        if self.was_never_sent:
            return False
        # 303 says "done, look there"; 4xx is a refusal, 408 apart; after 5xx and an answer that
        # makes no sense nobody knows
        status = self.details.get("status", 500)
        return bool(status in (303, 408) or status >= 500)

    def __reduce__(self) -> tuple[Any, ...]:
        """Let it go to another process as it is: a class may take more than the message."""
        return copyreg.__newobj__, (type(self), *self.args), vars(self)  # type: ignore[attr-defined]

    def evolve(self: E, **changes: Any) -> E:
        """Return a copy with other values of some attributes; this error stays as it is."""
        # not copy.copy, which calls the class with nothing but the message
        error = type(self).__new__(type(self), *self.args)
        error.__cause__ = self.__cause__
        vars(error).update({**vars(self), **changes})
        return error


class UsageError(TalkValueError):
    """The command line, the environment or a local file is wrong."""

    code = "USAGE"
    kind = "UsageError"


class AuthError(TalkValueError):
    """There is no token, or the server refuses it.

    may_be_renewed: the same request may succeed with the token that comes next.
    """

    code = "AUTHENTICATION"
    kind = "AuthError"
    may_be_renewed = False
    may_have_arrived = False


class NotFoundError(TalkValueError):
    """The thing asked for does not exist."""

    code = "NOT_FOUND"
    kind = "NotFoundError"
    may_have_arrived = False


class ForbiddenError(TalkValueError):
    """The token is good, but does not allow this."""

    code = "FORBIDDEN"
    kind = "ForbiddenError"
    may_have_arrived = False


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

    @property
    def may_have_arrived(self) -> bool:
        """Nobody knows, unless it certainly was not sent."""
        return not self.was_never_sent


class UnexpectedAnswerError(TalkValueError):
    """The server said 2xx, but the body is not what the API describes."""

    code = "UNEXPECTED_ANSWER"


class NoContentError(UnexpectedAnswerError):
    """The server has nothing to send: 204, where there could have been a file."""


class LocalFileError(TalkValueError):
    """A file of this machine could not be written."""

    code = "LOCAL_FILE"


class QueryError(LocalFileError):
    """The answer came, but what is to be printed of it cannot be selected."""

    code = "QUERY"


class StoppedError(TalkValueError):
    """A signal stopped something about which there is more to say than that.

    signum: the number of the signal.
    """

    code = "INTERRUPTED"

    def __init__(self, message: str, signum: int, **more: Any) -> None:
        super().__init__(message, **more)
        self.signum = signum


class NotStartedError(TalkValueError):
    """Something was left for later: nothing of it has begun."""

    code = "NOT_STARTED"


class DeadlineError(TalkValueError):
    """The deadline passed before there was anything to wait for."""

    code = "WAIT_TIMEOUT"


class ProgramError(TalkValueError):
    """Another program that this one runs has failed.

    exit_code: what it returned, or what a shell returns for one that cannot be run.
    """

    def __init__(self, message: str, exit_code: int, **more: Any) -> None:
        super().__init__(message, **more)
        self.exit_code = exit_code


class Interrupted(BaseException):
    """A signal asks to stop.

    Not an Exception, so that no handler of failures takes it for one.
    """

    def __init__(self, signum: int) -> None:
        super().__init__(signum)
        self.signum = signum

    @property
    def name(self) -> str:
        """The signal's name, such as SIGINT."""
        return signal.Signals(self.signum).name
