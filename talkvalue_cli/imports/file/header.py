"""Which row of a file names its columns: below titles, above the people, of the right section."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from typing import NamedTuple

from talkvalue_cli.imports.file import row_words
from talkvalue_cli.imports.file.rows import Row

# no longer than one may be (RFC 5321): in a huge cell, looking further takes for ever
_ADDRESS = r"[^@\s<>,;:|\"']{1,64}@[^@\s<>,;:|\"']{1,255}\.[^\W\d_]{2,}"
_ANYWHERE = re.compile(_ADDRESS)
#: an address, several, or one behind a name
ADDRESSES = re.compile(
    rf"['\s]*(?:mailto:)?(?:[^<>@]*<{_ADDRESS}>|{_ADDRESS}(?:[\s;,/|:]+{_ADDRESS})*)[\s'.,;]*"
)
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
    return has_address(text) or bool(_DATA.fullmatch(text))


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
    return is_address_word(cell) or (len(cell) < _LONGEST and row_words.says("person", cell))


def is_all_words(texts: Sequence[str]) -> bool:
    """Tell whether cells are what headers are and nothing else, addresses among them."""
    names = [row_words.fold(text) for text in texts]
    has_name = any(map(row_words.pattern("address").fullmatch, names))
    return has_name and all(
        row_words.pattern("address").fullmatch(name) or row_words.pattern("person").fullmatch(name)
        for name in names
    )


def has_address(text: str) -> bool:
    """Tell whether an address stands anywhere in a text."""
    return "@" in text and bool(_ANYWHERE.search(text))


def is_address_word(cell: str) -> bool:
    """Tell whether a cell is the header of addresses."""
    return len(cell) < _LONGEST and row_words.says("address", cell)


def could_be_header(cells: Sequence[str]) -> bool:
    """Tell whether a row may name columns: words that differ, and nothing that is data."""
    texts = filled(cells)
    if not texts or any(map(has_address, texts)):
        return False
    if sum(text[0] in "([{<" for text in texts) * 2 > len(texts):
        return False
    odd = sum(is_data(text) for text in texts)
    words = count_words(texts) if odd else 0
    # columns of answers may be called by numbers
    return odd == 0 or words >= 3 or (words >= 2 and any(map(is_address_word, texts)))


def find_sections(rows: Sequence[Row]) -> list[Section]:
    """Return the tables among the first rows of a file, in their order."""
    places: list[int] = []
    is_in_table = False
    for place, (_, cells) in enumerate(rows):
        if is_in_table and not count_words(cells):
            continue  # people without addresses, above the first one who has one
        if _is_header(rows, place) and not (is_in_table and not _is_apart(rows, place)):
            places.append(place)
            is_in_table = is_in_table or count_words(cells) >= 2
    places = _drop_repeated(_merge(places, rows), rows)
    sections = []
    for place, following in itertools.pairwise([*places, len(rows)]):
        body = [
            cells
            for _, cells in rows[place + 1 : following]
            if len(filled(cells)) > 1 or _only_address(cells)
        ]
        addresses = sum(any(map(has_address, cells)) for cells in body)
        sections.append(
            Section(place, rows[place][1], _find_title(rows, place), len(body), addresses)
        )
    return sections


def _find_title(rows: Sequence[Row], place: int) -> str:
    """Return the one filled cell of the row above, or of the one above an empty row."""
    above = [filled(cells) for _, cells in rows[max(0, place - 2) : place] if filled(cells)]
    return above[-1][0] if above and len(above[-1]) == 1 else ""


def _drop_repeated(places: Sequence[int], rows: Sequence[Row]) -> list[int]:
    """Return places of headers without those that are repeated on a page of the same table."""
    kept: list[int] = []
    for place in places:
        is_same = bool(kept) and filled(rows[kept[-1]][1]) == filled(rows[place][1])
        if not is_same or judge_title(_find_title(rows, place)):
            kept.append(place)
    return kept


def judge_title(title: str) -> int:
    """Return 1 for a title of people who took part, less than 0 for one of others, else 0."""
    return row_words.says("people", title) - 2 * row_words.says("others", title)


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
    """Tell whether a row has addresses and nothing else."""
    texts = filled(cells)
    return bool(texts) and all(map(ADDRESSES.fullmatch, texts))


def _is_header(rows: Sequence[Row], place: int) -> bool:
    cells = rows[place][1]
    if not could_be_header(cells):
        return False
    width = len(cells)
    after = [row for _, row in rows[place + 1 : place + 30] if filled(row)]
    if len(filled(cells)) == 1:
        if width > 1 and after and _heads_addresses(cells, after[0]):
            return True
        above = next((texts for _, row in reversed(rows[:place]) if (texts := filled(row))), [])
        is_below = len(above) == 1 and is_address_word(above[0])
        return _is_only_header(filled(cells)[0], after, is_below=is_below)
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


def _heads_addresses(cells: Sequence[str], below: Sequence[str]) -> bool:
    """Tell whether the one column that has a name is called, and is, one of addresses."""
    return len(cells) == len(below) and any(
        is_address_word(name) and has_address(cell) for name, cell in zip(cells, below, strict=True)
    )


def _is_only_header(text: str, after: Sequence[Sequence[str]], *, is_below: bool) -> bool:
    """Tell whether a text alone in its row is the header of the one column of a file.

    is_below: the row above it is one of addresses.
    """
    if len(text) >= _LONGEST or not after:
        return False
    if is_address_word(text):
        # the first of them may be none
        is_list = all(len(filled(row)) == 1 for row in after) and any(map(_only_address, after))
        return is_list or _only_address(after[0])
    if len(after) > 1 and all(map(_only_address, after)) and not is_below:
        return True
    return is_word(text) and all(len(row) == 1 for row in after)


def is_on_its_side(rows: Sequence[Row], place: int) -> bool:
    """Tell whether names of columns stand below each other instead of in the header's row."""
    if any(map(is_address_word, rows[place][1])):
        return False
    return any(
        len(cells) > 1 and is_address_word(cells[0]) and _only_address(cells[1:])
        for _, cells in rows[place + 1 : place + 30]
    )


def _is_apart(rows: Sequence[Row], place: int) -> bool:
    """Tell whether a row that could be a header is set apart from the table above it."""
    above = rows[place - 1][1]
    if len(filled(above)) <= 1 or could_be_header(above):
        return True
    return len(above) != len(rows[place][1]) and count_words(rows[place][1]) >= 2


def choose_section(sections: Sequence[Section]) -> Section | None:
    """Return the section that has the people, None when there is none.

    A section is called so, or has more columns about people and more addresses than others.
    """

    def rank(section: Section) -> tuple[int, int, int, int, int]:
        role = judge_title(section.title)
        words = count_words(section.cells)
        return (bool(section.addresses), role, min(words, 3), section.addresses, -section.place)

    return max(sections, key=rank, default=None)
