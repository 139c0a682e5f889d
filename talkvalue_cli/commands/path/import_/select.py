"""Choosing the imports to wait for: ids, standard input, the newest, the live ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import click

from talkvalue_cli import files
from talkvalue_cli.api import imports
from talkvalue_cli.commands.options.types import ID, WholeNumber
from talkvalue_cli.context import AppContext
from talkvalue_cli.errors import NotFoundError, UsageError
from talkvalue_cli.files import STDIO

#: characters, enough for some hundred thousand ids
LARGEST_INPUT = 1 << 20


#: what people are told when there is nothing to look at, or to wait for
NOTHING_ACTIVE = "No import is PENDING or RUNNING."


class Selection(NamedTuple):
    """The ids, each once and in order, and whether several were asked for."""

    job_ids: list[int]
    is_list: bool


class IdOrStdin(WholeNumber):
    """An id, or `-` for ids on standard input."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the id or `-`; fail naming the text otherwise."""
        return value if value == STDIO else super().convert(value, param, ctx)


class ImportId(click.Argument):
    """The id of an import, which --latest or --active may stand for; those are read before it."""

    def process_value(self, ctx: click.Context, value: Any) -> Any:
        """Return the id, None where another way is chosen; fail when none is."""
        is_chosen = ctx.params.get("latest") or ctx.params.get("active")
        if is_chosen and self.value_is_missing(value):
            return None
        return super().process_value(ctx, value)


def select_imports(
    context: AppContext, ids: Sequence[int | str], *, latest: bool, active: bool
) -> Selection:
    """Return what the command line asks to wait for.

    Without anything that is the one live import, if there is one. Raises UsageError
    for ways that exclude each other, and when there is more than one live import
    to choose by itself; NotFoundError for the latest of none.
    """
    _check_ways(bool(ids), latest, active)
    if ids:
        found = [number for item in ids for number in _expand(context, item)]
        return Selection(list(dict.fromkeys(found)), len(ids) > 1 or STDIO in ids)
    if latest:
        return Selection([_find_latest(context)], False)
    live = _list_live(context)
    if active or not live:
        return Selection([job["id"] for job in live], True)
    if len(live) == 1:
        return Selection([live[0]["id"]], False)
    raise _not_one(live)


def select_one(
    context: AppContext, import_id: int | None, *, latest: bool, active: bool
) -> int | None:
    """Return the one import that the command line asks for, None when none is active.

    Raises UsageError and NotFoundError as `select_imports` does.
    """
    _check_ways(import_id is not None, latest, active)
    if latest:
        return _find_latest(context)
    live = _list_live(context)
    if len(live) > 1:
        raise _not_one(live)
    return live[0]["id"] if live else None


def _check_ways(has_ids: bool, latest: bool, active: bool) -> None:
    if latest + active + has_ids > 1:
        raise UsageError("ids, --latest and --active exclude each other")


def _list_live(context: AppContext) -> list[dict[str, Any]]:
    from talkvalue_cli.imports.listing import list_live  # which an id does without

    return list_live(context.client)


def _find_latest(context: AppContext) -> int:
    newest = imports.list_imports(context.client, page=1, page_size=1).items
    if not newest:
        raise NotFoundError("there is no import yet")
    return int(newest[0]["id"])


def _expand(context: AppContext, item: int | str) -> list[int]:
    if isinstance(item, int):
        return [item]
    try:
        words = files.read_whole(context.stdin, LARGEST_INPUT).split() if context.stdin else []
    except UnicodeDecodeError as error:
        raise UsageError("standard input is not text") from error
    except ValueError as error:
        raise UsageError(f"standard input is {error}; it should be ids") from error
    if not words:
        raise UsageError("there are no ids on standard input")
    try:
        return [ID.convert(word, None, None) for word in words]
    except click.BadParameter as error:
        raise UsageError(f"standard input: {error.message}") from error


def _not_one(live: Sequence[dict[str, Any]]) -> UsageError:
    from talkvalue_cli.imports.submitting.tags import hide_tag

    lines = "".join(
        f"\n  {job['id']}  {job.get('status')}  {hide_tag(str(job.get('fileName', '')))}"
        for job in live
    )
    return UsageError(
        f"{len(live)} imports are PENDING or RUNNING:{lines}",
        hint="name one by its id; `wait --active` waits for all of them",
    )
