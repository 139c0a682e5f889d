"""Lines in which quotes that are part of a cell were not doubled."""

from __future__ import annotations

import re
from collections.abc import Iterator

from talkvalue_cli.imports.file.dialect import Dialect

#: quotes of a line that is looked at in all ways; more of them are taken one by one
_MOST_QUOTES = 40
#: ways to read a line that are compared
_MOST_READINGS = 16
_BLANKS = re.compile(" *")


class UnclearQuoteError(Exception):
    """A line has several ways to read it that are as good."""


def split(line: str, dialect: Dialect, width: int) -> list[str] | None:
    """Return the cells of a line, None for a quote that is never closed.

    A quote ends a cell where what follows is the end of the line, or a delimiter and a cell
    that is in quotes or has none in it. Of several ways to read the line the one
    counts that has as many cells as other rows.
    width: how many cells other rows have. Raises UnclearQuoteError for two such ways.
    """
    if dialect.quote and line.count(dialect.quote) <= _MOST_QUOTES:
        readings = list(_read_all(line, dialect))
        fitting = [cells for cells in readings if len(cells) == width]
        for some in (readings, fitting):
            if len(some) == 1 and len(readings) <= _MOST_READINGS:
                return some[0]
        if fitting or len(readings) > _MOST_READINGS:
            raise UnclearQuoteError
    return _split_at_first(line, dialect)


def _read_all(line: str, dialect: Dialect) -> Iterator[list[str]]:
    """Yield the ways to read a line, and one more than are compared if there are as many."""
    steps = _find_steps(line, dialect)
    ends = {len(line)}
    for place in sorted(steps, reverse=True):
        steps[place] = [step for step in steps[place] if step[0] in ends]
        if steps[place]:
            ends.add(place - 1)
    waiting: list[tuple[int, list[str]]] = [(0, [])]
    found = 0
    while waiting and found <= _MOST_READINGS:
        place, cells = waiting.pop()
        for end, text in steps[place]:
            read = [*cells, text.replace(dialect.quote * 2, dialect.quote)]
            if end < len(line):
                waiting.append((end + 1, read))
            else:
                found += 1
                yield read


def _find_steps(line: str, dialect: Dialect) -> dict[int, list[tuple[int, str]]]:
    """Return where the cells may end that begin in each place, with what they hold."""
    quote, mark = dialect.quote, dialect.delimiter
    edge = re.compile(rf"{re.escape(quote)}[ ]*(?={re.escape(mark)}|$)")
    steps: dict[int, list[tuple[int, str]]] = {}
    places = [0]
    while places:
        place = places.pop()
        if place in steps:
            continue
        start = _BLANKS.match(line, place).end()  # type: ignore[union-attr] # it matches nothing
        if line.startswith(quote, start):
            ends = edge.finditer(line, start + 1)
            steps[place] = [(end.end(), line[start + 1 : end.start()]) for end in ends]
        else:
            end = line.find(mark, place)
            plain = line[place:end] if end >= 0 else line[place:]
            steps[place] = [] if quote in plain else [(place + len(plain), plain)]
        places += [end + 1 for end, _ in steps[place] if end < len(line)]
    return steps


def _split_at_first(line: str, dialect: Dialect) -> list[str] | None:
    """Return the cells of a line, of which a quote ends one wherever a delimiter follows it."""
    edge, quote = re.escape(dialect.delimiter), dialect.quote
    cell = re.compile(
        rf"[ ]*{quote}((?:{quote}{quote}|.)*?){quote}[ ]*(?:{edge}|$)|([^{quote}].*?|)(?:{edge}|$)"
        if quote
        else rf"()(.*?)(?:{edge}|$)"
    )
    cells: list[str] = []
    place = 0
    while True:
        found = cell.match(line, place)
        if found is None:
            return None
        quoted, plain = found[1], found[2]
        cells.append(quoted.replace(quote * 2, quote) if plain is None else plain)
        place = found.end()
        if place >= len(line):
            if line.endswith(dialect.delimiter) and found[0].endswith(dialect.delimiter):
                cells.append("")
            return cells
