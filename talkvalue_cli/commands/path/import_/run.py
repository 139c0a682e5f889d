"""`talkvalue path import run`."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import click

from talkvalue_cli.commands.base import Command, pass_context
from talkvalue_cli.commands.options.places import check_place
from talkvalue_cli.commands.options.types import FILE_NAME
from talkvalue_cli.commands.path.import_.file_options import CHANGING, read_rules
from talkvalue_cli.commands.path.import_.run_options import run_options
from talkvalue_cli.commands.path.import_.shared_journal import journal_option, open_for
from talkvalue_cli.commands.path.import_.target_options import target_options
from talkvalue_cli.commands.path.import_.wait_options import WaitOptions, wait_options
from talkvalue_cli.context import AppContext
from talkvalue_cli.errors import TalkValueError, UsageError
from talkvalue_cli.exit_codes import ExitCode
from talkvalue_cli.files import STDIO

if TYPE_CHECKING:
    from talkvalue_cli.commands.path.import_.progress import ProgressReporter
    from talkvalue_cli.imports.file.checked import BadFile, CheckedFile
    from talkvalue_cli.imports.file.prepared import Prepared
    from talkvalue_cli.imports.options import RunOptions
    from talkvalue_cli.imports.pipeline import Engine
    from talkvalue_cli.imports.result import Submission
    from talkvalue_cli.imports.waiting.limits import WaitLimits


@click.command("run", cls=Command)
@click.argument("paths", metavar="FILE...", nargs=-1, required=True, type=FILE_NAME)
@target_options
@run_options
@journal_option
@wait_options(always=True, many=True)
@pass_context
def command(
    context: AppContext,
    paths: Sequence[str],
    source_id: int,
    mode: str,
    given: dict[str, Any],
    wait: WaitOptions,
) -> int:
    """Import files of contacts; safe to run again at any moment.

    Finds out how each file is written and what its columns are, sends it as
    plain CSV, creates the import, waits for it, and saves failed rows as
    import-ID-failed.csv. What it does is shown; `talkvalue help files` explains
    it. - is standard input.

    Each step is written down first. The next run for the same content, channel
    and mode resumes where this one stopped; after an import that ended within
    --again-after it creates nothing, and exits with the code of that import.

    Examples:
      talkvalue path import run contacts.csv --channel Newsletter --mode SKIP
      talkvalue path import run contacts.csv --source-id 1 --mode SKIP --quiet --timeout 30m
      talkvalue path import run contacts.csv --source-id 1 --mode UPDATE --dry-run
      talkvalue path import run *.csv --source-id 1 --mode UPDATE --mapping "Email:EMAIL"

    \b
    Fields: EMAIL FIRST_NAME LAST_NAME NAME PHONE JOB_TITLE COMPANY_NAME
            ADDRESS LINKEDIN_URL X_URL JOINED_AT

    Exit codes are those of `wait`; 2 means that a file or its mapping cannot be used.
    `talkvalue help` has more: imports, mapping, files, waiting, cron, exit-codes.
    """
    from talkvalue_cli.imports.failed_rows import DEFAULT_PATH
    from talkvalue_cli.imports.options import RunOptions

    no_wait, dry_run = given.pop("no_wait"), given.pop("dry_run")
    saves_rows = not given.pop("no_failed_rows")
    if no_wait and dry_run:
        raise UsageError("--no-wait and --dry-run exclude each other")
    if len(paths) > 1 and (given["file_name"] or given["save_mapping"]):
        raise UsageError("--file-name and --save-mapping are for a single file")
    if not saves_rows and wait.failed_rows is not None:
        raise UsageError("--failed-rows and --no-failed-rows exclude each other")
    if wait.quiet and (no_wait or dry_run):
        raise UsageError("--quiet only makes sense when the command waits")
    if given["save_mapping"] is not None:
        check_place("--save-mapping", given["save_mapping"], force=wait.force, apart_from=paths)
    if list(paths).count(STDIO) > 1:
        raise UsageError("standard input can be read only once")
    read_rules(given)
    if given["as_is"]:
        _refuse_beside_as_is(given)
    asks = not given.pop("yes") and not given["strict"]
    options = RunOptions(source_id, mode, force=wait.force, **given)
    paths = _leave_out_failed_rows(context, paths)
    if not paths:
        return ExitCode.OK
    if dry_run:
        return _preview(context, paths, options, asks=asks)
    if no_wait:
        return _submit(context, paths, options, wait.limits, asks=asks)
    if saves_rows and wait.failed_rows is None:
        wait = wait._replace(failed_rows=DEFAULT_PATH)
    return _run(context, paths, options, wait, asks=asks)


def _refuse_beside_as_is(given: dict[str, Any]) -> None:
    """Raise UsageError for an option about a file that is sent untouched."""
    named = [name for name in CHANGING if given[name]]
    if named:
        flags = ", ".join(f"--{name.replace('_', '-').removesuffix('s')}" for name in named)
        raise UsageError(f"--as-is sends the file untouched, and excludes {flags}")


def _leave_out_failed_rows(context: AppContext, paths: Sequence[str]) -> Sequence[str]:
    """Return the files of a batch without those that an earlier run has saved beside them."""
    from talkvalue_cli.imports.failed_rows import find_origin

    if len(paths) == 1:
        return paths
    left_out = [path for path in paths if find_origin(path) is not None]
    for path in left_out:
        context.output.note(
            f"{path} holds failed rows of an import, and is left out; name it alone"
        )
    return [path for path in paths if path not in left_out]


def _run(
    context: AppContext,
    paths: Sequence[str],
    options: RunOptions,
    wait: WaitOptions,
    *,
    asks: bool,
) -> int:
    """Check, upload, create, wait and report; return the exit code."""
    from talkvalue_cli.commands.path.import_ import metrics, report, run_report, waiting
    from talkvalue_cli.imports.pipeline import run_files
    from talkvalue_cli.imports.result import Action, WaitStats

    reporter, rows = waiting.begin(context, wait, job_count=len(paths), paths=paths)
    with ExitStack() as stack:
        recorder = stack.enter_context(
            metrics.recording(context, wait.metrics, paths, options.source_id)
        )
        stack.enter_context(reporter)
        checked = _check(context, paths, options, reporter, stack, asks=asks)
        engine = _engine(context, reporter)
        journal = stack.enter_context(open_for(context, wait.limits.timeout_s))
        results, stats = run_files(
            engine, checked, journal, options, wait.limits, wait.tolerance, rows
        )
        recorder.ended(results, stats)
    for result in results:
        if result.action == Action.KNOWN:
            context.output.note(run_report.describe_known(result, context.wall_clock()))
    report.notify(context, ", ".join(paths), results, stats, wait)
    runs = [run_report.describe_run(result) for result in results]
    if len(results) > 1:
        return report.report_many(context, results, stats, wait, {"runs": runs})
    [result] = results
    if result.job_id is None and result.error is not None:
        raise result.error
    if result.action == Action.KNOWN:
        stats = WaitStats()
    return report.report_one(context, result, stats, wait, {"run": runs[0]})


def _submit(
    context: AppContext,
    paths: Sequence[str],
    options: RunOptions,
    limits: WaitLimits,
    *,
    asks: bool,
) -> int:
    """Create the imports and print their ids without waiting: `--no-wait`."""
    from talkvalue_cli.commands.path.import_ import run_report
    from talkvalue_cli.commands.path.import_.progress import ProgressReporter
    from talkvalue_cli.imports.pipeline import submit_files
    from talkvalue_cli.imports.result import Action

    reporter = ProgressReporter(context)
    with ExitStack() as stack:
        checked = _check(context, paths, options, reporter, stack, asks=asks)
        engine = _engine(context, reporter)
        journal = stack.enter_context(open_for(context, limits.timeout_s))
        submitted = submit_files(engine, checked, journal, options, limits)
    for submission in submitted:
        if submission.action == Action.KNOWN:
            context.output.note(run_report.describe_known(submission, context.wall_clock()))
    records = [run_report.describe_submission(context, submission) for submission in submitted]
    missing = [None] * (len(paths) - len(records))
    prepared = [*(submission.prepared for submission in submitted), *missing]
    errors = [s.error for s in submitted if s.error]
    return run_report.print_plain(context, paths, [*records, *missing], prepared, errors, submitted)


def _preview(context: AppContext, paths: Sequence[str], options: RunOptions, *, asks: bool) -> int:
    """Print what would be sent, mapping included, and create nothing: `--dry-run`."""
    from talkvalue_cli.commands.path.import_ import dry_run, run_report
    from talkvalue_cli.commands.path.import_.progress import ProgressReporter
    from talkvalue_cli.imports.file.checked import BadFile
    from talkvalue_cli.imports.pipeline import foresee_file, preview_file

    reporter = ProgressReporter(context)
    records: list[dict[str, Any] | None] = []
    prepared: list[Prepared | None] = []
    errors: list[TalkValueError] = []
    plans: list[dry_run.Plan] = []
    submitted: dict[str, Submission] = {}
    is_table = context.output.format == "table"
    with ExitStack() as stack:
        checked = _check(context, paths, options, reporter, stack, asks=asks)
        engine = _engine(context, reporter)
        previewer = _engine(context, dry_run.PlanReporter(context)) if is_table else engine
        book = stack.enter_context(dry_run.open_journal(context))
        for file in checked:
            record, found = None, None
            try:
                if isinstance(file, BadFile):
                    raise file.error
                if options.keep_going or not errors:
                    foreseen = foresee_file(engine, file, book, options)
                    preview = preview_file(previewer, file, options, foreseen.inherited)
                    found, submitted[file.path] = preview.prepared, foreseen.submission
                    plans.append(dry_run.make_plan(file, preview, foreseen.submission, options))
                    record = plans[-1].record
            except TalkValueError as error:
                errors.append(error)
            records.append(record)
            prepared.append(found)
    if is_table:
        dry_run.print_plans(context, plans)
        return run_report.print_errors(context, errors)
    foreseen_of = [submitted.get(path) for path in paths]
    return run_report.print_plain(context, paths, records, prepared, errors, foreseen_of)


def _check(
    context: AppContext,
    paths: Sequence[str],
    options: RunOptions,
    reporter: ProgressReporter,
    stack: ExitStack,
    *,
    asks: bool,
) -> list[CheckedFile | BadFile]:
    """Check all files; a missing token is told before a stream is read, or anything is written."""
    from talkvalue_cli.commands.path.import_ import questions
    from talkvalue_cli.imports.file.checking import check_files
    from talkvalue_cli.imports.file.source import is_stream

    if any(map(is_stream, paths)):
        _ = context.client
    ask = questions.make_ask(context, asks=asks and STDIO not in paths)
    checked = stack.enter_context(check_files(paths, options, reporter, context.stdin, ask))
    _ = context.client
    return checked


def _engine(context: AppContext, reporter: ProgressReporter) -> Engine:
    from talkvalue_cli.imports.pipeline import Engine

    return Engine(context.client, context.clock, reporter, context.random)
