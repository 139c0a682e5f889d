"""`talkvalue path import history`."""

from __future__ import annotations

from talkvalue_cli.commands.base import new_command
from talkvalue_cli.commands.options.groups import with_option
from talkvalue_cli.commands.options.types import COUNT
from talkvalue_cli.commands.path.import_.shared_journal import journal_option, open_for
from talkvalue_cli.context import AppContext
from talkvalue_cli.output.columns import Column
from talkvalue_cli.output.progress.snapshot import timestamp
from talkvalue_cli.output.style import style_of_status

COLUMNS = (
    Column("Began", "beganAt", is_time=True),
    Column("File", "file", can_shrink=True),
    Column("Channel", "sourceId", is_right=True, can_go=1),
    Column("Mode", "mode", can_go=2),
    Column("Step", "step"),
    Column("Import", "importJobId", is_right=True),
    Column("Status", "status", style=lambda status: style_of_status(str(status))),
)
#: the existing names of columns in CSV
CSV_NAMES = {"Channel": "Source"}
#: of a journal that several machines share
WHERE = (Column("Host", "host"), Column("Run", "run"))


@new_command("history")
@with_option("--limit", "How many to show.", type=COUNT, default="20", show_default=True)
@journal_option
def command(context: AppContext, limit: int) -> None:
    """List what `run` has done on this machine, newest first.

    With a shared journal, on all machines, with the name of each and the number
    of the process.

    The server is not asked: the status is the last one that a run has seen. The
    step is `uploading` and `refused` when there is no import, `creating` when
    the answer was not heard, `created` until the import was seen to end, and
    then `finished`. It is read from the journal, which is below XDG_STATE_HOME.

    Example:
      talkvalue path import history --limit 5
    """
    with open_for(context) as book:
        attempts, is_shared = book.list_newest(limit), book.is_shared
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
            "host": attempt.host,
            "run": attempt.run,
            "id": attempt.job_id,
        }
        for attempt in attempts
    ]
    columns = [*COLUMNS, *WHERE] if is_shared else [*COLUMNS]
    if context.output.format == "csv":
        columns = [c._replace(header=CSV_NAMES.get(c.header, c.header)) for c in columns]
    context.output.rows(rows, columns, empty="Nothing was run here yet.")
