"""Wait for imports: what `get --wait`, `create --wait`, `wait` and `run` have in common."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from talkvalue_cli.api import imports
from talkvalue_cli.api.models import CreatedImport
from talkvalue_cli.commands.path.import_.outcome import Outcome, Outcomes
from talkvalue_cli.commands.path.import_.progress import Narrator, choose_display
from talkvalue_cli.commands.path.import_.report import (
    Effort,
    Report,
    choose_exit_code,
    is_settled,
    report_many,
    report_one,
    save_rejected,
)
from talkvalue_cli.commands.path.import_.tables import JOB_LAYOUT
from talkvalue_cli.commands.path.import_.wait_options import WaitOptions
from talkvalue_cli.context import AppContext
from talkvalue_cli.errors import Interrupted, TalkValueError
from talkvalue_cli.exit_codes import ExitCode
from talkvalue_cli.imports import failed_rows
from talkvalue_cli.imports.status import Record, is_finished
from talkvalue_cli.imports.waiting.fetch import ImportLooker
from talkvalue_cli.imports.waiting.polling import PollPolicy
from talkvalue_cli.imports.waiting.waiter import Ending, JobsWait, Limits, Supply
from talkvalue_cli.output.progress.snapshot import ring

#: --notify is silent after a wait shorter than this, in seconds
NOTIFY_AFTER_S = 20.0


class ImportWait:
    """A wait for imports from its beginning to its reports.

    created: records of the jobs that this process has just created, by id.
    supply: starts further jobs meanwhile; job_count: how many there will be in all.
    interrupt: the signal that ended the wait, if one did.
    """

    def __init__(
        self,
        context: AppContext,
        job_ids: Sequence[int],
        options: WaitOptions,
        created: Mapping[int, Record] | None = None,
        *,
        supply: Supply | None = None,
        job_count: int | None = None,
    ) -> None:
        self._runtime, self._options = context, options
        self._created: dict[int, Record] = {}
        self.interrupt: Interrupted | None = None
        display = choose_display(
            context,
            options.progress,
            quiet=options.quiet,
            job_count=len(job_ids) if job_count is None else job_count,
        )
        self._narrator = Narrator(
            context,
            display,
            list(job_ids),
            warns_of_stall=options.stall_timeout_s is None,
        )
        self._looker = ImportLooker(context.client, context.clock, self._narrator.tick)
        for job_id, record in (created or {}).items():
            self.expect(job_id, record)
        limits = Limits(
            options.timeout_s, options.stall_timeout_s, options.retry_for_s, options.fail_fast
        )
        policy = PollPolicy(interval_s=options.interval_s)
        self._wait = JobsWait(
            job_ids, self._looker, policy, limits, context.clock, context.random, supply
        )

    def expect(self, job_id: int, record: Record) -> None:
        """Be told of a job whose creation was just confirmed, and of its record so far."""
        self._created[job_id] = record
        self._looker.expect(job_id)

    @property
    def effort(self) -> Effort:
        """What the wait has taken so far."""
        return Effort(self._wait.elapsed_s, self._wait.requests)

    def run(self) -> list[Report]:
        """Wait, save rejected rows, and return a report of each job in the order given."""
        failure: TalkValueError | None = None
        ended: list[tuple[Outcomes, Outcome]] = []
        try:
            self._wait.run(self._narrator)
        except Interrupted as signal:
            self.interrupt = signal
        except TalkValueError as error:
            failure = error
        finally:
            # also when something unforeseen ends the wait: the terminal must get its cursor back
            self._narrator.close()
        for job_id in self._wait.histories:
            outcomes = Outcomes(job_id, resume_command(self._runtime, [job_id], self._options))
            ended.append((outcomes, self._describe(outcomes, failure)))
            self._narrator.finish(job_id, ended[-1][1].verdict.outcome)
        return self._save_rejected(ended)

    def _save_rejected(self, ended: Sequence[tuple[Outcomes, Outcome]]) -> list[Report]:
        """Save rejected rows until a signal arrives: it wants an answer at once."""
        reports: list[Report] = []
        is_interrupted = self.interrupt is not None
        for outcomes, outcome in ended:
            options = self._options._replace(failed_rows=None) if is_interrupted else self._options
            report = save_rejected(self._runtime, outcomes, outcome, options)
            is_interrupted = is_interrupted or report.outcome.verdict.outcome == "interrupted"
            reports.append(report)
        return reports

    def _describe(self, outcomes: Outcomes, failure: TalkValueError | None) -> Outcome:
        """Return how the wait for one job ended.

        failure: what ended the wait for all that had no ending of their own.
        """
        job_id = outcomes.job_id
        history, ending = self._wait.histories[job_id], self._wait.endings.get(job_id)
        record = history.record or self._created.get(job_id)
        error = self._wait.errors.get(job_id)
        if ending is Ending.FINISHED and record is not None:
            return outcomes.finished(record, self._options.tolerance)
        if ending is Ending.REFUSED and error is not None:
            return outcomes.failed(error, record)
        if ending is Ending.STALLED:
            return outcomes.stalled(record, history.still_s)
        if ending is None and self.interrupt is not None:
            return outcomes.interrupted(self.interrupt, record)
        if ending is None and failure is not None:
            return outcomes.failed(failure, record)
        if ending is Ending.DEADLINE:
            return outcomes.timed_out(record, self._options.timeout_s or 0.0)
        if ending is Ending.LOST or record is None:
            return outcomes.lost(record, error)
        return outcomes.not_finished(record)


def check_options(context: AppContext, options: WaitOptions, job_ids: Sequence[int] = ()) -> None:
    """Raise UsageError for options that cannot be obeyed; before a create there are no ids."""
    for job_id in job_ids or (0,):
        failed_rows.check_target(options, job_id, is_one_of_many=len(job_ids) > 1)
    choose_display(context, options.progress, quiet=options.quiet)


def wait_for_import(
    context: AppContext,
    job_id: int,
    options: WaitOptions,
    *,
    created: Record | None = None,
    on_finished: Callable[[Record], None] | None = None,
) -> int:
    """Wait for one import, print its document and its error; return the exit code.

    created: the record so far, when this process has just created the job.
    on_finished: is told the last record when nothing is left to be done about the job.
    """
    if options.quiet:
        context.output.hold_notes()
    check_options(context, options, [job_id])
    wait = ImportWait(context, [job_id], options, {job_id: created} if created else None)
    [report] = wait.run()
    record = report.outcome.record
    if on_finished is not None and record is not None and is_settled(report, options):
        on_finished(record)
    outcome = f"import {job_id}: {report.outcome.verdict.outcome}"
    notify(context, outcome, wait, report.exit_code, options)
    return report_one(context, report, wait.effort, options)


def wait_for_imports(context: AppContext, job_ids: Sequence[int], options: WaitOptions) -> int:
    """Wait for imports, print one document of all and one error; return the exit code."""
    if options.quiet:
        context.output.hold_notes()
    check_options(context, options, job_ids)
    wait = ImportWait(context, job_ids, options)
    reports = wait.run()
    code = choose_exit_code([report.exit_code for report in reports])
    notify(context, f"{len(reports)} imports: exit code {code}", wait, code, options)
    return report_many(
        context, reports, wait.effort, options, resume=resume_of(context, reports, options)
    )


def wait_for_created(context: AppContext, created: CreatedImport, options: WaitOptions) -> int:
    """Wait for a job that this process has just created."""
    job_id = created["importJobId"]
    if options.progress != "json":
        context.output.note(f"import {job_id} created")
    seed = {"id": job_id, "status": created["status"]}
    return wait_for_import(context, job_id, options, created=seed)


def look_and_judge(context: AppContext, job_id: int, options: WaitOptions) -> int:
    """Show the import as it is now and return the code of its state: `get --exit-status`."""
    if options.quiet:
        context.output.hold_notes()
    record = imports.get_import(context.client, job_id)
    outcomes = Outcomes(job_id, resume_command(context, [job_id], options))
    if is_finished(record):
        outcome = outcomes.finished(record, options.tolerance)
    else:
        outcome = outcomes.not_finished(record)
    if outcome.error is not None or not options.quiet:
        context.output.record(record, JOB_LAYOUT)
    if outcome.error is not None:
        hint = outcome.error.hint or failed_rows.export_hint(context, record)
        context.output.error(outcome.error.evolve(hint=hint))
    return outcome.verdict.exit_code


def resume_of(context: AppContext, reports: Sequence[Report], options: WaitOptions) -> str | None:
    """Return the command that goes on waiting for the jobs that are not over, if there are any."""
    alive = [
        report.job_id
        for report in reports
        if report.job_id is not None
        and report.outcome.error
        and report.outcome.error.details.get("resumeCommand")
    ]
    return resume_command(context, alive, options) if alive else None


def resume_command(context: AppContext, job_ids: Sequence[int], options: WaitOptions) -> str:
    """Return the command that goes on waiting, with the flags that shape its exit code."""
    arguments = ["path", "import", "wait", *map(str, job_ids)]
    if options.tolerance.allow_partial:
        arguments.append("--allow-partial")
    if options.tolerance.max_failed is not None:
        arguments += ["--max-failed", str(options.tolerance.max_failed)]
    if options.failed_rows is not None:
        is_default = options.failed_rows == failed_rows.DEFAULT_PATH
        arguments.append("--failed-rows" + ("" if is_default else f"={options.failed_rows}"))
    return context.command_line(*arguments)


def notify(
    context: AppContext, text: str, wait: ImportWait, exit_code: int, options: WaitOptions
) -> None:
    """Ring the terminal after a long wait, if that is asked for."""
    is_silent = options.quiet and exit_code == ExitCode.OK
    if options.notify and not is_silent and wait.effort.elapsed_s > NOTIFY_AFTER_S:
        ring(context.output, text)
