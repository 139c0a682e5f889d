"""Import files from beginning to end: what `path import run` does."""

from __future__ import annotations

import shlex
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any, NamedTuple

from talkvalue_cli.api import imports
from talkvalue_cli.commands.path.import_.outcome import Outcome, Outcomes
from talkvalue_cli.commands.path.import_.report import (
    Effort,
    Report,
    choose_exit_code,
    is_settled,
    report_many,
    report_one,
)
from talkvalue_cli.commands.path.import_.wait_options import WaitOptions
from talkvalue_cli.commands.path.import_.waiting import (
    ImportWait,
    check_options,
    notify,
    resume_command,
    resume_of,
)
from talkvalue_cli.context import AppContext
from talkvalue_cli.errors import (
    Interrupted,
    LocalFileError,
    NotStartedError,
    StoppedError,
    TalkValueError,
    UsageError,
)
from talkvalue_cli.exit_codes import code_of
from talkvalue_cli.imports.file.check import check_csv
from talkvalue_cli.imports.file.source import is_stream, label, open_csv
from talkvalue_cli.imports.file.upload import CheckedFile, RunOptions, Uploader
from talkvalue_cli.imports.status import Verdict
from talkvalue_cli.imports.submitting import journal
from talkvalue_cli.imports.submitting.submitter import Started, Starter, describe_known
from talkvalue_cli.output.columns import Column


class Batch(NamedTuple):
    """How several files are worked through.

    parallel: imports in flight at the most. keep_going: a file that cannot be
    imported does not stop the others.
    """

    parallel: int = 2
    keep_going: bool = False


class Supply:
    """Starts one file after the other while earlier ones are waited for.

    started, failed: what came of each file so far, by its place.
    Implements waiting.jobs_wait.Supply.
    """

    def __init__(
        self, starter: Starter, files: dict[int, CheckedFile], batch: Batch, timeout_s: float | None
    ) -> None:
        self._starter, self._batch, self._timeout_s = starter, batch, timeout_s
        self._queue = list(files.items())
        self.started: dict[int, Started] = {}
        self.failed: dict[int, TalkValueError] = {}
        self.wait: ImportWait | None = None

    def take(self, live: int) -> Iterator[int]:
        """Start files until as many imports are in flight as there may be."""
        while self._queue and live < self._batch.parallel:
            place, file = self._queue.pop(0)
            try:
                started = self._starter.start(file, self._timeout_s)
            except TalkValueError as error:
                self.failed[place] = error
                if not self._batch.keep_going:
                    self._queue.clear()
                continue
            self.started[place] = started
            if started.action == "created" and self.wait is not None:
                self.wait.expect(started.job_id, started.record)
            if started.action != "known":
                live += 1
                # one by one, so that an interrupt loses none
                yield started.job_id


def run_files(
    context: AppContext, paths: Sequence[str], options: RunOptions, batch: Batch, wait: WaitOptions
) -> int:
    """Check, upload, create, wait and report; return the exit code."""
    if wait.quiet:
        context.output.hold_notes()
    with _checked(context, paths, options, batch) as (files, unfit):
        check_options(context, wait, range(len(paths)))
        with journal.open_journal(context.environ, context.wall_clock) as book:
            starter = Starter(context, book, options)
            supply = Supply(starter, files, batch, wait.timeout_s)
            supply.failed |= unfit
            waiting = ImportWait(context, [], wait, supply=supply, job_count=len(paths))
            supply.wait = waiting
            reports: dict[int | None, Report] = {r.job_id: r for r in waiting.run()}
            _write_down(context, book, supply, reports, wait)
        ended = [
            _report_file(context, place, supply, waiting, reports, wait)
            for place in range(len(paths))
        ]
        return _print(context, paths, ended, supply, waiting, wait)


