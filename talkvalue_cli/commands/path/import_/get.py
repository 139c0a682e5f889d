"""`talkvalue path import get`."""

from __future__ import annotations

import click

from talkvalue_cli.api import imports
from talkvalue_cli.commands.base import new_command
from talkvalue_cli.commands.options.groups import with_option
from talkvalue_cli.commands.options.types import ID
from talkvalue_cli.commands.path.import_ import record
from talkvalue_cli.commands.path.import_.select import NOTHING_ACTIVE, ImportId, select_one
from talkvalue_cli.commands.path.import_.wait_options import WaitOptions, wait_options
from talkvalue_cli.context import AppContext
from talkvalue_cli.exit_codes import ExitCode


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
        record.show(context, imports.get_import(context.client, import_id))
        return ExitCode.OK
    from talkvalue_cli.commands.path.import_ import waiting

    if wait.is_waiting:
        return waiting.wait_for_import(context, import_id, wait)
    return waiting.show_and_judge(context, import_id, wait)
