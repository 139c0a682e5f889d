"""The way of files that were checked: submitted, waited for, saved and written down."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple

from talkvalue_cli.clock import Clock
from talkvalue_cli.errors import (
    Interrupted,
    LocalFileError,
    NotStartedError,
    StoppedError,
    TalkValueError,
)
from talkvalue_cli.imports import result
from talkvalue_cli.imports.deadline import Deadline
from talkvalue_cli.imports.failed_rows import Target, save
from talkvalue_cli.imports.file.checked import BadFile, CheckedFile
from talkvalue_cli.imports.listener import ProgressListener
from talkvalue_cli.imports.options import RunOptions
from talkvalue_cli.imports.result import Action, ImportResult, Outcome, Submission, WaitStats
from talkvalue_cli.imports.status import Tolerance
from talkvalue_cli.imports.submitting.journal import Journal
from talkvalue_cli.imports.submitting.tags import find_tag
from talkvalue_cli.imports.waiting.limits import DEFAULT_LIMITS, WaitLimits
from talkvalue_cli.imports.waiting.waiter import Waiter

if TYPE_CHECKING:
    from talkvalue_cli.imports.file.mapping import MappingRule
    from talkvalue_cli.imports.file.prepared import Prepared
    from talkvalue_cli.imports.submitting.submitter import Submitter
    from talkvalue_cli.transport.client import Client


class Engine(NamedTuple):
    """What the parts of a run work with."""

    client: Client
    clock: Clock
    listener: ProgressListener
    random: Random


class FailedRows(NamedTuple):
    """Where failed rows are saved, None for nowhere; force: over a file that exists."""

    target: Target | None = None
    force: bool = False


def wait_and_save(
    engine: Engine, waiter: Waiter, rows: FailedRows
) -> tuple[list[ImportResult], WaitStats]:
    """Run a wait to its end, and save the failed rows of what has finished.

    They are saved until a signal arrives, which wants an answer at once.
    """
    results = waiter.run()
    stats = waiter.stats
    is_interrupted = waiter.interrupt is not None
    for place, ended in enumerate(results):
        if not is_interrupted:
            results[place] = save(engine.client, ended, rows.target, force=rows.force)
            is_interrupted = results[place].outcome is Outcome.INTERRUPTED
    return results, stats


def run_files(
    engine: Engine,
    files: Sequence[CheckedFile | BadFile],
    journal: Journal,
    options: RunOptions,
    limits: WaitLimits,
    tolerance: Tolerance,
    rows: FailedRows,
) -> tuple[list[ImportResult], WaitStats]:
    """Submit files that were checked, wait for their imports, and write down how they ended.

    Returns a result for each file, in order.
    """
    deadline = Deadline(engine.clock, limits.timeout_s)
    submitter = _make_submitter(engine, journal, options, limits, deadline)
    waiter = Waiter(
        engine.client,
        limits=limits,
        tolerance=tolerance,
        submissions=submitter.submit_all(f for f in files if isinstance(f, CheckedFile)),
        parallel=options.parallel,
        deadline=deadline,
        listener=engine.listener,
        clock=engine.clock,
        random=engine.random,
    )
    waited, stats = wait_and_save(engine, waiter, rows)
    by_job = {ended.job_id: ended for ended in waited}
    submitted = iter(waiter.submitted)
    results = []
    is_interrupted = waiter.interrupt is not None
    for file in files:
        submission = None if isinstance(file, BadFile) else next(submitted, None)
        if submission is not None and submission.job_id in by_job:
            ended = by_job[submission.job_id]
            ended = _join(submission, ended)
            results.append(write_down(engine, journal, submission, ended, rows))
        else:
            error = file.error if isinstance(file, BadFile) else None
            ended = _report(file.path, submission, error, tolerance, waiter.interrupt)
            if not is_interrupted:
                ended = save(engine.client, ended, rows.target, force=rows.force)
                is_interrupted = ended.outcome is Outcome.INTERRUPTED
            results.append(ended)
    if not (options.plain_name or journal.is_shared):
        _tell_of_lost_names(engine, results)
    return results, stats


def _tell_of_lost_names(engine: Engine, results: list[ImportResult]) -> None:
    """Warn of a server that cuts the key off the names by which imports are recognized."""
    for place, ended in enumerate(results):
        name = (ended.job or {}).get("fileName")
        if ended.action is Action.CREATED and isinstance(name, str) and find_tag(name) is None:
            results[place] = _warn(
                engine,
                ended,
                f"{ended.file}: the server has cut the key off its name, and another machine would "
                "not know that it was imported; a shared journal tells them",
            )
            return


def write_down(
    engine: Engine, journal: Journal, submission: Submission, ended: ImportResult, rows: FailedRows
) -> ImportResult:
    """Note in the journal that a job needs no other run, now that its failed rows are saved.

    Returns the result, with a warning when that could not be noted.
    """
    is_settled = ended.is_settled(wants_failed_rows=rows.target is not None)
    if submission.attempt_id is None or ended.job is None or not is_settled:
        return ended
    try:
        journal.was_finished(submission.attempt_id, ended.job)
    except LocalFileError as error:
        return _warn(engine, ended, f"import {ended.job_id} has finished, but {error.message}")
    return ended


def _warn(engine: Engine, ended: ImportResult, text: str) -> ImportResult:
    engine.listener.warn(text)
    return ended._replace(warnings=(*ended.warnings, text))


def _report(
    path: str,
    submission: Submission | None,
    error: TalkValueError | None,
    tolerance: Tolerance,
    interrupt: Interrupted | None,
) -> ImportResult:
    """Return the result of a file whose import was not waited for."""
    if submission is not None and submission.job is not None:
        return _join(submission, result.judge(submission.job, tolerance))
    if submission is not None:
        error = submission.error
    if error is None and interrupt is not None:
        error = StoppedError(
            f"interrupted ({interrupt.name}) before the import was known to exist",
            interrupt.signum,
            remedy=("run", "again"),
        )
    if error is None:
        error = NotStartedError("not started", remedy=("run", "again"))
    warnings = () if submission is None else submission.warnings
    return ImportResult(
        Outcome.ERROR, None, error=error, file=path, action=Action.NONE, warnings=warnings
    )


def _join(submission: Submission, ended: ImportResult) -> ImportResult:
    """Return the result of an import with what its submission knows of the file."""
    return ended._replace(
        file=submission.file,
        action=submission.action,
        prepared=submission.prepared,
        lines=submission.lines,
        warnings=submission.warnings,
    )


def submit_files(
    engine: Engine,
    files: Sequence[CheckedFile | BadFile],
    journal: Journal,
    options: RunOptions,
    limits: WaitLimits,
) -> list[Submission]:
    """Create the imports of files that were checked; return what came of each, in order.

    Those after an error that ends the run are left out.
    """
    deadline = Deadline(engine.clock, limits.timeout_s)
    submitter = _make_submitter(engine, journal, options, limits, deadline)
    submitted = submitter.submit_all(f for f in files if isinstance(f, CheckedFile))
    found = []
    for file in files:
        if isinstance(file, BadFile):
            found.append(Submission(file.path, Action.NONE, error=file.error))
        elif (submission := next(submitted, None)) is not None:
            found.append(submission)
    return found


def _make_submitter(
    engine: Engine, journal: Journal, options: RunOptions, limits: WaitLimits, deadline: Deadline
) -> Submitter:
    # what reads files is loaded with it, and only runs need that
    from talkvalue_cli.imports.submitting.submitter import Submitter

    return Submitter(
        engine.client,
        journal,
        options,
        engine.clock,
        engine.listener,
        deadline,
        limits.retry_for_s,
    )


class Preview(NamedTuple):
    """What a run would send for a file: its facts, and the mapping as the server takes it.

    sha256: of what is sent. file_key: of the upload, which creates nothing.
    prepared: what was decided about the file; None for one that is sent untouched.
    """

    file: CheckedFile
    file_key: str
    mapping: list[Any]
    prepared: Prepared | None = None


class Foreseen(NamedTuple):
    """What submitting a file would come to, and the mapping that it would take over.

    submission: has no id for an import that would be created.
    inherited: of the import whose failed rows the file holds; else empty.
    """

    submission: Submission
    inherited: Sequence[MappingRule]


def foresee_file(
    engine: Engine, file: CheckedFile, journal: Journal, options: RunOptions
) -> Foreseen:
    """Return what submitting a file would come to now: nothing is sent but questions.

    Raises TalkValueError as submitting does.
    """
    deadline = Deadline(engine.clock, DEFAULT_LIMITS.timeout_s)
    submitter = _make_submitter(engine, journal, options, DEFAULT_LIMITS, deadline)
    inherited = submitter.find_inherited(file)
    submission = submitter.foresee(file)._replace(warnings=submitter.warnings_of(file))
    return Foreseen(submission, inherited)


def preview_file(
    engine: Engine,
    file: CheckedFile,
    options: RunOptions,
    inherited: Sequence[MappingRule] = (),
) -> Preview:
    """Upload a file that was checked, and return what would be created. Raises TalkValueError.

    inherited: as `foresee_file` finds it.
    """
    from talkvalue_cli.imports.file import decision, upload

    analysis, _ = upload.upload(engine.client, file, file.name, options, engine.listener)
    columns, prepared = decision.decide_mapping(file, analysis, options, engine.listener, inherited)
    wire = [mapped.to_wire() for mapped in columns]
    return Preview(file, analysis["fileKey"], wire, prepared)
