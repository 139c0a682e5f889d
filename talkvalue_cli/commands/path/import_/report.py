"""Reporting how waits ended: rejected rows saved, one document on stdout, the error on stderr."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from talkvalue_cli.commands.path.import_.outcome import Outcome, Outcomes, describe_rejected
from talkvalue_cli.commands.path.import_.tables import JOB_LAYOUT, LIST_COLUMNS
from talkvalue_cli.commands.path.import_.wait_options import STDOUT, WaitOptions
from talkvalue_cli.context import AppContext
from talkvalue_cli.errors import ImportOutcomeError, Interrupted, LocalFileError, TalkValueError
from talkvalue_cli.exit_codes import ExitCode
from talkvalue_cli.imports import failed_rows
from talkvalue_cli.imports.failed_rows import Saved
from talkvalue_cli.imports.status import is_finished

#: what a process returns for several jobs: the first of these that one of them has
SEVERITY = (130, 143, 129, 3, 7, 4, 5, 1, 2, 124, 8, 6, 0)
#: so many jobs that did not end well are named
SHOWN_JOBS = 10


class Report(NamedTuple):
    """One job in the report; a file whose import was not even created has no job id."""

    job_id: int | None
    outcome: Outcome
    saved: Saved = Saved()

    @property
    def exit_code(self) -> int:
        """The job's own exit code."""
        return self.outcome.verdict.exit_code


class Effort(NamedTuple):
    """What the whole wait took."""

    elapsed_s: float
    requests: int


def choose_exit_code(codes: Sequence[int]) -> int:
    """Return the code of a process that waited for jobs with these codes."""
    return min(codes, key=SEVERITY.index, default=int(ExitCode.OK))


def save_rejected(
    context: AppContext, outcomes: Outcomes, outcome: Outcome, options: WaitOptions
) -> Report:
    """Save the rejected rows of a job, if that is asked for; a failure may change its code."""
    job_id = outcomes.job_id
    verdict = outcome.verdict
    try:
        saved = failed_rows.save(context, job_id, outcome.record, options)
    except Interrupted as interrupt:
        interrupted = outcomes.interrupted(interrupt, outcome.record, "saving the rejected rows")
        return Report(job_id, interrupted)
    except BrokenPipeError:  # see _print_document
        if verdict.exit_code == ExitCode.OK:
            raise
        saved = Saved(error=LocalFileError("cannot write the output: Broken pipe"))
    if saved.error is not None:
        hint = f" ({saved.error.hint})" if saved.error.hint else ""
        context.output.warn(f"rejected rows were not saved: {saved.error.message}{hint}")
        if verdict.exit_code == ExitCode.OK:
            bad = verdict._replace(exit_code=ExitCode.GENERAL)
            return Report(job_id, Outcome(bad, outcome.record, saved.error), saved)
    return Report(job_id, outcome, saved)


def is_settled(report: Report, options: WaitOptions) -> bool:
    """Tell whether a later wait for the job would find nothing left to do.

    That is so when the job is over and its rejected rows, if they are wanted,
    were saved or cannot be.
    """
    record, saved = report.outcome.record, report.saved
    if record is None or not is_finished(record):
        return False
    has_rows_to_save = bool(record.get("failedCount")) and options.failed_rows is not None
    is_hopeless = saved.error is not None and saved.error.code == "FILE_EXISTS"
    return not has_rows_to_save or saved.path is not None or is_hopeless


def report_one(
    context: AppContext,
    report: Report,
    effort: Effort,
    options: WaitOptions,
    beside: Mapping[str, Any] | None = None,
) -> int:
    """Print the document of a single job and its error; return the exit code.

    beside: further top-level members of the JSON document.
    """
    _, record, error = report.outcome
    if options.quiet and report.exit_code == ExitCode.OK:
        return ExitCode.OK
    if options.failed_rows != STDOUT:
        facts = _describe(report, effort)
        _print_document(
            context,
            lambda: context.output.record(
                record, JOB_LAYOUT, beside={"wait": facts, **(beside or {})}
            ),
            report.exit_code,
            [report.job_id],
        )
    hint = _tell_rejected(context, report)
    if error is not None:
        context.output.error(error.evolve(hint=error.hint or hint))
    elif hint is not None and record is not None:
        context.output.note(f"{describe_rejected(record)}\n{hint}")
    return report.exit_code


