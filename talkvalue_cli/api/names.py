"""What the things on the server are called: ids with names, for a person to choose from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:  # importing requests takes longer than everything else together
    from talkvalue_cli.transport.client import Client

#: of a paged list so many are offered
MOST = 100


class Listing(NamedTuple):
    """Where things of a kind are listed, and which members tell them apart for a person."""

    path: str
    names: Sequence[str]
    is_paged: bool = False


#: people are missing: there are many, and their names are nobody's business in a menu
LISTINGS: Mapping[str, Listing] = {
    "channel": Listing("/path/channel", ["name"]),
    "company": Listing("/path/company", ["displayName"], is_paged=True),
    "event": Listing("/path/event", ["name"]),
    "import": Listing("/path/import", ["fileName", "status"], is_paged=True),
    "tag": Listing("/path/tag", ["name"]),
}


def list_names(client: Client, kind: str) -> Iterator[tuple[int, str]]:
    """Yield the id and the name of each thing of a kind, in the server's order.

    The answer is not checked: one who cannot use it has no menu.
    """
    listing = LISTINGS[kind]
    answer = client.get(listing.path, {"pageSize": MOST} if listing.is_paged else None).value
    for thing in answer["content"] if listing.is_paged else answer:
        yield thing["id"], ", ".join(str(thing[name]) for name in listing.names if thing.get(name))
