"""The quickest look through a file that is plain CSV already, as most large ones are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from operator import methodcaller
from typing import BinaryIO

from talkvalue_cli.imports.file import addresses, doubts
from talkvalue_cli.imports.file.check import LONGEST_CELL
from talkvalue_cli.imports.file.decode import UTF8
from talkvalue_cli.imports.file.plan import Plan
from talkvalue_cli.imports.file.tally import Tally

#: bytes of lines that are looked at together; so few that what is cut out of them stays in a cache
_PART = 1 << 16
_MARK = "\ufeff".encode(UTF8)
#: all bytes but those that make the shape of a line
_NO_SHAPE = bytes(set(range(256)) - set(b",@\n"))
_has_at = methodcaller("__contains__", b"@")


def is_plain(plan: Plan, tally: Tally, on_chunk: Callable[[], None]) -> bool:
    """Tell whether all rows are people, and nothing of any value has to be changed.

    Without quotes a row is a line, and its cells are what is between commas, so that
    columns can be cut out of many lines at once. False says nothing: such a file has to
    be read in the usual way, with another tally.
    """
    stream, width, probe = plan.opened.stream, len(plan.table.header), plan.table.probe
    assert stream is not None, "a sheet is no text"
    stream.seek(0)
    header = stream.readline().rstrip(b"\n") + b"\n"
    if not _look_at_shape(header, width, probe)[0]:
        return False
    for lines in _read_lines(stream):
        on_chunk()
        is_even, have_at = _look_at_shape(lines, width, probe)
        if not is_even:
            return False
        cells = lines.removesuffix(b"\n").replace(b"\n", b",").split(b",")
        if not have_at and not all(map(_has_at, cells[probe::width])):
            return False
        if plan.choice.spare and not _have_addresses(plan, cells):
            return False
        if not _needs_no_change(plan, tally, cells):
            return False
        tally.rows += lines.count(b"\n")
    tally.lines.add(1, 2)
    return tally.rows > 0


def _read_lines(file: BinaryIO) -> Iterator[bytes]:
    """Yield the rest of a file, many whole lines at a time, each with its end.

    A line that may be longer than a cell may be is cut, and made a quote, which is not plain.
    """
    rest = b""
    while chunk := file.read(_PART):
        lines, end, begun = chunk.rpartition(b"\n")
        if end:
            yield rest + lines + end
            rest = begun
        else:
            rest += begun
        if len(rest) > LONGEST_CELL - _PART:
            yield b'"'
            return
    if rest:
        yield rest + b"\n"


def _look_at_shape(lines: bytes, width: int, probe: int) -> tuple[bool, bool]:
    """Tell whether all lines have so many plain cells, and whether all surely have @ in one.

    width: how many cells a line has to have. probe: the place of the cell that is to have an @.
    """
    # one byte is found faster than three
    if b'"' in lines or b"\r" in lines or (_MARK[:1] in lines and _MARK in lines):
        return False, False
    shape, rows = lines.translate(None, _NO_SHAPE), lines.count(b"\n")
    first = shape[: shape.find(b"\n") + 1]
    cells = first.split(b",")
    if len(cells) == width and first * rows == shape:
        return True, b"@" in cells[probe]
    return shape.translate(None, b"@") == (b"," * (width - 1) + b"\n") * rows, False


def _have_addresses(plan: Plan, cells: list[bytes]) -> bool:
    """Tell whether all have an address, so that none is taken from another column."""
    own = cells[plan.address_column :: len(plan.table.header)]
    return addresses.are_valid(b"\n".join((*own, b"")))


def _needs_no_change(plan: Plan, tally: Tally, cells: list[bytes]) -> bool:
    """Tell whether all values of some rows stay as they are. cells: of the rows, one by one."""
    width = len(plan.table.header)
    for number, converter in plan.converters.items():
        column = cells[number::width]
        if number in tally.finders:
            tally.finders[number].add([cell.decode() for cell in column])
        if not converter.are_plain(column):
            return False
    for number in plan.states:
        texts = [cell.decode() for cell in cells[number::width]]
        tally.in_doubt.update(doubts.count(plan.table.header[number], texts))
    return True
