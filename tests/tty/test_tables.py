"""What a terminal shows of tables, colour and text that is not plain."""

from __future__ import annotations

from pathlib import Path

from tests.csv_texts import people
from tests.harness import Sandbox
from tests.tty.terminal import Terminal

ESC = b"\x1b"


def test_a_terminal_gets_a_table_and_is_told_that_the_data_is_made_up(
    sandbox: Sandbox, terminal: Terminal
) -> None:
    assert terminal.run("path", "channel", "list", environ=sandbox.environ()) == 0
    assert terminal.lines[0] == "Note: a sandbox answers; its data is made up"
    assert terminal.lines[1].split()[:3] == ["ID", "Name", "Icon"]
    assert terminal.lines[3].split()[:2] == ["1", "Newsletter"]


def test_the_word_error_is_bold_red(sandbox: Sandbox, terminal: Terminal) -> None:
    assert terminal.run("path", "channel", "get", "99", environ=sandbox.environ()) == 4
    assert terminal.find("Error") == "Error: Channel 99 not found"
    assert terminal.style_of("Error") == ("red", True)
    assert terminal.style_of("Channel 99") == ("default", False)


def test_stderr_in_a_file_gets_no_escape_codes(
    sandbox: Sandbox, terminal: Terminal, tmp_path: Path
) -> None:
    job_id = sandbox.finish_import(people(3, bad=2))
    with (tmp_path / "err").open("wb") as err:
        arguments = ("path", "import", "wait", str(job_id))
        assert terminal.run(*arguments, environ=sandbox.environ(), stderr=err) == 6
    assert terminal.style_of("PARTIAL_SUCCESS") == ("brown", False)
    said = (tmp_path / "err").read_bytes()
    assert b"Error: import" in said
    assert ESC not in said
    # nor is the file somebody to whom a sandbox must be pointed out
    assert b"made up" not in said


def test_stdout_in_a_file_gets_no_escape_codes(
    sandbox: Sandbox, terminal: Terminal, tmp_path: Path
) -> None:
    job_id = sandbox.finish_import(people(3, bad=2))
    with (tmp_path / "out").open("wb") as out:
        arguments = ("path", "import", "wait", str(job_id), "--format=table")
        assert terminal.run(*arguments, environ=sandbox.environ(), stdout=out) == 6
    assert terminal.style_of("Error") == ("red", True)
    assert b"PARTIAL_SUCCESS" in (tmp_path / "out").read_bytes()
    assert ESC not in (tmp_path / "out").read_bytes()


def test_wide_characters_are_aligned(sandbox: Sandbox, terminal: Terminal) -> None:
    for name in ("東京の展示会", "Fête 🎉🎉", "서울", "Zoë"):  # the last e is two characters
        made = sandbox.ask("POST", "/path/channel", json={"name": name, "icon": "icon-of-it"})
        assert made.status_code == 200
    terminal.run("path", "channel", "list", environ=sandbox.environ())
    _, expected = terminal.place_of("Icon")
    rows = [
        row for row in range(terminal.screen.lines) if "icon-of-it" in terminal.screen.display[row]
    ]
    assert len(rows) == 4
    for row in rows:
        cells = [terminal.screen.buffer[row][expected + place].data for place in range(10)]
        assert "".join(cells) == "icon-of-it"
        assert terminal.screen.buffer[row][expected - 1].data == " "


def test_control_characters_are_shown_and_not_obeyed(sandbox: Sandbox, terminal: Terminal) -> None:
    name = "two\nlines\tand\x1b[31mred\x07"
    assert sandbox.run("path", "channel", "create", "--name", name).code == 0
    terminal.resize(200)
    terminal.run("path", "channel", "list", environ=sandbox.environ(NO_COLOR="1"))
    assert r"two\nlines\tand\x1b[31mred\x07" in terminal.find("two")
    assert ESC not in terminal.raw
    assert b"\x07" not in terminal.raw
