"""Completing ids: the server is asked for their names, quickly or not at all."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

from talkvalue_cli.api import companies, imports, sources, tags
from talkvalue_cli.api.models import Record
from talkvalue_cli.api.pages import LARGEST_PAGE
from talkvalue_cli.context import AppContext

if TYPE_CHECKING:
    from talkvalue_cli.transport.client import Client

#: nobody waits longer for a menu, in seconds
LIMIT_S = 0.7
#: what there is of a kind (the newest, of a paged list), and which members tell it apart; people
#: are missing: there are many, and their names are nobody's business in a menu
LISTINGS: Mapping[str, tuple[Callable[[Client], Sequence[Record]], Sequence[str]]] = {
    "channel": (partial(sources.list_sources, kind=sources.CHANNELS), ["name"]),
    "company": (
        lambda client: (
            companies.list_companies(client, None, page=None, page_size=LARGEST_PAGE).items
        ),
        ["displayName", "domain"],
    ),
    "event": (partial(sources.list_sources, kind=sources.EVENTS), ["name"]),
    "import": (
        lambda client: imports.list_imports(client, page_size=LARGEST_PAGE).items,
        ["fileName", "status"],
    ),
    "tag": (tags.list_tags, ["name"]),
}
#: parameters that are named for what the thing does, by group: which kinds it may be of
_ROLES = {("import", "ids"): ["import"]}


def complete_id(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> list[CompletionItem[str]]:
    """Return the ids that a parameter may have, with their names; none when in doubt.

    The parameter's type says what it identifies, or its name: `import_id`.
    Nothing is printed or raised, whatever the settings and the server are like.
    """
    kinds = [kind for kind in _find_kinds(ctx, param) if kind in LISTINGS]
    context = ctx.find_object(AppContext)
    if not kinds or context is None:
        return []

    def ask() -> list[CompletionItem[str]]:
        from talkvalue_cli.transport.session import BearerAuth

        # never renewed: a renewal that is cut off when the time is up would lose the session
        auth = BearerAuth(context.settings.token or context.session.stored_token)
        client = context.make_client(auth).for_one_poll(LIMIT_S, lambda: None)
        return [item for kind in kinds for item in _list_items(client, kind)]

    return [item for item in _take_within(LIMIT_S, ask) if item.value.startswith(incomplete)]


def _list_items(client: Client, kind: str) -> Sequence[CompletionItem[str]]:
    """Return the id and the name of each thing of a kind, in the server's order."""
    find, members = LISTINGS[kind]
    return [
        CompletionItem(
            str(thing["id"]),
            help=", ".join(str(thing[name]) for name in members if thing.get(name)),
        )
        for thing in find(client)
    ]


def _find_kinds(ctx: click.Context, param: click.Parameter) -> Sequence[str]:
    kinds: Sequence[str] = getattr(param.type, "kinds", ())
    if kinds:
        return kinds
    group = (ctx.parent.info_name if ctx.parent else None) or ""
    name = param.name or ""
    return _ROLES.get((group, name)) or [name.removesuffix("s").removesuffix("_id")]


def _take_within(
    limit_s: float, work: Callable[[], list[CompletionItem[str]]]
) -> list[CompletionItem[str]]:
    """Return what the work returns, or nothing when it fails or takes too long.

    All of it is in the thread, for a keyring or a look-up of a host may hang as
    well; the process ends without waiting for it.
    """
    found: list[CompletionItem[str]] = []

    def run() -> None:
        # whatever it is, a line that is being typed is no place to say so
        with contextlib.suppress(Exception):
            found.extend(work())

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(limit_s)
    return list(found)
