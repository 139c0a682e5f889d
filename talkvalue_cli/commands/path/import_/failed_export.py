"""`talkvalue path import failed-export`."""

from __future__ import annotations

import click

from talkvalue_cli.api import imports
from talkvalue_cli.commands.base import Command, pass_context
from talkvalue_cli.commands.options import export
from talkvalue_cli.commands.options.export import export_options
from talkvalue_cli.commands.options.types import ID
from talkvalue_cli.context import AppContext
from talkvalue_cli.errors import NoContentError, UsageError


@click.command("failed-export", cls=Command)
@click.argument("import_id", metavar="ID", type=ID)
@export_options
@click.option("--summary", is_flag=True, help="Count the rows by error, with an example of each.")
@pass_context
def command(context: AppContext, import_id: int, target: export.Target, summary: bool) -> None:
    """Fetch every failed row of an import as CSV.

    The rows can be corrected and imported again.

    \b
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
        export.export(context, target, imports.export_failed_rows, import_id)
    except NoContentError:
        context.output.note(nothing)


def _print_summary(context: AppContext, import_id: int, nothing: str) -> None:
    from talkvalue_cli.commands.path.import_ import summary

    try:
        with imports.export_failed_rows(context.client, import_id) as chunks:
            found = summary.summarize(chunks)
    except NoContentError:
        found = []
    context.output.rows(found, summary.COLUMNS, empty=nothing)
