"""Creating an import: what is doubtful before it, and what is not known after it failed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from talkvalue_cli.api.models import ColumnMapping, CreatedImport
from talkvalue_cli.commands import writing
from talkvalue_cli.context import AppContext
from talkvalue_cli.errors import Interrupted, LocalFileError, StoppedError, TalkValueError


def find_doubts(mappings: Sequence[ColumnMapping]) -> list[str]:
    """Return what is odd about a mapping, but may be meant."""
    columns = [mapping["csvIndex"] for mapping in mappings]
    fields = [mapping["targetField"] for mapping in mappings]
    doubts = [
        f"column {c} is mapped more than once" for c in sorted(set(columns)) if columns.count(c) > 1
    ]
    doubts += [f"{f} is mapped more than once" for f in sorted(set(fields)) if fields.count(f) > 1]
    if "EMAIL" not in fields:
        doubts.append("no column is mapped to EMAIL, by which people are recognized")
    return doubts


@contextmanager
def telling_uncertainty(context: AppContext) -> Iterator[None]:
    """Turn a failure after which nobody knows whether the job exists into one that says so."""
    advice = (
        f"{context.command_line('path', 'import', 'list')}   shows it if it was created; "
        "look there before you create it again"
    )
    _ = context.client
    try:
        yield
    except Interrupted as interrupt:
        raise StoppedError(
            f"stopped ({interrupt.name}) while the import was being created; it may exist",
            interrupt.signum,
            code="CREATE_UNCERTAIN",
            hint=advice,
        ) from interrupt
    except TalkValueError as error:
        if not writing.may_have_arrived(error):
            raise
        raise TalkValueError(
            f"the import may or may not have been created: {error.message}",
            code="CREATE_UNCERTAIN",
            hint=advice,
            details=error.details,
        ) from error


def print_created(context: AppContext, created: CreatedImport) -> None:
    """Print what was created; where that fails the error has the id, so that nobody repeats it."""
    try:
        context.output.record(created)
    except (BrokenPipeError, LocalFileError) as error:
        job_id = created["importJobId"]
        raise LocalFileError(
            f"import {job_id} was created, but that could not be printed",
            code="STDOUT",
            hint="do not create it again",
            details={"jobId": job_id},
        ) from error
