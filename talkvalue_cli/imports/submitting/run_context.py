"""What each step of submitting works with, and what several of them do."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from talkvalue_cli.clock import Clock
from talkvalue_cli.errors import TalkValueError
from talkvalue_cli.imports import status
from talkvalue_cli.imports.deadline import Deadline
from talkvalue_cli.imports.file.checked import CheckedFile
from talkvalue_cli.imports.listener import ProgressListener
from talkvalue_cli.imports.options import RunOptions
from talkvalue_cli.imports.result import Action, Submission
from talkvalue_cli.imports.submitting import recovery
from talkvalue_cli.imports.submitting.journal import Journal, Key
from talkvalue_cli.imports.submitting.recovery import NOTHING_FOUND, Found
from talkvalue_cli.imports.submitting.tags import Tag, find_tag
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

    def begin(self, file: CheckedFile, key: Key, tag: Tag) -> int:
        """Write down that a file is about to be uploaded, or was; return the id of the attempt."""
        return self.journal.begin(
            key,
            profile=self.client.profile,
            tag=tag,
            # a name that is no UTF-8, which no database takes, is escaped
            file_path=file.path.encode("utf-8", "backslashreplace").decode(),
            file_name=file.name,
            headers=file.sent_header,
            rows=file.checked.rows,
        )

    def find_elsewhere(self, key: Key) -> Found:
        """Return what other machines have made of an import, unless nobody is to be asked."""
        if not self.options.asks_server:
            return NOTHING_FOUND
        # machines with journals of their own may know less
        own = key._replace(api_url=self.client.base_url, organization=self.client.organization)
        others = (own, own._replace(organization="")) if self.journal.is_shared else ()
        digests = {each.digest for each in (key, *others)}
        return recovery.find_elsewhere(self.client, digests, self.options.again_after_s)

    def take_over(self, file: CheckedFile, key: Key, job: dict[str, Any]) -> Submission:
        """Return an import that another machine made, or one that the journal has lost."""
        tag = find_tag(job.get("fileName"))
        assert tag is not None, "it was found by its tag"
        attempt_id = self.begin(file, key, tag)
        self.journal.was_created(attempt_id, job["id"])
        if not status.is_finished(job):
            return Submission(file.path, Action.ATTACHED, job["id"], job, attempt_id=attempt_id)
        self.journal.was_finished(attempt_id, job)
        self.listener.note(f"{file.path} was imported by import {job['id']} on another machine")
        return Submission(file.path, Action.KNOWN, job["id"], job, attempt_id=attempt_id)


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
