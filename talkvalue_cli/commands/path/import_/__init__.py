"""`talkvalue path import`: load a CSV file into a channel, and wait until it is in."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import click

from talkvalue_cli.api import imports
from talkvalue_cli.api.models import ColumnMapping
from talkvalue_cli.commands.base import Group, pass_context
from talkvalue_cli.commands.options import export
from talkvalue_cli.commands.options.export import export_options
from talkvalue_cli.commands.options.paging import Paging, paging_options, print_list
from talkvalue_cli.commands.options.types import (
    ID,
    Mapping,
    Text,
    Word,
    complete_files,
    target_options,
)
from talkvalue_cli.commands.path.import_ import create, list_, tables
from talkvalue_cli.commands.path.import_.select import IdOrStdin, select_imports
from talkvalue_cli.commands.path.import_.wait_options import WaitOptions, wait_options
from talkvalue_cli.context import AppContext
from talkvalue_cli.errors import LocalFileError, UsageError
from talkvalue_cli.exit_codes import ExitCode
from talkvalue_cli.imports.file.source import is_stream, open_csv

# What `import_wait` needs takes a while to import, so only a command that waits imports it.


@click.group(
    "import",
    cls=Group,
    members={
        "history": "path.import_.run:history_command",
        "resume": "path.import_.run:resume_command",
        "run": "path.import_.run:run_command",
    },
)
def group() -> None:
    """Load contacts from a CSV file, and wait for the result.

    \b
    In one line, safe to run again at any moment:
      talkvalue path import run contacts.csv --source-id 1 --mode SKIP

    \b
    The same in steps:
      talkvalue path import analyze --file contacts.csv
      talkvalue path import create --file-key KEY --source-id 1 --mode UPDATE \\
          --mapping 0:EMAIL --mapping 1:NAME --wait
      talkvalue path import failed-export ID -o rejected.csv
    """


@group.command("list")
@paging_options
@click.option(
    "--status",
    "statuses",
    multiple=True,
    type=Word("status", list_.STATUSES),
    help="Only imports with this status, the newest --page-size of all; repeatable.",
)
@click.option(
    "--watch",
    "is_watching",
    is_flag=True,
    help="Draw the list anew until Ctrl-C; on a terminal only.",
)
@pass_context
def list_command(
    context: AppContext, paging: Paging, statuses: Sequence[str], is_watching: bool
) -> None:
    """List imports, newest first.

    \b
    Examples:
      talkvalue path import list --page-size 5
      talkvalue path import list --status FAILED --status PARTIAL_SUCCESS
      talkvalue path import list --all --format csv
    """
    if paging.page is not None and (statuses or is_watching):
        raise UsageError("--page goes with neither --status nor --watch")
    if is_watching:
        list_.watch_imports(
            context,
            lambda room: list_.take_imports(
                context.client, statuses, min(room, paging.page_size or room)
            ),
        )
    if statuses:
        list_.print_by_status(context, paging, statuses)
        return
    print_list(
        context,
        partial(imports.list_imports, context.client),
        paging,
        tables.LIST_COLUMNS,
        empty="There are no imports here.",
    )


@group.command("get")
@click.argument("import_id", metavar="ID", type=ID)
@click.option(
    "--exit-status",
    is_flag=True,
    help="Exit 6 for PARTIAL_SUCCESS, 7 for FAILED, 8 for PENDING or RUNNING.",
)
@wait_options(always=False)
@pass_context
def get_command(context: AppContext, import_id: int, exit_status: bool, wait: WaitOptions) -> int:
    """Show one import; --wait blocks until it has ended.

    Without --wait and --exit-status the exit code is 0 whatever the status.

    \b
    Examples:
      talkvalue path import get 4218
      talkvalue path import get 4218 --wait --timeout 30m

    \b
    A script that waits can tell the ends apart:
      talkvalue path import get 4218 --wait
      case $? in
        0) echo imported ;;
        6) echo some rows were rejected ;;
        7) echo the import failed ;;
        8|124|129|130|143) echo look again later, do NOT create again ;;
        *) echo look at the error ;;
      esac
    """
    if not wait.is_waiting and not exit_status:
        job = imports.get_import(context.client, import_id)
        context.output.record(job, tables.JOB_LAYOUT)
        return ExitCode.OK
    from talkvalue_cli.commands.path.import_ import waiting

    if wait.is_waiting:
        return waiting.wait_for_import(context, import_id, wait)
    return waiting.look_and_judge(context, import_id, wait)


@group.command("wait")
@click.argument("ids", metavar="[ID]...", type=IdOrStdin(), nargs=-1)
@click.option("--latest", is_flag=True, help="Wait for the newest import.")
@click.option("--active", is_flag=True, help="Wait for all that are PENDING or RUNNING.")
@wait_options(always=True, many=True)
@pass_context
def wait_command(
    context: AppContext, ids: Sequence[int | str], latest: bool, active: bool, wait: WaitOptions
) -> int:
    """Block until imports have come to their end.

    That is COMPLETED, PARTIAL_SUCCESS or FAILED. Without an ID it waits for the
    one import that is PENDING or RUNNING; with `-` ids are read from standard
    input. Several imports are looked at together, with few requests.

    \b
    Examples:
      talkvalue path import wait 4218
      talkvalue path import wait 4218 --timeout 2h --max-failed 1% --quiet
      talkvalue path import wait 4218 4219 4220 --fail-fast
      talkvalue path import wait --active
      printf '%s\\n' 4218 4219 | talkvalue path import wait -

    \b
    Exit codes: 0 completed, 6 partial success, 7 failed, 8 not finished as far
    as we know, 124 deadline passed, 130/143/129 stopped by a signal. After 8,
    124 and above the import may go on: look again, do not create it again.
    Of several imports the worst decides; the JSON has the code of each.
    """
    from talkvalue_cli.commands.path.import_ import waiting

    selection = select_imports(context, ids, latest=latest, active=active)
    if selection.is_list:
        return waiting.wait_for_imports(context, selection.job_ids, wait)
    return waiting.wait_for_import(context, selection.job_ids[0], wait)


@group.command("analyze")
@click.option(
    "--file",
    "path",
    required=True,
    metavar="PATH",
    shell_complete=complete_files,
    help="CSV file; - is standard input.",
)
@click.option("--file-name", type=Text(), metavar="NAME", help="What to call the file.")
@pass_context
def analyze_command(context: AppContext, path: str, file_name: str | None) -> None:
    """Upload a CSV file and show what is in it.

    No contact is changed. The answer has the file key that `create` needs, and
    for each column the field that it seems to hold.

    \b
    Examples:
      talkvalue path import analyze --file contacts.csv
      zcat contacts.csv.gz | talkvalue path import analyze --file - --file-name contacts.csv
    """
    if is_stream(path):
        _ = context.client  # tells that there is no token before everything is read
    with open_csv(path, context.stdin, file_name) as source:
        analysis = imports.analyze_file(context.client, source.file, source.size, source.name)
    context.output.record(analysis, tables.ANALYSIS_LAYOUT)


@group.command("create")
@click.option(
    "--file-key", required=True, type=Text(), metavar="KEY", help="What `analyze` answered."
)
@target_options
@click.option(
    "--mapping",
    "mappings",
    required=True,
    multiple=True,
    type=Mapping(),
    metavar="INDEX:FIELD",
    help="Column, counted from 0, and the field it holds; once for each column.",
)
@wait_options(always=False)
@pass_context
def create_command(
    context: AppContext,
    file_key: str,
    source_id: int,
    mode: str,
    mappings: Sequence[ColumnMapping],
    wait: WaitOptions,
) -> int:
    """Start an import; --wait blocks until it has ended.

    The same call twice imports the file twice, and an import cannot be
    cancelled; `run` takes care of that. After a lost answer (exit 1, code
    CREATE_UNCERTAIN) look at `talkvalue path import list` before anything else.

    \b
    Fields: EMAIL FIRST_NAME LAST_NAME NAME PHONE JOB_TITLE COMPANY_NAME
            ADDRESS LINKEDIN_URL X_URL JOINED_AT

    \b
    Example:
      talkvalue path import create --file-key u/2026/11/3f-contacts.csv --source-id 1 \\
          --mode SKIP --mapping 0:EMAIL --mapping 1:NAME --wait --timeout 30m
    """
    if wait.quiet:
        context.output.hold_notes()
    if wait.is_waiting:
        from talkvalue_cli.commands.path.import_ import waiting

        waiting.check_options(context, wait)
    elif context.stdout is None:
        raise LocalFileError("standard output is closed; nothing was created", code="STDOUT")
    for doubt in create.find_doubts(mappings):
        context.output.warn(doubt)
    with create.telling_uncertainty(context):
        created = imports.create_import(
            context.client, file_key=file_key, source_id=source_id, mode=mode, mappings=mappings
        )
    if not wait.is_waiting:
        create.print_created(context, created)
        return ExitCode.OK
    return waiting.wait_for_created(context, created, wait)


@group.command("failed-export")
@click.argument("import_id", metavar="ID", type=ID)
@export_options
@click.option("--summary", is_flag=True, help="Count the rows by error, with an example of each.")
@pass_context
def failed_export_command(
    context: AppContext, import_id: int, target: export.Target, summary: bool
) -> None:
    """Fetch every rejected row of an import as CSV.

    The rows can be corrected and imported again.

    \b
    Examples:
      talkvalue path import failed-export 4218 > rejected.csv
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
            empty=f"Import {import_id} has no rejected rows.",
        )
