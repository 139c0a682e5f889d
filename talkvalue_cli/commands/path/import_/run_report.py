"""What `path import run` says of its files, beside what every wait says of its imports.

For `--dry-run` that is what would be sent, and what a run would do now.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from talkvalue_cli import files, times
from talkvalue_cli.api import imports
from talkvalue_cli.commands import hints
from talkvalue_cli.commands.path.import_ import shared_journal
from talkvalue_cli.commands.path.import_.progress import ProgressReporter
from talkvalue_cli.context import AppContext
from talkvalue_cli.errors import TalkValueError
from talkvalue_cli.exit_codes import code_of, worst_code
from talkvalue_cli.imports.file.checked import CheckedFile
from talkvalue_cli.imports.file.prepared import Prepared
from talkvalue_cli.imports.options import RunOptions
from talkvalue_cli.imports.pipeline import Preview
from talkvalue_cli.imports.result import Action, ImportResult, Submission
from talkvalue_cli.imports.status import list_failed_rows
from talkvalue_cli.imports.submitting import journal
from talkvalue_cli.imports.submitting.journal import Journal
from talkvalue_cli.imports.submitting.journal.url import find_url
from talkvalue_cli.output.columns import Column


def describe_past(known: ImportResult | Submission, now: float) -> str:
    """Return how something was imported already, and how it is again; now: epoch seconds."""
    job = known.job or {}
    moment = times.parse_timestamp(job.get("completedAt"))
    ago = "" if moment is None else f" {times.format_moment(moment, now)}"
    return (
        f"was imported{ago} by import {known.job_id} ({job.get('status')}); "
        "--again imports it again"
    )


def describe_run(result: ImportResult) -> dict[str, Any]:
    """Return what JSON says of a run beside its job."""
    described: dict[str, Any] = {
        "file": result.file,
        "action": result.action,
        "prepared": _to_json(result.prepared),
    }
    if result.warnings:
        described["warnings"] = list(result.warnings)
    failed = list_failed_rows(result.job) if result.job is not None else []
    if failed and result.lines is not None:
        numbers = [row.get("rowNum") for row in failed]
        described["failedRows"] = [
            {"rowNum": number, "line": result.lines.find(number)}
            for number in numbers
            if isinstance(number, int)
        ]
    return described


def describe_submission(context: AppContext, submission: Submission) -> dict[str, Any] | None:
    """Return what JSON says of an import that is not waited for; None where there is none.

    Asks the server about one that an earlier run has made.
    """
    if submission.job_id is None or submission.job is None:
        return None
    job = submission.job
    if submission.action == Action.ATTACHED:
        # nobody has asked for a job that a run attaches to
        job = imports.get_import(context.client, submission.job_id)
    return {
        "importJobId": submission.job_id,
        "status": job.get("status"),
        "file": submission.file,
        "action": submission.action,
        **({"id": submission.job_id} if context.output.is_document else {}),
    }


class Seen(NamedTuple):
    """What is known of a file when nothing is waited for; of one that was not tried its path."""

    path: str
    record: dict[str, Any] | None = None
    prepared: Prepared | None = None
    warnings: Sequence[str] = ()


def print_plain(context: AppContext, seen: Sequence[Seen], errors: Sequence[TalkValueError]) -> int:
    """Print what is known of each file; return the exit code."""
    if errors and len(seen) == 1:
        raise errors[0]
    records = [each.record for each in seen]
    runs = [
        {
            "file": each.path,
            "prepared": _to_json(each.prepared),
            **({"warnings": list(each.warnings)} if each.warnings else {}),
        }
        for each in seen
    ]
    if len(records) == 1:
        context.output.record(records[0], beside={"run": runs[0]})
    else:
        found = [record for record in records if record is not None]
        columns = [Column(key, key) for key in (found[0] if found else {})]
        context.output.rows(found, columns, data=records, beside={"runs": runs})
    return print_errors(context, errors)


def print_errors(context: AppContext, errors: Sequence[TalkValueError]) -> int:
    """Print what kept files from being imported; return the exit code."""
    for error in errors:
        context.output.error(hints.complete(context, error))
    return worst_code([code_of(error) for error in errors])


def _to_json(prepared: Prepared | None) -> dict[str, Any] | None:
    return None if prepared is None else prepared.to_json()


class Plan(NamedTuple):
    """What a run would do about a file now.

    header: the columns of what is sent. record: what JSON shows.
    prepared: None for a file that is sent as it is.
    """

    path: str
    header: Sequence[str]
    record: dict[str, Any]
    foreseen: Submission
    prepared: Prepared | None


class PlanReporter(ProgressReporter):
    """Tells nothing of what the plan says."""

    def note(self, text: str) -> None:
        """Say nothing."""


@contextmanager
def open_journal(context: AppContext) -> Iterator[Journal]:
    """Give the journal that a run has, or an empty one that is thrown away where there is none."""
    environ = context.environ
    if find_url(context.flags.journal, environ) is not None or journal.has_journal(environ):
        with shared_journal.open_for(context) as book:
            yield book
        return
    with (
        files.temporary_folder() as nowhere,
        journal.open_journal(
            environ={**environ, "XDG_STATE_HOME": nowhere},
            wall_clock=context.wall_clock,
            sleep=context.clock.sleep,
        ) as book,
    ):
        yield book


def make_plan(
    file: CheckedFile, preview: Preview, foreseen: Submission, options: RunOptions
) -> Plan:
    """Return what would be done about a file that was checked and uploaded."""
    record = {
        "fileName": file.name,
        "rows": file.checked.rows,
        "sha256": file.checked.sha256,
        "fileKey": preview.file_key,
        "sourceId": options.source_id,
        "mode": options.mode,
        "columnMappings": preview.mapping,
        "action": foreseen.action,
        "importJobId": foreseen.job_id,
    }
    return Plan(file.path, file.sent_header, record, foreseen, preview.prepared)


def print_plans(context: AppContext, plans: Sequence[Plan]) -> None:
    """Print what would be done about each file, for people."""
    for plan in plans:
        columns = plan.record["columnMappings"]
        reading = plan.prepared.describe(names_unused=False) if plan.prepared else ()
        fields = {mapped["csvIndex"]: mapped["targetField"] for mapped in columns}
        lines = [
            f"{plan.path}: {plan.record['rows']:,} rows for channel {plan.record['sourceId']}, "
            f"mode {plan.record['mode']}",
            *(f"  {line}" for line in reading),
            *(
                f"  {name} → {fields.get(place, 'not imported')}"
                for place, name in enumerate(plan.header)
            ),
            f"A run would {_tell(context, plan.foreseen)}.",
            "The file was uploaded, so that the server could suggest fields; nothing was created.",
        ]
        context.output.write_lines(lines)


def _tell(context: AppContext, foreseen: Submission) -> str:
    """Return what a run would do."""
    if foreseen.action == Action.CREATED:
        return "create a new import"
    if foreseen.action == Action.ADOPTED:
        return "look for the import that an earlier run may have created, before it creates one"
    if foreseen.action == Action.ATTACHED:
        return f"create nothing, and wait for import {foreseen.job_id}, which an earlier run made"
    past = describe_past(foreseen, context.wall_clock())
    return f"create nothing: the content {past}"
