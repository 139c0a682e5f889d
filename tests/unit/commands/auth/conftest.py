"""The server that tests of `auth` sign in at."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import responses
from responses.registries import OrderedRegistry


@pytest.fixture
def http() -> Iterator[responses.RequestsMock]:
    """Answers in the order in which they are added; one that is not used fails the test."""
    with responses.RequestsMock(registry=OrderedRegistry) as mock:
        yield mock
