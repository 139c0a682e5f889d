"""Start the import of one file so that it is never started twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, suppress
from typing import Any, NamedTuple

from talkvalue_cli import times
from talkvalue_cli.api import imports
from talkvalue_cli.api.models import ColumnMapping, CreatedImport
from talkvalue_cli.commands import writing
from talkvalue_cli.context import AppContext
from talkvalue_cli.errors import LocalFileError, NotFoundError, TalkValueError, UsageError
from talkvalue_cli.imports.file.upload import CheckedFile, RunOptions, Uploader
from talkvalue_cli.imports.submitting import recovery
from talkvalue_cli.imports.submitting.journal import CREATING, Attempt, Journal, Key
from talkvalue_cli.imports.submitting.recovery import Decision
from talkvalue_cli.imports.submitting.search import AMBIGUOUS, JobSearch
from talkvalue_cli.imports.waiting.fetch import VISIBLE_AFTER_S
from talkvalue_cli.times import format_duration
from talkvalue_cli.transport.client import Client

#: a create whose fate is settled as "nothing was made" is sent again so often at the most
CREATE_TRIES = 3


class Started(NamedTuple):
    """What came of a file.

    action: created, attached, adopted or known (ended before, within --again-after).
    record: the job as far as it is known.
    """

    file: CheckedFile
    action: str
    attempt_id: int
    job_id: int
    record: dict[str, Any]


class Starter:
    """Starts imports of files, and writes each step down before it is taken."""

    def __init__(self, context: AppContext, journal: Journal, options: RunOptions) -> None:
        self._runtime, self._journal, self._options = context, journal, options
        self._api_url, self._profile = context.settings.api_url, context.settings.profile
        self._uploader = Uploader(context, options)
        self._search = JobSearch(context, journal)
        self._may_wait: Callable[[], bool] = lambda: True

    @property
    def _client(self) -> Client:
        return self._runtime.client

    def start(self, file: CheckedFile, timeout_s: float | None) -> Started:
        """Create the file's import, or find the one that it has already.

        timeout_s: how long to wait for another run that is at the same file.
        Raises TalkValueError; what may have happened is in the journal then.
        """
        options = self._options
        key = Key(
            self._api_url, self._profile, file.checked.sha256, options.source_id, options.mode
        )
        began_at = self._runtime.clock.now()

        has_told = False

        def may_wait() -> bool:
            nonlocal has_told
            if not has_told:
                self._runtime.output.note(f"{file.path}: another run is sending it; waiting for it")
                has_told = True
            return timeout_s is None or self._runtime.clock.now() - began_at < timeout_s

        self._may_wait = may_wait
        with self._journal.lock(key, self._runtime.clock.sleep, may_wait):
            prior = self._journal.find_latest(key)
            if options.attach_id is not None:
                return self._attach_to(options.attach_id, file, key, prior)
            if options.again:
                prior = None
            found = self._resolve(file, prior)
            return found or self._create(file, key)

    def _resolve(self, file: CheckedFile, prior: Attempt | None) -> Started | None:
        """Return the import that an earlier run made, None when there is none that counts."""
        decision = recovery.decide(prior, self._runtime.wall_clock(), self._options.again_after_s)
        if prior is None or decision is Decision.CREATE:
            return None
        if decision is Decision.REPORT:
            assert prior.job_id is not None and prior.record is not None
            self._verify(file, prior, prior.job_id)
            return Started(file, "known", prior.id, prior.job_id, prior.record)
        if decision is Decision.ATTACH:
            assert prior.job_id is not None
            return self._attach(file, prior, prior.job_id)
        with self._name_lock(file, prior):
            return self._look_for(file, prior)

    def _name_lock(
        self, file: CheckedFile, prior: Attempt | None = None
    ) -> AbstractContextManager[None]:
        """Hold the lock of a file's name: in a list only the name tells whose a job is."""
        name = prior.file_name if prior else file.name
        key = (self._api_url, name, self._options.mode)
        return self._journal.lock(key, self._runtime.clock.sleep, self._may_wait)

    def _attach(self, file: CheckedFile, prior: Attempt, job_id: int) -> Started | None:
        """Go on with a job that was not seen to end, unless its end is long past."""
        now = self._runtime.wall_clock()
        if now - prior.updated_at >= VISIBLE_AFTER_S:
            record = self._verify(file, prior, job_id)
            ended_at = recovery.ended_at(prior._replace(record=record))
            if record.get("completedAt") and now - ended_at >= self._options.again_after_s:
                self._journal.was_finished(prior.id, record)
                return None
        return Started(file, "attached", prior.id, job_id, {"id": job_id, "status": "PENDING"})

    def _verify(self, file: CheckedFile, prior: Attempt, job_id: int) -> dict[str, Any]:
        """Return the job of an attempt as the server has it now, as the journal has it when
        the server does not answer.

        Raises NotFoundError when the server does not have that job, as with the
        token of another organization: nothing is created then, and nothing is
        called imported.
        """
        try:
            record = dict(imports.get_import(self._client, job_id))
        except NotFoundError:
            record = {}
        except TalkValueError as error:
            if not error.is_transient:
                raise
            return prior.record or {}
        if record.get("fileName") != prior.file_name:
            raise NotFoundError(
                f"{file.path} was imported by import {job_id}, says the journal, but the server "
                "has no such import",
                hint="is the token that of another organization? --again imports the file anew",
            )
        return record

    def _attach_to(
        self, job_id: int, file: CheckedFile, key: Key, prior: Attempt | None
    ) -> Started:
        record = dict(imports.get_import(self._client, job_id))
        if record.get("fileName") != file.name:
            raise UsageError(
                f"import {job_id} is of a file {record.get('fileName')!r}, not {file.name!r}"
            )
        is_open = prior is not None and prior.step == CREATING
        attempt_id = (
            prior.id if prior and is_open else self._journal.begin(key, file.path, file.name)
        )
        self._journal.was_created(attempt_id, job_id)
        return Started(file, "adopted", attempt_id, job_id, record)

    def _look_for(self, file: CheckedFile, attempt: Attempt) -> Started | None:
        record = self._search.find(file.path, attempt)
        if record is None:
            return None
        return Started(file, "adopted", attempt.id, record["id"], record)

    def _create(self, file: CheckedFile, key: Key) -> Started:
        attempt_id = self._journal.begin(key, file.path, file.name)
        analysis, server_time = self._uploader.analyze(file)
        choices = self._uploader.decide_mapping(file, analysis)
        wire = [choice.to_wire() for choice in choices]
        with self._name_lock(file):
            is_uncertain = False
            for left in range(CREATE_TRIES - 1, -1, -1):
                self._journal.will_create(
                    attempt_id, file_key=analysis["fileKey"], mapping=wire, server_time=server_time
                )
                try:
                    created = self._send_create(attempt_id, analysis["fileKey"], key, wire)
                except TalkValueError as error:
                    if is_uncertain and not writing.may_have_arrived(error):
                        # the refusal may be due to an earlier try that did arrive
                        raise _uncertain(file, error) from error
                    found = self._after_failure(error, file, key, attempt_id, can_repeat=left > 0)
                    if found is not None:
                        return found
                    is_uncertain = True
                    continue
                job_id = created["importJobId"]
                self._write_down(attempt_id, job_id)
                record = {"id": job_id, "status": created["status"]}
                return Started(file, "created", attempt_id, job_id, record)
        raise AssertionError("the last failure was raised")

    def _write_down(self, attempt_id: int, job_id: int) -> None:
        """Note that a job was created; it is waited for even where that cannot be noted."""
        try:
            self._journal.was_created(attempt_id, job_id)
        except LocalFileError as error:
            self._runtime.output.warn(
                f"import {job_id} was created, but that could not be written down: "
                f"{error.message}; do not run the file again before you looked"
            )

    def _keep_alive(self, attempt_id: int) -> None:
        """Leave a sign of life; a journal that takes none is no reason to stop."""
        with suppress(LocalFileError):
            self._journal.is_creating(attempt_id)

    def _send_create(
        self, attempt_id: int, file_key: str, key: Key, wire: Sequence[ColumnMapping]
    ) -> CreatedImport:
        """Send the request, with a sign of life in the journal while the answer is awaited."""
        return imports.create_import(
            self._client.with_tick(lambda: self._keep_alive(attempt_id)),
            file_key=file_key,
            source_id=key.source_id,
            mode=key.mode,
            mappings=wire,
        )

    def _after_failure(
        self,
        error: TalkValueError,
        file: CheckedFile,
        key: Key,
        attempt_id: int,
        *,
        can_repeat: bool,
    ) -> Started | None:
        """Return the job that was made all the same; None when it is safe to send it again."""
        if not writing.may_have_arrived(error):
            self._journal.was_refused(attempt_id)
            raise error
        self._journal.is_creating(attempt_id)
        attempt = self._journal.find_latest(key)
        assert attempt is not None
        try:
            found = self._look_for(file, attempt)
        except TalkValueError as failure:
            if failure.code != AMBIGUOUS:
                raise _uncertain(file, error) from failure
            raise
        if found is None and not can_repeat:
            raise error
        return found


def _uncertain(file: CheckedFile, error: TalkValueError) -> TalkValueError:
    """Return the error for a create of unknown fate that cannot be looked for now."""
    return TalkValueError(
        f"{file.path}: the import may or may not have been created: {error.message}",
        code="CREATE_UNCERTAIN",
        hint="run the same again: it looks for the import before it creates one",
        details=error.details,
    )


def describe_known(started: Started, now: float) -> str:
    """Return the sentence that says why nothing was imported."""
    moment = times.parse_timestamp(started.record.get("completedAt"))
    ago = "" if moment is None else f" {format_duration(now - moment.timestamp())} ago"
    return (
        f"{started.file.path} was imported{ago} by import {started.job_id} "
        f"({started.record.get('status')}); --again imports it anew"
    )
