"""`talkvalue path import`: load a CSV file into a channel, and wait until it is in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from talkvalue_cli import csv_source
from talkvalue_cli.api import imports
from talkvalue_cli.api.shapes import ColumnMapping, Page
from talkvalue_cli.commands import import_tables
from talkvalue_cli.commands.base import Group, pass_runtime
from talkvalue_cli.commands.options import ID, Mapping, Text, Word, page_options
from talkvalue_cli.commands.wait_options import STDOUT, WaitOptions, wait_options
from talkvalue_cli.errors import (
    AuthError,
    ExitCode,
    ForbiddenError,
    Interrupted,
    NetworkError,
    NotFoundError,
    TalkValueError,
)
from talkvalue_cli.output import files
from talkvalue_cli.runtime import Runtime

# What `import_wait` needs takes a while to import, so only a command that waits imports it.


@click.group("import", cls=Group)
def import_group() -> None:
    """Load contacts from a CSV file, and wait for the result.

    \b
    The way of an import:
      talkvalue path import analyze --file contacts.csv
      talkvalue path import create --file-key KEY --source-id 7 --mode UPDATE \\
          --mapping 0:EMAIL --mapping 1:NAME --wait
      talkvalue path import failed-export ID -o rejected.csv
    """


@import_group.command("list")
@page_options
@pass_runtime
def list_command(runtime: Runtime, page: int | None, page_size: int | None) -> None:
    """List imports, newest first.

    \b
    Example:
      talkvalue path import list --page-size 5
    """
    found = imports.list_imports(runtime.client, page=page, page_size=page_size)
    runtime.output.rows(
        found.items,
        import_tables.LIST_COLUMNS,
        pagination=paginate(found),
        empty="There are no imports here.",
    )


def paginate(page: Page) -> dict[str, int]:
    """Return the `pagination` member of a paged list."""
    return {
        "page": page.number,
        "pageSize": page.size,
        "totalElements": page.total_elements,
        "totalPages": page.total_pages,
    }


@import_group.command("get")
@click.argument("import_id", metavar="ID", type=ID)
@click.option(
    "--exit-status",
    is_flag=True,
    help="Exit 6 for PARTIAL_SUCCESS, 7 for FAILED, 8 for PENDING or RUNNING.",
)
@wait_options(always=False)
@pass_runtime
def get_command(runtime: Runtime, import_id: int, exit_status: bool, wait: WaitOptions) -> int:
    """Show one import; with --wait, block until it has come to its end.

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
        job = imports.get_import(runtime.client, import_id)
        runtime.output.record(job, import_tables.JOB_LAYOUT)
        return ExitCode.OK
    from talkvalue_cli.commands import import_wait

    if wait.is_waiting:
        return import_wait.wait_for_import(runtime, import_id, wait)
    return import_wait.look_and_judge(runtime, import_id, wait)


@import_group.command("wait")
@click.argument("import_id", metavar="ID", type=ID)
@wait_options(always=True)
@pass_runtime
def wait_command(runtime: Runtime, import_id: int, wait: WaitOptions) -> int:
    """Block until an import is COMPLETED, PARTIAL_SUCCESS or FAILED.

    \b
    Examples:
      talkvalue path import wait 4218
      talkvalue path import wait 4218 --timeout 2h --max-failed 1% --quiet

    \b
    Exit codes: 0 completed, 6 partial success, 7 failed, 8 not finished as far
    as we know, 124 deadline passed, 130/143/129 stopped by a signal. After 8,
    124 and above the import may go on: look again, do not create it again.
    """
    from talkvalue_cli.commands import import_wait

    return import_wait.wait_for_import(runtime, import_id, wait)


@import_group.command("analyze")
@click.option(
    "--file", "path", required=True, metavar="PATH", help="CSV file; - is standard input."
)
@click.option("--file-name", type=Text(), metavar="NAME", help="What to call the file.")
@pass_runtime
def analyze_command(runtime: Runtime, path: str, file_name: str | None) -> None:
    """Upload a CSV file and show what is in it; no contact is changed.

    The answer has the file key that `create` needs, and for each column the
    field that it seems to hold.

    \b
    Examples:
      talkvalue path import analyze --file contacts.csv
      zcat contacts.csv.gz | talkvalue path import analyze --file - --file-name contacts.csv
    """
    if csv_source.is_stream(path):
        _ = runtime.client  # tells that there is no token before everything is read
    with csv_source.open_csv(path, runtime.stdin, file_name) as source:
        analysis = imports.analyze_file(runtime.client, source.file, source.size, source.name)
    runtime.output.record(analysis, import_tables.ANALYSIS_LAYOUT)


