"""Fixtures of the tests that go from argv to exit code in the world."""

from __future__ import annotations

import pytest

from tests.world import Machine, MakeWorld


@pytest.fixture
def ada(make_world: MakeWorld) -> Machine:
    """The machine of somebody who is not signed in yet; the sandbox approves by itself."""
    machine = make_world("--auto-approve").machine
    machine.forget_token()
    return machine
