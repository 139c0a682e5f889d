"""`talkvalue path import failed-export`."""

from __future__ import annotations

import click

from talkvalue_cli.api import imports
from talkvalue_cli.commands.base import new_command
from talkvalue_cli.commands.options import export
from talkvalue_cli.commands.options.export import export_options
from talkvalue_cli.commands.options.groups import with_option
from talkvalue_cli.commands.options.types import ID
from talkvalue_cli.commands.path.import_.sections import FILE_SECTIONS
from talkvalue_cli.commands.path.import_.tables import line_column
from talkvalue_cli.context import AppContext
from talkvalue_cli.errors import NoContentError, UsageError
from talkvalue_cli.output.columns import Column

SUMMARY_COLUMNS = (
    Column("Count", "count", is_right=True),
    Column("Error", "errorCode"),
    Column("Message", "errorMessage", can_shrink=True),
    Column("Row", "rowNum", is_right=True),
    line_column(),
    Column("Example", "example", can_shrink=True),
)


@new_command("failed-export", sections=FILE_SECTIONS)
@click.argument("import_id", metavar="ID", type=ID)
@export_options
@with_option("--summary", "Count the rows by error, with an example of each.", is_flag=True)
def command(context: AppContext, import_id: int, target: export.Target, summary: bool) -> None:
    """Fetch every failed row of an import as CSV.

    The rows can be corrected and imported again.

    Examples:
      talkvalue path import failed-export 4218 > failed.csv
      talkvalue path import failed-export 4218 -o import-4218-failed.csv
      talkvalue path import failed-export 4218 --summary
    """
    if summary and target.path is not None:
        raise UsageError("--summary and --output exclude each other")
    nothing = f"Import {import_id} has no failed rows."
    if summary:
        _print_summary(context, import_id, nothing)
        return
    try:
        export.export(context, target, lambda client: imports.export_failed_rows(client, import_id))
    except NoContentError:
        context.output.note(nothing)


def _print_summary(context: AppContext, import_id: int, nothing: str) -> None:
    from talkvalue_cli.imports.summary import summarize

    try:
        with imports.export_failed_rows(context.client, import_id) as chunks:
            found = summarize(chunks)
    except NoContentError:
        found = []
    context.output.rows(found, SUMMARY_COLUMNS, empty=nothing)
