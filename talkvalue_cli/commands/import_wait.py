"""Wait for one import and report how it ended: what `get --wait`, `create --wait` and `wait` do."""

from __future__ import annotations

from collections import Counter
from typing import Any, NamedTuple

from talkvalue_cli.api import imports
from talkvalue_cli.api.shapes import CreatedImport
from talkvalue_cli.commands import rejected_rows
from talkvalue_cli.commands.import_tables import JOB_LAYOUT
from talkvalue_cli.commands.wait_options import STDOUT, WaitOptions
from talkvalue_cli.commands.wait_progress import Narrator, choose_display
from talkvalue_cli.errors import (
    ExitCode,
    ImportOutcomeError,
    Interrupted,
    LocalFileError,
    NotFoundError,
    TalkValueError,
)
from talkvalue_cli.output import Output
from talkvalue_cli.output.progress import ring
from talkvalue_cli.runtime import Runtime
from talkvalue_cli.times import format_duration
from talkvalue_cli.waiting import jobs
from talkvalue_cli.waiting.job_wait import Ending, JobWait, Limits, Sighting
from talkvalue_cli.waiting.jobs import Record, Verdict
from talkvalue_cli.waiting.policy import PollPolicy

#: a job that was just created may be unknown to the server for this long, in seconds
VISIBLE_AFTER_S = 30.0
#: --notify is silent after a wait shorter than this, in seconds
NOTIFY_AFTER_S = 20.0
#: so many reasons of rejected rows are named
SHOWN_REASONS = 3


class Result(NamedTuple):
    """How a wait ended: the verdict, the last record, and the error to print, if any."""

    verdict: Verdict
    record: Record | None
    error: TalkValueError | None


def wait_for_import(
    runtime: Runtime, job_id: int, options: WaitOptions, *, created: Record | None = None
) -> int:
    """Wait, print the one document and the error if there is one; return the exit code.

    created: the record so far, when this process has just created the job.
    """
    if options.quiet:
        runtime.output.hold_notes()
    rejected_rows.check_target(options, job_id)
    narrator = Narrator(
        runtime, choose_display(runtime, options.progress, quiet=options.quiet), job_id
    )
    wait = _make_wait(runtime, job_id, options, narrator, is_new=created is not None)
    resume = resume_command(runtime, job_id, options)
    try:
        result = _run(wait, narrator, job_id, options, created, resume)
    except BaseException:
        narrator.finish("error")
        raise
    narrator.finish(result.verdict.outcome)
    is_silent = options.quiet and result.verdict.exit_code == ExitCode.OK
    if options.notify and not is_silent and wait.elapsed_s > NOTIFY_AFTER_S:
        ring(runtime.output, f"import {job_id}: {result.verdict.outcome}")
    try:
        saved = rejected_rows.save(runtime, job_id, result.record, options)
    except Interrupted as interrupt:
        saved = rejected_rows.Saved()
        text = f"stopped ({interrupt.name}) while the rejected rows of import {job_id} were saved"
        result = _interrupted(interrupt, result.record, text, job_id, resume)
    return _report(runtime, result, saved, wait, options)


def wait_for_created(runtime: Runtime, created: CreatedImport, options: WaitOptions) -> int:
    """Wait for a job that this process has just created."""
    job_id = created["importJobId"]
    if options.progress != "json":
        runtime.output.note(f"import {job_id} created")
    seed = {"id": job_id, "status": created["status"]}
    return wait_for_import(runtime, job_id, options, created=seed)


