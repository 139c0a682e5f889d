"""Fixtures of the tests that run the program as a process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.harness import Sandbox
from tests.process.stub_server import StubServer
from tests.process.user import User
from tests.replies import Reply


@pytest.fixture
def start_stub(tmp_path: Path) -> Iterator[Callable[..., StubServer]]:
    """Return a function that starts a stub with its replies; all are stopped in the end."""
    started: list[StubServer] = []

    def start(*replies: Reply) -> StubServer:
        started.append(StubServer(tmp_path, *replies))
        return started[-1]

    yield start
    for stub in started:
        stub.stop()


@pytest.fixture(scope="session")
def approving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A sandbox that approves each sign-in by itself, shared by all tests."""
    server = Sandbox(tmp_path_factory.mktemp("approving"), "--auto-approve")
    yield server
    server.stop()


@pytest.fixture
def ada(approving: Sandbox, own_home: Path) -> User:
    """Somebody who is not signed in yet."""
    return User(own_home, approving)
