"""The question before something is deleted, as somebody at a terminal sees it."""

from __future__ import annotations

from pathlib import Path

from tests.harness import Sandbox
from tests.tty.terminal import Terminal


def test_a_delete_is_asked_about_and_done_after_a_yes(sandbox: Sandbox, terminal: Terminal) -> None:
    for answer, code, status in (("n\n", 1, 200), ("y\n", 0, 404)):
        terminal.start("path", "person", "delete", "7", environ=sandbox.environ())
        terminal.wait_for("Delete person 7 (Ada Garcia <ada.garcia@example.com>) for good? [y/N]")
        terminal.type(answer)
        assert terminal.finish() == code
        assert sandbox.ask("GET", "/path/person/7").status_code == status
        terminal.screen.reset()


def test_the_error_comes_on_a_fresh_line_after_ctrl_c_at_a_question_about_a_file(
    sandbox: Sandbox, terminal: Terminal, tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Email,E-mail\na@x.org,b@x.org\n")
    command = ("path", "import", "run", str(path), "--source-id=1", "--mode=SKIP")
    terminal.start(*command, environ=sandbox.environ())
    terminal.wait_for("Number or name")
    terminal.type("\x03")
    assert terminal.finish() == 130
    assert terminal.find("Error").startswith("Error: interrupted (SIGINT) while ")