@import_group.command("create")
@click.option(
    "--file-key", required=True, type=Text(), metavar="KEY", help="What `analyze` answered."
)
@click.option(
    "--source-id", required=True, type=ID, metavar="ID", help="Channel that receives the people."
)
@click.option(
    "--mode",
    required=True,
    type=Word("mode", ("UPDATE", "SKIP")),
    help="UPDATE overwrites people who exist already, SKIP leaves them alone.",
)
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
@pass_runtime
def create_command(
    runtime: Runtime,
    file_key: str,
    source_id: int,
    mode: str,
    mappings: Sequence[ColumnMapping],
    wait: WaitOptions,
) -> int:
    """Start an import; with --wait, block until it has come to its end.

    The same call twice imports the file twice, and an import cannot be
    cancelled. After a lost answer (exit 1, code CREATE_UNCERTAIN) look at
    `talkvalue path import list` before anything else.

    \b
    Fields: EMAIL FIRST_NAME LAST_NAME NAME PHONE JOB_TITLE COMPANY_NAME
            ADDRESS LINKEDIN_URL X_URL JOINED_AT

    \b
    Example:
      talkvalue path import create --file-key u/2026/11/3f-contacts.csv --source-id 7 \\
          --mode SKIP --mapping 0:EMAIL --mapping 1:NAME --wait --timeout 30m
    """
    if wait.quiet:
        runtime.output.hold_notes()
    if wait.is_waiting:
        from talkvalue_cli.commands import import_wait

        import_wait.check_options(runtime, wait)
    for doubt in find_doubts(mappings):
        runtime.output.warn(doubt)
    with _telling_uncertainty(runtime):
        created = imports.create_import(
            runtime.client, file_key=file_key, source_id=source_id, mode=mode, mappings=mappings
        )
    if not wait.is_waiting:
        runtime.output.record(created)
        return ExitCode.OK
    return import_wait.wait_for_created(runtime, created, wait)


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
def _telling_uncertainty(runtime: Runtime) -> Iterator[None]:
    """Turn a failure after which nobody knows whether the job exists into one that says so."""
    advice = (
        f"{runtime.command_line('path', 'import', 'list')}   shows it if it was created; "
        "look there before you create it again"
    )
    try:
        _ = runtime.client
        yield
    except Interrupted as interrupt:
        failure = TalkValueError(
            f"stopped ({interrupt.name}) while the import was being created; it may exist",
            code="CREATE_UNCERTAIN",
            hint=advice,
        )
        failure.exit_code = interrupt.exit_code
        raise failure from interrupt
    except TalkValueError as error:
        if not _may_have_arrived(error):
            raise
        raise TalkValueError(
            f"the import may or may not have been created: {error.message}",
            code="CREATE_UNCERTAIN",
            hint=advice,
            details=error.details,
        ) from error


def _may_have_arrived(error: TalkValueError) -> bool:
    if isinstance(error, NetworkError):
        return not error.was_never_sent
    if isinstance(error, (AuthError, ForbiddenError, NotFoundError)):
        return False
    # 4xx is a refusal, 408 apart; after 5xx and an answer that makes no sense nobody knows
    status = error.details.get("status", 500)
    return bool(status == 408 or status >= 500)


@import_group.command("failed-export")
@click.argument("import_id", metavar="ID", type=ID)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="Write to a file, complete or not at all; - is standard output.",
)
@click.option("--force", is_flag=True, help="Let --output replace an existing file.")
@pass_runtime
def failed_export_command(
    runtime: Runtime, import_id: int, output: Path | None, force: bool
) -> None:
    """Fetch every rejected row of an import as CSV.

    The rows can be corrected and imported again.

    \b
    Examples:
      talkvalue path import failed-export 4218 > rejected.csv
      talkvalue path import failed-export 4218 -o import-4218-failed.csv
    """
    to_stdout = output is None or output == STDOUT
    if runtime.flags.format or runtime.flags.json:
        runtime.output.warn("an export is always CSV; --format and --json change nothing")
    if output is not None and not to_stdout:
        files.check_target(output, force=force)
    with imports.export_failed_rows(runtime.client, import_id) as chunks:
        if output is None or to_stdout:
            runtime.output.write_bytes(chunks)
        else:
            size = files.save_stream(chunks, output, force=force)
            if runtime.output.has_reader:
                runtime.output.note(f"{size:,} bytes written to {output}")
