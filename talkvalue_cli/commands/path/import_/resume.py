"""`talkvalue path import resume`."""

from __future__ import annotations

import click

from talkvalue_cli.commands.base import new_command
from talkvalue_cli.commands.options.types import ID
from talkvalue_cli.commands.path.import_.shared_journal import journal_option, open_for
from talkvalue_cli.commands.path.import_.wait_options import WaitOptions, wait_options
from talkvalue_cli.context import AppContext
from talkvalue_cli.errors import UsageError


@new_command("resume")
@click.argument("import_id", metavar="[ID]", type=ID, required=False)
@journal_option
@wait_options(always=True)
def command(context: AppContext, import_id: int | None, wait: WaitOptions) -> int:
    """Wait for the newest import that `run` has not seen to end.

    With an ID, for that one, if it was made by a run on this machine. With a
    shared journal the runs of all machines count, those of this one first.

    Example:
      talkvalue path import resume
    """
    from talkvalue_cli.commands.path.import_ import waiting
    from talkvalue_cli.imports.failed_rows import DEFAULT_PATH

    api_url = context.settings.api_url
    with open_for(context, wait.limits.timeout_s) as book:
        found = book.find_job(api_url, import_id) if import_id else book.find_unfinished(api_url)
        if found is None or found.job_id is None:
            raise _nothing_to_resume(import_id)
        attempt_id = found.id
        if wait.failed_rows is None:
            wait = wait._replace(failed_rows=DEFAULT_PATH)
        return waiting.wait_for_import(
            context,
            found.job_id,
            wait,
            on_settled=lambda job: book.was_finished(attempt_id, job),
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
