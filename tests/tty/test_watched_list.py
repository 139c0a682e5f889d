"""`path import list --watch`: the list, drawn again and again."""

from __future__ import annotations

import signal

import pytest

from tests.csv_texts import people
from tests.harness import Sandbox
from tests.tty.terminal import Terminal

CTRL_C = "\x03"
WATCH = ("path", "import", "list", "--watch")


def _row(terminal: Terminal, job_id: int) -> list[str]:
    """Return id and status of an import on the screen, nothing when it is not there."""
    rows = [line.split()[:2] for line in terminal.lines]
    return next((row for row in rows if row[0] == str(job_id)), [])


def test_it_is_redrawn_until_ctrl_c(slow: Sandbox, terminal: Terminal) -> None:
    job_id = slow.create_import(people(100))
    terminal.start(*WATCH, environ=slow.environ())
    terminal.wait_until(lambda: _row(terminal, job_id)[1:] == ["RUNNING"], "an import that runs")
    terminal.wait_until(lambda: "q leaves" in terminal.lines[-1], "the last line")
    terminal.wait_until(lambda: _row(terminal, job_id)[1:] == ["COMPLETED"], "its end")
    # in place: the header stands there once
    assert sum(line.startswith("ID") for line in terminal.lines) == 1
    terminal.type(CTRL_C)
    assert terminal.finish() == 130
    assert not terminal.is_cursor_hidden
    assert terminal.find("Traceback") == ""
    # the prompt of the shell comes on a fresh line
    assert terminal.raw.endswith(b"\r\n")
    assert b"^C" not in terminal.raw
    assert terminal.echoes


@pytest.mark.parametrize("columns", [60, 200])
def test_it_is_never_longer_than_the_screen_however_narrow_that_is(
    slow: Sandbox, terminal: Terminal, columns: int
) -> None:
    terminal.resize(columns, 10)
    last = [slow.create_import(people(1)) for _ in range(12)][-1]
    terminal.start(*WATCH, environ=slow.environ())
    terminal.wait_for("q leaves")
    assert terminal.lines[0].startswith("ID")
    assert [_row(terminal, last - place)[:1] for place in range(6)] == [
        [str(last - place)] for place in range(6)
    ]
    assert _row(terminal, last - 6) == []
    terminal.type(CTRL_C)
    assert terminal.finish() == 130
    # long lines are cut in the list only
    assert 0 < terminal.raw.count(b"\x1b[?7l") <= terminal.raw.count(b"\x1b[?7h")


@pytest.mark.parametrize("key", ["Q", "xyzq"])
def test_q_leaves_it_and_the_terminal_is_as_it_was(
    slow: Sandbox, terminal: Terminal, key: str
) -> None:
    terminal.start(*WATCH[:-1], "-w", environ=slow.environ())
    terminal.wait_for("q leaves")
    assert not terminal.echoes
    terminal.type(key)
    assert terminal.finish() == 0
    assert terminal.echoes
    assert key.encode() not in terminal.raw.rpartition(b"q leaves")[2]


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGQUIT])
def test_a_signal_leaves_the_terminal_as_it_was(
    slow: Sandbox, terminal: Terminal, signum: signal.Signals
) -> None:
    process = terminal.start(*WATCH, environ=slow.environ())
    terminal.wait_for("q leaves")
    process.send_signal(signum)
    expected = -signum if signum == signal.SIGQUIT else 128 + signum
    assert terminal.finish() == expected
    assert terminal.echoes


def test_without_a_keyboard_ctrl_c_leaves_it(slow: Sandbox, terminal: Terminal) -> None:
    process = terminal.start(*WATCH, environ=slow.environ(), stdin="/dev/null")
    terminal.wait_for("Ctrl-C leaves")
    assert terminal.echoes
    process.send_signal(signal.SIGINT)
    assert terminal.finish() == 130


def test_it_can_be_narrowed_to_what_is_going_on(slow: Sandbox, terminal: Terminal) -> None:
    ended, live = slow.finish_import(people(1)), slow.create_import(people(1000))
    terminal.start(*WATCH, "--status=RUNNING", environ=slow.environ())
    terminal.wait_until(lambda: _row(terminal, live), "the live import")
    assert _row(terminal, ended) == []
