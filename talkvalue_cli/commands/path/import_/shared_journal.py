"""The journal of `run`, on this machine or in a database that several share, and what it tells.

The server does not tell the channel of an import, and the journal of this machine may.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING

import click

from talkvalue_cli.commands.options.groups import with_option
from talkvalue_cli.context import AppContext
from talkvalue_cli.errors import LocalFileError
from talkvalue_cli.output.columns import Record

if TYPE_CHECKING:
    from talkvalue_cli.imports.submitting.journal import Journal


def _remember(ctx: click.Context, param: click.Parameter, value: str | None) -> None:
    """Keep the URL, and have its password printed nowhere. Raises UsageError for no URL."""
    from talkvalue_cli.imports.submitting.journal.url import find_url

    context = ctx.find_object(AppContext)
    assert context is not None
    context.flags.journal = value
    url = find_url(value, context.environ)
    for secret in [] if url is None else url.secrets:
        context.output.keep_secret(secret)


#: adds --journal to a command, whose context remembers it
journal_option = with_option(
    "--journal",
    "URL of a PostgreSQL database that several machines share as their journal; "
    "default TALKVALUE_JOURNAL.",
    metavar="URL",
    expose_value=False,
    callback=_remember,
)


def open_for(context: AppContext, limit_s: float | None = None) -> AbstractContextManager[Journal]:
    """Open the journal that the command line or the environment names; see `open_journal`."""
    from talkvalue_cli.imports.submitting.journal import open_journal

    return open_journal(
        context.flags.journal,
        environ=context.environ,
        wall_clock=context.wall_clock,
        sleep=context.clock.sleep,
        limit_s=limit_s,
    )


#: returns the channel's id for a record of an import, None where it is not known
FindChannel = Callable[[Record], int | None]


@contextmanager
def finding_channels(
    context: AppContext, *, for_tables: bool = True
) -> Iterator[FindChannel | None]:
    """Give a function that finds the channel of an import that was made here.

    There is none where there is no journal that can be read, nor, for tables, in any
    other format.
    """
    with ExitStack() as stack:
        is_shown = context.output.format == "table" or not for_tables
        yield _open_local(context, stack) if is_shown else None


def _open_local(context: AppContext, stack: ExitStack) -> FindChannel | None:
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
        with suppress(LocalFileError):
            made = book.find_job(api_url, job_id) if isinstance(job_id, int) else None
            return made.source_id if made else None
        return None

    return find
