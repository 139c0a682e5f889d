"""A line for each import that is waited for, on a terminal."""

from __future__ import annotations

import re

from tests.csv_texts import people
from tests.harness import Sandbox
from tests.tty.terminal import Terminal

CTRL_C = "\x03"


def _create(sandbox: Sandbox, *rows: int) -> list[str]:
    return [str(sandbox.create_import(people(count))) for count in rows]


def _progress(terminal: Terminal) -> list[str]:
    return [line for line in terminal.lines if re.match(r"import \d|\d+ of \d", line)]


def test_each_has_a_line_until_it_ends_and_the_record_of_all_stays(
    slow: Sandbox, terminal: Terminal
) -> None:
    terminal.resize(160)
    short, long = _create(slow, 30, 250)
    terminal.start("path", "import", "wait", long, short, environ=slow.environ())
    terminal.wait_for(" of 2 done")
    terminal.wait_until(
        lambda: _progress(terminal)[-1:] == ["1 of 2 done: 1 COMPLETED, 1 RUNNING"], "the first end"
    )
    lines = _progress(terminal)
    assert len(lines) == 2
    assert lines[0].startswith(f"import {long}  RUNNING  ")
    assert terminal.is_cursor_hidden
    assert terminal.finish() == 0
    assert not terminal.is_cursor_hidden
    assert _progress(terminal) == []
    assert terminal.lines[0].startswith("Note: a sandbox answers")
    assert terminal.lines[1].split()[:2] == ["ID", "Status"]
    assert [line.split()[:2] for line in terminal.lines[3:]] == [
        [long, "COMPLETED"],
        [short, "COMPLETED"],
    ]
    assert b"\x1b[?1049h" not in terminal.raw


def test_a_low_screen_has_as_many_as_fit_and_sums_up_the_rest(
    slow: Sandbox, terminal: Terminal
) -> None:
    terminal.resize(100, 8)
    ids = _create(slow, *[150] * 12)
    terminal.start("path", "import", "wait", *ids, environ=slow.environ())
    terminal.wait_until(lambda: len(_progress(terminal)) == 7, "lines that fill the screen")
    seen = _progress(terminal)
    assert [line.split()[1] for line in seen[:6]] == ids[:6]
    assert seen[6].startswith("0 of 12 done: ")
    # they are redrawn where they stand: nothing scrolls
    terminal.wait_until(
        # in the middle of a frame there may be none
        lambda: re.search(r" ~?[2-9]\d %", "".join(_progress(terminal)[:1])),
        "rows that move",
    )
    assert len(_progress(terminal)) == 7
    terminal.type(CTRL_C)
    assert terminal.finish() == 130


def test_ctrl_c_brings_the_cursor_back_and_names_the_rest(
    slow: Sandbox, terminal: Terminal
) -> None:
    terminal.resize(200)
    short, long = _create(slow, 5, 1000)
    terminal.start("path", "import", "wait", short, long, environ=slow.environ())
    terminal.wait_for("1 of 2 done")
    terminal.type(CTRL_C)
    assert terminal.finish() == 130
    assert not terminal.is_cursor_hidden
    assert _progress(terminal) == []
    assert "Error: 1 of 2 imports has not finished" in terminal.find("Error: ")
    assert terminal.find("goes on waiting").endswith("goes on waiting:")
    assert terminal.find("path import wait").endswith(f"path import wait {long}")
