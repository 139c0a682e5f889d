"""Ctrl-C and closed windows: the terminal is left as it was, and the wait can be resumed."""

from __future__ import annotations

import re
import signal

import pytest

from tests.csv_texts import people
from tests.harness import CLI, Sandbox
from tests.tty.terminal import Terminal

CTRL_C = "\x03"


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
    assert "Error: stopped waiting (SIGINT), the server goes on" in terminal.find("Error")
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
    hint = terminal.wait_for("goes on waiting")
    terminal.type("echo code=$?\n")
    terminal.wait_for("code=130")
    resume = re.fullmatch("Hint: (.*)   goes on waiting; do not create the import again", hint)
    assert resume is not None
    terminal.type(f"clear; {resume[1]}; echo code=$?\n")
    terminal.wait_until(lambda: "code=0" in terminal.lines, "the end of the wait")
    assert terminal.find("Status").split() == ["Status", "COMPLETED"]
    assert not terminal.is_cursor_hidden
    terminal.type("exit\n")
    assert terminal.finish() == 0


@pytest.mark.parametrize(("signum", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_other_signals_bring_the_cursor_back_too(
    slow: Sandbox, terminal: Terminal, signum: int, code: int
) -> None:
    job_id = slow.create_import(people(1000))
    process = terminal.start("path", "import", "wait", str(job_id), environ=slow.environ())
    terminal.wait_for("RUNNING")
    process.send_signal(signum)
    assert terminal.finish() == code
    assert not terminal.is_cursor_hidden


def test_a_window_that_is_closed_ends_it(slow: Sandbox, terminal: Terminal) -> None:
    job_id = slow.create_import(people(1000))
    process = terminal.start("path", "import", "wait", str(job_id), environ=slow.environ())
    terminal.wait_for("RUNNING")
    terminal.hang_up()
    assert process.wait(20) == 129
    assert slow.job(job_id)["status"] == "RUNNING"


def test_an_error_in_the_middle_brings_the_cursor_back(terminal: Terminal, slow: Sandbox) -> None:
    sandbox = Sandbox(
        slow.folder, "--rows-per-second=1", "--fault=revoke,path=/path/import/1,after=1"
    )
    try:
        sandbox.create_import(people(100))
        arguments = ("path", "import", "wait", "1", "--interval=1s")
        terminal.start(*arguments, environ=sandbox.environ())
        terminal.wait_until(lambda: terminal.is_cursor_hidden, "a line")
        assert terminal.finish() == 3
    finally:
        sandbox.stop()
    assert not terminal.is_cursor_hidden
    assert "The token was revoked." in terminal.find("Error")


def test_ctrl_c_in_sandbox_run_reaches_the_command_once(slow: Sandbox, terminal: Terminal) -> None:
    script = "trap 'echo told; exit 5' INT; echo ready; while :; do sleep 0.05; done"
    terminal.start("sandbox", "run", "--", "sh", "-c", script, environ=slow.environ())
    terminal.wait_for("ready")
    terminal.type(CTRL_C)
    assert terminal.finish() == 5
    assert [line.removeprefix("^C") for line in terminal.lines].count("told") == 1
