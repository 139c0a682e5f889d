"""Choosing the imports to wait for: ids, standard input, the newest, the live ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import click
from click.shell_completion import CompletionItem

from talkvalue_cli.api import imports
from talkvalue_cli.commands.options.types import ID
from talkvalue_cli.context import AppContext
from talkvalue_cli.errors import NotFoundError, UsageError
from talkvalue_cli.imports.status import is_finished

if TYPE_CHECKING:
    from talkvalue_cli.transport.client import Client

STDIN = "-"


class Selection(NamedTuple):
    """The ids, each once and in order, and whether several were asked for."""

    job_ids: list[int]
    is_list: bool


class IdOrStdin(click.ParamType["int | str"]):
    """An id, or `-` for ids on standard input."""

    name = "id"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> int | str:
        """Return the id or `-`; fail naming the text otherwise."""
        return STDIN if value == STDIN else ID.convert(value, param, ctx)

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem[str]]:
        """Return ids with their names."""
        return ID.shell_complete(ctx, param, incomplete)


def select_imports(
    context: AppContext, ids: Sequence[int | str], *, latest: bool, active: bool
) -> Selection:
    """Return what the command line asks to wait for.

    Without anything that is the one live import. Raises UsageError for ways
    that exclude each other, and when there is no or more than one live import
    to choose by itself; NotFoundError for the latest of none.
    """
    if latest + active + bool(ids) > 1:
        raise UsageError("ids, --latest and --active exclude each other")
    if ids:
        found = [number for item in ids for number in _expand(context, item)]
        return Selection(list(dict.fromkeys(found)), len(ids) > 1 or STDIN in ids)
    if latest:
        newest = imports.list_imports(context.client, page=1, page_size=1).items
        if not newest:
            raise NotFoundError("there is no import yet")
        return Selection([newest[0]["id"]], False)
    live = list(list_live(context.client))
    if active:
        return Selection(list(dict.fromkeys(job["id"] for job in live)), True)
    if len(live) == 1:
        return Selection([live[0]["id"]], False)
    raise _not_one(live)


def list_live(client: Client) -> Iterator[dict[str, Any]]:
    """Yield the PENDING and RUNNING imports, newest first.

    The list is walked until a page has none: the API has no filter, and what is
    older than a whole page of finished imports is not alive.
    """
    for found in imports.walk_pages(client):
        live = [job for job in found.items if not is_finished(job)]
        yield from live
        if not live:
            return


def _expand(context: AppContext, item: int | str) -> list[int]:
    if isinstance(item, int):
        return [item]
    try:
        words = context.stdin.read().split() if context.stdin else []
    except UnicodeDecodeError as error:
        raise UsageError("standard input is not text") from error
    if not words:
        raise UsageError("there are no ids on standard input")
    try:
        return [ID.convert(word, None, None) for word in words]
    except click.BadParameter as error:
        raise UsageError(f"standard input: {error.message}") from error


def _not_one(live: Sequence[dict[str, Any]]) -> UsageError:
    if not live:
        return UsageError("no import is PENDING or RUNNING; name one by its id, or use --latest")
    lines = "".join(
        f"\n  {job['id']}  {job.get('status')}  {job.get('fileName', '')}" for job in live
    )
    return UsageError(
        f"{len(live)} imports are PENDING or RUNNING:{lines}",
        hint="name one by its id, or wait for all of them with --active",
    )
