"""`talkvalue path import wait`."""

from __future__ import annotations

from collections.abc import Sequence

import click

from talkvalue_cli.commands.base import new_command
from talkvalue_cli.commands.options.groups import with_option
from talkvalue_cli.commands.path.import_.select import IdOrStdin, select_imports
from talkvalue_cli.commands.path.import_.wait_options import WaitOptions, wait_options
from talkvalue_cli.context import AppContext


@new_command("wait")
@click.argument("ids", metavar="[ID]...", type=IdOrStdin("id"), nargs=-1)
@with_option("--latest", "Wait for the newest import.", is_flag=True)
@with_option("--active", "Wait for all that are PENDING or RUNNING.", is_flag=True)
@wait_options(always=True, many=True)
def command(
    context: AppContext, ids: Sequence[int | str], latest: bool, active: bool, wait: WaitOptions
) -> int:
    """Block until imports have finished.

    That is COMPLETED, PARTIAL_SUCCESS or FAILED. Without an ID it waits for the
    one import that is PENDING or RUNNING; when there is none the exit code is 0.
    With `-` ids are read from standard input. Several imports are polled
    together, with few requests.

    Examples:
      talkvalue path import wait 4218
      talkvalue path import wait 4218 --timeout 2h --max-failed 1% --quiet
      talkvalue path import wait 4218 4219 4220 --fail-fast
      talkvalue path import wait --active
      printf '%s\\n' 4218 4219 | talkvalue path import wait -

    \b
    Exit codes: 0 completed, 6 partial success, 7 failed, 8 status unknown, 124
    timed out, 130/143/129 interrupted by a signal. After 8, 124 and above the
    import may still be running: wait again, do not create it again. Of several
    imports the worst decides; the JSON has the code of each.
    """
    from talkvalue_cli.commands.path.import_ import waiting

    selection = select_imports(context, ids, latest=latest, active=active)
    if selection.is_list:
        return waiting.wait_for_imports(context, selection.job_ids, wait)
    return waiting.wait_for_import(context, selection.job_ids[0], wait)
