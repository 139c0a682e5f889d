"""What `run --dry-run` prints: what would be sent, and what a run would do now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from talkvalue_cli import files
from talkvalue_cli.commands.path.import_ import run_report, shared_journal
from talkvalue_cli.commands.path.import_.progress import ProgressReporter
from talkvalue_cli.context import AppContext
from talkvalue_cli.imports.file.checked import CheckedFile
from talkvalue_cli.imports.file.prepared import Prepared
from talkvalue_cli.imports.options import RunOptions
from talkvalue_cli.imports.pipeline import Preview
from talkvalue_cli.imports.result import Action, Submission
from talkvalue_cli.imports.submitting import journal
from talkvalue_cli.imports.submitting.journal import Journal
from talkvalue_cli.imports.submitting.journal.url import find_url


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
    past = run_report.describe_past(foreseen, context.wall_clock())
    return f"create nothing: the content {past}"
