"""The quickest look through a file that is plain CSV already, as most large ones are."""

from __future__ import annotations

from collections.abc import Callable
from operator import methodcaller

from talkvalue_cli.imports.file import decode
from talkvalue_cli.imports.file.check import LONGEST_CELL
from talkvalue_cli.imports.file.plan import Plan
from talkvalue_cli.imports.file.tally import Tally

#: characters of lines that are looked at together
_PART = 1 << 16
#: what is not as simple as it has to be here: quotes, other line ends, marks
_SIGNS = ('"', "\r", "\ufeff")
_count_commas = methodcaller("count", ",")
_has_at = methodcaller("__contains__", "@")


def is_plain(plan: Plan, tally: Tally, on_chunk: Callable[[], None]) -> bool:
    """Tell whether all rows are people, and nothing of any value has to be changed.

    Without quotes a row is a line, and its cells are what is between commas, so that
    columns can be cut out of many lines at once. False says nothing: such a file has to
    be read in the usual way, with another tally.
    """
    opened, width = plan.opened, len(plan.table.header)
    assert opened.stream is not None, "a sheet is no text"
    text = decode.open_text(opened.stream, opened.encoding)
    if not _are_even([text.readline()], width):
        return False
    while lines := text.readlines(_PART):
        on_chunk()
        if not _are_even(lines, width):
            return False
        cells = "".join(lines).removesuffix("\n").replace("\n", ",").split(",")
        if not all(map(_has_at, cells[plan.table.probe :: width])):
            return False
        for number, converter in plan.converters.items():
            column = cells[number::width]
            if number in tally.finders:
                tally.finders[number].add(column)
            if converter.convert_all(column) is not column:
                return False
        tally.rows += len(lines)
    tally.lines.add(1, 2)
    return tally.rows > 0


def _are_even(lines: list[str], width: int) -> bool:
    part = "".join(lines)
    return (
        not any(sign in part for sign in _SIGNS)
        and set(map(_count_commas, lines)) == {width - 1}
        and max(map(len, lines)) <= LONGEST_CELL
    )
