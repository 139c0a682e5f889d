"""Fixtures of the tests that go from argv to exit code in the world."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.world import Machine, MakeWorld, World


@pytest.fixture(scope="module")
def share_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MakeWorld]:
    """Return a function that makes a world for all tests of a module."""
    made: list[World] = []

    def share(*options: str) -> World:
        made.append(World(tmp_path_factory.mktemp("shared"), *options))
        return made[-1]

    yield share
    for world in made:
        world.close()


@pytest.fixture
def ada(make_world: MakeWorld) -> Machine:
    """The machine of somebody who is not signed in yet; the sandbox approves by itself."""
    machine = make_world("--auto-approve").machine
    machine.forget_token()
    return machine
