"""Start the import of one file so that it is never started twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from talkvalue_cli import csv_check, csv_source, mapping, times
from talkvalue_cli.api import imports
from talkvalue_cli.api.client import Client
from talkvalue_cli.api.shapes import Analysis, ColumnMapping, CreatedImport
from talkvalue_cli.commands import creating, run_decision
from talkvalue_cli.commands.import_look import VISIBLE_AFTER_S
from talkvalue_cli.commands.run_decision import Decision
from talkvalue_cli.csv_check import CheckedCsv, UploadStream
from talkvalue_cli.errors import LocalFileError, NotFoundError, TalkValueError, UsageError
from talkvalue_cli.journal import CREATING, Attempt, Journal, Key
from talkvalue_cli.mapping import Choice, Wish
from talkvalue_cli.output import files
from talkvalue_cli.output.progress_bar import UploadBar
from talkvalue_cli.runtime import Runtime
from talkvalue_cli.times import format_duration

#: a create whose fate is settled as "nothing was made" is sent again so often at the most
CREATE_TRIES = 3
LOOK_PAUSE_S = 2.0
AMBIGUOUS = "AMBIGUOUS"


class RunOptions(NamedTuple):
    """What the command line says about the imports, apart from waiting for them.

    wishes: columns and fields the user asks for. again_after_s: seconds.
    attach_id: the job that an attempt of unknown fate has made.
    """

    source_id: int
    mode: str
    wishes: Sequence[Wish] = ()
    min_confidence: float = mapping.DEFAULT_CONFIDENCE
    save_mapping: Path | None = None
    encoding: str = csv_check.UTF8
    allow_ragged: bool = False
    file_name: str | None = None
    again: bool = False
    again_after_s: float = 24 * 3600.0
    attach_id: int | None = None
    force: bool = False


class CheckedFile(NamedTuple):
    """A file that has passed its check.

    spool: what came from standard input; a file with a name is opened again when it is sent.
    """

    path: str
    name: str
    checked: CheckedCsv
    spool: BinaryIO | None = None


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

    def __init__(self, runtime: Runtime, journal: Journal, options: RunOptions) -> None:
        self._runtime, self._journal, self._options = runtime, journal, options
        self._api_url, self._profile = runtime.settings.api_url, runtime.settings.profile
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
        decision = run_decision.decide(
            prior, self._runtime.wall_clock(), self._options.again_after_s
        )
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
            ended_at = run_decision.ended_at(prior._replace(record=record))
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
        """Find the job of an attempt whose answer was never heard; None when it made none.

        The attempt's name must be locked: every other attempt of unknown fate
        that has the name is known to be dead then.
        """
        clock = self._runtime.clock
        settled_at = clock.now() + run_decision.settles_in_s(attempt, self._runtime.wall_clock())
        has_told = False
        while True:
            is_settled = clock.now() >= settled_at
            candidates = self._list_candidates(attempt)
            rivals = self._journal.list_rivals(attempt, run_decision.SETTLE_S)
            if candidates and len(candidates) + len(rivals) > 1:
                raise self._ambiguous(file, candidates)
            if candidates:
                record = dict(candidates[0])
                self._journal.was_created(attempt.id, record["id"])
                return Started(file, "adopted", attempt.id, record["id"], record)
            if is_settled:
                self._journal.was_refused(attempt.id)
                return None
            if not has_told:
                self._tell_patience(file, settled_at - clock.now())
                has_told = True
            clock.sleep(min(LOOK_PAUSE_S, max(0.0, settled_at - clock.now())))

    def _tell_patience(self, file: CheckedFile, left_s: float) -> None:
        self._runtime.output.note(
            f"{file.path}: an import may have been requested a moment ago; looking for it for "
            f"{format_duration(left_s)} before it is created anew"
        )

    def _list_candidates(self, attempt: Attempt) -> list[Any]:
        """Return the jobs that the attempt may have made.

        The list is newest first: it is walked until a page is older throughout.
        """
        listed: list[Any] = []
        for found in imports.walk_pages(self._client):
            listed += found.items
            if all(run_decision.started_before(job, attempt) for job in found.items):
                break
        # asked for last: whoever has made a job of the list has written it down by now
        known_ids = self._journal.list_job_ids(self._api_url)
        unique = {job["id"]: job for job in listed}.values()
        return run_decision.find_candidates(attempt, unique, known_ids)

    def _ambiguous(self, file: CheckedFile, candidates: Sequence[Any]) -> TalkValueError:
        lines = "".join(f"\n  {job['id']}  {job['status']}" for job in candidates)
        return TalkValueError(
            f"{file.path}: an earlier run was cut off while it created the import, and "
            f"{len(candidates)} imports may be the one:{lines}",
            code=AMBIGUOUS,
            hint="name it with --attach ID, or import anew with --again",
        )

    def _create(self, file: CheckedFile, key: Key) -> Started:
        attempt_id = self._journal.begin(key, file.path, file.name)
        analysis, server_time = self.analyze(file)
        choices = self.decide_mapping(file, analysis)
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
                    if is_uncertain and not creating.may_have_arrived(error):
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
        if not creating.may_have_arrived(error):
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

    def analyze(self, file: CheckedFile) -> tuple[Analysis, float]:
        """Upload the file; return what the server says of it, and its clock in epoch seconds."""
        options, runtime = self._options, self._runtime
        with self._open(file) as source:
            bar = UploadBar(runtime.output, file.name, file.checked.size)

            def open_body() -> UploadStream:
                bar.begin()
                return UploadStream(
                    source, file.checked, file.path, encoding=options.encoding, on_sent=bar.add
                )

            try:
                analysis, server_time = imports.analyze_stream(
                    self._client.with_tick(bar.draw), open_body, file.name
                )
            finally:
                bar.close()
        moment = runtime.wall_clock() if server_time is None else server_time.timestamp()
        return analysis, moment

    @contextmanager
    def _open(self, file: CheckedFile) -> Iterator[BinaryIO]:
        if file.spool is not None:
            yield file.spool
            return
        with csv_source.open_csv(file.path, None) as source:
            yield source.file

    def decide_mapping(self, file: CheckedFile, analysis: Analysis) -> list[Choice]:
        """Return the mapping; save it if that is asked for, and show what was guessed."""
        options = self._options
        choices = mapping.decide_mapping(analysis, options.wishes, options.min_confidence)
        if options.save_mapping is not None:
            text = mapping.render_mapping_file(choices, analysis["headers"])
            files.save_stream([text.encode()], options.save_mapping, force=options.force)
        shown = ", ".join(f"{choice.header} → {choice.field}" for choice in choices)
        self._runtime.output.note(f"{file.path}: {shown}")
        return choices


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
