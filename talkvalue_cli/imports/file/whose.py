"""Whose a column is, as the beginning of its header says."""

from __future__ import annotations

from collections.abc import Sequence

from . import samples, vocabulary
from .headers import Meaning
from .samples import Sample

_PEOPLE = ("attendee", "buyer")


def begin_alike(one: str, other: str, languages: Sequence[str]) -> bool:
    """Tell whether two headers begin with the same person: "Guest Name" and "Guest E-Mail".

    languages: codes of the languages of the headers, the likeliest first.
    """
    first, second = ("".join(vocabulary.split(each)) for each in (one, other))
    person = _name_person(one, languages) or _name_person(other, languages)
    return bool(person) and first.startswith(person) and second.startswith(person)


def find_others(
    email: int, meanings: Sequence[Meaning], taken: Sequence[Sample], rows: Sequence[Sequence[str]]
) -> set[str]:
    """Return the roles of those who have addresses of their own, and are not imported.

    Beside "Email" and "Guest Email" a name is of whoever has the one that is called alike.
    email: the column of the addresses that are imported. taken: the samples of all columns.
    """
    role = meanings[email].role
    if role == "buyer":
        return set()
    return {
        each.role
        for index, each in enumerate(meanings)
        if each.field == "EMAIL"
        and not each.is_weak
        and {each.role, role} == {"", "attendee"}
        and (each.role or not each.cost)
        and (samples.differ(rows, email, index) or (each.role and not taken[index].filled))
    }


def _name_person(header: str, languages: Sequence[str]) -> str:
    """Return the word with which a header says whose it is, "" if it begins with none."""
    tokens = vocabulary.split(header)[:1]
    parts = [part for token in tokens for part in vocabulary.take_apart(token)][:1]
    return parts[0] if vocabulary.find_class("".join(parts), languages) in _PEOPLE else ""
