"""`talkvalue path import resume`."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import click

from talkvalue_cli.commands.base import new_command
from talkvalue_cli.commands.options.types import ID
from talkvalue_cli.commands.path.import_.shared_journal import journal_option, open_for
from talkvalue_cli.commands.path.import_.wait_options import WaitOptions, wait_options
from talkvalue_cli.context import AppContext, program_name
from talkvalue_cli.errors import TalkValueError, UsageError
from talkvalue_cli.exit_codes import ExitCode

if TYPE_CHECKING:  # it loads sqlite3
    from talkvalue_cli.imports.submitting.journal import Attempt


@new_command("resume")
@click.argument("import_id", metavar="[ID]", type=ID, required=False)
@journal_option
@wait_options(always=True)
def command(context: AppContext, import_id: int | None, wait: WaitOptions) -> int:
    """Wait for the newest import that `run` has not seen to end.

    With an ID, for that one, if it was made by a run on this machine. With a
    shared journal the runs of all machines count, those of this one first. When
    there is nothing to wait for, the exit code is 0.

    Example:
      talkvalue path import resume
    """
    from talkvalue_cli.commands.path.import_ import waiting
    from talkvalue_cli.imports.failed_rows import DEFAULT_PATH

    api_url = context.settings.api_url
    with open_for(context, wait.limits.timeout_s) as book:
        found = book.find_job(api_url, import_id) if import_id else book.find_unfinished(api_url)
        if found is None or found.job_id is None:
            elsewhere = book.find_elsewhere(api_url, import_id)
            if import_id is not None:
                raise _unknown_import(context, import_id, elsewhere)
            _tell_nothing(context, wait, elsewhere)
            return ExitCode.OK
        attempt_id = found.id
        if wait.failed_rows is None:
            wait = wait._replace(failed_rows=DEFAULT_PATH)
        return waiting.wait_for_import(
            context,
            found.job_id,
            wait,
            on_settled=lambda job: book.was_finished(attempt_id, job),
        )


def _tell_nothing(context: AppContext, wait: WaitOptions, elsewhere: Attempt | None) -> None:
    """Say that no import of a run is known to be unfinished at this server."""
    if wait.quiet:
        return
    context.output.record(None)
    note = (
        "No import of a run is known to be unfinished here; one that was cut off before it heard "
        "of its import finds it when it is run again."
    )
    if elsewhere is not None:
        note += f"\nOne is at {elsewhere.api_url}; this waits for it:\n{_command(elsewhere)}"
    context.output.note(note)


def _unknown_import(
    context: AppContext, import_id: int, elsewhere: Attempt | None
) -> TalkValueError:
    if elsewhere is not None:
        here = context.api_url_setting
        return UsageError(
            f"import {import_id} was made by a run at {elsewhere.api_url}, not at {here.value} "
            f"({here.origin})",
            hint=f"this waits for it:\n{_command(elsewhere)}",
        )
    return UsageError(
        f"import {import_id} was not made by a run on this machine",
        hint="this waits for any import:\n"
        f"{context.command_line('path', 'import', 'wait', str(import_id))}",
    )


def _command(attempt: Attempt) -> str:
    """Return the command that waits for an import at the server where it is."""
    words = ["path", "import", "resume", str(attempt.job_id), "--api-url", attempt.api_url]
    if attempt.profile:
        words += ["--profile", attempt.profile]
    return f"{program_name()} {shlex.join(words)}"