def resume_command(runtime: Runtime, job_id: int, options: WaitOptions) -> str:
    """Return the command that goes on waiting, with the flags that shape its exit code."""
    arguments = ["path", "import", "wait", str(job_id)]
    if options.tolerance.allow_partial:
        arguments.append("--allow-partial")
    if options.tolerance.max_failed is not None:
        arguments += ["--max-failed", str(options.tolerance.max_failed)]
    if options.failed_rows is not None:
        path = "" if options.failed_rows == rejected_rows.DEFAULT_PATH else options.failed_rows
        arguments.append(f"--failed-rows={path}" if path else "--failed-rows")
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
    job_id: int,
    options: WaitOptions,
    created: Record | None,
    resume: str,
) -> Result:
    """Wait, and turn every way in which that can end into a Result."""
    try:
        ending = wait.run(narrator)
    except Interrupted as interrupt:
        record = wait.history.record or created
        text = f"stopped waiting ({interrupt.name}); {_state(job_id, record)}; the server goes on"
        return _interrupted(interrupt, record, text, job_id, resume)
    except TalkValueError as failure:
        # nothing can be resumed that the server does not have
        can_resume = not isinstance(failure, NotFoundError)
        failure.details |= {"jobId": job_id, "resumeCommand": resume if can_resume else None}
        verdict = Verdict("error", failure.exit_code, failure.code)
        return Result(verdict, wait.history.record or created, failure)
    record = wait.history.record or created
    if ending is Ending.FINISHED:
        assert record is not None
        verdict = jobs.judge(record, options.tolerance)
        error = _ended_badly(verdict, record, job_id) if verdict.exit_code else None
        return Result(verdict, record, error)
    verdict, text = _describe_ending(ending, wait, options)
    message = f"{text}; {_state(job_id, record)}"
    return Result(verdict, record, _stopped(verdict, message, job_id, resume))


def _interrupted(
    interrupt: Interrupted, record: Record | None, message: str, job_id: int, resume: str
) -> Result:
    verdict = Verdict("interrupted", interrupt.exit_code, "INTERRUPTED")
    return Result(verdict, record, _stopped(verdict, message, job_id, resume))


def _describe_ending(ending: Ending, wait: JobWait, options: WaitOptions) -> tuple[Verdict, str]:
    if ending is Ending.DEADLINE:
        text = f"no end within {format_duration(options.timeout_s or 0.0)}"
        return Verdict("timeout", ExitCode.DEADLINE, "WAIT_TIMEOUT"), text
    if ending is Ending.STALLED:
        text = f"nothing has moved for {format_duration(wait.history.still_s)}"
        return Verdict("stalled", ExitCode.DEADLINE, "WAIT_STALLED"), text
    if ending is Ending.LOST:
        cause = wait.last_error.message if wait.last_error else "no answer"
        return Verdict("lost", ExitCode.NOT_FINISHED, "WAIT_LOST"), cause
    return Verdict("not-finished", ExitCode.NOT_FINISHED, "NOT_FINISHED"), "looked once"


def _stopped(verdict: Verdict, message: str, job_id: int, resume: str) -> TalkValueError:
    """Return the error of a wait that ended before the job did."""
    error = ImportOutcomeError(
        message,
        exit_code=verdict.exit_code,
        code=str(verdict.error_code),
        details={"jobId": job_id, "resumeCommand": resume},
    )
    error.hint = f"{resume}   goes on waiting; do not create the import again"
    return error


def _state(job_id: int, record: Record | None) -> str:
    """Return where the job stood when it was last seen."""
    if record is None:
        return f"import {job_id} was never seen"
    total, processed = record.get("totalRows"), record.get("processedRows")
    percent = f" ({100 * int(processed or 0) // total} %)" if total else ""
    return f"import {job_id} is still {record['status']}{percent}, not failed"


def _ended_badly(verdict: Verdict, record: Record, job_id: int) -> TalkValueError:
    """Return the error for a job that came to its end, but not as it should have."""
    if verdict.outcome == "unknown":
        message = f"import {job_id}: status {record['status']} is unknown to this version"
    else:
        message = f"import {job_id} ended as {record['status']}{describe_rejected(record)}"
    return ImportOutcomeError(
        message,
        exit_code=verdict.exit_code,
        code=str(verdict.error_code),
        details={"jobId": job_id, "resumeCommand": None},
    )


