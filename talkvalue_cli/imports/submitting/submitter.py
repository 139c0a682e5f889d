"""Submitting files so that the import of each is created once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from talkvalue_cli.api import imports
from talkvalue_cli.clock import Clock
from talkvalue_cli.errors import DeadlineError, NotFoundError, TalkValueError
from talkvalue_cli.imports import failed_rows, status
from talkvalue_cli.imports.deadline import Deadline
from talkvalue_cli.imports.file.checked import CheckedFile
from talkvalue_cli.imports.file.mapping import MappingRule
from talkvalue_cli.imports.listener import ProgressListener
from talkvalue_cli.imports.options import RunOptions
from talkvalue_cli.imports.result import Action, Submission
from talkvalue_cli.imports.submitting import recovery
from talkvalue_cli.imports.submitting.creation import Creator
from talkvalue_cli.imports.submitting.journal import Attempt, Journal, Key
from talkvalue_cli.imports.submitting.keys import KeyMaker
from talkvalue_cli.imports.submitting.orphans import OrphanSearch, describe_uncertain
from talkvalue_cli.imports.submitting.recovery import NOTHING_FOUND, NextStep
from talkvalue_cli.imports.submitting.run_context import LockPatience, RunContext
from talkvalue_cli.imports.submitting.tags import find_tag
from talkvalue_cli.imports.waiting.fetch import VISIBLE_AFTER_S
from talkvalue_cli.statuses import FAILED, PENDING

if TYPE_CHECKING:
    from datetime import datetime

    from talkvalue_cli.transport.client import Client


class Submitter:
    """Creates the imports of files, and writes each step down before it is taken.

    deadline: of the whole run; it stands still during uploads.
    retry_for_s: for how long a request that changes nothing is sent again.
    """

    def __init__(
        self,
        client: Client,
        journal: Journal,
        options: RunOptions,
        clock: Clock,
        listener: ProgressListener,
        deadline: Deadline,
        retry_for_s: float,
    ) -> None:
        self._run = RunContext(client, journal, options, clock, listener, deadline, retry_for_s, {})
        self._keys, self._orphans = KeyMaker(self._run), OrphanSearch(self._run)
        self._creator = Creator(self._run, self._orphans)
        self._submitted: dict[str, Submission] = {}

    def submit_all(self, files: Iterable[CheckedFile]) -> Iterator[Submission]:
        """Submit files one by one, each when it is asked for; stop at an error or keep going."""
        for file in files:
            try:
                submission = self.submit(file)
                # what an earlier run has sent was decided in the same way
                prepared = submission.prepared or file.prepared
                submission = submission._replace(prepared=prepared, lines=file.lines)
                yield submission._replace(warnings=self.warnings_of(file))
            except TalkValueError as error:
                warnings = self.warnings_of(file)
                yield Submission(file.path, Action.NONE, error=error, warnings=warnings)
                if not self._run.options.keep_going:
                    return

    def warnings_of(self, file: CheckedFile) -> tuple[str, ...]:
        """Return what was told of a file that its result has too."""
        return tuple(self._run.warnings.get(file.path, ()))

    def submit(self, file: CheckedFile) -> Submission:
        """Create the file's import, or find the one that it has already.

        Of files that are the same import only the first is submitted. Raises
        TalkValueError; what may have happened is in the journal then.
        """
        inherited = self.find_inherited(file)
        key = self._keys.make_key(file)
        if (same := self._submitted.get(key.digest)) is not None:
            action = Action.KNOWN if same.action == Action.KNOWN else Action.ATTACHED
            return same._replace(file=file.path, action=action)
        self._submitted[key.digest] = submission = self._submit(file, key, inherited)
        return submission

    def _submit(self, file: CheckedFile, key: Key, inherited: Sequence[MappingRule]) -> Submission:
        run, create = self._run, self._creator.create
        patience = LockPatience(file, run.clock, run.listener, run.deadline.timeout_s)
        with run.journal.lock(key, patience.may_wait):
            if run.options.again:
                return create(file, key, inherited=inherited)
            prior = run.journal.find_latest(key) or self._find_old(file, key)
            found, orphan = self._resolve(file, key, prior)
            if found is not None:
                return found
            # while an orphan was looked for, what others have made was looked for too
            known = run.find_elsewhere(key) if orphan is None else NOTHING_FOUND
            if known.job is not None:
                return run.take_over(file, key, known.job)
            return create(file, key, orphan, known.newest_id, inherited)

    def foresee(self, file: CheckedFile) -> Submission:
        """Return what `submit` would come to now; an import that it would create has no id.

        One that an earlier run may have created is ADOPTED, and not looked for.
        """
        created = Submission(file.path, Action.CREATED)
        key = self._keys.make_key(file)
        if self._run.options.again:
            return created
        prior = self._run.journal.find_latest(key) or self._find_old(file, key)
        if recovery.next_step(prior) is NextStep.FIND_ORPHAN:
            return Submission(file.path, Action.ADOPTED)
        if (found := self._recall(file, prior)) is not None:
            return found
        job = self._run.find_elsewhere(key).job
        if job is None:
            return created
        action = Action.KNOWN if status.is_finished(job) else Action.ATTACHED
        return Submission(file.path, action, job["id"], job)

    def find_inherited(self, file: CheckedFile) -> list[MappingRule]:
        """Return the mapping of the import whose failed rows a file holds, if it holds any."""
        header = file.checked.header
        origin = failed_rows.find_origin(file.path, header)
        if origin is None:
            return []
        made = self._run.journal.find_job(self._run.client.base_url, origin)
        rules = None if made is None else _read_rules(made, header)
        if rules is None:
            self._run.note(
                file,
                f"{file.path}: the mapping of import {origin} is not in the journal, as of one "
                "made on another machine; the columns are recognized as those of any file",
            )
            return []
        return rules

    def _find_old(self, file: CheckedFile, key: Key) -> Attempt | None:
        """Return the attempt of a version that knew no import keys, if it is of this import."""
        old = self._run.journal.find_old(key, self._run.client.profile, file.checked.sha256)
        if old is None or not key.rules:
            return old
        used = {(column.get("csvIndex"), column.get("targetField")) for column in old.mapping or ()}
        return old if used >= set(key.rules) else None

    def _resolve(
        self, file: CheckedFile, key: Key, prior: Attempt | None
    ) -> tuple[Submission | None, Attempt | None]:
        """Return the import that an earlier run made, if it counts, and an attempt to go on with.

        The attempt is one that has made none, but was about to.
        """
        step = recovery.next_step(prior)
        if prior is not None and step is NextStep.FIND_ORPHAN:
            try:
                settle_s = self._orphans.settles_in_s(prior)
                found = self._orphans.find(file, key, prior, settle_s)
            except DeadlineError as error:
                raise describe_uncertain(file, error) from error
            # a version without tags has left nothing to go on with
            return found, None if found or prior.tag is None else prior
        if prior is not None and step is NextStep.CREATE:
            self._run.listener.note(
                f"{file.path}: import {prior.job_id} FAILED and nothing of it was imported; "
                "it is imported again"
            )
        return self._recall(file, prior), None

    def _recall(self, file: CheckedFile, prior: Attempt | None) -> Submission | None:
        """Return the import that an attempt is known to have made, None when it counts no more."""
        step = recovery.next_step(prior)
        if prior is not None and step is NextStep.ATTACH:
            return self._attach(file, prior)
        return self._report(file, prior) if prior and step is NextStep.REPORT else None

    def _report(self, file: CheckedFile, prior: Attempt) -> Submission | None:
        """Return an import that has finished, None when it counts no more."""
        again_after_s = self._run.options.again_after_s
        if again_after_s <= 0:
            return None
        is_recent = recovery.is_recent(prior, self._run.journal.now(), None, None, again_after_s)
        try:
            job, server_time = self._verify(file, prior)
        except NotFoundError:
            if is_recent:
                raise
            return None
        if not recovery.is_recent(prior, self._run.journal.now(), job, server_time, again_after_s):
            return None
        return Submission(file.path, Action.KNOWN, prior.job_id, job, attempt_id=prior.id)

    def _attach(self, file: CheckedFile, prior: Attempt) -> Submission | None:
        """Go on with a job that was not seen to finish, unless its end is long past."""
        job: Any = {"id": prior.job_id, "status": PENDING}
        if self._run.journal.now() - prior.updated_at >= VISIBLE_AFTER_S:
            seen, server_time = self._verify(file, prior)
            if seen.get("completedAt"):
                age_s = recovery.age_of(seen, server_time)
                is_old = age_s is not None and age_s >= self._run.options.again_after_s
                if is_old and seen.get("status") != FAILED:
                    self._run.journal.was_finished(prior.id, seen)
                    return None
                job = seen
        return Submission(file.path, Action.ATTACHED, prior.job_id, job, attempt_id=prior.id)

    def _verify(self, file: CheckedFile, prior: Attempt) -> tuple[dict[str, Any], datetime | None]:
        """Return the job of an attempt as the server has it now, and the server's time; as the
        journal has it when the server does not answer.

        Raises NotFoundError when the server does not have that job, as with the
        token of another organization: nothing is created then, and nothing is
        called imported.
        """
        assert prior.job_id is not None
        try:
            job, server_time = imports.fetch_import(self._run.client, prior.job_id)
        except NotFoundError:
            pass
        except TalkValueError as error:
            if not error.is_transient:
                raise
            return prior.record or {"id": prior.job_id, "status": PENDING}, None
        else:
            if _is_of(job, prior):
                return dict(job), server_time
        raise NotFoundError(
            f"{file.path} was imported by import {prior.job_id}, says the journal, but the server "
            "has no such import",
            remedy=("again", "is the token that of another organization?"),
        )


def _is_of(job: status.Job, prior: Attempt) -> bool:
    """Tell whether a job is the one that an attempt has made, as far as its name tells."""
    name, tag = job.get("fileName"), find_tag(job.get("fileName"))
    if tag is not None and prior.tag is not None:
        return tag == prior.tag
    if prior.record is not None:
        return bool(name == prior.record.get("fileName"))
    return prior.tag is not None or bool(name == prior.file_name)


def _read_rules(made: Attempt, header: Sequence[str]) -> list[MappingRule] | None:
    """Return the mapping of an import, for a file with another header; None if it has none."""
    if made.mapping is None or made.headers is None:
        return None
    try:
        mapped = [(made.headers[each["csvIndex"]], each["targetField"]) for each in made.mapping]
    except (KeyError, IndexError, TypeError):  # not as this program writes it
        return None
    return [
        MappingRule(header.index(name), field, is_from_file=True)
        for name, field in mapped
        if name in header
    ]
