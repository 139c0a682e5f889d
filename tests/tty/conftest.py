"""Fixtures of the tests that look at a terminal."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.harness import Sandbox
from tests.tty.terminal import Terminal


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    """A terminal of 100 columns."""
    terminal = Terminal()
    yield terminal
    terminal.close()


@pytest.fixture(scope="module")
def slow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A sandbox that imports 50 rows a second."""
    server = Sandbox(tmp_path_factory.mktemp("slow"), "--rows-per-second=50")
    yield server
    server.stop()
