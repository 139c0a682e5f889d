"""Which row of a file names its columns: below titles, above the people, of the right section."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from typing import NamedTuple

from talkvalue_cli.imports.file import row_words
from talkvalue_cli.imports.file.rows import Row

ADDRESS = re.compile(r"[^@\s<>,;\"]+@[^@\s<>,;\"]+\.[^\W\d_]{2,}")
#: characters of a header; more is a sentence
_LONGEST = 80
_DATA = re.compile(
    r"[+(]?\d[\d\s().,:/+-]{2,}|\d{1,4}[-./年]\d.*|https?://\S+|www\.\S+|\d+|-+|n/a|true|false|"
    r"[$€£]\s?\d.*|\d.*[%€$£]",
    re.IGNORECASE,
)


class Section(NamedTuple):
    """A table of a file: its header, by place among the rows, and what is said about it.

    title: the one filled cell of the row above. addresses, rows: how many follow.
    """

    place: int
    cells: list[str]
    title: str
    rows: int
    addresses: int


def filled(cells: Sequence[str]) -> list[str]:
    """Return what is in the cells that are not empty."""
    return [cell for cell in map(str.strip, cells) if cell]


def is_data(cell: str) -> bool:
    """Tell whether a cell holds what no header says: an address, a number, a date, a link."""
    text = cell.strip()
    return bool(ADDRESS.search(text) or _DATA.fullmatch(text))


def is_total(cells: Sequence[str]) -> bool:
    """Tell whether a row counts or sums up others."""
    texts = filled(cells)
    if not texts or any("@" in text for text in texts):
        return False
    return bool(row_words.pattern("total").match(row_words.fold(texts[0])))


def count_words(cells: Sequence[str]) -> int:
    """Return how many cells say what headers of people say."""
    return sum(map(is_word, cells))


def is_word(cell: str) -> bool:
    """Tell whether a cell says what headers of people say."""
    return is_address_word(cell) or bool(
        len(cell) < _LONGEST and row_words.pattern("person").search(row_words.fold(cell))
    )


def is_address_word(cell: str) -> bool:
    """Tell whether a cell is the header of addresses."""
    if len(cell) >= _LONGEST:
        return False
    return bool(row_words.pattern("address").search(row_words.fold(cell)))


def could_be_header(cells: Sequence[str]) -> bool:
    """Tell whether a row may name columns: words that differ, and nothing that is data."""
    texts = filled(cells)
    if not texts or any(ADDRESS.search(text) for text in texts):
        return False
    if sum(text[0] in "([{<" for text in texts) * 2 > len(texts):
        return False
    odd = sum(is_data(text) for text in texts)
    return odd == 0 or (odd * 4 <= len(texts) and count_words(texts) >= 3)


def find_sections(rows: Sequence[Row]) -> list[Section]:
    """Return the tables among the first rows of a file, in their order."""
    places = _merge([place for place in range(len(rows)) if _is_header(rows, place)], rows)
    sections = []
    for place, following in itertools.pairwise([*places, len(rows)]):
        body = [
            cells
            for _, cells in rows[place + 1 : following]
            if len(filled(cells)) > 1 or _only_address(cells)
        ]
        addresses = sum(any(ADDRESS.search(cell) for cell in cells) for cells in body)
        above = [cells for _, cells in rows[max(0, place - 2) : place] if filled(cells)]
        title = filled(above[-1])[0] if above and len(filled(above[-1])) == 1 else ""
        sections.append(Section(place, rows[place][1], title, len(body), addresses))
    return sections


def _merge(places: Sequence[int], rows: Sequence[Row]) -> list[int]:
    """Return one place of each group of headers that follow each other: it names addresses."""
    groups: list[list[int]] = []
    for place in places:
        if groups and groups[-1][-1] == place - 1:
            groups[-1].append(place)
        else:
            groups.append([place])

    def rank(place: int) -> tuple[bool, int, int]:
        cells = rows[place][1]
        return any(map(is_address_word, cells)), count_words(cells), -place

    return [max(group, key=rank) for group in groups]


def _only_address(cells: Sequence[str]) -> bool:
    texts = filled(cells)
    return len(texts) == 1 and bool(ADDRESS.search(texts[0]))


def _is_header(rows: Sequence[Row], place: int) -> bool:
    cells = rows[place][1]
    if not could_be_header(cells):
        return False
    width = len(cells)
    after = [row for _, row in rows[place + 1 : place + 30] if filled(row)]
    if place and not _begins_section(rows, place):
        return False
    if width == 1 or len(filled(cells)) == 1:
        return (
            is_address_word(filled(cells)[0])
            and len(filled(cells)[0]) < 40
            and bool(after)
            and _only_address(after[0])
        )
    if count_words(cells) >= 2:
        return True
    alike = [row for row in after[:5] if len(row) == width]
    typed = any(
        cells[column].strip()
        and all(is_data(row[column]) for row in alike if row[column].strip())
        and any(row[column].strip() for row in alike)
        for column in range(width)
    )
    return bool(alike) and (typed or count_words(cells) >= 1)


def _begins_section(rows: Sequence[Row], place: int) -> bool:
    """Tell whether a row that could be a header is one: not a person among others."""
    cells = rows[place][1]
    if count_words(cells) >= 2:
        return True
    before = [row for _, row in rows[:place] if filled(row)]
    return not any(len(filled(row)) > 1 for row in before[-1:]) or not before


def choose_section(sections: Sequence[Section]) -> Section | None:
    """Return the section that has the people, None when there is none.

    A section is called so, or has more columns about people and more addresses than others.
    """

    def rank(section: Section) -> tuple[int, int, int, int, int]:
        title = row_words.fold(section.title)
        is_wanted = row_words.pattern("people").search(title) is not None
        is_unwanted = row_words.pattern("others").search(title) is not None
        role = is_wanted - 2 * is_unwanted
        words = count_words(section.cells)
        return (bool(section.addresses), role, min(words, 3), section.addresses, -section.place)

    return max(sections, key=rank, default=None)
