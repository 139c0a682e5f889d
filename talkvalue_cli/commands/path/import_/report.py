"""Reporting how imports ended: one document on standard output, the error on standard error."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from talkvalue_cli import errors
from talkvalue_cli.commands import hints
from talkvalue_cli.commands.options.names import describe_list
from talkvalue_cli.commands.path.import_ import shared_journal, tables
from talkvalue_cli.commands.path.import_.select import NOTHING_ACTIVE
from talkvalue_cli.commands.path.import_.wait_options import STDOUT, WaitOptions
from talkvalue_cli.context import AppContext
from talkvalue_cli.exit_codes import ExitCode, code_of, worst_code
from talkvalue_cli.imports.failed_rows import DEFAULT_PATH, path_for
from talkvalue_cli.imports.result import ImportResult, Outcome, WaitStats, count_failed
from talkvalue_cli.imports.status import Job, is_finished
from talkvalue_cli.output.progress.snapshot import ring

#: so many imports that did not succeed are named
SHOWN_JOBS = 10
#: --notify is silent after a wait shorter than this, in seconds
NOTIFY_AFTER_S = 20.0


def report_one(
    context: AppContext,
    result: ImportResult,
    stats: WaitStats,
    options: WaitOptions,
    beside: Mapping[str, Any] | None = None,
) -> int:
    """Print the document of a single import and its error; return the exit code.

    beside: further top-level members of the JSON document.
    """
    code = code_of(result.error)
    _warn_of_unsaved(context, [result])
    if options.quiet and code == ExitCode.OK and context.output.query is None:
        return code
    if options.failed_rows != STDOUT:
        wait = _describe(context, result, options, stats)
        with shared_journal.finding_channels(context) as find_channel:
            layout = tables.job_layout(find_channel, result.job, result.find_line)
            with _outliving_the_reader(context, [result]):
                context.output.record(result.job, layout, beside={"wait": wait, **(beside or {})})
    hint = _tell_failed_rows(context, result)
    if (error := describe_error(context, result, options)) is not None:
        context.output.error(error)
    elif hint is not None and result.job is not None:
        context.output.note(f"{count_failed(result.job)}\n{hint}")
    return code


def report_many(
    context: AppContext,
    results: Sequence[ImportResult],
    stats: WaitStats,
    options: WaitOptions,
    beside: Mapping[str, Any] | None = None,
) -> int:
    """Print the one document of several imports and one error; return the process's exit code."""
    code = worst_code([code_of(result.error) for result in results])
    _warn_of_unsaved(context, results)
    if options.quiet and code == ExitCode.OK and context.output.query is None:
        return code
    alive = [r.job_id for r in results if r.job_id is not None and r.can_resume]
    resume = resume_command(context, alive, options) if alive else None
    wait = {
        "exitCode": code,
        **_describe_stats(stats),
        "resumeCommand": resume,
        "jobs": [{"id": r.job_id, **_describe(context, r, options)} for r in results],
    }
    distinct = _tell_repeats(context, results)
    known = [r.job or {"id": r.job_id} for r in distinct if r.job_id is not None]
    with shared_journal.finding_channels(context) as find_channel:
        columns = tables.list_columns(find_channel)
        with _outliving_the_reader(context, results):
            context.output.rows(
                known,
                columns,
                data=[result.job for result in results],
                beside={"wait": wait, **(beside or {})},
                empty="" if results else NOTHING_ACTIVE,
            )
    rows = [hint for result in distinct if (hint := _tell_failed_rows(context, result))]
    if code != ExitCode.OK:
        context.output.error(_sum_up(distinct, code, resume, rows))
    elif rows:
        context.output.note("\n".join(rows[:SHOWN_JOBS]))
    return code


def _tell_repeats(context: AppContext, results: Sequence[ImportResult]) -> list[ImportResult]:
    """Return each import once, and say of files with the same content that they are one."""
    first: dict[int, ImportResult] = {}
    distinct = []
    for result in results:
        if result.job_id is None or result.job_id not in first:
            distinct.append(result)
        else:
            other = first[result.job_id].file
            same = "is named twice" if result.file == other else f"has the content of {other}"
            context.output.note(f"{result.file} {same}: it is one import, {result.job_id}")
        if result.job_id is not None:
            first.setdefault(result.job_id, result)
    return distinct


def describe_error(
    context: AppContext, result: ImportResult, options: WaitOptions
) -> errors.TalkValueError | None:
    """Return a result's error with what to do about it, None for a success."""
    error = result.error
    if error is None or result.job_id is None or error is result.failed_rows_error:
        return error and hints.complete(context, error)
    resume = resume_command(context, [result.job_id], options) if result.can_resume else None
    hint = error.hint or _hint_export(context, result)
    if isinstance(error, errors.NotFoundError):
        hint = hint or describe_list("import")
    if resume is not None and result.outcome is not Outcome.ERROR:
        hint = f"do not create the import again; this goes on waiting:\n{resume}"
    return error.evolve(details={**error.details, "resumeCommand": resume}, hint=hint)


def resume_command(context: AppContext, job_ids: Sequence[int], options: WaitOptions) -> str:
    """Return the command that goes on waiting, with the flags that shape its exit code."""
    arguments = ["path", "import", "wait", *map(str, job_ids)]
    if options.tolerance.allow_partial:
        arguments.append("--allow-partial")
    if options.tolerance.max_failed is not None:
        arguments += ["--max-failed", str(options.tolerance.max_failed)]
    if options.failed_rows is not None:
        is_default = options.failed_rows == DEFAULT_PATH
        arguments.append("--failed-rows" + ("" if is_default else f"={options.failed_rows}"))
    return context.command_line(*arguments)


