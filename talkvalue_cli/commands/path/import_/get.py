"""`talkvalue path import get`."""

from __future__ import annotations

import click

from talkvalue_cli.api import imports
from talkvalue_cli.commands.base import new_command
from talkvalue_cli.commands.options.groups import with_option
from talkvalue_cli.commands.options.types import ID
from talkvalue_cli.commands.path.import_.select import NOTHING_ACTIVE, ImportId, select_one
from talkvalue_cli.commands.path.import_.wait_options import WaitOptions, wait_options
from talkvalue_cli.context import AppContext
from talkvalue_cli.exit_codes import ExitCode, code_of
from talkvalue_cli.imports.status import Job


@new_command("get")
@click.argument("import_id", metavar="ID", type=ID, cls=ImportId)
@with_option("--latest", "The newest import, in place of an ID.", is_flag=True, is_eager=True)
@with_option(
    "--active",
    "The one that is PENDING or RUNNING, in place of an ID.",
    is_flag=True,
    is_eager=True,
)
@with_option(
    "--exit-status",
    "Exit 6 for PARTIAL_SUCCESS, 7 for FAILED, 8 for PENDING or RUNNING.",
    is_flag=True,
)
@wait_options(always=False)
def command(
    context: AppContext,
    import_id: int | None,
    latest: bool,
    active: bool,
    exit_status: bool,
    wait: WaitOptions,
) -> int:
    """Show one import; --wait blocks until it has ended.

    Without --wait and --exit-status the exit code is 0 whatever the status.

    Examples:
      talkvalue path import get 4218
      talkvalue path import get --latest
      talkvalue path import get 4218 --wait --timeout 30m

    A script that waits can tell the ends apart:
      talkvalue path import get 4218 --wait
      case $? in
        0) echo imported ;;
        6) echo some rows failed ;;
        7) echo the import failed ;;
        8|124|129|130|143) echo wait again later, do NOT create again ;;
        *) echo see the error ;;
      esac
    """
    if import_id is None or latest or active:
        found = select_one(context, import_id, latest=latest, active=active)
        if found is None:
            context.output.record(None)
            context.output.note(NOTHING_ACTIVE)
            return ExitCode.OK
        import_id = found
    if not wait.is_waiting and not exit_status:
        _show(context, imports.get_import(context.client, import_id))
        return ExitCode.OK
    if not wait.is_waiting:
        return _judge(context, import_id, wait)
    from talkvalue_cli.commands.path.import_ import waiting

    return waiting.wait_for_import(context, import_id, wait)


def _show(context: AppContext, job: Job) -> None:
    if context.output.is_document:
        context.output.record(job)
        return
    # JSON needs nothing of how a table looks, and scripts poll with it
    from talkvalue_cli.commands.path.import_ import shared_journal, tables

    with shared_journal.finding_channels(context) as find_channel:
        context.output.record(job, tables.job_layout(find_channel, job))


def _judge(context: AppContext, job_id: int, options: WaitOptions) -> int:
    """Show the import as it is now and return the code of its state: `--exit-status`."""
    from talkvalue_cli.commands.path.import_ import report
    from talkvalue_cli.imports.result import judge

    if options.quiet:
        context.output.hold_notes()
    job = imports.get_import(context.client, job_id)
    error = report.describe_error(context, judge(job, options.tolerance), options)
    if error is not None or not options.quiet or context.output.query is not None:
        _show(context, job)
    imports.check_status(job)
    if error is not None:
        context.output.error(error)
    return code_of(error)
