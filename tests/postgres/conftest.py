"""Fixtures of the tests that need a PostgreSQL; `make test-postgres` runs them."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.postgres.database import Database, share_journal
from tests.postgres.server import Pooler, Server
from tests.world import MakeWorld, World

_HERE = f"{Path(__file__).parent}/"


def pytest_ignore_collect(config: pytest.Config) -> bool | None:
    """Leave this folder out where nobody asks for it: what it imports may not be installed."""
    return True if "not postgres" in config.option.markexpr else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark whatever is in this folder."""
    for item in items:
        if str(item.path).startswith(_HERE):
            item.add_marker(pytest.mark.postgres)


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A server, shared by all tests."""
    started = Server()
    yield started
    started.remove()


@pytest.fixture(scope="session")
def _database(server: Server) -> str:
    return server.make_database()


@pytest.fixture
def url(server: Server, _database: str) -> Iterator[str]:
    """A database that is empty when a test begins."""
    yield _database
    server.empty_database(_database)


@pytest.fixture
def start_pooler(server: Server) -> Iterator[Callable[..., Pooler]]:
    """Return a function that starts a pooler before the server; all are stopped in the end."""
    with contextlib.ExitStack() as stack:

        def start(mode: str, size: int = 5) -> Pooler:
            pooler = Pooler(server, mode, size)
            stack.callback(pooler.remove)
            return pooler

        yield start


@pytest.fixture
def place(server: Server, url: str) -> Iterator[Database]:
    """An empty database; the journals in it are closed in the end."""
    with contextlib.ExitStack() as stack:
        yield Database(server, url, stack)


@pytest.fixture
def share(url: str, monkeypatch: pytest.MonkeyPatch) -> Callable[[World], World]:
    """Return a function that has all machines of a world share the database as their journal."""

    return lambda world: share_journal(world, url, monkeypatch)


@pytest.fixture
def shared(make_world: MakeWorld, share: Callable[[World], World]) -> World:
    """A world whose machines share the database as their journal."""
    return share(make_world())
