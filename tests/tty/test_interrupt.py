"""Ctrl-C and closed windows: the terminal is left as it was, and the wait can be resumed."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from tests.csv_texts import people
from tests.harness import CLI, Sandbox, clean_environ
from tests.tty.terminal import Terminal

CTRL_C, CTRL_Z = "\x03", "\x1a"


def test_ctrl_c_brings_the_cursor_back_and_says_how_to_resume(
    slow: Sandbox, terminal: Terminal
) -> None:
    job_id = slow.create_import(people(1000))
    command = ("path", "import", "wait", str(job_id), "--interval=1h")
    terminal.start(*command, environ=slow.environ())
    terminal.wait_for("RUNNING")
    assert terminal.is_cursor_hidden
    terminal.type(CTRL_C)
    assert terminal.finish() == 130
    assert not terminal.is_cursor_hidden
    # the line is gone, where it stands is in the record
    assert not terminal.find(f"import {job_id}  RUNNING")
    assert terminal.find("Status").split() == ["Status", "RUNNING"]
    assert "Error: interrupted (SIGINT); the import keeps running on the server" in terminal.find(
        "Error"
    )
    assert slow.job(job_id)["status"] == "RUNNING"


def test_the_resume_command_works_when_it_is_pasted_into_the_same_shell(
    slow: Sandbox, terminal: Terminal
) -> None:
    job_id = slow.create_import(people(150))
    terminal.resize(400)
    terminal.start("-i", command=("sh",), environ=slow.environ(PS1="shell> "))
    terminal.wait_for("shell>")
    terminal.type(f"{' '.join(CLI)} path import wait {job_id}\n")
    terminal.wait_for("RUNNING")
    terminal.type(CTRL_C)
    terminal.wait_for("goes on waiting:")
    terminal.type("echo code=$?\n")
    terminal.wait_for("code=130")
    lines = terminal.lines
    hint = next(n for n, line in enumerate(lines) if line.endswith("goes on waiting:"))
    # the line below it, as it stands
    terminal.type(f"clear; {lines[hint + 1]}; echo code=$?\n")
    terminal.wait_until(lambda: "code=0" in terminal.lines, "the end of the wait")
    assert terminal.find("Status").split() == ["Status", "COMPLETED"]
    assert not terminal.is_cursor_hidden
    terminal.type("exit\n")
    assert terminal.finish() == 0


@pytest.mark.parametrize(
    ("signum", "code"),
    # the last one ends it as always
    [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGQUIT, -signal.SIGQUIT)],
)
def test_other_signals_bring_the_cursor_back_too(
    slow: Sandbox, terminal: Terminal, signum: int, code: int
) -> None:
    job_id = slow.create_import(people(1000))
    process = terminal.start("path", "import", "wait", str(job_id), environ=slow.environ())
    terminal.wait_for("RUNNING")
    process.send_signal(signum)
    assert terminal.finish() == code
    assert not terminal.is_cursor_hidden


def _start_in_a_shell(terminal: Terminal, sandbox: Sandbox, rows: int) -> None:
    """Wait for an import in a shell that lets jobs be stopped and continued."""
    job_id = sandbox.create_import(people(rows))
    terminal.start("-i", command=("sh",), environ=sandbox.environ(PS1="shell> "))
    terminal.wait_for("shell>")
    terminal.type(f"{' '.join(CLI)} path import wait {job_id}\n")
    terminal.wait_for("RUNNING")
    assert terminal.is_cursor_hidden
    terminal.type(CTRL_Z)
    terminal.wait_until(lambda: "Stopped" in "".join(terminal.lines), "the shell")
    assert not terminal.is_cursor_hidden


def test_ctrl_z_gives_the_cursor_back_and_fg_hides_it_again(
    slow: Sandbox, terminal: Terminal
) -> None:
    _start_in_a_shell(terminal, slow, 1000)
    terminal.type("clear; fg\n")
    terminal.wait_until(lambda: terminal.is_cursor_hidden, "a line that is drawn again")
    terminal.wait_for("RUNNING")
    terminal.type(CTRL_C)
    terminal.wait_for("Error: interrupted (SIGINT)")
    assert not terminal.is_cursor_hidden
    terminal.type("echo code=$?\n")
    terminal.wait_for("code=130")


def test_in_the_background_it_leaves_the_terminal_alone(slow: Sandbox, terminal: Terminal) -> None:
    _start_in_a_shell(terminal, slow, 150)
    shown = terminal.raw.count(b"\x1b[?25l")
    terminal.type("clear; bg\n")
    terminal.wait_for("COMPLETED")
    terminal.type("exit\n")
    terminal.finish()
    assert terminal.raw.count(b"\x1b[?25l") == shown
    assert not terminal.is_cursor_hidden


def test_ctrl_c_at_a_question_ends_on_a_line_of_its_own(slow: Sandbox, terminal: Terminal) -> None:
    terminal.start("path", "person", "delete", "7", environ=slow.environ())
    question = "Delete person 7 (Ada Garcia <ada.garcia@example.com>) for good? [y/N]"
    terminal.wait_for(question)
    terminal.type(CTRL_C)
    assert terminal.finish() == 130
    assert terminal.lines[-1] == f"{question} ^C"
    assert terminal.screen.cursor.x == 0
    assert slow.ask("GET", "/path/person/7").status_code == 200


def test_a_window_that_is_closed_ends_it(slow: Sandbox, terminal: Terminal) -> None:
    job_id = slow.create_import(people(1000))
    process = terminal.start("path", "import", "wait", str(job_id), environ=slow.environ())
    terminal.wait_for("RUNNING")
    terminal.hang_up()
    assert process.wait(20) == 129
    assert slow.job(job_id)["status"] == "RUNNING"


def test_ctrl_c_in_sandbox_run_reaches_the_command_once(slow: Sandbox, terminal: Terminal) -> None:
    script = "trap 'echo told; exit 5' INT; echo ready; while :; do sleep 0.05; done"
    terminal.start("sandbox", "run", "--", "sh", "-c", script, environ=slow.environ())
    terminal.wait_for("ready")
    terminal.type(CTRL_C)
    assert terminal.finish() == 5
    assert [line.removeprefix("^C") for line in terminal.lines].count("told") == 1


def test_sandbox_that_is_served_ends_on_a_fresh_line(own_home: Path, terminal: Terminal) -> None:
    environ = clean_environ(own_home)
    terminal.start("sandbox", "serve", "--port=0", environ=environ)
    terminal.wait_for("export TALKVALUE_TOKEN")
    terminal.type(CTRL_C)
    assert terminal.finish() == 130
    assert terminal.raw.endswith(b"^C\r\n")
