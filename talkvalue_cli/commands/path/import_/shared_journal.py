"""Where the journal of `run` is: this machine, or a database that several share."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

import click

from talkvalue_cli.commands.options.groups import with_option
from talkvalue_cli.context import AppContext

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
