"""The question before something is deleted, as somebody at a terminal sees it."""

from __future__ import annotations

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
