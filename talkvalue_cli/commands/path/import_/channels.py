"""The channel of an import: the server does not tell it, the journal of this machine may."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

from talkvalue_cli.context import AppContext
from talkvalue_cli.errors import LocalFileError
from talkvalue_cli.output.columns import Record

#: returns the channel's id for a record of an import, None where it is not known
FindChannel = Callable[[Record], int | None]


@contextlib.contextmanager
def of_journal(context: AppContext, *, for_tables: bool = True) -> Iterator[FindChannel | None]:
    """Give a function that finds the channel of an import that was made here.

    There is none where there is no journal that can be read, nor, for tables, in any
    other format.
    """
    with contextlib.ExitStack() as stack:
        is_shown = context.output.format == "table" or not for_tables
        yield _open(context, stack) if is_shown else None


def _open(context: AppContext, stack: contextlib.ExitStack) -> FindChannel | None:
    # slow to load, and of no use where nothing was ever run
    from talkvalue_cli.imports.submitting.journal import has_journal, state_dir

    try:
        if not has_journal(context.environ):
            return None
        from talkvalue_cli.imports.submitting.journal.sqlite import SqliteJournal

        folder, clock = state_dir(context.environ), context.clock
        book = SqliteJournal(folder, context.wall_clock, clock.sleep)
        stack.callback(book.close)
    except LocalFileError:
        return None
    api_url = context.settings.api_url

    def find(record: Record) -> int | None:
        job_id = record.get("id")
        with contextlib.suppress(LocalFileError):
            made = book.find_job(api_url, job_id) if isinstance(job_id, int) else None
            return made.source_id if made else None
        return None

    return find
