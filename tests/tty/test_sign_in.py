"""Signing in at a terminal: the page is approved elsewhere, the organization is chosen here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness import Sandbox
from tests.process import user
from tests.process.user import User
from tests.tty.terminal import Terminal

CTRL_C, CTRL_D = "\x03", "\x04"
PROMPT = "Number or name [1-3]:"


@pytest.fixture(scope="module")
def approving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A sandbox that approves each sign-in by itself."""
    server = Sandbox(tmp_path_factory.mktemp("approving"), "--auto-approve")
    yield server
    server.stop()


@pytest.fixture(scope="module")
def waiting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A sandbox in which each sign-in waits for its approval."""
    server = Sandbox(tmp_path_factory.mktemp("waiting"), "--device-interval=1")
    yield server
    server.stop()


def _wait_for_questions(terminal: Terminal, number: int) -> None:
    terminal.wait_until(
        lambda: sum(PROMPT in line for line in terminal.lines) == number, f"{number} questions"
    )


def _read_code(terminal: Terminal) -> str:
    terminal.wait_for("Waiting for approval")
    place = terminal.lines.index("The page shows this code, or asks for it:")
    return terminal.lines[place + 1].strip()


def test_the_organization_is_chosen(approving: Sandbox, own_home: Path, terminal: Terminal) -> None:
    ada = User(own_home, approving)
    terminal.start("auth", "login", environ=ada.environ)
    terminal.wait_for(PROMPT)
    place = terminal.lines.index("Which organization?")
    assert terminal.lines[place + 1 : place + 4] == [
        "  1  Harbor Meetups (org_harbor)",
        "  2  Northwind Academy (org_academy)",
        "  3  Sandbox Events (org_sandbox)",
    ]
    terminal.type("sandbox EVENTS\n")
    assert terminal.finish() == 0
    assert terminal.find("✓ Logged in as ada.baker@example.com")
    assert ada.config["profiles"]["ada-baker"]["org_name"] == "Sandbox Events"


def test_a_wrong_answer_is_asked_again(
    approving: Sandbox, own_home: Path, terminal: Terminal
) -> None:
    ada = User(own_home, approving)
    ada.arrive("org_sandbox")
    terminal.start("auth", "switch", environ=ada.environ)
    for number, answer in enumerate(("", "narnia", "²"), start=1):
        _wait_for_questions(terminal, number)
        terminal.type(f"{answer}\n")
        terminal.wait_for(f"'{answer}' is none of them")
    terminal.type("1\n")
    assert terminal.finish() == 0
    assert terminal.find("✓ Switched to Harbor Meetups")


@pytest.mark.parametrize(("key", "code"), [(CTRL_C, 130), (CTRL_D, 2)])
def test_giving_up_at_the_question_stores_nothing(
    approving: Sandbox, own_home: Path, terminal: Terminal, key: str, code: int
) -> None:
    ada = User(own_home, approving)
    terminal.start("auth", "login", environ=ada.environ)
    terminal.wait_for(PROMPT)
    terminal.type(key)
    assert terminal.finish() == code
    if key == CTRL_C:
        assert terminal.raw.endswith(b": ^C\r\n")
    assert list(ada.config_folder.iterdir()) == []


def test_the_page_approves_it(waiting: Sandbox, own_home: Path, terminal: Terminal) -> None:
    ada = User(own_home, waiting)
    terminal.start("auth", "login", "--org", "org_academy", environ=ada.environ)
    code = _read_code(terminal)
    assert terminal.find(f"{waiting.url}/device")
    user.decide(waiting, code, "approve")
    assert terminal.finish() == 0
    assert terminal.find("orgName").split(maxsplit=1)[1:] == ["Northwind Academy"]


def test_ctrl_c_ends_the_wait_for_approval(
    waiting: Sandbox, own_home: Path, terminal: Terminal
) -> None:
    ada = User(own_home, waiting)
    terminal.start("auth", "login", environ=ada.environ)
    _read_code(terminal)
    terminal.type(CTRL_C)
    assert terminal.finish(2) == 130
    assert terminal.raw.endswith(b"^C\r\n")
    assert list(ada.config_folder.iterdir()) == []


def test_a_question_goes_to_the_terminal_and_the_answer_to_the_pipe(
    approving: Sandbox, own_home: Path, terminal: Terminal, tmp_path: Path
) -> None:
    ada = User(own_home, approving)
    with (tmp_path / "out").open("wb") as out:
        terminal.start("auth", "login", environ=ada.environ, stdout=out)
        terminal.wait_for(PROMPT)
        terminal.type("3\n")
        assert terminal.finish() == 0
    assert '"orgId": "org_sandbox"' in (tmp_path / "out").read_text()
