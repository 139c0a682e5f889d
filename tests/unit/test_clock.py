"""The machine's clock."""

from __future__ import annotations

from talkvalue_cli.clock import SystemClock


def test_sleep_lasts_as_long_as_it_was_told() -> None:
    clock = SystemClock()
    before = clock.now()
    clock.sleep(0.05)
    assert 0.05 <= clock.now() - before < 1


def test_sleep_of_nothing_and_less_returns_at_once() -> None:
    clock = SystemClock()
    before = clock.now()
    clock.sleep(0)
    clock.sleep(-5)
    assert clock.now() - before < 0.5
