"""`talkvalue path import run`, `history` and `resume`: imports that are written down."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

from talkvalue_cli.commands.base import Command, pass_context
from talkvalue_cli.commands.options.types import (
    ID,
    TARGET_FIELDS,
    Duration,
    Text,
    WholeNumber,
    complete_field,
    complete_files,
    target_options,
)
from talkvalue_cli.commands.path.import_.wait_options import WaitOptions, wait_options
from talkvalue_cli.context import AppContext
from talkvalue_cli.errors import LocalFileError, UsageError
from talkvalue_cli.output import files
from talkvalue_cli.output.columns import Column
from talkvalue_cli.output.progress.snapshot import timestamp
from talkvalue_cli.output.style import style_of_status


class WishType(click.ParamType[Any]):
    """`INDEX:FIELD` or `Header name:FIELD`; the last colon counts."""

    name = "mapping"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return a mapping.Wish; fail naming the text and what is wrong with it."""
        from talkvalue_cli.imports.file.mapping import Wish

        text = str(value)
        column, colon, field = text.rpartition(":")
        name = field.strip().upper()
        if not colon or not column.strip():
            self.fail(f"{text!r} is not INDEX:FIELD or 'Header name:FIELD'", param, ctx)
        if name not in TARGET_FIELDS:
            known = ", ".join(TARGET_FIELDS)
            self.fail(f"{text!r}: {field!r} is not a field; there are {known}", param, ctx)
        is_number = re.fullmatch("[0-9]{1,9}", column.strip())
        return Wish(int(column) if is_number else column.strip(), name)

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem[str]]:
        """Return the fields, once the column and the colon are there."""
        return complete_field(incomplete)


