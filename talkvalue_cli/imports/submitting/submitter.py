"""Submitting files so that the import of each is created once."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar

from talkvalue_cli.api import account, imports
from talkvalue_cli.clock import Clock
from talkvalue_cli.errors import (
    DeadlineError,
    ForbiddenError,
    LocalFileError,
    NotFoundError,
    TalkValueError,
)
from talkvalue_cli.imports import failed_rows, status
from talkvalue_cli.imports.deadline import Deadline
from talkvalue_cli.imports.file import decision, mapping, upload
from talkvalue_cli.imports.file.checked import CheckedFile
from talkvalue_cli.imports.file.mapping import MappingRule
from talkvalue_cli.imports.listener import ProgressListener
from talkvalue_cli.imports.options import RunOptions
from talkvalue_cli.imports.result import Action, Submission
from talkvalue_cli.imports.submitting import recovery
from talkvalue_cli.imports.submitting.journal import Attempt, Journal, Key, normalize_api_url
from talkvalue_cli.imports.submitting.recovery import (
    NOTHING_FOUND,
    Candidates,
    Found,
    NextStep,
)
from talkvalue_cli.imports.submitting.tags import Tag, find_tag, make_name, make_tag
from talkvalue_cli.imports.waiting.fetch import VISIBLE_AFTER_S
from talkvalue_cli.times import format_duration

if TYPE_CHECKING:
    from datetime import datetime

    from talkvalue_cli.api.models import Analysis, ColumnMapping, CreatedImport
    from talkvalue_cli.transport.client import Client

T = TypeVar("T")

#: pauses between two searches, and before a request is sent again, in seconds: from, to
FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 15.0


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
        self._client, self._journal, self._options = client, journal, options
        self._clock, self._listener = clock, listener
        self._deadline, self._retry_for_s = deadline, retry_for_s
        self._inherited: list[MappingRule] = []
        self._submitted: dict[str, Submission] = {}
        self._organization: str | None = None

    def submit_all(self, files: Iterable[CheckedFile]) -> Iterator[Submission]:
        """Submit files one by one, each when it is asked for; stop at an error or keep going."""
        for file in files:
            try:
                submission = self.submit(file)
                # what an earlier run has sent was decided in the same way
                prepared = submission.prepared or file.prepared
                yield submission._replace(prepared=prepared, lines=file.lines)
            except TalkValueError as error:
                yield Submission(file.path, Action.NONE, error=error)
                if not self._options.keep_going:
                    return

    def submit(self, file: CheckedFile) -> Submission:
        """Create the file's import, or find the one that it has already.

        Of files that are the same import only the first is submitted. Raises
        TalkValueError; what may have happened is in the journal then.
        """
        self._inherited = self._find_inherited(file)
        key = self._make_key(file)
        if (same := self._submitted.get(key.digest)) is not None:
            action = Action.KNOWN if same.action == Action.KNOWN else Action.ATTACHED
            return same._replace(file=file.path, action=action)
        self._submitted[key.digest] = submission = self._submit(file, key)
        return submission

    def _submit(self, file: CheckedFile, key: Key) -> Submission:
        patience = _Patience(file, self._clock, self._listener, self._deadline.timeout_s)
        with self._journal.lock(key, patience.may_wait):
            if self._options.again:
                return self._create(file, key)
            prior = self._journal.find_latest(key) or self._find_old(file, key)
            found, orphan = self._resolve(file, prior)
            if found is not None:
                return found
            # while an orphan was looked for, what others have made was looked for too
            known = self._find_elsewhere(key) if orphan is None else NOTHING_FOUND
            if known.job is not None:
                return self._take_over(file, key, known.job)
            return self._create(file, key, orphan, known.newest_id)

    def foresee(self, file: CheckedFile) -> Submission:
        """Return what `submit` would come to now; an import that it would create has no id.

        One that an earlier run may have created is ADOPTED, and not looked for.
        """
        created = Submission(file.path, Action.CREATED)
        key = self._make_key(file)
        if self._options.again:
            return created
        prior = self._journal.find_latest(key) or self._find_old(file, key)
        step = recovery.next_step(prior)
        found: Submission | None = None
        if prior is not None and step is NextStep.FIND_ORPHAN:
            return Submission(file.path, Action.ADOPTED)
        if prior is not None and step is NextStep.ATTACH:
            found = self._attach(file, prior)
        elif prior is not None and step is NextStep.REPORT:
            found = self._report(file, prior)
        if found is not None:
            return found
        job = self._find_elsewhere(key).job
        if job is None:
            return created
        action = Action.KNOWN if status.is_finished(job) else Action.ATTACHED
        return Submission(file.path, action, job["id"], job)

    def _make_key(self, file: CheckedFile) -> Key:
        options, checked = self._options, file.checked
        rules = mapping.resolve_rules(checked.header, decision.said_of(file, options).rules)
        key = Key(
            self._client.base_url,
            self._client.organization,
            checked.source_sha256,
            options.source_id,
            options.mode,
            tuple(sorted((rule.column, rule.field) for rule in rules)),
            decision.list_said(file, options),
        )
        return self._share(file, key) if self._journal.is_shared else key

    def _share(self, file: CheckedFile, key: Key) -> Key:
        """Return a key as all machines have it, however each of them has signed in.

        The organization is asked for once. It stays unknown to a token that may
        not ask, or whose user belongs to several.
        """
        if self._organization is None:
            self._organization = key.organization
            if not key.organization:
                with suppress(ForbiddenError, NotFoundError):
                    found = self._patiently(
                        file,
                        lambda: account.list_organizations(self._client),
                        lambda error: error.is_transient,
                    )
                    self._organization = found[0]["id"] if len(found) == 1 else ""
        url = normalize_api_url(key.api_url)
        return key._replace(api_url=url, organization=self._organization)

    def _find_inherited(self, file: CheckedFile) -> list[MappingRule]:
        """Return the mapping of the import whose failed rows a file holds, if it holds any."""
        header = file.checked.header
        origin = failed_rows.find_origin(file.path, header)
        made = origin and self._journal.find_job(self._client.base_url, origin)
        if not made or made.mapping is None or made.headers is None:
            return []
        names = [made.headers[column["csvIndex"]] for column in made.mapping]
        return [
            MappingRule(header.index(name), column["targetField"], is_from_file=True)
            for name, column in zip(names, made.mapping, strict=True)
            if name in header
        ]

    def _find_old(self, file: CheckedFile, key: Key) -> Attempt | None:
        """Return the attempt of a version that knew no import keys, if it is of this import."""
        old = self._journal.find_old(key, self._client.profile, file.checked.sha256)
        if old is None or not key.rules:
            return old
        used = {(column.get("csvIndex"), column.get("targetField")) for column in old.mapping or ()}
        return old if used >= set(key.rules) else None

    def _resolve(
        self, file: CheckedFile, prior: Attempt | None
    ) -> tuple[Submission | None, Attempt | None]:
        """Return the import that an earlier run made, if it counts, and an attempt to go on with.

        The attempt is one that has made none, but was about to.
        """
        step = recovery.next_step(prior)
        if prior is None or step is NextStep.CREATE:
            if prior is not None:
                self._listener.note(
                    f"{file.path}: import {prior.job_id} FAILED and nothing of it was imported; "
                    "it is imported again"
                )
            return None, None
        if step is NextStep.FIND_ORPHAN:
            try:
                found = self._find_orphan(file, prior, self._settles_in_s(prior))
            except DeadlineError as error:
                raise _uncertain(file, error) from error
            # a version without tags has left nothing to go on with
            return found, None if found or prior.tag is None else prior
        if step is NextStep.ATTACH:
            return self._attach(file, prior), None
        return self._report(file, prior), None

    def _report(self, file: CheckedFile, prior: Attempt) -> Submission | None:
        """Return an import that has finished, None when it counts no more."""
        again_after_s = self._options.again_after_s
        if again_after_s <= 0:
            return None
        is_recent = recovery.is_recent(prior, self._journal.now(), None, None, again_after_s)
        try:
            job, server_time = self._verify(file, prior)
        except NotFoundError:
            if is_recent:
                raise
            return None
        if not recovery.is_recent(prior, self._journal.now(), job, server_time, again_after_s):
            return None
        return Submission(file.path, Action.KNOWN, prior.job_id, job, attempt_id=prior.id)

    def _attach(self, file: CheckedFile, prior: Attempt) -> Submission | None:
        """Go on with a job that was not seen to finish, unless its end is long past."""
        job: Any = {"id": prior.job_id, "status": status.PENDING}
        if self._journal.now() - prior.updated_at >= VISIBLE_AFTER_S:
            seen, server_time = self._verify(file, prior)
            if seen.get("completedAt"):
                age_s = recovery.age_of(seen, server_time)
                is_old = age_s is not None and age_s >= self._options.again_after_s
                if is_old and seen.get("status") != status.FAILED:
                    self._journal.was_finished(prior.id, seen)
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
            job, server_time = imports.fetch_import(self._client, prior.job_id)
        except NotFoundError:
            pass
        except TalkValueError as error:
            if not error.is_transient:
                raise
            return prior.record or {"id": prior.job_id, "status": status.PENDING}, None
        else:
            if _is_of(job, prior):
                return dict(job), server_time
        raise NotFoundError(
            f"{file.path} was imported by import {prior.job_id}, says the journal, but the server "
            "has no such import",
            remedy=("again", "is the token that of another organization?"),
        )

    def _take_over(self, file: CheckedFile, key: Key, job: dict[str, Any]) -> Submission:
        """Return an import that another machine made, or one that the journal has lost."""
        tag = find_tag(job.get("fileName"))
        assert tag is not None, "it was found by its tag"
        attempt_id = self._begin(file, key, tag)
        self._journal.was_created(attempt_id, job["id"])
        if not status.is_finished(job):
            return Submission(file.path, Action.ATTACHED, job["id"], job, attempt_id=attempt_id)
        self._journal.was_finished(attempt_id, job)
        self._listener.note(f"{file.path} was imported by import {job['id']} on another machine")
        return Submission(file.path, Action.KNOWN, job["id"], job, attempt_id=attempt_id)

    def _begin(self, file: CheckedFile, key: Key, tag: Tag) -> int:
        return self._journal.begin(
            key,
            profile=self._client.profile,
            tag=tag,
            # a name that is no UTF-8, which no database takes, is escaped
            file_path=file.path.encode("utf-8", "backslashreplace").decode(),
            file_name=file.name,
            headers=file.sent_header,
            rows=file.checked.rows,
        )

    def _settles_in_s(self, attempt: Attempt) -> float:
        """Return for how long the job of an attempt may still turn up, in seconds.

        That counts from its sender's last sign of life by the journal's clock, and from
        its upload by the server's, whichever is later: one of them may have been set.
        """
        settle_s = self._options.settle_s
        left_s = max(attempt.updated_at + settle_s - self._journal.now(), self._unseen_s(attempt))
        return min(settle_s, max(0.0, left_s))

    def _unseen_s(self, attempt: Attempt) -> float:
        """Return what is left to settle by the server's clock; all of it when that is unknown."""
        settle_s, server_time = self._options.settle_s, None
        try:
            _, server_time = imports.fetch_page(self._client, page=1, page_size=1)
        except TalkValueError as error:
            if not error.is_transient:
                raise
        if server_time is None or attempt.creating_at is None:
            return settle_s
        return attempt.creating_at + settle_s - server_time.timestamp()

    def _find_orphan(
        self, file: CheckedFile, attempt: Attempt, settle_s: float
    ) -> Submission | None:
        """Return the job of an attempt whose answer was never heard; None when it made none.

        It is looked for until it is found, or settle_s have passed; another machine
        may have imported the file meanwhile, which counts as well. Raises
        TalkValueError when one of several may be it, DeadlineError when there
        was no time to find out.
        """
        is_tagged = attempt.tag is not None and not self._options.plain_name
        is_tagged = is_tagged and recovery.keeps_tags(self._journal, attempt)
        left_s = self._deadline.cut(settle_s)
        ends_at, pause_s, has_told = self._clock.now() + left_s, FIRST_PAUSE_S, False
        while True:
            is_last = self._clock.now() >= ends_at
            found = self._look_for(attempt, is_tagged=is_tagged, is_last=is_last)
            if found is not None and found.tagged:
                return self._adopt(file, attempt, found)
            if is_last:
                break
            if not has_told:
                self._listener.note(
                    f"{file.path}: an import may have been requested a moment ago; looking for it "
                    f"for {format_duration(left_s)} before it is created again"
                )
                has_told = True
            self._clock.sleep(min(pause_s, max(0.0, ends_at - self._clock.now())))
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)
        if left_s < settle_s:
            raise DeadlineError("the deadline passed while it was looked for")
        if found is not None and found.untagged:
            return self._choose(file, attempt, found)
        if attempt.tag is None:
            self._journal.was_refused(attempt.id)
            return None
        key = self._make_key(file)
        known = self._find_elsewhere(key)
        if known.job is None:
            return None
        self._journal.was_refused(attempt.id)
        return self._take_over(file, key, known.job)

    def _find_elsewhere(self, key: Key) -> Found:
        """Return what other machines have made of this import, unless nobody is to be asked."""
        if not self._options.asks_server:
            return NOTHING_FOUND
        # machines with journals of their own may know less
        own = key._replace(api_url=self._client.base_url, organization=self._client.organization)
        others = (own, own._replace(organization="")) if self._journal.is_shared else ()
        digests = {each.digest for each in (key, *others)}
        return recovery.find_elsewhere(self._client, digests, self._options.again_after_s)

    def _look_for(self, attempt: Attempt, *, is_tagged: bool, is_last: bool) -> Candidates | None:
        """Look once; None when the server does not answer, and may be asked again."""
        try:
            return recovery.find_candidates(
                self._client, self._journal, attempt, is_tagged=is_tagged
            )
        except TalkValueError as error:
            if is_last or not error.is_transient:
                raise
            return None

    def _choose(self, file: CheckedFile, attempt: Attempt, found: Candidates) -> Submission:
        """Take the one job that an attempt without a tag can have made. Raises for several."""
        if attempt.tag is None and len(found.untagged) == 1:
            return self._adopt(file, attempt, Candidates(found.untagged, []))
        raise recovery.describe_candidates(file.path, found)

    def _adopt(self, file: CheckedFile, attempt: Attempt, found: Candidates) -> Submission:
        first = found.tagged[0]
        self._name_twins(file, found)
        self._journal.was_created(attempt.id, first["id"])
        return Submission(file.path, Action.ADOPTED, first["id"], first, attempt_id=attempt.id)

    def _name_twins(self, file: CheckedFile, found: Candidates) -> None:
        """Warn of several jobs that carry one tag, which cannot be undone."""
        if len(found.tagged) > 1:
            named = ", ".join(str(job["id"]) for job in found.tagged)
            self._listener.warn(
                f"{file.path} was imported more than once: one request has made the imports {named}"
            )

    def _look_for_twins(self, file: CheckedFile, key: Key) -> None:
        """Look whether a request that was given up has made a job after all, as far as it shows."""
        attempt = self._journal.find_latest(key)
        if attempt is not None and attempt.tag is not None:
            with suppress(TalkValueError):
                found = self._look_for(attempt, is_tagged=True, is_last=False)
                self._name_twins(file, found or Candidates([], []))

    def _create(
        self,
        file: CheckedFile,
        key: Key,
        orphan: Attempt | None = None,
        newest_id: int | None = None,
    ) -> Submission:
        """Upload the file, and create its import.

        orphan: an attempt of this import that has made none; it goes on with its tag.
        """
        tag = orphan.tag if orphan is not None else None
        tag = tag or make_tag(key.digest, os.urandom(3).hex())
        attempt_id = orphan.id if orphan is not None else self._begin(file, key, tag)
        name = file.name if self._options.plain_name else make_name(file.name, tag)
        with self._deadline.paused():
            analysis, date = self._patiently(
                file,
                lambda: upload.upload(self._client, file, name, self._options, self._listener),
                lambda error: error.is_transient,
            )
        server_time = self._journal.now() if date is None else date.timestamp()
        ahead_s = server_time - self._clock.now()
        columns, prepared = decision.decide_mapping(
            file, analysis, self._options, self._listener, self._inherited
        )
        wire = [mapped.to_wire() for mapped in columns]
        newest_id = self._find_newest(newest_id)
        is_resumed = orphan is not None
        sent = self._send(file, key, attempt_id, analysis, wire, ahead_s, newest_id, is_resumed)
        return sent._replace(prepared=prepared)

    def _find_newest(self, newest_id: int | None) -> int | None:
        """Return the newest import before ours, where only that tells ours from others."""
        if newest_id is not None or not self._options.plain_name:
            return newest_id
        page = imports.list_imports(self._client, page=1, page_size=1)
        return page.items[0]["id"] if page.items else 0

    def _send(
        self,
        file: CheckedFile,
        key: Key,
        attempt_id: int,
        analysis: Analysis,
        wire: Sequence[ColumnMapping],
        ahead_s: float,
        newest_id: int | None,
        is_resumed: bool,
    ) -> Submission:
        """Send the create request; once more, with the same tag, when it has made nothing.

        ahead_s: of the server's clock before ours. is_resumed: an earlier run has sent one.
        """
        is_uncertain = False
        while True:
            self._journal.will_create(
                attempt_id,
                file_key=analysis["fileKey"],
                mapping=wire,
                server_time=self._clock.now() + ahead_s,
                newest_id=newest_id,
            )
            try:
                created = self._patiently(
                    file,
                    lambda: self._post(attempt_id, analysis["fileKey"], key, wire),
                    lambda error: error.is_transient and not error.may_have_arrived,
                    self._deadline,
                )
            except LocalFileError:
                # the lock was lost before the request was sent
                raise
            except TalkValueError as error:
                if not error.may_have_arrived and not is_uncertain:
                    # a request of an earlier run may still show, and is looked for again then
                    if not is_resumed:
                        self._journal.was_refused(attempt_id)
                    raise
                found = self._after_loss(file, key, error) if error.may_have_arrived else None
                if found is not None:
                    return found
                # a refusal may be due to the first request, which did arrive
                if is_uncertain or self._deadline.is_over():
                    raise _uncertain(file, error) from error
                is_uncertain = True
                continue
            job_id = created["importJobId"]
            self._write_down(attempt_id, job_id)
            if is_uncertain or is_resumed:
                self._look_for_twins(file, key)
            job = {"id": job_id, "status": created.get("status")}
            return Submission(file.path, Action.CREATED, job_id, job, attempt_id=attempt_id)

    def _after_loss(self, file: CheckedFile, key: Key, error: TalkValueError) -> Submission | None:
        """Look for the job of a request whose fate is unknown; None when it has made none."""
        try:
            attempt = self._journal.find_latest(key)
            assert attempt is not None
            self._journal.is_creating(attempt.id)
        except LocalFileError as failure:
            raise _uncertain(file, error) from failure
        if self._options.plain_name:
            self._listener.note(
                f"{file.path}: it was sent under its own name, so that its import cannot be told "
                "from another of that name"
            )
        try:
            return self._find_orphan(file, attempt, self._options.settle_s)
        except TalkValueError as failure:
            if failure.code == "CREATE_UNCERTAIN":
                raise
            raise _uncertain(file, error) from failure

    def _patiently(
        self,
        file: CheckedFile,
        send: Callable[[], T],
        may_repeat: Callable[[TalkValueError], bool],
        deadline: Deadline | None = None,
    ) -> T:
        """Send, and again after a pause while that helps and there is patience for it."""
        ends_at, pause_s = self._clock.now() + self._retry_for_s, FIRST_PAUSE_S
        while True:
            try:
                return send()
            except TalkValueError as error:
                wanted_s = error.retry_after_s or pause_s
                is_too_late = self._clock.now() + wanted_s > ends_at or (
                    deadline is not None and deadline.cut(wanted_s) < wanted_s
                )
                if not may_repeat(error) or is_too_late:
                    raise
                first = error.text.splitlines()[0]
                self._listener.note(
                    f"{file.path}: {first}; retrying in {format_duration(wanted_s)}"
                )
            self._clock.sleep(wanted_s)
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)

    def _post(
        self, attempt_id: int, file_key: str, key: Key, wire: Sequence[ColumnMapping]
    ) -> CreatedImport:
        """Send the request, with signs of life in the journal before and until the answer."""

        def give_sign() -> None:
            # a journal that takes no sign of life is no reason to stop
            with suppress(LocalFileError):
                self._journal.is_creating(attempt_id)

        def keep_alive() -> None:
            self._listener.tick()
            give_sign()

        # it may be long after the first one, which was not let in
        if self._journal.is_shared:
            # whoever has lost the lock sends nothing
            self._journal.is_creating(attempt_id)
        else:
            give_sign()
        return imports.create_import(
            self._client.with_tick(keep_alive),
            file_key=file_key,
            source_id=key.source_id,
            mode=key.mode,
            mappings=wire,
        )

    def _write_down(self, attempt_id: int, job_id: int) -> None:
        """Note that a job was created; it is waited for even where that cannot be noted."""
        try:
            self._journal.was_created(attempt_id, job_id)
        except LocalFileError as error:
            self._listener.warn(
                f"import {job_id} was created, but that could not be written down: "
                f"{error.text}; do not run the file again before you looked"
            )


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


def _is_of(job: status.Job, prior: Attempt) -> bool:
    """Tell whether a job is the one that an attempt has made, as far as its name tells."""
    name, tag = job.get("fileName"), find_tag(job.get("fileName"))
    if tag is not None and prior.tag is not None:
        return tag == prior.tag
    if prior.record is not None:
        return bool(name == prior.record.get("fileName"))
    return prior.tag is not None or bool(name == prior.file_name)


def _uncertain(file: CheckedFile, error: TalkValueError) -> TalkValueError:
    """Return the error for a create of unknown fate."""
    return TalkValueError(
        f"{file.path}: the import may or may not have been created: {error.text}",
        code="CREATE_UNCERTAIN",
        hint="run the same again: it looks for the import before it creates one",
        details=error.details,
    )
