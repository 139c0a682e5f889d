"""What was decided on the columns of a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from talkvalue_cli.errors import UsageError

from .name_words import NameWords


@dataclass(frozen=True)
class ChosenColumn:
    """A column that is used: which, for what field, and why (one of the BY_ words)."""

    index: int
    header: str
    field: str
    why: str


@dataclass(frozen=True)
class UnusedColumn:
    """A column that is not used, and why, for people."""

    index: int
    header: str
    why: str


class Undecided(NamedTuple):
    """A field for which several columns are as good; the first one is what would be guessed."""

    field: str
    candidates: tuple[ChosenColumn, ...]


class Choice(NamedTuple):
    """What was decided on columns, in the order of the file.

    languages: codes of the languages that the headers are in, the likeliest first.
    spare: columns with other addresses of the same people, the best first.
    names: how names are written in the columns that have some.
    """

    columns: list[ChosenColumn]
    unused: list[UnusedColumn]
    undecided: list[Undecided]
    languages: tuple[str, ...]
    spare: tuple[int, ...] = ()
    names: Mapping[int, NameWords] = {}


def check_choice(choice: Choice, label: str) -> None:
    """Raise UsageError for a field that several columns are as good for, and without EMAIL."""
    for field, candidates in choice.undecided:
        names = " or ".join(f"{column.index} {column.header!r}" for column in candidates)
        differ = len({column.header for column in candidates}) == len(candidates)
        number = f"{candidates[0].index}:{field}"
        raise UsageError(
            f"{label}: it is not clear which column is {field}: {names}",
            remedy=("mapping", field) if differ else ("column", number),
        )
    if not any(column.field == "EMAIL" for column in choice.columns):
        listed = "".join(f"\n  {each.index}  {each.header}: {each.why}" for each in choice.unused)
        raise UsageError(
            f"{label}: no column is mapped to EMAIL, no column holds e-mail addresses{listed}",
            remedy=("mapping", "EMAIL"),
        )
