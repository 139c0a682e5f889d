"""An empty database for a journal, and what can be done to it."""

from __future__ import annotations

import contextlib
import subprocess
from collections.abc import Callable
from typing import Any, ClassVar

import pytest

from talkvalue_cli.imports import open_journal
from talkvalue_cli.imports.submitting.journal import Journal
from tests.fakes import FakeClock
from tests.postgres.server import Server
from tests.unit.imports.submitting.journal_suite import start_python
from tests.world import Machine, World


class Database:
    """A journal in a database, see `journal_suite.Place`."""

    pauses_s: ClassVar[list[float]] = [0.05, 0.1, 0.2]

    def __init__(self, server: Server, url: str, stack: contextlib.ExitStack) -> None:
        self._server, self.url, self._stack = server, url, stack

    def open(self, sleep: Callable[[float], None] | None = None) -> Journal:
        """Open the journal; it is closed in the end."""
        sleep = sleep or FakeClock().sleep
        return self._stack.enter_context(open_journal(self.url, sleep=sleep))

    def start(self, script: str) -> subprocess.Popen[str]:
        """Start a process with the journal as `book`."""
        opening = (
            "stack = contextlib.ExitStack()\nbook = stack.enter_context(open_journal(sys.argv[1]))"
        )
        return start_python(opening, f"with stack:\n{_indent(script)}", self.url)

    def damage(self, column: str, value: object) -> None:
        """Put something into the column of the row 2 that this program would not."""
        self.ask(f"UPDATE talkvalue_attempts SET {column} = %s WHERE id = 2", value)

    def ask(self, query: str, *values: object) -> list[Any]:
        """Run a statement as whoever looks after the database; return its rows."""
        with self._server.connect(self.url) as connection:
            cursor = connection.execute(query.encode(), values)
            return cursor.fetchall() if cursor.description else []


def _indent(script: str) -> str:
    return "".join(f"    {line}\n" for line in script.splitlines())


def share_journal(world: World, url: str, monkeypatch: pytest.MonkeyPatch) -> World:
    """Have all machines of a world keep their journal in a database; return the world."""
    plain = world.another_machine

    def another_machine(name: str) -> Machine:
        machine = plain(name)
        machine.environ["TALKVALUE_JOURNAL"] = url
        return machine

    world.machine.environ["TALKVALUE_JOURNAL"] = url
    monkeypatch.setattr(world, "another_machine", another_machine)
    return world
