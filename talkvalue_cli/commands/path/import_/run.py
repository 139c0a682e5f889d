"""`talkvalue path import run`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from talkvalue_cli.commands.base import Command, pass_context
from talkvalue_cli.commands.options.places import check_place
from talkvalue_cli.commands.options.types import FILE_NAME
from talkvalue_cli.commands.path.import_.file_options import CHANGING, read_rules
from talkvalue_cli.commands.path.import_.run_options import run_options
from talkvalue_cli.commands.path.import_.shared_journal import journal_option
from talkvalue_cli.commands.path.import_.target_options import target_options
from talkvalue_cli.commands.path.import_.wait_options import WaitOptions, wait_options
from talkvalue_cli.context import AppContext
from talkvalue_cli.errors import UsageError
from talkvalue_cli.exit_codes import ExitCode
from talkvalue_cli.files import STDIO


@click.command("run", cls=Command)
@click.argument("paths", metavar="FILE...", nargs=-1, required=True, type=FILE_NAME)
@target_options
@run_options
@journal_option
@wait_options(always=True, many=True)
@pass_context
def command(
    context: AppContext,
    paths: Sequence[str],
    source_id: int,
    mode: str,
    given: dict[str, Any],
    wait: WaitOptions,
) -> int:
    """Import files of contacts; safe to run again at any moment.

    Finds out how each file is written and what its columns are, sends it as
    plain CSV, creates the import, waits for it, and saves failed rows as
    import-ID-failed.csv. What it does is shown; `talkvalue help files` explains
    it. - is standard input.

    Each step is written down first. The next run for the same content, channel
    and mode resumes where this one stopped; after an import that ended within
    --again-after it creates nothing, and exits with the code of that import.

    Examples:
      talkvalue path import run contacts.csv --channel Newsletter --mode SKIP
      talkvalue path import run contacts.csv --source-id 1 --mode SKIP --quiet --timeout 30m
      talkvalue path import run contacts.csv --source-id 1 --mode UPDATE --dry-run
      talkvalue path import run *.csv --source-id 1 --mode UPDATE --mapping "Email:EMAIL"

    \b
    Fields: EMAIL FIRST_NAME LAST_NAME NAME PHONE JOB_TITLE COMPANY_NAME
            ADDRESS LINKEDIN_URL X_URL JOINED_AT

    Exit codes are those of `wait`; 2 means that a file or its mapping cannot be used.
    `talkvalue help` has more: imports, mapping, files, waiting, cron, exit-codes.
    """
    no_wait, dry_run = given.pop("no_wait"), given.pop("dry_run")
    saves_rows = not given.pop("no_failed_rows")
    if no_wait and dry_run:
        raise UsageError("--no-wait and --dry-run exclude each other")
    if len(paths) > 1 and (given["file_name"] or given["save_mapping"]):
        raise UsageError("--file-name and --save-mapping are for a single file")
    if not saves_rows and wait.failed_rows is not None:
        raise UsageError("--failed-rows and --no-failed-rows exclude each other")
    if wait.quiet and (no_wait or dry_run):
        raise UsageError("--quiet only makes sense when the command waits")
    if given["save_mapping"] is not None:
        check_place("--save-mapping", given["save_mapping"], force=wait.force, apart_from=paths)
    if list(paths).count(STDIO) > 1:
        raise UsageError("standard input can be read only once")
    read_rules(given)
    if given["as_is"]:
        _refuse_beside_as_is(given)
    asks = not given.pop("yes") and not given["strict"]
    # slow to load, and of no use to who has typed something wrong
    from talkvalue_cli.commands.path.import_ import running
    from talkvalue_cli.imports.options import RunOptions

    options = RunOptions(source_id, mode, force=wait.force, **given)
    paths = running.leave_out_failed_rows(context, paths)
    if not paths:
        return ExitCode.OK
    run = running.Run(context, paths, options, asks)
    if dry_run:
        return run.preview()
    if no_wait:
        return run.submit(wait.limits)
    return run.wait(wait, saves_rows=saves_rows)


def _refuse_beside_as_is(given: dict[str, Any]) -> None:
    """Raise UsageError for an option about a file that is sent untouched."""
    named = [name for name in CHANGING if given[name]]
    if named:
        flags = ", ".join(f"--{name.replace('_', '-').removesuffix('s')}" for name in named)
        raise UsageError(f"--as-is sends the file untouched, and excludes {flags}")
