"""`talkvalue path import create`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from talkvalue_cli import errors
from talkvalue_cli.api import imports
from talkvalue_cli.api.models import ColumnMapping, CreatedImport
from talkvalue_cli.commands.base import new_command
from talkvalue_cli.commands.options.groups import with_option
from talkvalue_cli.commands.options.types import ColumnChoice, Mapping, Text
from talkvalue_cli.commands.path.import_.target_options import target_options
from talkvalue_cli.commands.path.import_.wait_options import WaitOptions, wait_options
from talkvalue_cli.context import AppContext
from talkvalue_cli.exit_codes import ExitCode

#: what shows the values that this command wants
ANALYZE = "talkvalue path import analyze FILE shows the key and the columns"


@new_command("create")
@with_option(
    "--file-key",
    "What `analyze` answered.",
    required=True,
    type=Text(),
    metavar="KEY",
    found_by=ANALYZE,
)
@target_options
@with_option(
    "--mapping mappings",
    "Column, counted from 0, and the field it holds, or null to leave it out; once for each "
    "column.",
    required=True,
    multiple=True,
    type=Mapping(),
    found_by=ANALYZE,
)
@wait_options(always=False)
def command(
    context: AppContext,
    file_key: str,
    source_id: int,
    mode: str,
    mappings: Sequence[ColumnChoice],
    wait: WaitOptions,
) -> int:
    """Start an import; --wait blocks until it has ended.

    The same call twice imports the file twice, and an import cannot be
    cancelled; `run` takes care of that. After a lost answer (exit 1, code
    CREATE_UNCERTAIN) look at `talkvalue path import list` before anything else.

    \b
    Fields: EMAIL FIRST_NAME LAST_NAME NAME PHONE JOB_TITLE COMPANY_NAME
            ADDRESS LINKEDIN_URL X_URL JOINED_AT

    Example:
      talkvalue path import create --file-key u/2026/11/3f-contacts.csv --source-id 1 \\
          --mode SKIP --mapping 0:EMAIL --mapping 1:NAME --wait --timeout 30m
    """
    if wait.quiet:
        context.output.hold_notes()
    if wait.is_waiting:
        from talkvalue_cli.commands.path.import_ import waiting

        waiting.begin(context, wait)
    elif context.stdout is None:
        raise errors.LocalFileError("standard output is closed; nothing was created", code="STDOUT")
    mapped = _leave_out(context, mappings)
    for doubt in _find_doubts(mapped):
        context.output.warn(doubt)
    with _telling_uncertainty(context):
        created = imports.create_import(
            context.client, file_key=file_key, source_id=source_id, mode=mode, mappings=mapped
        )
    if not wait.is_waiting:
        _print_created(context, created)
        return ExitCode.OK
    job_id = created["importJobId"]
    if wait.progress != "json":
        context.output.note(f"import {job_id} created")
    return waiting.wait_for_import(context, job_id, wait, created=created)


def _leave_out(context: AppContext, choices: Sequence[ColumnChoice]) -> list[ColumnMapping]:
    """Return the columns that are imported, and tell which are not.

    Raises UsageError when there is none.
    """
    mapped: list[ColumnMapping] = [
        {"csvIndex": choice.column, "targetField": choice.field}
        for choice in choices
        if choice.field is not None
    ]
    if not mapped:
        raise errors.UsageError("no column is mapped to a field")
    for choice in choices:
        if choice.field is None:
            context.output.note(f"column {choice.column} is not imported")
    return mapped


def _find_doubts(mappings: Sequence[ColumnMapping]) -> list[str]:
    """Return what is odd about a mapping, but may be meant."""
    columns = Counter(mapping["csvIndex"] for mapping in mappings)
    fields = Counter(mapping["targetField"] for mapping in mappings)
    counted = [*((f"column {c}", columns[c]) for c in sorted(columns)), *sorted(fields.items())]
    doubts = [f"{name} is mapped more than once" for name, count in counted if count > 1]
    if "EMAIL" not in fields:
        doubts.append("no column is mapped to EMAIL, by which people are recognized")
    return doubts


@contextmanager
def _telling_uncertainty(context: AppContext) -> Iterator[None]:
    """Turn a failure after which nobody knows whether the job exists into one that says so."""
    advice = (
        "look whether it was created before you create it again:\n"
        f"{context.command_line('path', 'import', 'list')}"
    )
    _ = context.client
    try:
        yield
    except errors.Interrupted as interrupt:
        raise errors.StoppedError(
            f"interrupted ({interrupt.name}) while the import was being created; it may exist",
            interrupt.signum,
            code="CREATE_UNCERTAIN",
            hint=advice,
        ) from interrupt
    except errors.TalkValueError as error:
        if not error.may_have_arrived:
            raise
        raise errors.TalkValueError(
            f"the import may or may not have been created: {error.text}",
            code="CREATE_UNCERTAIN",
            hint=advice,
            details=error.details,
        ) from error


def _print_created(context: AppContext, created: CreatedImport) -> None:
    """Print what was created; where that fails the error has the id, so that nobody repeats it."""
    try:
        # in CSV the columns are those of the Node CLI
        beside = {"id": created["importJobId"]} if context.output.is_document else {}
        context.output.record({**created, **beside})
    except (BrokenPipeError, errors.LocalFileError) as error:
        job_id = created["importJobId"]
        raise errors.LocalFileError(
            f"import {job_id} was created, but that could not be printed",
            code="STDOUT",
            hint="do not create it again",
            details={"jobId": job_id},
        ) from error