def export_hint(context: AppContext, job: Job | None) -> str | None:
    """Return the command that fetches the failed rows, None when there are none yet."""
    if job is None or not job.get("failedCount") or not is_finished(job):
        return None
    job_id = job["id"]
    path = next(path for path in _name_files(path_for(job_id)) if not path.exists())
    command = context.command_line("path", "import", "failed-export", str(job_id), "-o", str(path))
    return f"this saves the failed rows:\n{command}"


def _name_files(path: Path) -> Iterator[Path]:
    """Yield the name of a file, and others for the case that there is one already."""
    yield path
    yield from (path.with_stem(f"{path.stem}-{number}") for number in itertools.count(2))


def notify(
    context: AppContext,
    text: str,
    results: Sequence[ImportResult],
    stats: WaitStats,
    options: WaitOptions,
) -> None:
    """Ring the terminal after a long wait, if that is asked for."""
    code = worst_code([code_of(result.error) for result in results])
    is_silent = options.quiet and code == ExitCode.OK
    if options.notify and not is_silent and stats.elapsed_s > NOTIFY_AFTER_S:
        ring(context.output, text if len(results) == 1 else f"{text}: exit code {code}")


def _describe(
    context: AppContext, result: ImportResult, options: WaitOptions, stats: WaitStats | None = None
) -> dict[str, Any]:
    """Return what JSON says of the wait for one import; stats: of that wait, if it was one."""
    error = describe_error(context, result, options)
    facts: dict[str, Any] = {
        "outcome": result.outcome.value,
        "exitCode": int(code_of(result.error)),
        **(_describe_stats(stats) if stats else {}),
        "resumeCommand": error.details.get("resumeCommand") if error else None,
    }
    if stats is None and error is not None:
        facts["error"] = {"message": error.message, "code": error.code}
    if result.failed_rows:
        facts["failedRowsFile"] = str(result.failed_rows)
    return facts


def _describe_stats(stats: WaitStats) -> dict[str, Any]:
    return {"elapsedSeconds": round(stats.elapsed_s, 3), "requests": stats.requests}


def _warn_of_unsaved(context: AppContext, results: Sequence[ImportResult]) -> None:
    for result in results:
        error = result.failed_rows_error
        if isinstance(error, errors.NoContentError):
            context.output.note(f"Import {result.job_id} has no failed rows.")
        if error is None or isinstance(error, errors.NoContentError):
            continue
        error = hints.complete(context, error)
        hint = f" ({error.hint})" if error.hint else ""
        context.output.warn(f"failed rows were not saved: {error.text}{hint}")


def _hint_export(context: AppContext, result: ImportResult) -> str | None:
    """Return how to fetch failed rows, None where they were saved or there are none."""
    if result.failed_rows or isinstance(result.failed_rows_error, errors.NoContentError):
        return None
    return export_hint(context, result.job)


def _tell_failed_rows(context: AppContext, result: ImportResult) -> str | None:
    """Say where failed rows are; return how to fetch them where they were not saved."""
    if result.failed_rows is not None and result.failed_rows != STDOUT:
        context.output.note(f"failed rows are in {result.failed_rows}")
    return _hint_export(context, result)


def _sum_up(
    results: Sequence[ImportResult], code: int, resume: str | None, rows: Sequence[str]
) -> errors.TalkValueError:
    """Return one error for all imports that did not succeed.

    rows: the commands that fetch their failed rows.
    """
    bad = [(result, result.error) for result in results if result.error is not None]
    decisive = next(error for _, error in bad if code_of(error) == code)
    is_one = len(results) == 1
    lines = [] if is_one else [_count_bad([result for result, _ in bad], len(results))]
    lines += [
        f"{'' if is_one else '  '}{error.text.splitlines()[0]}" for _, error in bad[:SHOWN_JOBS]
    ]
    if len(bad) > SHOWN_JOBS:
        lines.append(f"  … and {len(bad) - SHOWN_JOBS} more")
    said = [f"do not create the imports again; this goes on waiting:\n{resume}"] * bool(resume)
    said += rows[:SHOWN_JOBS]
    if any(isinstance(error, errors.NotFoundError) for _, error in bad):
        said.append(describe_list("import"))
    return errors.TalkValueError(
        "\n".join(lines),
        code=decisive.code,
        details={"jobIds": [result.job_id for result, _ in bad], "resumeCommand": resume},
        hint="\n".join(said) or None,
    )


def _count_bad(bad: Sequence[ImportResult], total: int) -> str:
    """Return how many imports are no success, and how many of those may still be one."""
    running = sum(result.can_resume and not result.is_finished for result in bad)
    idle = sum(isinstance(result.error, errors.NotStartedError) for result in bad)
    counts = {
        "did not succeed": len(bad) - running - idle,
        "have not finished" if running > 1 else "has not finished": running,
        "were not started" if idle > 1 else "was not started": idle,
    }
    first, *others = (f"{count} {{}}{words}" for words, count in counts.items() if count)
    return ", ".join([first.format(f"of {total} imports "), *(each.format("") for each in others)])


@contextmanager
def _outliving_the_reader(context: AppContext, results: Sequence[ImportResult]) -> Iterator[None]:
    """Print in the block; what the wait found out is worth more than a reader that went away.

    The ids are named when they are about to be lost with the document.
    """
    try:
        yield
    except (BrokenPipeError, errors.LocalFileError) as failure:
        is_pipe = isinstance(failure, BrokenPipeError)
        reason = "cannot write the output: Broken pipe" if is_pipe else str(failure)
        if not all(result.is_success for result in results):
            context.output.warn(reason)
        elif is_pipe:
            raise
        else:
            named = ", ".join(str(result.job_id) for result in results)
            raise errors.LocalFileError(f"{reason}; all is well with import {named}") from failure
