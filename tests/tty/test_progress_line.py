"""The line that shows how an import goes on."""

from __future__ import annotations

import re
from pathlib import Path

from tests.csv_texts import people
from tests.harness import Sandbox
from tests.tty.terminal import Terminal

HIDE, SHOW, CLEAR = b"\x1b[?25l", b"\x1b[?25h", b"\x1b[K"


def _wait(sandbox: Sandbox, rows: int) -> tuple[str, ...]:
    return ("path", "import", "wait", str(sandbox.create_import(people(rows))), "--interval=1s")


def test_it_is_drawn_and_erased_and_the_record_stays(slow: Sandbox, terminal: Terminal) -> None:
    arguments = _wait(slow, 100)
    terminal.start(*arguments, environ=slow.environ())
    line = terminal.wait_for("RUNNING")
    assert line.startswith(f"import {arguments[3]}  RUNNING")
    assert terminal.is_cursor_hidden
    assert terminal.style_of("RUNNING") == ("cyan", False)
    assert terminal.finish() == 0
    assert not terminal.is_cursor_hidden
    assert terminal.find("RUNNING") == ""
    assert terminal.lines[0].startswith("Note: a sandbox answers")
    assert terminal.lines[1].split() == ["Field", "Value"]
    assert terminal.find("Status").split() == ["Status", "COMPLETED"]
    assert terminal.style_of("COMPLETED") == ("green", False)
    # the alternate screen is left alone, and the cursor is hidden once and shown once
    assert b"\x1b[?1049h" not in terminal.raw
    assert (terminal.raw.count(HIDE), terminal.raw.count(SHOW)) == (1, 1)


def test_it_has_everything_where_there_is_room(slow: Sandbox, terminal: Terminal) -> None:
    arguments = _wait(slow, 1000)
    terminal.resize(140)
    terminal.start(*arguments, environ=slow.environ())
    terminal.wait_until(lambda: terminal.find("ETA"), "an estimate")
    line = terminal.find("RUNNING")
    assert line.startswith(f"import {arguments[3]}  RUNNING  [")
    assert re.search(r"  \[=*>? *\]  +\d+ %  \d+/1,000  \d+ rows/s  ETA (\d+m)?\d+s  \d+s$", line)


def test_a_narrow_terminal_has_the_id_and_the_status_on_one_line(
    slow: Sandbox, terminal: Terminal
) -> None:
    arguments = _wait(slow, 500)
    terminal.resize(30)
    terminal.start(*arguments, "--json", environ=slow.environ())
    line = terminal.wait_for("RUNNING")
    terminal.wait_until(lambda: terminal.raw.count(CLEAR) >= 5, "a line redrawn a few times")
    assert line.startswith(f"import {arguments[3]}  RUNNING")
    assert [text for text in terminal.lines if "Note" not in text and "made up" not in text] == [
        terminal.find("RUNNING")
    ]
    assert len(terminal.find("RUNNING")) < 30


def test_a_window_that_changes_its_size_in_the_middle(slow: Sandbox, terminal: Terminal) -> None:
    terminal.start(*_wait(slow, 1000), environ=slow.environ())
    terminal.wait_until(lambda: "[=" in terminal.find("RUNNING"), "a bar")
    terminal.resize(24)
    terminal.wait_until(lambda: 0 < len(terminal.find("RUNNING")) < 24, "a line that fits")
    terminal.wait_until(lambda: "[" not in terminal.find("RUNNING"), "no bar any more")
    terminal.resize(120)
    terminal.wait_until(lambda: len(terminal.find("RUNNING")) > 60, "a bar that is back")
    terminal.type("\x03")
    assert terminal.finish() == 130
    assert not terminal.is_cursor_hidden


def test_a_log_file_gets_no_bar(slow: Sandbox, terminal: Terminal, tmp_path: Path) -> None:
    with (tmp_path / "log").open("wb") as log:
        terminal.run(*_wait(slow, 60), environ=slow.environ(), stderr=log)
    log_text = (tmp_path / "log").read_text()
    assert "\x1b" not in log_text
    assert "\r" not in log_text
    assert len(log_text.splitlines()) >= 2
