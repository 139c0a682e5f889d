"""Fixtures of the sandbox's own tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from .bench import Bench
from .process import ServerProcess
from .program import Program


@pytest.fixture
def open_bench(tmp_path: Path) -> Iterator[Callable[..., Bench]]:
    """Return a function that opens the sandbox of this test, closing the one before."""
    opened: list[Bench] = []

    def open_next(**settings: Any) -> Bench:
        if opened:
            opened.pop().close()
        opened.append(Bench(tmp_path, **settings))
        return opened[0]

    yield open_next
    for last in opened:
        last.close()


@pytest.fixture
def bench(open_bench: Callable[..., Bench]) -> Bench:
    """A fresh sandbox without sockets, with nothing that slows it down."""
    return open_bench()


@pytest.fixture
def program(bench: Bench) -> Program:
    """A program that can sign in to the fresh sandbox."""
    return Program(bench)


@pytest.fixture
def start_server(tmp_path: Path) -> Iterator[Callable[..., ServerProcess]]:
    """Return a function that starts real server processes; all are killed in the end."""
    started: list[ServerProcess] = []

    def start(*options: str) -> ServerProcess:
        started.append(ServerProcess(tmp_path, *options))
        return started[-1]

    yield start
    for server in started:
        server.kill()
