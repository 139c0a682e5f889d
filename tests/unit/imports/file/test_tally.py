"""The lines of rows: kept in little, and found again."""

from __future__ import annotations

from talkvalue_cli.imports.file.tally import LineMap


def make_map(*lines: int) -> LineMap:
    found = LineMap()
    found.add_all(1, [(line, []) for line in lines])
    return found


def test_each_row_is_found_in_its_line() -> None:
    lines = [4, 5, 6, 9, 10, 20]
    found = make_map(*lines)
    assert [found.find(row) for row in range(1, 7)] == lines


def test_rows_may_be_added_some_at_a_time() -> None:
    found = make_map(2, 3)
    found.add_all(3, [(4, []), (5, [])])
    found.add_all(5, [(7, [])])
    assert [found.find(row) for row in (1, 2, 3, 4, 5)] == [2, 3, 4, 5, 7]


def test_there_is_no_row_before_the_first() -> None:
    assert make_map(2).find(0) is None
    assert LineMap().find(1) is None


def test_rows_without_a_break_cost_nothing() -> None:
    found = LineMap()
    for first in range(1, 10_001, 100):
        found.add_all(first, [(row + 1, []) for row in range(first, first + 100)])
    assert found.find(10_000) == 10_001
    assert len(found._rows) == 1