def start_files(
    context: AppContext, paths: Sequence[str], options: RunOptions, batch: Batch
) -> int:
    """Create the imports and print their ids without waiting: `--no-wait`."""
    with (
        _checked(context, paths, options, batch) as (files, unfit),
        journal.open_journal(context.environ, context.wall_clock) as book,
    ):
        everything = Batch(len(paths) + 1, batch.keep_going)
        supply = Supply(Starter(context, book, options), files, everything, None)
        for _ in supply.take(0):
            pass
    supply.failed |= unfit
    for started in supply.started.values():
        if started.action == "known":
            context.output.note(describe_known(started, context.wall_clock()))
    records = [
        {
            "importJobId": supply.started[place].job_id,
            "status": _status_of(context, supply.started[place]),
            **_describe_run(path, supply.started[place]),
        }
        if place in supply.started
        else None
        for place, path in enumerate(paths)
    ]
    return _print_plain(context, records, supply.failed)


def _status_of(context: AppContext, started: Started) -> str:
    """Return a job's status; nobody has looked at one that a run attaches to."""
    if started.action == "attached":
        return imports.get_import(context.client, started.job_id)["status"]
    return str(started.record["status"])


def preview_files(
    context: AppContext, paths: Sequence[str], options: RunOptions, batch: Batch
) -> int:
    """Print what would be sent, mapping included, and create nothing: `--dry-run`."""
    with _checked(context, paths, options, batch) as (files, failed):
        uploader = Uploader(context, options)
        records: list[dict[str, Any] | None] = [None] * len(paths)
        for place, file in files.items():
            try:
                records[place] = _preview(uploader, file, options)
            except TalkValueError as error:
                failed[place] = error
                if not batch.keep_going:
                    break
    return _print_plain(context, records, failed)


def _preview(uploader: Uploader, file: CheckedFile, options: RunOptions) -> dict[str, Any]:
    analysis, _ = uploader.analyze(file)
    choices = uploader.decide_mapping(file, analysis)
    return {
        "fileName": file.name,
        "rows": file.checked.rows,
        "sha256": file.checked.sha256,
        "fileKey": analysis["fileKey"],
        "sourceId": options.source_id,
        "mode": options.mode,
        "columnMappings": [choice.to_wire() for choice in choices],
    }


@contextmanager
def _checked(
    context: AppContext, paths: Sequence[str], options: RunOptions, batch: Batch
) -> Iterator[tuple[dict[int, CheckedFile], dict[int, TalkValueError]]]:
    """Check all files before anything is sent; yield the good ones and what is wrong with others.

    Raises UsageError, naming every file that is unfit, unless it is to keep going.
    """
    files: dict[int, CheckedFile] = {}
    unfit: dict[int, TalkValueError] = {}
    with ExitStack() as stack:
        for place, path in enumerate(paths):
            try:
                files[place] = _check(context, path, options, stack)
            except UsageError as error:
                unfit[place] = error
            except Interrupted as interrupt:
                raise _stopped_early(path, interrupt) from interrupt
        if unfit and not batch.keep_going:
            raise _combine(list(unfit.values()), len(paths))
        _ = context.client  # a missing token is told before anything is written down
        yield files, unfit


def _stopped_early(path: str, interrupt: Interrupted) -> TalkValueError:
    return StoppedError(
        f"stopped ({interrupt.name}) while {path} was checked; nothing was sent",
        interrupt.signum,
    )


def _check(context: AppContext, path: str, options: RunOptions, stack: ExitStack) -> CheckedFile:
    if is_stream(path):
        _ = context.client  # tells that there is no token before everything is read
    with open_csv(path, context.stdin, options.file_name) as source:
        checked = check_csv(
            source.file,
            label(path),
            encoding=options.encoding,
            allow_ragged=options.allow_ragged,
        )
        if not is_stream(path):
            return CheckedFile(path, source.name, checked)
        spool = stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 - the stack closes it
        source.file.seek(0)
        shutil.copyfileobj(source.file, spool)
        return CheckedFile(path, source.name, checked, spool)