def describe_rejected(record: Record) -> str:
    """Return how many rows were rejected and the most frequent reasons, empty when none was."""
    failed = record.get("failedCount")
    if not failed:
        return ""
    text = f": {failed:,} of {record.get('totalRows', 0):,} rows were rejected"
    sample = [row for row in record.get("failedRows") or () if isinstance(row, dict)]
    reasons = Counter(str(row.get("errorCode") or "without a code") for row in sample)
    if reasons:
        counted = ", ".join(f"{n} {code}" for code, n in reasons.most_common(SHOWN_REASONS))
        text += f" ({counted} in a sample of {len(sample)})"
    return text


def look_and_judge(runtime: Runtime, job_id: int, options: WaitOptions) -> int:
    """Show the import as it is now and return the code of its state: `get --exit-status`."""
    record = imports.get_import(runtime.client, job_id)
    verdict = jobs.judge(record, options.tolerance)
    if verdict.exit_code == ExitCode.OK:
        if not options.quiet:
            runtime.output.record(record, JOB_LAYOUT)
        return ExitCode.OK
    runtime.output.record(record, JOB_LAYOUT)
    if jobs.is_finished(record):
        error = _ended_badly(verdict, record, job_id)
        error.hint = rejected_rows.export_hint(runtime, record)
    else:
        resume = resume_command(runtime, job_id, options)
        error = _stopped(verdict, _state(job_id, record), job_id, resume)
    runtime.output.error(error)
    return verdict.exit_code


def _report(
    runtime: Runtime,
    result: Result,
    saved: rejected_rows.Saved,
    wait: JobWait,
    options: WaitOptions,
) -> int:
    """Print the document and the error, and return the exit code."""
    output = runtime.output
    verdict, error = result.verdict, result.error
    if saved.error is not None:
        output.warn(f"rejected rows were not saved: {_with_hint(saved.error)}")
        if verdict.exit_code == ExitCode.OK:
            error, verdict = saved.error, verdict._replace(exit_code=ExitCode.GENERAL)
    if options.quiet and verdict.exit_code == ExitCode.OK:
        return ExitCode.OK
    hint = None if saved.path else rejected_rows.export_hint(runtime, result.record)
    if options.failed_rows != STDOUT:
        facts = _describe_wait(verdict, error, wait, saved)
        _print_record(output, result.record, facts, verdict)
    if error is not None:
        error.hint = error.hint or hint
        output.error(error)
    elif hint is not None and result.record is not None:
        output.note(f"import {result.record['id']}{describe_rejected(result.record)}\n{hint}")
    if saved.path:
        output.note(f"rejected rows are in {saved.path}")
    return verdict.exit_code


def _with_hint(error: TalkValueError) -> str:
    return f"{error.message} ({error.hint})" if error.hint else error.message


def _describe_wait(
    verdict: Verdict, error: TalkValueError | None, wait: JobWait, saved: rejected_rows.Saved
) -> dict[str, Any]:
    """Return the `wait` member of the JSON document."""
    facts: dict[str, Any] = {
        "outcome": verdict.outcome,
        "exitCode": int(verdict.exit_code),
        "elapsedSeconds": round(wait.elapsed_s, 3),
        "requests": wait.history.looks,
        "resumeCommand": error.details.get("resumeCommand") if error else None,
    }
    return facts | ({"failedRowsFile": str(saved.path)} if saved.path else {})


def _print_record(
    output: Output, record: Record | None, facts: dict[str, Any], verdict: Verdict
) -> None:
    """Print the document; what the wait found out is worth more than a reader that went away."""
    try:
        output.record(record, JOB_LAYOUT, beside={"wait": facts})
    except (OSError, LocalFileError) as error:
        if verdict.exit_code == ExitCode.OK:
            raise
        reason = error.strerror if isinstance(error, OSError) else error
        output.warn(f"cannot write the output: {reason}")