class Share(click.ParamType[float]):
    """A number from 0 to 1."""

    name = "share"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Return the number; fail naming the text otherwise."""
        if isinstance(value, float):
            return value
        if not re.fullmatch(r"0(\.[0-9]+)?|1(\.0+)?|\.[0-9]+", str(value)):
            self.fail(f"{str(value)!r} is not a number from 0 to 1", param, ctx)
        return float(value)


@click.command("run", cls=Command)
@click.argument("paths", metavar="FILE...", nargs=-1, required=True, shell_complete=complete_files)
@target_options
@click.option(
    "--mapping",
    "wishes",
    multiple=True,
    type=WishType(),
    metavar="COLUMN:FIELD",
    help="Column, by its number from 0 or its header, and its field; goes before suggestions.",
)
@click.option(
    "--mapping-file",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="YAML file that maps columns to fields; --mapping goes before it.",
)
@click.option(
    "--save-mapping",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="Write the mapping that is used to such a file.",
)
@click.option(
    "--min-confidence",
    type=Share(),
    default="0.8",
    show_default=True,
    help="Take the server's suggestions from this confidence on.",
)
@click.option(
    "--encoding", default="utf-8", show_default=True, help="What the file is in; sent as UTF-8."
)
@click.option("--allow-ragged", is_flag=True, help="Send rows that are too short or too long.")
@click.option(
    "--file-name",
    type=Text(),
    metavar="NAME",
    help="What to call the file; - is stdin.csv otherwise.",
)
@click.option("--again", is_flag=True, help="Import anew, whatever was imported before.")
@click.option(
    "--again-after",
    "again_after_s",
    type=Duration(),
    default="24h",
    show_default=True,
    help="Import anew what was imported longer ago than this.",
)
@click.option(
    "--attach",
    "attach_id",
    type=ID,
    metavar="ID",
    help="Take this import for the one that a cut-off run has made.",
)
@click.option("--no-wait", is_flag=True, help="Create the import, print its id, and leave.")
@click.option(
    "--dry-run", is_flag=True, help="Upload, print what would be created, and create nothing."
)
@click.option(
    "--parallel",
    type=WholeNumber("number"),
    default="2",
    show_default=True,
    help="Of several files, imports in flight at once.",
)
@click.option(
    "--keep-going", is_flag=True, help="Import the other files when one cannot be imported."
)
@click.option(
    "--no-failed-rows",
    is_flag=True,
    help="Do not save rejected rows; otherwise --failed-rows is on.",
)
@wait_options(always=True, many=True)
@pass_context
def run_command(
    context: AppContext,
    /,
    paths: Sequence[str],
    no_wait: bool,
    dry_run: bool,
    parallel: int,
    keep_going: bool,
    no_failed_rows: bool,
    mapping_file: Path | None,
    wishes: Sequence[Any],
    wait: WaitOptions,
    **options: Any,
) -> int:
    """Import CSV files; safe to run again at any moment.

    Checks each file, uploads it, decides the mapping, creates the import, waits
    for it, and saves rejected rows as import-ID-failed.csv. - is standard input.

    Each step is written down first. The next run for the same content, channel
    and mode goes on where this one stopped; after an import that ended within
    --again-after it creates nothing, and exits with the code of that import.

    \b
    Examples:
      talkvalue path import run contacts.csv --source-id 1 --mode SKIP
      talkvalue path import run contacts.csv --source-id 1 --mode SKIP --quiet --timeout 30m
      talkvalue path import run contacts.csv --source-id 1 --mode UPDATE --dry-run
      talkvalue path import run *.csv --source-id 1 --mode UPDATE --mapping "Email:EMAIL"

    Exit codes are those of `wait`; 2 means that a file or its mapping is unfit.
    """
    from talkvalue_cli.imports import failed_rows, run
    from talkvalue_cli.imports.file import mapping
    from talkvalue_cli.imports.file.upload import RunOptions

    if no_wait and dry_run:
        raise UsageError("--no-wait and --dry-run exclude each other")
    if len(paths) > 1 and (options["attach_id"] or options["file_name"] or options["save_mapping"]):
        raise UsageError("--attach, --file-name and --save-mapping are for a single file")
    if options["again"] and options["attach_id"]:
        raise UsageError("--again and --attach exclude each other")
    if no_failed_rows and wait.failed_rows is not None:
        raise UsageError("--failed-rows and --no-failed-rows exclude each other")
    if options["save_mapping"] is not None:
        _check_target(options["save_mapping"], force=wait.force)
    if list(paths).count("-") > 1:
        raise UsageError("standard input can be read only once")
    if mapping_file is not None:
        wishes = [*wishes, *mapping.read_mapping_file(mapping_file, TARGET_FIELDS)]
    run_options = RunOptions(wishes=wishes, force=wait.force, **options)
    batch = run.Batch(parallel, keep_going)
    if wait.quiet and (no_wait or dry_run):
        raise UsageError("--quiet only makes sense when the command waits")
    if dry_run:
        return run.preview_files(context, paths, run_options, batch)
    if no_wait:
        return run.start_files(context, paths, run_options, batch)
    if no_failed_rows:
        wait = wait._replace(failed_rows=None)
    elif wait.failed_rows is None:
        wait = wait._replace(failed_rows=failed_rows.DEFAULT_PATH)
    return run.run_files(context, paths, run_options, batch, wait)


def _check_target(path: Path, *, force: bool) -> None:
    try:
        files.check_target(path, force=force)
    except LocalFileError as error:
        raise UsageError(f"--save-mapping: {error.message}", hint=error.hint) from error


HISTORY_COLUMNS = (
    Column("Began", "beganAt"),
    Column("File", "file", can_shrink=True),
    Column("Source", "sourceId", is_right=True),
    Column("Mode", "mode"),
    Column("Step", "step"),
    Column("Import", "importJobId", is_right=True),
    Column("Status", "status", style=lambda status: style_of_status(str(status))),
)


@click.command("history", cls=Command)
@click.option(
    "--limit",
    type=WholeNumber("number"),
    default="20",
    show_default=True,
    metavar="N",
    help="How many to show.",
)
@pass_context
def history_command(context: AppContext, limit: int) -> None:
    """List what `run` has done on this machine, newest first.

    The server is not asked: the status is the last one that a run has seen. The
    step is `uploading` and `refused` when there is no import, `creating` when
    the answer was not heard, `created` until the import was seen to end, and
    then `finished`.

    \b
    Example:
      talkvalue path import history --limit 5
    """
    from talkvalue_cli.imports.submitting import journal

    with journal.open_journal(context.environ, context.wall_clock) as book:
        attempts = book.list_newest(limit)
    rows = [
        {
            "beganAt": timestamp(attempt.began_at),
            "file": attempt.file_path,
            "sourceId": attempt.key.source_id,
            "mode": attempt.key.mode,
            "step": attempt.step,
            "importJobId": attempt.job_id,
            "status": (attempt.record or {}).get("status"),
            "apiUrl": attempt.key.api_url,
            "profile": attempt.key.profile,
            "sha256": attempt.key.sha256,
            "updatedAt": timestamp(attempt.updated_at),
        }
        for attempt in attempts
    ]
    context.output.rows(rows, HISTORY_COLUMNS, empty="Nothing was run here yet.")


@click.command("resume", cls=Command)
@click.argument("import_id", metavar="[ID]", type=ID, required=False)
@wait_options(always=True)
@pass_context
def resume_command(context: AppContext, import_id: int | None, wait: WaitOptions) -> int:
    """Wait for the newest import that `run` has not seen to end.

    With an ID, for that one, if it was made by a run on this machine.

    \b
    Example:
      talkvalue path import resume
    """
    from talkvalue_cli.commands.path.import_ import waiting
    from talkvalue_cli.imports import failed_rows
    from talkvalue_cli.imports.submitting import journal

    api_url = context.settings.api_url
    with journal.open_journal(context.environ, context.wall_clock) as book:
        found = book.find_job(api_url, import_id) if import_id else book.find_unfinished(api_url)
        if found is None or found.job_id is None:
            raise _nothing_to_resume(import_id)
        attempt_id = found.id
        if wait.failed_rows is None:
            wait = wait._replace(failed_rows=failed_rows.DEFAULT_PATH)
        return waiting.wait_for_import(
            context,
            found.job_id,
            wait,
            on_finished=lambda record: book.was_finished(attempt_id, record),
        )


def _nothing_to_resume(import_id: int | None) -> UsageError:
    if import_id is None:
        return UsageError(
            "no import of a run is known to be unfinished here",
            hint="talkvalue path import history shows what was run; a run that was cut off "
            "before it heard of its import finds it when it is run again",
        )
    return UsageError(
        f"import {import_id} was not made by a run on this machine",
        hint=f"talkvalue path import wait {import_id} waits for any import",
    )
