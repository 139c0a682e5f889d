"""`talkvalue path import history`."""

from __future__ import annotations

from talkvalue_cli.commands.base import new_command
from talkvalue_cli.commands.options.groups import with_option
from talkvalue_cli.commands.options.types import COUNT
from talkvalue_cli.context import AppContext
from talkvalue_cli.output.columns import Column
from talkvalue_cli.output.progress.snapshot import timestamp
from talkvalue_cli.output.style import style_of_status

COLUMNS = (
    Column("Began", "beganAt"),
    Column("File", "file", can_shrink=True),
    Column("Source", "sourceId", is_right=True),
    Column("Mode", "mode"),
    Column("Step", "step"),
    Column("Import", "importJobId", is_right=True),
    Column("Status", "status", style=lambda status: style_of_status(str(status))),
)


@new_command("history")
@with_option("--limit", "How many to show.", type=COUNT, default="20", show_default=True)
def command(context: AppContext, limit: int) -> None:
    """List what `run` has done on this machine, newest first.

    The server is not asked: the status is the last one that a run has seen. The
    step is `uploading` and `refused` when there is no import, `creating` when
    the answer was not heard, `created` until the import was seen to end, and
    then `finished`. It is read from the journal, which is below XDG_STATE_HOME.

    Example:
      talkvalue path import history --limit 5
    """
    from talkvalue_cli.imports.submitting.journal import open_journal

    with open_journal(context.environ, context.wall_clock, context.clock.sleep) as book:
        attempts = book.list_newest(limit)
    rows = [
        {
            "beganAt": timestamp(attempt.began_at),
            "file": attempt.file_path,
            "sourceId": attempt.source_id,
            "mode": attempt.mode,
            "step": attempt.step,
            "importJobId": attempt.job_id,
            "status": (attempt.record or {}).get("status"),
            "apiUrl": attempt.api_url,
            "profile": attempt.profile,
            "sha256": attempt.sha256,
            "updatedAt": timestamp(attempt.updated_at),
        }
        for attempt in attempts
    ]
    context.output.rows(rows, COLUMNS, empty="Nothing was run here yet.")
