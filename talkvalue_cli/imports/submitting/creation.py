"""Creating the import of a file, with each step written down before it is taken."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from talkvalue_cli.api import imports
from talkvalue_cli.errors import LocalFileError, TalkValueError
from talkvalue_cli.imports.file import decision, upload
from talkvalue_cli.imports.file.checked import CheckedFile
from talkvalue_cli.imports.file.mapping import MappingRule
from talkvalue_cli.imports.result import Action, Submission
from talkvalue_cli.imports.submitting.journal import Attempt, Key
from talkvalue_cli.imports.submitting.orphans import OrphanSearch, describe_uncertain
from talkvalue_cli.imports.submitting.run_context import RunContext
from talkvalue_cli.imports.submitting.tags import make_name, make_tag

if TYPE_CHECKING:
    from talkvalue_cli.api.models import ColumnMapping, CreatedImport


class _Request(NamedTuple):
    """A request to create an import, which may be sent more than once.

    ahead_s: of the server's clock before ours. newest_id: of the imports before it,
    None when nobody has looked. is_resumed: an earlier run has sent one.
    """

    attempt_id: int
    file_key: str
    mapping: Sequence[ColumnMapping]
    ahead_s: float
    newest_id: int | None
    is_resumed: bool


class Creator:
    """Uploads files and creates their imports.

    orphans: finds what a request that was not answered may have made.
    """

    def __init__(self, run: RunContext, orphans: OrphanSearch) -> None:
        self._run, self._orphans = run, orphans

    def create(
        self,
        file: CheckedFile,
        key: Key,
        orphan: Attempt | None = None,
        newest_id: int | None = None,
        inherited: Sequence[MappingRule] = (),
    ) -> Submission:
        """Upload the file, and create its import.

        orphan: an attempt of this import that has made none; it goes on with its tag.
        newest_id: of the imports that there are, where somebody has looked.
        inherited: mapping of the import whose failed rows the file holds.
        """
        run = self._run
        tag = orphan.tag if orphan is not None else None
        tag = tag or make_tag(key.digest, os.urandom(3).hex())
        attempt_id = orphan.id if orphan is not None else run.begin(file, key, tag)
        name = file.name if run.options.plain_name else make_name(file.name, tag)
        with run.deadline.paused():
            analysis, date = run.send_patiently(
                file,
                lambda: upload.upload(run.client, file, name, run.options, run.listener),
                lambda error: error.is_transient,
            )
        server_time = run.journal.now() if date is None else date.timestamp()
        ahead_s = server_time - run.clock.now()
        columns, prepared = decision.decide_mapping(
            file, analysis, run.options, run.listener, inherited
        )
        wire = [mapped.to_wire() for mapped in columns]
        newest_id = self._find_newest(newest_id)
        is_resumed = orphan is not None
        request = _Request(attempt_id, analysis["fileKey"], wire, ahead_s, newest_id, is_resumed)
        return self._send(file, key, request)._replace(prepared=prepared)

    def _find_newest(self, newest_id: int | None) -> int | None:
        """Return the newest import before ours, where only that tells ours from others."""
        if newest_id is not None or not self._run.options.plain_name:
            return newest_id
        page = imports.list_imports(self._run.client, page=1, page_size=1)
        return page.items[0]["id"] if page.items else 0

    def _send(self, file: CheckedFile, key: Key, request: _Request) -> Submission:
        """Send the create request; once more, with the same tag, when it has made nothing."""
        attempt_id, is_uncertain = request.attempt_id, False
        while True:
            self._run.journal.will_create(
                attempt_id,
                file_key=request.file_key,
                mapping=request.mapping,
                server_time=self._run.clock.now() + request.ahead_s,
                newest_id=request.newest_id,
            )
            try:
                created = self._run.send_patiently(
                    file,
                    lambda: self._post(key, request),
                    lambda error: error.is_transient and not error.may_have_arrived,
                    self._run.deadline,
                )
            except LocalFileError:
                # the lock was lost before the request was sent
                raise
            except TalkValueError as error:
                found = self._after_error(file, key, request, error, is_uncertain=is_uncertain)
                if found is not None:
                    return found
                is_uncertain = True
                continue
            job_id = created["importJobId"]
            self._write_down(file, attempt_id, job_id)
            if is_uncertain or request.is_resumed:
                self._orphans.look_for_twins(file, key)
            job = {"id": job_id, "status": created.get("status")}
            return Submission(file.path, Action.CREATED, job_id, job, attempt_id=attempt_id)

    def _after_error(
        self,
        file: CheckedFile,
        key: Key,
        request: _Request,
        error: TalkValueError,
        *,
        is_uncertain: bool,
    ) -> Submission | None:
        """Return the job that a failed request has made; None to send it once more, or raise.

        is_uncertain: it is the second one, and what the first one did is not known.
        """
        if not error.may_have_arrived and not is_uncertain:
            # a request of an earlier run may still show, and is looked for again then
            if not request.is_resumed:
                self._run.journal.was_refused(request.attempt_id)
            raise error
        found = self._after_loss(file, key, error) if error.may_have_arrived else None
        # a refusal may be due to the first request, which did arrive
        if found is None and (is_uncertain or self._run.deadline.is_over()):
            raise describe_uncertain(file, error) from error
        return found

    def _after_loss(self, file: CheckedFile, key: Key, error: TalkValueError) -> Submission | None:
        """Look for the job of a request whose fate is unknown; None when it has made none."""
        try:
            attempt = self._run.journal.find_latest(key)
            assert attempt is not None
            self._run.journal.is_creating(attempt.id)
        except LocalFileError as failure:
            raise describe_uncertain(file, error) from failure
        if self._run.options.plain_name:
            self._run.listener.note(
                f"{file.path}: it was sent under its own name, so that its import cannot be told "
                "from another of that name"
            )
        try:
            return self._orphans.find(file, key, attempt, self._run.options.settle_s)
        except TalkValueError as failure:
            if failure.code == "CREATE_UNCERTAIN":
                raise
            raise describe_uncertain(file, error) from failure

    def _post(self, key: Key, request: _Request) -> CreatedImport:
        """Send the request, with signs of life in the journal before and until the answer."""

        def give_sign() -> None:
            # a journal that takes no sign of life is no reason to stop
            with suppress(LocalFileError):
                self._run.journal.is_creating(request.attempt_id)

        def keep_alive() -> None:
            self._run.listener.tick()
            give_sign()

        # it may be long after the first one, which was not let in
        if self._run.journal.is_shared:
            # whoever has lost the lock sends nothing
            self._run.journal.is_creating(request.attempt_id)
        else:
            give_sign()
        return imports.create_import(
            self._run.client.with_tick(keep_alive),
            file_key=request.file_key,
            source_id=key.source_id,
            mode=key.mode,
            mappings=request.mapping,
        )

    def _write_down(self, file: CheckedFile, attempt_id: int, job_id: int) -> None:
        """Note that a job was created; it is waited for even where that cannot be noted."""
        try:
            self._run.journal.was_created(attempt_id, job_id)
        except LocalFileError as error:
            self._run.warn(
                file,
                f"import {job_id} was created, but that could not be written down: "
                f"{error.text}; do not run the file again before you looked",
            )
