"""Files in, results out: the whole way of imports, and its single parts."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple, overload

from talkvalue_cli.clock import Clock, SystemClock
from talkvalue_cli.errors import (
    Interrupted,
    LocalFileError,
    NotStartedError,
    StoppedError,
    TalkValueError,
)
from talkvalue_cli.imports import result
from talkvalue_cli.imports.deadline import Deadline
from talkvalue_cli.imports.failed_rows import Target, check_target, save
from talkvalue_cli.imports.file.checked import BadFile, CheckedFile
from talkvalue_cli.imports.file.mapping import make_rules
from talkvalue_cli.imports.listener import ProgressListener, SilentListener
from talkvalue_cli.imports.options import DEFAULT_LIMITS, RunOptions, WaitLimits
from talkvalue_cli.imports.result import Action, ImportResult, Outcome, Submission, WaitStats
from talkvalue_cli.imports.status import Job, MaxFailed, Tolerance
from talkvalue_cli.imports.submitting.journal import CREATED, Journal, open_journal
from talkvalue_cli.imports.waiting.waiter import Waiter

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from talkvalue_cli.imports.file.prepared import Prepared
    from talkvalue_cli.imports.options import FileSettings, RunSettings, WaitSettings
    from talkvalue_cli.imports.submitting.submitter import Submitter
    from talkvalue_cli.transport.client import Client

File = str | os.PathLike[str]


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
            _write_down(engine, journal, submission, ended, rows)
            ended = ended._replace(file=file.path, action=submission.action)
            results.append(ended._replace(prepared=submission.prepared, lines=submission.lines))
        else:
            error = file.error if isinstance(file, BadFile) else None
            ended = _report(file.path, submission, error, tolerance, waiter.interrupt)
            if not is_interrupted:
                ended = save(engine.client, ended, rows.target, force=rows.force)
                is_interrupted = ended.outcome is Outcome.INTERRUPTED
            results.append(ended)
    return results, stats


def _write_down(
    engine: Engine, journal: Journal, submission: Submission, ended: ImportResult, rows: FailedRows
) -> None:
    """Note in the journal that a job needs no other run, now that its failed rows are saved."""
    is_settled = ended.is_settled(wants_failed_rows=rows.target is not None)
    if submission.attempt_id is None or ended.job is None or not is_settled:
        return
    try:
        journal.was_finished(submission.attempt_id, ended.job)
    except LocalFileError as error:
        engine.listener.warn(f"import {ended.job_id} has finished, but {error.message}")


def _report(
    path: str,
    submission: Submission | None,
    error: TalkValueError | None,
    tolerance: Tolerance,
    interrupt: Interrupted | None,
) -> ImportResult:
    """Return the result of a file whose import was not waited for."""
    if submission is not None and submission.job is not None:
        ended = result.judge(submission.job, tolerance)
        return ended._replace(
            file=path,
            action=submission.action,
            prepared=submission.prepared,
            lines=submission.lines,
        )
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
    return ImportResult(Outcome.ERROR, None, error=error, file=path, action=Action.NONE)


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


def foresee_file(
    engine: Engine, file: CheckedFile, journal: Journal, options: RunOptions
) -> Submission:
    """Return what submitting a file would come to now: nothing is sent but questions.

    An import that would be created has no id. Raises TalkValueError as submitting does.
    """
    deadline = Deadline(engine.clock, DEFAULT_LIMITS.timeout_s)
    submitter = _make_submitter(engine, journal, options, DEFAULT_LIMITS, deadline)
    return submitter.foresee(file)


def preview_file(engine: Engine, file: CheckedFile, options: RunOptions) -> Preview:
    """Upload a file that was checked, and return what would be created. Raises TalkValueError."""
    from talkvalue_cli.imports.file import decision, upload

    analysis, _ = upload.upload(engine.client, file, file.name, options, engine.listener)
    columns, prepared = decision.decide_mapping(file, analysis, options, engine.listener)
    wire = [mapped.to_wire() for mapped in columns]
    return Preview(file, analysis["fileKey"], wire, prepared)


@overload
def run(  # type: ignore[overload-overlap] # a str is a Sequence of str as well
    client: Client,
    files: File,
    *,
    source_id: int,
    mode: str,
    failed_rows: Target | None = ...,
    listener: ProgressListener | None = ...,
    clock: Clock | None = ...,
    journal: Journal | None = ...,
    **settings: Unpack[RunSettings],
) -> ImportResult: ...


@overload
def run(
    client: Client,
    files: Sequence[File],
    *,
    source_id: int,
    mode: str,
    failed_rows: Target | None = ...,
    listener: ProgressListener | None = ...,
    clock: Clock | None = ...,
    journal: Journal | None = ...,
    **settings: Unpack[RunSettings],
) -> list[ImportResult]: ...


def run(
    client: Client,
    files: File | Sequence[File],
    *,
    source_id: int,
    mode: str,
    failed_rows: Target | None = None,
    listener: ProgressListener | None = None,
    clock: Clock | None = None,
    journal: Journal | None = None,
    **settings: Any,
) -> ImportResult | list[ImportResult]:
    """Import files, each once: check, upload, create, wait, save failed rows.

    It can be called again at any moment: what an earlier call, or the command
    `talkvalue path import run`, has begun or finished is found in the journal.

    files: a path (`-` is standard input) for one result, or several for a list
        of them in the same order.
    source_id: the channel. mode: UPDATE or SKIP.
    failed_rows: file, folder or stream for the failed rows; None saves none.
    journal: as `open_journal` gives it; by default the one that TALKVALUE_JOURNAL names, else
        that of this user on this machine.
    settings: every other field of RunOptions, `mapping` in place of its rules,
        every field of WaitLimits, and `allow_partial` and `max_failed`.

    Raises UsageError for files and arguments that cannot be used, before
    anything is sent. What happens later is in the results.
    """
    from talkvalue_cli.imports.file.checking import check_files

    limits, tolerance, rest = _split(settings)
    options = _make_options(source_id, mode, rest)
    paths = _list_paths(files)
    check_target(failed_rows, count=len(paths))
    engine = _make_engine(client, clock, listener)
    with (
        check_files(paths, options, engine.listener, sys.stdin) as checked,
        _opened(journal, engine.clock) as book,
    ):
        rows = FailedRows(failed_rows, options.force)
        results, _ = run_files(engine, checked, book, options, limits, tolerance, rows)
    return results if len(results) != 1 or not isinstance(files, (str, os.PathLike)) else results[0]


def submit(
    client: Client,
    files: File | Sequence[File],
    *,
    source_id: int,
    mode: str,
    listener: ProgressListener | None = None,
    clock: Clock | None = None,
    journal: Journal | None = None,
    **settings: Unpack[FileSettings],
) -> list[Submission]:
    """Do as `run` does, but create the imports only; `wait` or a Waiter goes on from there.

    Returns what came of each file, in order: a job id, or an error.
    """
    from talkvalue_cli.imports.file.checking import check_files

    options = _make_options(source_id, mode, dict(settings))
    engine = _make_engine(client, clock, listener)
    with (
        check_files(_list_paths(files), options, engine.listener, sys.stdin) as checked,
        _opened(journal, engine.clock) as book,
    ):
        return submit_files(engine, checked, book, options, DEFAULT_LIMITS)


def preview(
    client: Client,
    file: File,
    *,
    source_id: int,
    mode: str,
    listener: ProgressListener | None = None,
    **settings: Unpack[FileSettings],
) -> Preview:
    """Check and upload a file, and return what `run` would create of it; nothing is created.

    Raises TalkValueError.
    """
    from talkvalue_cli.imports.file.checking import check_files

    options = _make_options(source_id, mode, dict(settings))
    engine = _make_engine(client, None, listener)
    with check_files(_list_paths(file), options, engine.listener, sys.stdin) as [checked]:
        assert isinstance(checked, CheckedFile), "a file that cannot be used has raised"
        return preview_file(engine, checked, options)


@overload
def wait(
    client: Client,
    job_ids: int,
    *,
    failed_rows: Target | None = ...,
    listener: ProgressListener | None = ...,
    clock: Clock | None = ...,
    **settings: Unpack[WaitSettings],
) -> ImportResult: ...


@overload
def wait(
    client: Client,
    job_ids: Sequence[int],
    *,
    failed_rows: Target | None = ...,
    listener: ProgressListener | None = ...,
    clock: Clock | None = ...,
    **settings: Unpack[WaitSettings],
) -> list[ImportResult]: ...


def wait(
    client: Client,
    job_ids: int | Sequence[int],
    *,
    failed_rows: Target | None = None,
    listener: ProgressListener | None = None,
    clock: Clock | None = None,
    **settings: Any,
) -> ImportResult | list[ImportResult]:
    """Wait for imports until each has finished or a limit passes.

    job_ids: one for a result, or several for a list of them in the same order,
        each id once.
    failed_rows: as for `run`. settings: every field of WaitLimits, and
        `allow_partial` and `max_failed`.

    Errors of the server are in the results.
    """
    limits, tolerance, rest = _split(settings)
    if rest:
        raise TypeError(f"wait() got an unexpected keyword argument {next(iter(rest))!r}")
    ids = [job_ids] if isinstance(job_ids, int) else list(job_ids)
    check_target(failed_rows, ids, count=len(ids))
    engine = _make_engine(client, clock, listener)
    waiter = Waiter(
        client,
        ids,
        limits=limits,
        tolerance=tolerance,
        listener=engine.listener,
        clock=engine.clock,
        random=engine.random,
    )
    results, _ = wait_and_save(engine, waiter, FailedRows(failed_rows))
    return results[0] if isinstance(job_ids, int) else results


def conclude(
    client: Client,
    job: Job,
    *,
    failed_rows: Target | None = None,
    force: bool = False,
    journal: Journal | None = None,
    action: str | None = None,
    allow_partial: bool = False,
    max_failed: MaxFailed | None = None,
) -> ImportResult:
    """Do what `run` does about an import that has ended: judge it, save its failed rows, note it.

    For those who `submit` in one process and wait in another. The journal is told
    when it knows the import; on another machine it may not, and that does no harm.

    job: the record as it was last seen. One that has not finished is NOT_FINISHED.
    failed_rows: as for `run`. force: over a file that exists. action: of its Submission.
    Raises LocalFileError when the journal cannot be used.
    """
    check_target(failed_rows, [job["id"]])
    engine = _make_engine(client, None, None)
    rows = FailedRows(failed_rows, force)
    ended = result.judge(job, Tolerance(allow_partial, max_failed))
    ended = save(client, ended._replace(action=action), rows.target, force=rows.force)
    with _opened(journal, engine.clock) as book:
        known = book.find_job(client.base_url, job["id"])
        if known is not None and known.step == CREATED:
            submission = Submission(known.file_path, Action.ATTACHED, attempt_id=known.id)
            _write_down(engine, book, submission, ended, rows)
    return ended


def _make_engine(client: Client, clock: Clock | None, listener: ProgressListener | None) -> Engine:
    return Engine(client, clock or SystemClock(), listener or SilentListener(), Random())


def _split(settings: dict[str, Any]) -> tuple[WaitLimits, Tolerance, dict[str, Any]]:
    """Return the keywords that are about waiting, and the others."""
    rest = dict(settings)
    limits = {name: rest.pop(name) for name in WaitLimits._fields if name in rest}
    tolerated = {name: rest.pop(name) for name in Tolerance._fields if name in rest}
    return WaitLimits(**limits), Tolerance(**tolerated), rest


def _make_options(source_id: int, mode: str, settings: dict[str, Any]) -> RunOptions:
    rules = make_rules(settings.pop("mapping", None) or {})
    return RunOptions(source_id, mode, rules, **settings)


def _list_paths(files: File | Sequence[File]) -> list[str]:
    found = [files] if isinstance(files, (str, os.PathLike)) else files
    return [os.fspath(file) for file in found]


@contextmanager
def _opened(journal: Journal | None, clock: Clock) -> Iterator[Journal]:
    """Give the journal, or the one that the environment names, which is closed in the end."""
    if journal is not None:
        yield journal
        return
    with open_journal(sleep=clock.sleep) as book:
        yield book
