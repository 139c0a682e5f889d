"""What `path import run` does with its files: submit them, wait for them, or only look."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from typing import NamedTuple

from talkvalue_cli.commands.path.import_ import (
    metrics,
    questions,
    report,
    run_report,
    waiting,
)
from talkvalue_cli.commands.path.import_.progress import ProgressReporter
from talkvalue_cli.commands.path.import_.shared_journal import open_for
from talkvalue_cli.commands.path.import_.wait_options import WaitOptions
from talkvalue_cli.context import AppContext
from talkvalue_cli.errors import TalkValueError
from talkvalue_cli.files import STDIO
from talkvalue_cli.imports import pipeline
from talkvalue_cli.imports.failed_rows import DEFAULT_PATH, find_origin
from talkvalue_cli.imports.file.checked import BadFile, CheckedFile
from talkvalue_cli.imports.file.checking import check_files
from talkvalue_cli.imports.file.source import is_stream
from talkvalue_cli.imports.options import RunOptions
from talkvalue_cli.imports.result import Action, ImportResult, Submission, WaitStats
from talkvalue_cli.imports.waiting.limits import WaitLimits


def leave_out_failed_rows(context: AppContext, paths: Sequence[str]) -> Sequence[str]:
    """Return the files of a batch without those that an earlier run has saved beside them."""
    if len(paths) == 1:
        return paths
    left_out = [path for path in paths if find_origin(path) is not None]
    for path in left_out:
        context.output.note(
            f"{path} holds failed rows of an import, and is left out; name it alone"
        )
    return [path for path in paths if path not in left_out]


class Run(NamedTuple):
    """The files of a command line, and what is to be done with them.

    asks: a person may be asked about a file.
    Each method returns the exit code, and raises TalkValueError.
    """

    context: AppContext
    paths: Sequence[str]
    options: RunOptions
    asks: bool

    def wait(self, wait: WaitOptions, *, saves_rows: bool) -> int:
        """Check, upload, create, wait and report."""
        context, paths = self.context, self.paths
        if saves_rows and wait.failed_rows is None:
            wait = wait._replace(failed_rows=DEFAULT_PATH)
        reporter, rows = waiting.begin(context, wait, job_count=len(paths), paths=paths)
        with ExitStack() as stack:
            recorder = stack.enter_context(
                metrics.recording(context, wait.metrics, paths, self.options.source_id)
            )
            stack.enter_context(reporter)
            checked = self._check(reporter, stack)
            engine = self._engine(reporter)
            journal = stack.enter_context(open_for(context, wait.limits.timeout_s))
            results, stats = pipeline.run_files(
                engine, checked, journal, self.options, wait.limits, wait.tolerance, rows
            )
            recorder.ended(results, stats)
        self._tell_known(results)
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

    def submit(self, limits: WaitLimits) -> int:
        """Create the imports and print their ids without waiting: `--no-wait`."""
        context, paths = self.context, self.paths
        reporter = ProgressReporter(context)
        with ExitStack() as stack:
            checked = self._check(reporter, stack)
            engine = self._engine(reporter)
            journal = stack.enter_context(open_for(context, limits.timeout_s))
            submitted = pipeline.submit_files(engine, checked, journal, self.options, limits)
        self._tell_known(submitted)
        seen = [run_report.Seen(path) for path in paths]
        for place, each in enumerate(submitted):
            record = run_report.describe_submission(context, each)
            seen[place] = run_report.Seen(paths[place], record, each.prepared, each.warnings)
        errors = [each.error for each in submitted if each.error]
        return run_report.print_plain(context, seen, errors)

    def preview(self) -> int:
        """Print what would be sent, mapping included, and create nothing: `--dry-run`."""
        context, options = self.context, self.options
        reporter = ProgressReporter(context)
        seen: list[run_report.Seen] = []
        errors: list[TalkValueError] = []
        plans: list[run_report.Plan] = []
        is_table = context.output.format == "table"
        with ExitStack() as stack:
            checked = self._check(reporter, stack)
            engine = self._engine(reporter)
            previewer = self._engine(run_report.PlanReporter(context)) if is_table else engine
            book = stack.enter_context(run_report.open_journal(context))
            for file in checked:
                seen.append(run_report.Seen(file.path))
                try:
                    if isinstance(file, BadFile):
                        raise file.error
                    if options.keep_going or not errors:
                        foreseen = pipeline.foresee_file(engine, file, book, options)
                        preview = pipeline.preview_file(
                            previewer, file, options, foreseen.inherited
                        )
                        plan = run_report.make_plan(file, preview, foreseen.submission, options)
                        plans.append(plan)
                        warnings = plan.foreseen.warnings
                        seen[-1] = run_report.Seen(plan.path, plan.record, plan.prepared, warnings)
                except TalkValueError as error:
                    errors.append(error)
        if is_table:
            run_report.print_plans(context, plans)
            return run_report.print_errors(context, errors)
        return run_report.print_plain(context, seen, errors)

    def _check(self, reporter: ProgressReporter, stack: ExitStack) -> list[CheckedFile | BadFile]:
        """Check all files; a missing token is told before a stream is read, or a file written."""
        context, paths = self.context, self.paths
        if any(map(is_stream, paths)):
            _ = context.client
        ask = questions.make_ask(context, asks=self.asks and STDIO not in paths)
        checked = stack.enter_context(
            check_files(paths, self.options, reporter, context.stdin, ask)
        )
        _ = context.client
        return checked

    def _engine(self, reporter: ProgressReporter) -> pipeline.Engine:
        context = self.context
        return pipeline.Engine(context.client, context.clock, reporter, context.random)

    def _tell_known(self, results: Sequence[ImportResult | Submission]) -> None:
        """Say of files that were imported already why they are not imported again."""
        for result in results:
            if result.action == Action.KNOWN:
                past = run_report.describe_past(result, self.context.wall_clock())
                self.context.output.note(f"{result.file} {past}")