def _combine(errors: Sequence[TalkValueError], total: int) -> TalkValueError:
    if len(errors) == 1:
        return errors[0]
    lines = "".join(f"\n  {error.message}" for error in errors)
    return UsageError(
        f"{len(errors)} of {total} files cannot be imported; nothing was sent:{lines}",
        hint="--keep-going imports the others",
    )


def _write_down(
    context: AppContext,
    book: journal.Journal,
    supply: Supply,
    reports: dict[int | None, Report],
    options: WaitOptions,
) -> None:
    """Note in the journal which jobs need no other run, now that rejected rows are saved."""
    for started in supply.started.values():
        report = reports.get(started.job_id)
        if report is not None and is_settled(report, options):
            assert report.outcome.record is not None
            try:
                book.was_finished(started.attempt_id, report.outcome.record)
            except LocalFileError as error:
                context.output.warn(f"import {started.job_id} is over, but {error.message}")


def _report_file(
    context: AppContext,
    place: int,
    supply: Supply,
    waiting: ImportWait,
    reports: dict[int | None, Report],
    options: WaitOptions,
) -> Report:
    """Return the report of one file."""
    started, error = supply.started.get(place), supply.failed.get(place)
    if started is not None and started.job_id in reports:
        return reports[started.job_id]
    if started is not None:
        context.output.note(describe_known(started, context.wall_clock()))
        resume = resume_command(context, [started.job_id], options)
        outcome = Outcomes(started.job_id, resume).finished(started.record, options.tolerance)
        return Report(started.job_id, outcome)
    if error is None:
        error = _not_started(context, waiting)
    return Report(None, Outcome(Verdict("error", code_of(error), error.code), None, error))


def _not_started(context: AppContext, waiting: ImportWait) -> TalkValueError:
    """Return the error of a file that was not reached."""
    again = f"{shlex.join(['talkvalue', *context.argv])}   goes on where this run has stopped"
    if waiting.interrupt is not None:
        return StoppedError(
            f"stopped ({waiting.interrupt.name}) before the import was known to exist",
            waiting.interrupt.signum,
            hint=again,
        )
    return NotStartedError("not started", hint=again)


def _print(
    context: AppContext,
    paths: Sequence[str],
    ended: Sequence[Report],
    supply: Supply,
    waiting: ImportWait,
    options: WaitOptions,
) -> int:
    code = choose_exit_code([report.exit_code for report in ended])
    notify(context, f"{', '.join(paths)}: exit code {code}", waiting, code, options)
    runs = [_describe_run(path, supply.started.get(place)) for place, path in enumerate(paths)]
    if len(paths) > 1:
        resume = resume_of(context, ended, options)
        return report_many(
            context, ended, waiting.effort, options, resume=resume, beside={"runs": runs}
        )
    [report] = ended
    if report.job_id is None:
        assert report.outcome.error is not None
        raise report.outcome.error
    effort = waiting.effort if supply.started[0].action != "known" else Effort(0.0, 0)
    return report_one(context, report, effort, options, {"run": runs[0]})


def _describe_run(path: str, started: Started | None) -> dict[str, Any]:
    """Return what JSON says of a file beside its job."""
    return {"file": path, "action": started.action if started else "none"}


def _print_plain(
    context: AppContext, records: Sequence[dict[str, Any] | None], failed: dict[int, TalkValueError]
) -> int:
    """Print what is known of each file when nothing is waited for; return the exit code."""
    if failed and len(records) == 1:
        raise failed[0]
    if len(records) == 1:
        context.output.record(records[0])
    else:
        found = [record for record in records if record is not None]
        columns = [Column(key, key) for key in (found[0] if found else {})]
        context.output.records(records, found, columns, beside={})
    for error in failed.values():
        context.output.error(error)
    return choose_exit_code([code_of(error) for error in failed.values()])
