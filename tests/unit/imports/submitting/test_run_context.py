"""What goes with each file of a run."""

from __future__ import annotations

from unittest.mock import Mock

import pytest

from talkvalue_cli.imports.listener import SilentListener
from talkvalue_cli.imports.submitting.run_context import LockPatience
from tests.fakes import FakeClock


class Notes(SilentListener):
    """Keeps what is told."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def note(self, text: str) -> None:
        self.told.append(text)


@pytest.mark.parametrize(("timeout_s", "patient"), [(None, 20), (10.0, 10), (0.0, 0)])
def test_another_run_is_waited_for_until_the_deadline_and_told_of_once(
    timeout_s: float | None, patient: int
) -> None:
    clock, listener = FakeClock(), Notes()
    patience = LockPatience(Mock(path="a.csv"), clock, listener, timeout_s)
    waited = 0
    while patience.may_wait() and waited < 20:
        clock.sleep(1)
        waited += 1
    assert waited == patient
    assert listener.told == ["a.csv: another run is sending it; waiting for it"]
