"""Rows of people who may not take part: a column says cancelled, waiting list or no-show.

They are imported, because nobody but the user knows who belongs into the channel, and counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set

from talkvalue_cli.imports.file import row_words

#: a cell with more characters says something else
_LONGEST = 40
#: different values of a column of states, at the most
_MOST = 20


def find_columns(
    header: Sequence[str], rows: Sequence[Sequence[str]], used: Set[int]
) -> tuple[int, ...]:
    """Return the columns that say whether people take part. rows: some of the file."""
    return tuple(
        number
        for number, name in enumerate(header)
        if number not in used
        and _says_who_comes(name, {r[number] for r in rows if number < len(r)})
    )


def count(name: str, cells: Sequence[str]) -> Counter[str]:
    """Return how many cells of a column say that somebody does not take part, by what they say."""
    found = set(_find(name, set(cells)))
    return Counter(f"{name}: {cell.strip()}" for cell in cells if cell in found)


def _says_who_comes(name: str, values: Set[str]) -> bool:
    if len(values) > _MOST:
        return False
    return row_words.says("state", name) or any(_find(name, values))


def _find(name: str, values: Iterable[str]) -> Iterator[str]:
    """Yield the values that say that somebody does not take part, "yes" below "Cancelled"."""
    is_said = row_words.pattern("absent").fullmatch(row_words.fold(name))
    for value in values:
        folded = row_words.fold(value) if len(value) <= _LONGEST else ""
        is_yes = is_said and row_words.pattern("yes").fullmatch(folded)
        if is_yes or row_words.pattern("absent").fullmatch(folded):
            yield value