def report_many(
    context: AppContext,
    reports: Sequence[Report],
    effort: Effort,
    options: WaitOptions,
    *,
    resume: str | None,
    beside: Mapping[str, Any] | None = None,
) -> int:
    """Print the one document of several jobs and one error; return the process's exit code.

    resume: the command that goes on waiting for those that are not over, if there are any.
    """
    exit_code = choose_exit_code([report.exit_code for report in reports])
    if options.quiet and exit_code == ExitCode.OK:
        return ExitCode.OK
    facts = {
        "exitCode": exit_code,
        "elapsedSeconds": round(effort.elapsed_s, 3),
        "requests": effort.requests,
        "resumeCommand": resume,
        "jobs": [{"id": report.job_id, **_describe(report, None)} for report in reports],
    }
    records = [report.outcome.record for report in reports]
    _print_document(
        context,
        lambda: context.output.records(
            records,
            [
                report.outcome.record or {"id": report.job_id}
                for report in reports
                if report.job_id is not None
            ],
            LIST_COLUMNS,
            beside={"wait": facts, **(beside or {})},
            empty="No import is PENDING or RUNNING.",
        ),
        exit_code,
        [report.job_id for report in reports],
    )
    hints = [hint for report in reports if (hint := _tell_rejected(context, report))]
    if exit_code != ExitCode.OK:
        context.output.error(_sum_up(reports, exit_code, resume, hints))
    elif hints:
        context.output.note("\n".join(hints[:SHOWN_JOBS]))
    return exit_code


def _describe(report: Report, effort: Effort | None) -> dict[str, Any]:
    """Return what JSON says of the wait for one job."""
    error = report.outcome.error
    facts: dict[str, Any] = {
        "outcome": report.outcome.verdict.outcome,
        "exitCode": int(report.exit_code),
    }
    if effort is not None:
        facts["elapsedSeconds"] = round(effort.elapsed_s, 3)
        facts["requests"] = effort.requests
    facts["resumeCommand"] = error.details.get("resumeCommand") if error else None
    if effort is None and error is not None:
        facts["error"] = {"message": error.message, "code": error.code}
    if report.saved.path:
        facts["failedRowsFile"] = str(report.saved.path)
    return facts


def _tell_rejected(context: AppContext, report: Report) -> str | None:
    """Say where rejected rows are; return how to fetch them where they were not saved."""
    if report.saved.path is None:
        return failed_rows.export_hint(context, report.outcome.record)
    if report.saved.path != STDOUT:
        context.output.note(f"rejected rows are in {report.saved.path}")
    return None


def _sum_up(
    reports: Sequence[Report], exit_code: int, resume: str | None, hints: Sequence[str]
) -> TalkValueError:
    """Return one error for all the jobs that did not end well."""
    bad = [report for report in reports if report.exit_code != ExitCode.OK]
    decisive = next(report for report in bad if report.exit_code == exit_code)
    lines = [f"{len(bad)} of {len(reports)} imports did not end well"]
    lines += [
        f"  {report.outcome.error.message.splitlines()[0]}"
        for report in bad[:SHOWN_JOBS]
        if report.outcome.error
    ]
    if len(bad) > SHOWN_JOBS:
        lines.append(f"  … and {len(bad) - SHOWN_JOBS} more")
    goes_on = f"{resume}   goes on waiting; do not create the imports again"
    return ImportOutcomeError(
        "\n".join(lines),
        exit_code=exit_code,
        code=str(decisive.outcome.error.code if decisive.outcome.error else "ERROR"),
        details={"jobIds": [report.job_id for report in bad], "resumeCommand": resume},
        hint="\n".join([goes_on] * bool(resume) + [*hints[:SHOWN_JOBS]]) or None,
    )


def _print_document(
    context: AppContext,
    printing: Callable[[], None],
    exit_code: int,
    job_ids: Sequence[int | None],
) -> None:
    """Print; what the wait found out is worth more than a reader that went away.

    job_ids: are named when they are about to be lost with the document.
    """
    try:
        printing()
    except (BrokenPipeError, LocalFileError) as failure:
        is_pipe = isinstance(failure, BrokenPipeError)
        reason = "cannot write the output: Broken pipe" if is_pipe else str(failure)
        if exit_code != ExitCode.OK:
            context.output.warn(reason)
        elif is_pipe:
            raise
        else:
            named = ", ".join(map(str, job_ids))
            raise LocalFileError(f"{reason}; all is well with import {named}") from failure
