"""Things by their names: what the API knows by id alone is found in its lists."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from talkvalue_cli.api import companies, pages, people, sources, tags
from talkvalue_cli.api.models import Record
from talkvalue_cli.errors import NotFoundError

if TYPE_CHECKING:  # importing requests takes longer than everything else together
    from talkvalue_cli.transport.client import Client

#: no look-up asks for more pages, which are 10,000 companies or people
MOST_PAGES = 100
#: so many people are asked for all their addresses when the first one of none is the wanted one
MOST_DETAILS = 5


class Candidate(NamedTuple):
    """A thing that a name may mean.

    names: what it is called; the first is shown.
    """

    kind: str
    id: int
    names: Sequence[str]


def find(client: Client, kind: str, name: str) -> tuple[list[Candidate], list[Candidate]]:
    """Return the things of a kind that have a name, in any letter case, and the others seen.

    kind: channel, event, company, tag, or person, whose names are e-mail addresses.
    Raises NotFoundError for a list of more than MOST_PAGES.
    """
    seen = list(_FINDERS[kind](client, name))
    wanted = fold(name)
    found = [each for each in seen if wanted in map(fold, each.names)]
    return found, [each for each in seen if each not in found]


def fold(name: str) -> str:
    """Return what two spellings of a name have in common: case, composition and outer blanks."""
    return unicodedata.normalize("NFC", name).strip().casefold()


def _list_all(
    load: Callable[[Client], Sequence[Record]], kind: str, client: Client, name: str
) -> Iterator[Candidate]:
    """Yield all things of a kind that is not paged."""
    return (_candidate(kind, record, record.get("name")) for record in load(client))


def _find_companies(client: Client, name: str) -> Iterator[Candidate]:
    """Yield the companies with this in domain or name; all of them when none is called so.

    Whether the server's filter tells letter cases apart is not documented.
    """
    wanted = fold(name)
    is_found = False
    for keyword in (name, None):
        if is_found:
            return
        for record in _walk(partial(companies.list_companies, client, keyword), name, "companies"):
            company = _candidate("company", record, record.get("displayName"), record.get("domain"))
            is_found = is_found or wanted in map(fold, company.names)
            yield company


def _find_people(client: Client, address: str) -> Iterator[Candidate]:
    """Yield the people that the server finds for an address, with what they are written to."""
    load = partial(people.list_people, client, people.EVERYBODY, {"keyword": address})
    found = [
        _candidate("person", record, record.get("primaryEmail"))
        for record in _walk(load, address, "people")
    ]
    wanted = fold(address)
    if len(found) <= MOST_DETAILS and not any(wanted in map(fold, p.names) for p in found):
        found = [_with_all_addresses(client, person) for person in found]
    yield from found


def _with_all_addresses(client: Client, person: Candidate) -> Candidate:
    """Return a person with every address: a list has the first one only."""
    emails = people.get_person(client, person.id).get("emails")
    listed = emails if isinstance(emails, list) else []
    more: list[Any] = [each.get("email") for each in listed if isinstance(each, dict)]
    return person._replace(names=[*person.names, *filter(_is_name, more)])


def _walk(load: pages.Load, name: str, things: str) -> Iterator[Record]:
    """Yield the items of all pages. Raises NotFoundError behind MOST_PAGES."""
    for number, items in enumerate(pages.drop_repeats(pages.walk_pages(load))):
        if number == MOST_PAGES:
            most = MOST_PAGES * pages.LARGEST_PAGE
            raise NotFoundError(
                f"there are more than {most:,} {things}, too many to look for {name!r} in",
                hint="give the id",
            )
        yield from items


def _candidate(kind: str, record: Record, *names: Any) -> Candidate:
    return Candidate(kind, record["id"], [name for name in names if _is_name(name)])


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


_FINDERS: Mapping[str, Callable[[Client, str], Iterator[Candidate]]] = {
    "channel": partial(_list_all, partial(sources.list_sources, kind=sources.CHANNELS), "channel"),
    "company": _find_companies,
    "event": partial(_list_all, partial(sources.list_sources, kind=sources.EVENTS), "event"),
    "person": _find_people,
    "tag": partial(_list_all, tags.list_tags, "tag"),
}
