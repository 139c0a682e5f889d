"""What each step of submitting works with, and how it sends a request again."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from talkvalue_cli.clock import Clock
from talkvalue_cli.errors import TalkValueError
from talkvalue_cli.imports.deadline import Deadline
from talkvalue_cli.imports.file.checked import CheckedFile
from talkvalue_cli.imports.listener import ProgressListener
from talkvalue_cli.imports.options import RunOptions
from talkvalue_cli.imports.submitting.journal import Journal
from talkvalue_cli.times import format_duration

if TYPE_CHECKING:
    from talkvalue_cli.transport.client import Client

T = TypeVar("T")

#: pauses between two searches, and before a request is sent again, in seconds: from, to
FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 15.0


class RunContext(NamedTuple):
    """What each step works with, for all files of a run.

    deadline: of the whole run; it stands still during uploads.
    retry_for_s: for how long a request that changes nothing is sent again.
    warnings: what was told of each file, by its path, that its result has too.
    """

    client: Client
    journal: Journal
    options: RunOptions
    clock: Clock
    listener: ProgressListener
    deadline: Deadline
    retry_for_s: float
    warnings: dict[str, list[str]]

    def note(self, file: CheckedFile, text: str) -> None:
        """Tell something of a file, and have it in its result."""
        self.listener.note(text)
        self.warnings.setdefault(file.path, []).append(text)

    def warn(self, file: CheckedFile, text: str) -> None:
        """Warn of something about a file, and have it in its result."""
        self.listener.warn(text)
        self.warnings.setdefault(file.path, []).append(text)

    def send_patiently(
        self,
        file: CheckedFile,
        send: Callable[[], T],
        may_repeat: Callable[[TalkValueError], bool],
        deadline: Deadline | None = None,
    ) -> T:
        """Send, and again after a pause while that helps and there is patience for it."""
        ends_at, pause_s = self.clock.now() + self.retry_for_s, FIRST_PAUSE_S
        while True:
            try:
                return send()
            except TalkValueError as error:
                wanted_s = error.retry_after_s or pause_s
                is_too_late = self.clock.now() + wanted_s > ends_at or (
                    deadline is not None and deadline.cut(wanted_s) < wanted_s
                )
                if not may_repeat(error) or is_too_late:
                    raise
                first = error.text.splitlines()[0]
                self.listener.note(f"{file.path}: {first}; retrying in {format_duration(wanted_s)}")
            self.clock.sleep(wanted_s)
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)


class LockPatience:
    """How long to wait for another run that is at the same file; tells so once."""

    def __init__(
        self, file: CheckedFile, clock: Clock, listener: ProgressListener, timeout_s: float | None
    ) -> None:
        self._file, self._clock, self._listener = file, clock, listener
        self._timeout_s, self._began_at = timeout_s, clock.now()
        self._has_told = False

    def may_wait(self) -> bool:
        """Tell whether to go on waiting: there is time left."""
        if not self._has_told:
            self._listener.note(f"{self._file.path}: another run is sending it; waiting for it")
            self._has_told = True
        return self._timeout_s is None or self._clock.now() - self._began_at < self._timeout_s
