"""`talkvalue path import failed-export`."""

from __future__ import annotations

import click

from talkvalue_cli.api import imports
from talkvalue_cli.commands.base import new_command
from talkvalue_cli.commands.options import export
from talkvalue_cli.commands.options.export import export_options
from talkvalue_cli.commands.options.types import ID
from talkvalue_cli.context import AppContext
from talkvalue_cli.errors import UsageError


@new_command("failed-export")
@click.argument("import_id", metavar="ID", type=ID)
@export_options
@click.option("--summary", is_flag=True, help="Count the rows by error, with an example of each.")
def command(context: AppContext, import_id: int, target: export.Target, summary: bool) -> None:
    """Fetch every failed row of an import as CSV.

    The rows can be corrected and imported again.

    Examples:
      talkvalue path import failed-export 4218 > failed.csv
      talkvalue path import failed-export 4218 -o import-4218-failed.csv
      talkvalue path import failed-export 4218 --summary
    """
    if not summary:
        export.export(context, target, lambda client: imports.export_failed_rows(client, import_id))
        return
    if target.path is not None:
        raise UsageError("--summary and --output exclude each other")
    _print_summary(context, import_id)


def _print_summary(context: AppContext, import_id: int) -> None:
    from talkvalue_cli.commands.path.import_ import summary

    with imports.export_failed_rows(context.client, import_id) as chunks:
        context.output.rows(
            summary.summarize(chunks),
            summary.COLUMNS,
            empty=f"Import {import_id} has no failed rows.",
        )
