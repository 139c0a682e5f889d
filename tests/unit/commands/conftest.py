"""What tests of commands have in common."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import responses

from tests.unit.commands.signed_in import Home


@pytest.fixture
def mock() -> Iterator[responses.RequestsMock]:
    """HTTP in which only what a test allows is answered."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


@pytest.fixture
def home(own_home: Path) -> Home:
    return Home(own_home)
