"""Submitting files so that the import of each is created once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, suppress
from typing import TYPE_CHECKING, Any

from talkvalue_cli.api import imports
from talkvalue_cli.clock import Clock
from talkvalue_cli.errors import LocalFileError, NotFoundError, TalkValueError, UsageError
from talkvalue_cli.imports.file import upload
from talkvalue_cli.imports.file.upload import CheckedFile
from talkvalue_cli.imports.listener import ProgressListener
from talkvalue_cli.imports.options import RunOptions
from talkvalue_cli.imports.result import Action, Submission
from talkvalue_cli.imports.submitting import recovery
from talkvalue_cli.imports.submitting.journal import CREATING, Attempt, Journal, Key
from talkvalue_cli.imports.submitting.recovery import AMBIGUOUS, NextStep
from talkvalue_cli.imports.waiting.fetch import VISIBLE_AFTER_S

if TYPE_CHECKING:
    from talkvalue_cli.api.models import ColumnMapping, CreatedImport
    from talkvalue_cli.transport.client import Client

#: a create whose fate is settled as "nothing was made" is sent again so often at the most
CREATE_TRIES = 3


class Submitter:
    """Creates the imports of files, and writes each step down before it is taken.

    timeout_s: how long to wait for another run that is at the same file, None for ever.
    """

    def __init__(
        self,
        client: Client,
        journal: Journal,
        options: RunOptions,
        clock: Clock,
        listener: ProgressListener,
        timeout_s: float | None = None,
    ) -> None:
        self._client, self._journal, self._options = client, journal, options
        self._clock, self._listener, self._timeout_s = clock, listener, timeout_s

    def submit_all(self, files: Iterable[CheckedFile]) -> Iterator[Submission]:
        """Submit files one by one, each when it is asked for; stop at an error or keep going."""
        for file in files:
            try:
                yield self.submit(file)
            except TalkValueError as error:
                yield Submission(file.path, Action.NONE, error=error)
                if not self._options.keep_going:
                    return

    def submit(self, file: CheckedFile) -> Submission:
        """Create the file's import, or find the one that it has already.

        Raises TalkValueError; what may have happened is in the journal then.
        """
        options = self._options
        key = Key(
            self._client.base_url,
            self._client.profile,
            file.checked.sha256,
            options.source_id,
            options.mode,
        )
        patience = _Patience(file, self._clock, self._listener, self._timeout_s)
        with self._journal.lock(key, patience.may_wait):
            prior = self._journal.find_latest(key)
            if options.attach_id is not None:
                return self._attach_to(options.attach_id, file, key, prior)
            if options.again:
                prior = None
            found = self._resolve(file, prior, patience)
            return found or self._create(file, key, patience)

    def _resolve(
        self, file: CheckedFile, prior: Attempt | None, patience: _Patience
    ) -> Submission | None:
        """Return the import that an earlier run made, None when there is none that counts."""
        step = recovery.next_step(prior, self._journal.now(), self._options.again_after_s)
        if prior is None or step is NextStep.CREATE:
            return None
        if step is NextStep.REPORT:
            assert prior.job_id is not None and prior.record is not None
            self._verify(file, prior, prior.job_id)
            return Submission(file.path, Action.KNOWN, prior.job_id, prior.record)
        if step is NextStep.ATTACH:
            assert prior.job_id is not None
            return self._attach(file, prior, prior.job_id)
        with self._name_lock(prior.file_name, patience):
            return self._find_orphan(file, prior)

    def _name_lock(self, name: str, patience: _Patience) -> AbstractContextManager[None]:
        """Hold the lock of a file's name: in a list only the name tells whose a job is."""
        key = (self._client.base_url, name, self._options.mode)
        return self._journal.lock(key, patience.may_wait)

    def _attach(self, file: CheckedFile, prior: Attempt, job_id: int) -> Submission | None:
        """Go on with a job that was not seen to finish, unless its end is long past."""
        now = self._journal.now()
        if now - prior.updated_at >= VISIBLE_AFTER_S:
            job = self._verify(file, prior, job_id)
            ended_at = recovery.ended_at(prior._replace(record=job))
            if job.get("completedAt") and now - ended_at >= self._options.again_after_s:
                self._journal.was_finished(prior.id, job)
                return None
        alive = {"id": job_id, "status": "PENDING"}
        return Submission(file.path, Action.ATTACHED, job_id, alive, attempt_id=prior.id)

    def _verify(self, file: CheckedFile, prior: Attempt, job_id: int) -> dict[str, Any]:
        """Return the job of an attempt as the server has it now, as the journal has it when
        the server does not answer.

        Raises NotFoundError when the server does not have that job, as with the
        token of another organization: nothing is created then, and nothing is
        called imported.
        """
        try:
            job = dict(imports.get_import(self._client, job_id))
        except NotFoundError:
            job = {}
        except TalkValueError as error:
            if not error.is_transient:
                raise
            return prior.record or {}
        if job.get("fileName") != prior.file_name:
            raise NotFoundError(
                f"{file.path} was imported by import {job_id}, says the journal, but the server "
                "has no such import",
                remedy=("again", "another organization"),
            )
        return job

    def _attach_to(
        self, job_id: int, file: CheckedFile, key: Key, prior: Attempt | None
    ) -> Submission:
        job = dict(imports.get_import(self._client, job_id))
        if job.get("fileName") != file.name:
            raise UsageError(
                f"import {job_id} is of a file {job.get('fileName')!r}, not {file.name!r}"
            )
        is_open = prior is not None and prior.step == CREATING
        attempt_id = (
            prior.id if prior and is_open else self._journal.begin(key, file.path, file.name)
        )
        self._journal.was_created(attempt_id, job_id)
        return Submission(file.path, Action.ADOPTED, job_id, job, attempt_id=attempt_id)

    def _find_orphan(self, file: CheckedFile, attempt: Attempt) -> Submission | None:
        job = recovery.find_orphan(
            self._client, self._journal, file.path, attempt, self._clock, self._listener
        )
        if job is None:
            return None
        return Submission(file.path, Action.ADOPTED, job["id"], job, attempt_id=attempt.id)

    def _create(self, file: CheckedFile, key: Key, patience: _Patience) -> Submission:
        attempt_id = self._journal.begin(key, file.path, file.name)
        analysis, date = upload.upload(self._client, file, self._options, self._listener)
        server_time = self._journal.now() if date is None else date.timestamp()
        columns = upload.decide_mapping(file, analysis, self._options, self._listener)
        wire = [mapped.to_wire() for mapped in columns]
        with self._name_lock(file.name, patience):
            is_uncertain = False
            for left in range(CREATE_TRIES - 1, -1, -1):
                self._journal.will_create(
                    attempt_id, file_key=analysis["fileKey"], mapping=wire, server_time=server_time
                )
                try:
                    created = self._send_create(attempt_id, analysis["fileKey"], key, wire)
                except TalkValueError as error:
                    if is_uncertain and not error.may_have_arrived:
                        # the refusal may be due to an earlier try that did arrive
                        raise _uncertain(file, error) from error
                    found = self._after_failure(error, file, key, attempt_id, can_repeat=left > 0)
                    if found is not None:
                        return found
                    is_uncertain = True
                    continue
                job_id = created["importJobId"]
                self._write_down(attempt_id, job_id)
                job = {"id": job_id, "status": created.get("status")}
                return Submission(file.path, Action.CREATED, job_id, job, attempt_id=attempt_id)
        raise AssertionError("the last failure was raised")

    def _write_down(self, attempt_id: int, job_id: int) -> None:
        """Note that a job was created; it is waited for even where that cannot be noted."""
        try:
            self._journal.was_created(attempt_id, job_id)
        except LocalFileError as error:
            self._listener.warn(
                f"import {job_id} was created, but that could not be written down: "
                f"{error.text}; do not run the file again before you looked"
            )

    def _keep_alive(self, attempt_id: int) -> None:
        """Leave a sign of life; a journal that takes none is no reason to stop."""
        self._listener.tick()
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
    ) -> Submission | None:
        """Return the job that was made all the same; None when it is safe to send it again."""
        if not error.may_have_arrived:
            self._journal.was_refused(attempt_id)
            raise error
        self._journal.is_creating(attempt_id)
        attempt = self._journal.find_latest(key)
        assert attempt is not None
        try:
            found = self._find_orphan(file, attempt)
        except TalkValueError as failure:
            if failure.code != AMBIGUOUS:
                raise _uncertain(file, error) from failure
            raise
        if found is None and not can_repeat:
            raise error
        return found


class _Patience:
    """How long to wait for another run that is at the same file; tells so once."""

    def __init__(
        self, file: CheckedFile, clock: Clock, listener: ProgressListener, timeout_s: float | None
    ) -> None:
        self._file, self._clock, self._listener = file, clock, listener
        self._timeout_s, self._began_at = timeout_s, clock.now()
        self._has_told = False

    def may_wait(self) -> bool:
        if not self._has_told:
            self._listener.note(f"{self._file.path}: another run is sending it; waiting for it")
            self._has_told = True
        return self._timeout_s is None or self._clock.now() - self._began_at < self._timeout_s


def _uncertain(file: CheckedFile, error: TalkValueError) -> TalkValueError:
    """Return the error for a create of unknown fate that cannot be looked for now."""
    return TalkValueError(
        f"{file.path}: the import may or may not have been created: {error.text}",
        code="CREATE_UNCERTAIN",
        hint="run the same again: it looks for the import before it creates one",
        details=error.details,
    )
