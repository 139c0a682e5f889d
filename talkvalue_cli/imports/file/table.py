"""The table of a file: its header, and the rows of people below it without what is none."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from talkvalue_cli.errors import UsageError
from talkvalue_cli.imports.file import header as headers
from talkvalue_cli.imports.file.people_rows import RowJudge, is_second_header
from talkvalue_cli.imports.file.rows import Row

#: how many rows are looked at for the header
_ROWS = 2000


class Table(NamedTuple):
    """Where the table of a file is.

    header: names of the columns. header_line: the line that they begin in, from 1.
    probe: a column that has addresses in most rows, to tell people from other rows quickly.
    skipped: how many rows above the header are none, by reason.
    sections: whether other tables come before or after it.
    """

    header: list[str]
    header_line: int
    probe: int
    skipped: dict[str, int]
    has_sections: bool = False


def find_table(rows: Iterable[Row], label: str, *, header_row: int | None = None) -> Table:
    """Return where the table is, from the first rows of a file.

    rows: of the file's start; of this iterable only some thousand are taken.
    header_row: the line of the header, from 1, when the caller says it.
    Raises UsageError for a file that is empty or has no header.
    """
    first = [
        (line, [cell.lstrip("\ufeff") for cell in cells])
        for line, cells in itertools.islice(rows, _ROWS)
    ]
    if not any(headers.filled(cells) for _, cells in first):
        raise UsageError(f"{label} is empty: it has no header row and no rows")
    if header_row is not None:
        return _take_given(first, label, header_row)
    sections = headers.find_sections(first)
    chosen = headers.choose_section(sections)
    if chosen is None:
        raise _no_header(label, first)
    if headers.is_on_its_side(first, chosen.place):
        raise UsageError(
            f"{label} has no header row: what its columns would be called stands below each other",
            hint="put each person into a line, and the names of the columns into the first one",
        )
    return _make_table(first, chosen.place, len(sections) > 1)


def _take_given(first: Sequence[Row], label: str, header_row: int) -> Table:
    lines = [line for line, _ in first]
    place = max((place for place, line in enumerate(lines) if line <= header_row), default=0)
    # a line inside of a row that has several, or an empty one
    if header_row < 1 or header_row > lines[-1] or not headers.filled(first[place][1]):
        raise UsageError(
            f"{label} has no header in line {header_row}", remedy=("header_row", str(_guess(first)))
        )
    return _make_table(first, place, False)


def _guess(first: Sequence[Row]) -> int:
    chosen = headers.choose_section(headers.find_sections(first))
    return first[chosen.place][0] if chosen else 1


def _no_header(label: str, first: Sequence[Row]) -> UsageError:
    line, cells = next((line, cells) for line, cells in first if headers.filled(cells))
    with_address = any(map(headers.has_address, cells))
    if not with_address and sum(bool(headers.filled(each)) for _, each in first) == 1:
        return UsageError(f"{label} has a header and no rows")
    why = "its first line holds an e-mail address" if with_address else f"line {line} is none"
    if all(len(cells) < 2 for _, cells in first) and re.search(r"\S {2,}\S.* {2,}\S", cells[0]):
        why = "its columns are aligned with blanks, and nothing separates them"
    return UsageError(
        f"{label} has no header row: {why}",
        hint="put the names of the columns into the first line",
    )


def _make_table(first: Sequence[Row], place: int, has_sections: bool) -> Table:
    cells = _join_header(first, place)
    skipped = Counter(_name_preamble(row) for _, row in first[:place])
    skipped.pop("", None)
    probe = _find_probe(first[place + 1 :], len(cells))
    return Table(cells, first[place][0], probe, dict(skipped), has_sections)


def _join_header(first: Sequence[Row], place: int) -> list[str]:
    """Return the cells of a header, completed by those of the rows around it if there are two."""
    cells = [cell.strip() for cell in first[place][1]]
    above = first[place - 1][1] if place else []
    if len(above) == len(cells) and len(headers.filled(above)) > 1:
        cells = _join_above(cells, [cell.strip() for cell in above])
    below = first[place + 1][1] if place + 1 < len(first) else []
    if len(below) == len(cells) and not all(cells) and is_second_header(headers.filled(below)):
        cells = _join_below(cells, [cell.strip() for cell in below])
    return [" ".join(cell.split()) for cell in cells]


def _join_above(cells: Sequence[str], above: Sequence[str]) -> list[str]:
    """Return names that are missing in a header, and whose they are where a name comes twice.

    A cell above is for its column and for those behind it that have none.
    """
    if not headers.could_be_header(above):
        return list(cells)
    named = headers.filled(cells)
    if len(set(map(str.casefold, named))) < len(named):
        group, whole = "", []
        for upper, cell in zip(above, cells, strict=True):
            group = upper or group
            whole.append(f"{group} {cell}".strip())
        return whole
    return [cell or upper for cell, upper in zip(cells, above, strict=True)]


def _join_below(cells: Sequence[str], below: Sequence[str]) -> list[str]:
    """Return the names of a question's answers: "About you:" with Company and Phone below."""
    named = list(cells)
    for number, lower in enumerate(below):
        is_part = not cells[number] or not (*cells, "x")[number + 1]
        if lower and is_part:
            named[number] = f"{cells[number]} {lower}".strip()
    return named


def _name_preamble(cells: Sequence[str]) -> str:
    texts = headers.filled(cells)
    if not texts:
        return "separators" if len(cells) > 1 else ""
    return "comment" if texts[0].startswith(("#", "//")) else "preamble"


def _find_probe(rows: Sequence[Row], width: int) -> int:
    counts = Counter(
        column for _, cells in rows for column, cell in enumerate(cells[:width]) if "@" in cell
    )
    return counts.most_common(1)[0][0] if counts else 0


def read_rows(
    rows: Iterable[Row],
    table: Table,
    label: str,
    left_out: Counter[str],
    *,
    allow_ragged: bool = False,
) -> Iterator[Row]:
    """Yield the rows of people, with the line that each begins in, as wide as the header.

    rows: of the whole file, from its start, as for `find_table`.
    left_out: counts what is left out, by reason.
    Raises UsageError for a row that has not as many cells as the header, unless
    allow_ragged lets it through as it is; and when there are no rows at all.
    """
    left_out.update(table.skipped)
    source = iter(rows)
    for line, _ in source:
        if line >= table.header_line:
            break
    judge = RowJudge(table.header, label, left_out, allow_ragged=allow_ragged)
    width, probe = len(table.header), table.probe
    found = False
    between = True
    for row in source:
        cells = row[1]
        if len(cells) == width and "@" in cells[probe] and not judge.is_elsewhere:
            if between:
                judge.begin_person()
                between, found = False, True
            yield row
            continue
        kept = judge.judge(row)
        between = kept is None
        if kept is not None:
            found = True
            yield kept
    judge.finish()
    if not found:
        raise UsageError(f"{label} has a header and no rows")
