"""What terminals of several widths show of the most used commands is what is kept of it."""

from __future__ import annotations

import pytest

from tests.reference import transcripts


@pytest.mark.parametrize("width", transcripts.WIDTHS)
def test_a_terminal_shows_what_was_kept(width: int) -> None:
    kept = transcripts.path_of(width).read_text("utf-8")
    assert transcripts.record(width) == kept, "`make docs` writes it again; look at what changed"


@pytest.mark.parametrize("width", transcripts.WIDTHS)
def test_no_table_is_wider_than_its_terminal(width: int) -> None:
    lines = transcripts.path_of(width).read_text("utf-8").splitlines()
    rules = [place for place, line in enumerate(lines) if set(line) == {"-", " "}]
    assert len(rules) >= 10
    for place in rules:
        head, dashes = lines[place - 1], lines[place]
        assert max(len(head), len(dashes)) <= width
        # a header that was broken would begin in the line above, and a row in the one below
        assert len(head.split("  ")[0]) <= len(dashes.split()[0]) or head.startswith(" ")
