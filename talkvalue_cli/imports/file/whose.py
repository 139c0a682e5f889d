"""Whose a column is, as the beginning of its header says."""

from __future__ import annotations

from collections.abc import Sequence

from . import samples, vocabulary
from .headers import Meaning
from .samples import Sample

_PEOPLE = ("attendee", "buyer")
_NAMES = ("FIRST_NAME", "LAST_NAME", "NAME", vocabulary.NAME_OR_PART)
#: what a column of the attendee costs less than one that does not say whose it is
ATTENDEE_GAIN = 0.5
#: a column in which most people have nothing costs this much more than one in which they have
SPARSE_COST = 4
#: addresses are missing for so few of those who have another one
NEARLY_ALL = 0.9
#: more than a column in which few have an address
_SHARED_COST = 8
#: several addresses in a cell are rather those of others, guests of an invitee; but a second
#: column of the same people costs more
_SEVERAL_COST = 0.75


def price_address(role: str, sample: Sample, plain: int) -> float:
    """Return what a column of addresses costs for what is in it.

    "Guest Email" is of those whom some have brought along when more have an "Email"; nobody
    knows it when most have both. An address that many share is that of their company.
    role: whose it is. plain: how many have an address of which nobody says whose it is.
    """
    is_odd = sample.share(samples.has_several) or sample.share(samples.is_address) < 0.5
    cost = _SEVERAL_COST if is_odd else 0
    if sample.filled > 1 and 2 * sample.different <= sample.filled:
        cost += _SHARED_COST
    if role == "attendee" and sample.filled < NEARLY_ALL * plain:
        cost += SPARSE_COST if 2 * sample.filled <= plain else ATTENDEE_GAIN
    return cost


def begin_alike(one: str, other: str, languages: Sequence[str]) -> bool:
    """Tell whether two headers begin with the same person: "Guest Name" and "Guest E-Mail".

    languages: codes of the languages of the headers, the likeliest first.
    """
    first, second = ("".join(vocabulary.split(each)) for each in (one, other))
    person = _name_person(one, languages) or _name_person(other, languages)
    return bool(person) and first.startswith(person) and second.startswith(person)


def has_own_name(
    headers: Sequence[str], meanings: Sequence[Meaning], first: int, second: int
) -> bool:
    """Tell whether a name goes with the second of two addresses, and not with the first.

    "Name 2" goes with "Email 2" beside "Email 1", and "Partner Name" with "Partner Email".
    """
    own = {*vocabulary.split(headers[second])} - {*vocabulary.split(headers[first])}
    told = {word for word in own if not vocabulary.find_fields([word])}
    return any(
        meaning.field in _NAMES and told & {*vocabulary.split(header)}
        for header, meaning in zip(headers, meanings, strict=True)
    )


def find_others(
    email: int, meanings: Sequence[Meaning], taken: Sequence[Sample], rows: Sequence[Sequence[str]]
) -> set[str]:
    """Return the roles of those who have addresses of their own, and are not imported.

    Beside "Email" and "Guest Email" a name is of whoever has the one that is called alike; and
    with "Email", "Name" and "Guest Name" nobody knows an address of the guests.
    email: the column of the addresses that are imported. taken: the samples of all columns.
    """
    role = meanings[email].role
    if role == "buyer":
        return set()
    if not role and _are_two_named(email, meanings, taken, rows):
        return {"attendee"}
    return {
        each.role
        for index, each in enumerate(meanings)
        if each.field == "EMAIL"
        and not each.is_weak
        and {each.role, role} == {"", "attendee"}
        and (each.role or not each.cost)
        and (samples.differ(rows, email, index) or (each.role and not taken[index].filled))
    }


def _are_two_named(
    email: int, meanings: Sequence[Meaning], taken: Sequence[Sample], rows: Sequence[Sequence[str]]
) -> bool:
    """Tell whether rows name attendees, and somebody else without saying who that is.

    What many rows have alike is called "Name" of something else, and names that the addresses
    are made of are those of whom the addresses are.
    """
    named = [
        index
        for index, each in enumerate(meanings)
        if each.field in _NAMES and not each.is_weak and taken[index].filled
    ]
    plain = [
        index
        for index in named
        if not meanings[index].role
        and (taken[index].filled == 1 or 2 * taken[index].different > taken[index].filled)
    ]
    others = [
        index
        for index in named
        if meanings[index].role == "attendee" and not samples.share_names(rows, index, email)
    ]
    return bool(plain) and any(samples.share_made_of(rows, one, plain) < 0.5 for one in others)


def _name_person(header: str, languages: Sequence[str]) -> str:
    """Return the word with which a header says whose it is, "" if it begins with none."""
    tokens = vocabulary.split(header)[:1]
    parts = [part for token in tokens for part in vocabulary.take_apart(token)][:1]
    return parts[0] if vocabulary.find_class("".join(parts), languages) in _PEOPLE else ""
