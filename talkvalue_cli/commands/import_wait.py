"""Wait for one import and report how it ended: what `get --wait`, `create --wait` and `wait` do."""

from __future__ import annotations

from typing import Any

from talkvalue_cli.api import imports
from talkvalue_cli.api.shapes import CreatedImport
from talkvalue_cli.commands import rejected_rows
from talkvalue_cli.commands.import_tables import JOB_LAYOUT
from talkvalue_cli.commands.rejected_rows import Saved
from talkvalue_cli.commands.wait_options import STDOUT, WaitOptions
from talkvalue_cli.commands.wait_outcome import Outcome, Outcomes, describe_rejected
from talkvalue_cli.commands.wait_progress import Narrator, choose_display
from talkvalue_cli.errors import (
    ExitCode,
    Interrupted,
    LocalFileError,
    NotFoundError,
    TalkValueError,
)
from talkvalue_cli.output.progress import ring
from talkvalue_cli.runtime import Runtime
from talkvalue_cli.waiting import jobs
from talkvalue_cli.waiting.job_wait import Ending, JobWait, Limits, Sighting
from talkvalue_cli.waiting.jobs import Record
from talkvalue_cli.waiting.policy import PollPolicy

#: a job that was just created may be unknown to the server for this long, in seconds
VISIBLE_AFTER_S = 30.0
#: --notify is silent after a wait shorter than this, in seconds
NOTIFY_AFTER_S = 20.0


def wait_for_import(
    runtime: Runtime, job_id: int, options: WaitOptions, *, created: Record | None = None
) -> int:
    """Wait, print the one document and the error if there is one; return the exit code.

    created: the record so far, when this process has just created the job.
    """
    if options.quiet:
        runtime.output.hold_notes()
    check_options(runtime, options, job_id)
    display = choose_display(runtime, options.progress, quiet=options.quiet)
    narrator = Narrator(runtime, display, job_id)
    wait = _make_wait(runtime, job_id, options, narrator, is_new=created is not None)
    outcomes = Outcomes(job_id, resume_command(runtime, job_id, options))
    outcome = _run(wait, narrator, outcomes, options, created)
    if options.notify and wait.elapsed_s > NOTIFY_AFTER_S:
        _notify(runtime, job_id, outcome, options)
    try:
        saved = rejected_rows.save(runtime, job_id, outcome.record, options)
    except Interrupted as interrupt:
        saved = Saved()
        outcome = outcomes.interrupted(interrupt, outcome.record, "saving the rejected rows")
    except OSError as failure:  # standard output broke: see _print_record
        if outcome.verdict.exit_code == ExitCode.OK:
            raise
        saved = Saved(error=LocalFileError(f"cannot write the output: {failure.strerror}"))
    return _report(runtime, outcome, saved, wait, options)


def check_options(runtime: Runtime, options: WaitOptions, job_id: int = 0) -> None:
    """Raise UsageError for options that cannot be obeyed; before a create job_id is not known."""
    rejected_rows.check_target(options, job_id)
    choose_display(runtime, options.progress, quiet=options.quiet)


def wait_for_created(runtime: Runtime, created: CreatedImport, options: WaitOptions) -> int:
    """Wait for a job that this process has just created."""
    job_id = created["importJobId"]
    if options.progress != "json":
        runtime.output.note(f"import {job_id} created")
    seed = {"id": job_id, "status": created["status"]}
    return wait_for_import(runtime, job_id, options, created=seed)


def look_and_judge(runtime: Runtime, job_id: int, options: WaitOptions) -> int:
    """Show the import as it is now and return the code of its state: `get --exit-status`."""
    if options.quiet:
        runtime.output.hold_notes()
    record = imports.get_import(runtime.client, job_id)
    outcomes = Outcomes(job_id, resume_command(runtime, job_id, options))
    if jobs.is_finished(record):
        outcome = outcomes.finished(record, options.tolerance)
    else:
        outcome = outcomes.not_finished(record)
    if outcome.error is not None or not options.quiet:
        runtime.output.record(record, JOB_LAYOUT)
    if outcome.error is not None:
        outcome.error.hint = outcome.error.hint or rejected_rows.export_hint(runtime, record)
        runtime.output.error(outcome.error)
    return outcome.verdict.exit_code


def resume_command(runtime: Runtime, job_id: int, options: WaitOptions) -> str:
    """Return the command that goes on waiting, with the flags that shape its exit code."""
    arguments = ["path", "import", "wait", str(job_id)]
    if options.tolerance.allow_partial:
        arguments.append("--allow-partial")
    if options.tolerance.max_failed is not None:
        arguments += ["--max-failed", str(options.tolerance.max_failed)]
    if options.failed_rows is not None:
        is_default = options.failed_rows == rejected_rows.DEFAULT_PATH
        arguments.append("--failed-rows" + ("" if is_default else f"={options.failed_rows}"))
    return runtime.command_line(*arguments)


