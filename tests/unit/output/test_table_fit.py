"""What becomes of a table where a terminal is too narrow for it."""

from __future__ import annotations

import pytest

from talkvalue_cli.output.columns import Column, Reading
from talkvalue_cli.output.style import Style
from talkvalue_cli.output.table import fold, render_pages, render_rows

COLUMNS = (
    Column("ID", "id"),
    Column("Name", "name", can_shrink=True),
    Column("Zone", "zone", can_go=1),
    Column("Made", "made", is_time=True, can_go=2),
)
ITEM = {"id": 7, "name": "Ada of Baker Street", "zone": "UTC", "made": "2026-01-05T09:30:00.000Z"}
PEOPLE = Reading(1_800_000_000.0, is_for_people=True)
#: width of the terminal → header and row
SHOWN = {
    None: ("ID    Name                 Zone    Made", "2026-01-05 09:30 UTC"),
    55: ("ID    Name                 Zone    Made", "2026-01-05 09:30 UTC"),
    54: ("ID    Name                 Zone    Made", "2026-01-05"),
    38: ("ID    Name          Zone    Made", "2026-01-05"),
    # without blanks to spare
    37: ("ID  Name             Zone  Made", "2026-01-05"),
    32: ("ID  Name        Zone  Made", "2026-01-05"),
    31: ("ID  Name                 Zone", "UTC"),
    20: ("ID  Name        Zone", "UTC"),
    19: ("ID  Name", "…"),
    16: ("ID  Name", "…"),
}


@pytest.mark.parametrize("width", SHOWN)
def test_texts_get_shorter_then_columns_go_and_then_cells_are_cut(width: int | None) -> None:
    lines = render_rows(COLUMNS, [ITEM], Style(False), width, PEOPLE).splitlines()
    assert (lines[0], lines[2][-len(SHOWN[width][1]) :]) == SHOWN[width]
    assert width is None or max(map(len, lines)) <= width


def test_a_table_without_rows_loses_columns_as_well() -> None:
    assert render_rows(COLUMNS, [], Style(False), 17).splitlines()[0] == "ID  Name  Zone"


def test_later_pages_have_the_columns_of_the_first() -> None:
    more = {"id": 8, "name": "Bo", "zone": "Europe/Berlin", "made": "soon"}
    lines = "".join(render_pages(COLUMNS, [[ITEM], [more]], Style(False), 37)).splitlines()
    assert lines[3] == "8   Bo                   Europe/Berlin"


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("  changed: 5 values left out", ["  changed: 5", "    values left", "    out"]),
        ("changed: 5 values left out", ["changed: 5", "values left out"]),
        ("  https://example.org/imports/4218", ["  https://example.org/imports/4218"]),
        ("", [""]),
    ],
)
def test_a_line_is_broken_at_blanks_and_keeps_its_indent(text: str, lines: list[str]) -> None:
    assert fold(text, 15) == lines
    assert fold(text, None) == [text]
