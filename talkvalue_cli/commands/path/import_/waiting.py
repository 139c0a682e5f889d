"""Waiting for imports: what `get --wait`, `create --wait`, `wait`, `resume` and `run` share."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from talkvalue_cli.api.models import CreatedImport
from talkvalue_cli.commands.options import places
from talkvalue_cli.commands.path.import_ import metrics, report
from talkvalue_cli.commands.path.import_.progress import ProgressReporter, choose_display
from talkvalue_cli.commands.path.import_.wait_options import STDOUT, WaitOptions
from talkvalue_cli.context import AppContext
from talkvalue_cli.imports import failed_rows
from talkvalue_cli.imports.pipeline import Engine, FailedRows, wait_and_save
from talkvalue_cli.imports.result import ImportResult, WaitStats
from talkvalue_cli.imports.status import Job
from talkvalue_cli.imports.waiting.waiter import Waiter
from talkvalue_cli.output.writer import Output


class _Stdout:
    """Standard output, for failed rows."""

    def __init__(self, output: Output) -> None:
        self._output = output

    def write(self, chunk: bytes) -> None:
        """Pass bytes on, unchanged."""
        self._output.write_bytes([chunk])


def begin(
    context: AppContext,
    options: WaitOptions,
    job_ids: Sequence[int] = (),
    *,
    job_count: int = 1,
    paths: Sequence[str] = (),
) -> tuple[ProgressReporter, FailedRows]:
    """Return what shows progress, and where failed rows go.

    job_ids: the imports to wait for, as far as they are known. paths: the files that are read.
    Raises UsageError for options that cannot be obeyed.
    """
    if options.quiet:
        context.output.hold_notes()
    metrics.check(options.metrics, paths)
    target: failed_rows.Target | None = options.failed_rows
    if target == STDOUT:
        target = STDOUT if job_count > 1 else _Stdout(context.output)
    with places.refusing("--failed-rows"):
        failed_rows.check_target(target, job_ids, count=job_count, apart_from=paths)
    display = choose_display(context, options.progress, quiet=options.quiet, job_count=job_count)
    reporter = ProgressReporter(
        context, display, warns_of_stall=options.limits.stall_timeout_s is None
    )
    return reporter, FailedRows(target, options.force)


def wait_for_import(
    context: AppContext,
    job_id: int,
    options: WaitOptions,
    *,
    created: CreatedImport | None = None,
    on_settled: Callable[[Job], None] | None = None,
) -> int:
    """Wait for one import, print its document and its error; return the exit code.

    created: the answer to its creation, when this process has just created it.
    on_settled: is told the job when nothing is left to be done about it.
    """
    with metrics.recording(context, options.metrics) as recorder:
        results, stats = _wait(context, [job_id], options, created)
        recorder.ended(results, stats)
    [result] = results
    is_settled = result.is_settled(wants_failed_rows=options.failed_rows is not None)
    if on_settled is not None and result.job is not None and is_settled:
        on_settled(result.job)
    report.notify(context, f"import {job_id}: {result.outcome.value}", results, stats, options)
    return report.report_one(context, result, stats, options)


def wait_for_imports(context: AppContext, job_ids: Sequence[int], options: WaitOptions) -> int:
    """Wait for imports, print one document of all and one error; return the exit code."""
    with metrics.recording(context, options.metrics) as recorder:
        results, stats = _wait(context, job_ids, options)
        recorder.ended(results, stats)
    report.notify(context, f"{len(results)} imports", results, stats, options)
    return report.report_many(context, results, stats, options)


def _wait(
    context: AppContext,
    job_ids: Sequence[int],
    options: WaitOptions,
    created: CreatedImport | None = None,
) -> tuple[list[ImportResult], WaitStats]:
    reporter, rows = begin(context, options, job_ids, job_count=len(job_ids))
    engine = Engine(context.client, context.clock, reporter, context.random)
    with reporter:
        waiter = Waiter(
            engine.client,
            () if created else job_ids,
            limits=options.limits,
            tolerance=options.tolerance,
            listener=reporter,
            clock=engine.clock,
            random=engine.random,
        )
        if created:
            job = {"id": created["importJobId"], "status": created.get("status")}
            waiter.add(created["importJobId"], job, is_new=True)
        return wait_and_save(engine, waiter, rows)