def _make_wait(
    runtime: Runtime, job_id: int, options: WaitOptions, narrator: Narrator, *, is_new: bool
) -> JobWait:
    client, clock = runtime.client, runtime.clock
    began_at = clock.now()

    def look(limit_s: float | None) -> Sighting:
        try:
            one_look = client.for_one_look(limit_s, narrator.tick)
            return Sighting(*imports.look_at_import(one_look, job_id))
        except NotFoundError as error:
            # our own create was confirmed: the job exists, but is not visible everywhere yet
            error.is_transient = is_new and clock.now() - began_at < VISIBLE_AFTER_S
            raise

    limits = Limits(options.timeout_s, options.stall_timeout_s, options.retry_for_s)
    return JobWait(look, PollPolicy(interval_s=options.interval_s), limits, clock, runtime.random)


def _run(
    wait: JobWait,
    narrator: Narrator,
    outcomes: Outcomes,
    options: WaitOptions,
    created: Record | None,
) -> Outcome:
    """Wait, and turn every way in which that can end into an outcome."""
    outcome = None
    try:
        ending = wait.run(narrator)
        record = wait.history.record or created
        outcome = _describe_ending(ending, wait, outcomes, options, record)
    except Interrupted as interrupt:
        outcome = outcomes.interrupted(interrupt, wait.history.record or created)
    except TalkValueError as error:
        outcome = outcomes.failed(error, wait.history.record or created)
    finally:
        # also when something unforeseen ends the wait: the terminal must get its cursor back
        narrator.finish(outcome.verdict.outcome if outcome else "error")
    return outcome


def _describe_ending(
    ending: Ending,
    wait: JobWait,
    outcomes: Outcomes,
    options: WaitOptions,
    record: Record | None,
) -> Outcome:
    if ending is Ending.DEADLINE:
        return outcomes.timed_out(record, options.timeout_s or 0.0)
    if ending is Ending.STALLED:
        return outcomes.stalled(record, wait.history.still_s)
    if ending is Ending.LOST or record is None:
        return outcomes.lost(record, wait.last_error)
    if ending is Ending.LOOKED_ONCE:
        return outcomes.not_finished(record)
    return outcomes.finished(record, options.tolerance)


def _notify(runtime: Runtime, job_id: int, outcome: Outcome, options: WaitOptions) -> None:
    if not (options.quiet and outcome.verdict.exit_code == ExitCode.OK):
        ring(runtime.output, f"import {job_id}: {outcome.verdict.outcome}")


def _report(
    runtime: Runtime, outcome: Outcome, saved: Saved, wait: JobWait, options: WaitOptions
) -> int:
    """Print the document and the error, and return the exit code."""
    output = runtime.output
    verdict, record, error = outcome
    if saved.error is not None:
        output.warn(f"rejected rows were not saved: {_with_hint(saved.error)}")
        if verdict.exit_code == ExitCode.OK:
            error, verdict = saved.error, verdict._replace(exit_code=ExitCode.GENERAL)
    if options.quiet and verdict.exit_code == ExitCode.OK:
        return ExitCode.OK
    hint = None if saved.path else rejected_rows.export_hint(runtime, record)
    if options.failed_rows != STDOUT:
        _print_record(runtime, Outcome(verdict, record, error), saved, wait)
    if saved.path not in (None, STDOUT):
        output.note(f"rejected rows are in {saved.path}")
    if error is not None:
        error.hint = error.hint or hint
        output.error(error)
    elif hint is not None and record is not None:
        output.note(f"{describe_rejected(record)}\n{hint}")
    return verdict.exit_code


def _with_hint(error: TalkValueError) -> str:
    return f"{error.message} ({error.hint})" if error.hint else error.message


def _print_record(runtime: Runtime, outcome: Outcome, saved: Saved, wait: JobWait) -> None:
    """Print the document; what the wait found out is worth more than a reader that went away."""
    verdict, record, error = outcome
    facts: dict[str, Any] = {
        "outcome": verdict.outcome,
        "exitCode": int(verdict.exit_code),
        "elapsedSeconds": round(wait.elapsed_s, 3),
        "requests": wait.history.looks,
        "resumeCommand": error.details.get("resumeCommand") if error else None,
    }
    if saved.path:
        facts["failedRowsFile"] = str(saved.path)
    try:
        runtime.output.record(record, JOB_LAYOUT, beside={"wait": facts})
    except (OSError, LocalFileError) as failure:
        if verdict.exit_code == ExitCode.OK:
            raise
        reason = failure.strerror if isinstance(failure, OSError) else failure.message
        runtime.output.warn(f"cannot write the output: {reason}")
