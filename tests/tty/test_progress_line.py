"""The line that shows how an import goes on."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

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
    assert re.search(r"  \[=*>? *\]  +\d+ %  \d+/1,000  \d+ rows/s  ETA \d+s  \d+s$", line)


def test_it_moves_between_looks(slow: Sandbox, terminal: Terminal) -> None:
    job_id = slow.create_import(people(1000))
    terminal.wait_until(lambda: slow.job(job_id)["processedRows"] > 100, "a pace that is believed")
    terminal.start("path", "import", "wait", str(job_id), "--interval=1h", environ=slow.environ())
    seen: set[str] = set()

    def has_moved() -> bool:
        seen.update(re.findall(r"(\d+)/1,000", terminal.find("RUNNING")))
        return len(seen) >= 4

    terminal.wait_until(has_moved, "a bar that moves although nobody looks")


def test_it_is_redrawn_at_most_four_times_a_second(slow: Sandbox, terminal: Terminal) -> None:
    terminal.run(*_wait(slow, 150), "--json", environ=slow.environ())
    seconds = float(re.findall(r'"elapsedSeconds": ([\d.]+)', "\n".join(terminal.lines))[0])
    looks = int(re.findall(r'"requests": (\d+)', "\n".join(terminal.lines))[0])
    assert seconds > 2
    assert 4 <= terminal.raw.count(CLEAR) <= 4 * seconds + looks + 1


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
    terminal.start(*_wait(slow, 250), environ=slow.environ())
    terminal.wait_until(lambda: "[=" in terminal.find("RUNNING"), "a bar")
    terminal.resize(24)
    terminal.wait_until(lambda: 0 < len(terminal.find("RUNNING")) < 24, "a line that fits")
    terminal.wait_until(lambda: "[" not in terminal.find("RUNNING"), "no bar any more")
    terminal.resize(120)
    terminal.wait_until(lambda: len(terminal.find("RUNNING")) > 60, "a bar that is back")
    assert terminal.finish() == 0
    assert terminal.find("RUNNING") == ""
    assert not terminal.is_cursor_hidden


def test_pending_shows_how_long_it_has_lasted(
    start_sandbox: Callable[..., Sandbox], terminal: Terminal
) -> None:
    sandbox = start_sandbox("--fault=queue=3600")
    terminal.start(*_wait(sandbox, 5), environ=sandbox.environ())
    pending = "import 1  PENDING.*  for ([0-9]+)s"

    def seconds() -> int:
        found = re.fullmatch(pending, terminal.find("PENDING"))
        return int(found[1]) if found else 0

    terminal.wait_until(lambda: seconds() >= 1, "a second")
    terminal.wait_until(lambda: seconds() >= 2, "another second")


def test_lost_contact_is_part_of_it_and_goes_away_again(
    start_sandbox: Callable[..., Sandbox], terminal: Terminal
) -> None:
    sandbox = start_sandbox(
        "--fault=503,path=/path/import/1,after=1,count=1", "--rows-per-second=9"
    )
    terminal.start(*_wait(sandbox, 25), environ=sandbox.environ())
    assert "HTTP 503" in terminal.wait_for("503")
    terminal.wait_until(lambda: not terminal.find("503"), "contact")
    assert terminal.finish() == 0


def test_a_dumb_terminal_gets_lines_without_escape_codes(slow: Sandbox, terminal: Terminal) -> None:
    assert terminal.run(*_wait(slow, 60), environ=slow.environ(TERM="dumb")) == 0
    assert b"\x1b" not in terminal.raw
    assert re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ import \d+ ", terminal.find("RUNNING"))
    assert terminal.find("COMPLETED 100 %").endswith("COMPLETED 100 % (60/60 rows)")


def test_it_has_no_colour_when_nobody_wants_any(slow: Sandbox, terminal: Terminal) -> None:
    assert terminal.run(*_wait(slow, 150), environ=slow.environ(NO_COLOR="1")) == 0
    assert b"RUNNING" in terminal.raw
    # cursor and line are handled as ever, but no colour is set
    assert re.findall(rb"\x1b\[[0-9;]*m", terminal.raw) == []
    assert HIDE in terminal.raw


def test_a_bar_can_be_asked_for_on_a_dumb_terminal(slow: Sandbox, terminal: Terminal) -> None:
    environ = slow.environ(TERM="dumb")
    terminal.start(*_wait(slow, 100), "--progress=bar", environ=environ)
    terminal.wait_for("RUNNING")
    assert terminal.finish() == 0
    assert b"\x1b" not in terminal.raw
    assert terminal.find("RUNNING") == ""


@pytest.mark.parametrize("flags", [("--quiet",), ("--quiet", "--notify"), ("-q", "--json")])
def test_quiet_leaves_the_screen_as_it_was(
    slow: Sandbox, terminal: Terminal, flags: tuple[str, ...]
) -> None:
    assert terminal.run(*_wait(slow, 5), *flags, environ=slow.environ()) == 0
    assert terminal.raw == b""


def test_a_log_file_gets_no_bar(slow: Sandbox, terminal: Terminal, tmp_path: Path) -> None:
    with (tmp_path / "log").open("wb") as log:
        terminal.run(*_wait(slow, 60), environ=slow.environ(), stderr=log)
    log_text = (tmp_path / "log").read_text()
    assert "\x1b" not in log_text
    assert "\r" not in log_text
    assert len(log_text.splitlines()) >= 2
