"""How the engine tells what it does; screens and logs implement it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from talkvalue_cli.errors import TalkValueError
    from talkvalue_cli.imports.result import ImportResult
    from talkvalue_cli.imports.waiting.history import JobHistory


class ProgressListener(Protocol):
    """Is told how a run or a wait goes on. SilentListener does nothing of it.

    A method may raise errors.Interrupted to stop: what has been found out so
    far is returned, the imports go on. Any other error comes out of what was called, but for one
    of errors.TalkValueError, which counts as one of the server's.
    """

    @property
    def tick_s(self) -> float | None:
        """How often `tick` wants to be called during pauses, in seconds; None is never."""

    def tick(self) -> None:
        """Some time has passed: in a pause, in an exchange, or with a part of a file."""

    def polled(self, history: JobHistory) -> None:
        """A poll has brought a job; `history.record` is what it looks like now."""

    def poll_failed(self, job_id: int, error: TalkValueError, retry_in_s: float) -> None:
        """A poll brought nothing, and is repeated after a pause. job_id: the first it was for."""

    def ended(self, result: ImportResult) -> None:
        """The wait for one job has ended."""

    def wait_ended(self) -> None:
        """The wait for all of them has; their failed rows may be saved yet."""

    def upload_began(self, name: str, size: int) -> None:
        """A file of so many bytes is sent from its start, perhaps not for the first time."""

    def sent(self, size: int) -> None:
        """So many more bytes of it were sent. Called from the thread that sends them."""

    def upload_ended(self) -> None:
        """The upload is over, well or not."""

    def note(self, text: str) -> None:
        """Something that a person may want to know."""

    def warn(self, text: str) -> None:
        """Something that a person should look at."""


class SilentListener:
    """A ProgressListener that does nothing; the base of those that want a part of it."""

    tick_s: float | None = None

    def tick(self) -> None:
        """Do nothing."""

    def polled(self, history: JobHistory) -> None:
        """Do nothing."""

    def poll_failed(self, job_id: int, error: TalkValueError, retry_in_s: float) -> None:
        """Do nothing."""

    def ended(self, result: ImportResult) -> None:
        """Do nothing."""

    def wait_ended(self) -> None:
        """Do nothing."""

    def upload_began(self, name: str, size: int) -> None:
        """Do nothing."""

    def sent(self, size: int) -> None:
        """Do nothing."""

    def upload_ended(self) -> None:
        """Do nothing."""

    def note(self, text: str) -> None:
        """Do nothing."""

    def warn(self, text: str) -> None:
        """Do nothing."""
