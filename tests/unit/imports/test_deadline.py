"""The deadline of a run."""

from __future__ import annotations

import pytest

from talkvalue_cli.imports.deadline import Deadline
from tests.fakes import FakeClock


def test_seconds_count_by_the_clock() -> None:
    clock = FakeClock()
    deadline = Deadline(clock, 10)
    assert (deadline.timeout_s, deadline.elapsed_s, deadline.left_s()) == (10, 0, 10)
    clock.sleep(4)
    assert (deadline.elapsed_s, deadline.left_s(), deadline.is_over()) == (4, 6, False)
    clock.sleep(8)
    assert (deadline.elapsed_s, deadline.left_s(), deadline.is_over()) == (12, -2, True)


@pytest.mark.parametrize(
    ("slept_s", "is_over"), [(9.99, False), (9.9995, True), (10.0, True), (11.0, True)]
)
def test_a_pause_that_ends_an_instant_early_has_reached_it(slept_s: float, is_over: bool) -> None:
    clock = FakeClock()
    deadline = Deadline(clock, 10)
    clock.sleep(slept_s)
    assert deadline.is_over() is is_over


def test_without_a_limit_it_is_never_over() -> None:
    clock = FakeClock()
    deadline = Deadline(clock, None)
    clock.sleep(1e9)
    assert (deadline.left_s(), deadline.is_over(), deadline.cut(1e12)) == (None, False, 1e12)


def test_no_time_is_over_at_once() -> None:
    deadline = Deadline(FakeClock(), 0)
    assert (deadline.is_over(), deadline.cut(5)) == (True, 0)


@pytest.mark.parametrize(
    ("wanted_s", "slept_s", "cut_s"), [(3, 0, 3), (10, 4, 6), (10, 10, 0), (10, 20, 0), (0, 0, 0)]
)
def test_a_pause_is_cut_to_what_is_left(wanted_s: float, slept_s: float, cut_s: float) -> None:
    clock = FakeClock()
    deadline = Deadline(clock, 10)
    clock.sleep(slept_s)
    assert deadline.cut(wanted_s) == cut_s


def test_what_is_done_in_a_pause_of_it_takes_nothing() -> None:
    clock = FakeClock()
    deadline = Deadline(clock, 10)
    clock.sleep(4)
    with deadline.paused():
        clock.sleep(100)
    assert (deadline.elapsed_s, deadline.left_s()) == (4, 6)
    clock.sleep(6)
    assert deadline.is_over()


def test_what_fails_in_a_pause_of_it_takes_nothing_either() -> None:
    clock = FakeClock()
    deadline = Deadline(clock, 10)
    with pytest.raises(ValueError, match="refused"), deadline.paused():
        clock.sleep(100)
        raise ValueError("refused")
    assert deadline.elapsed_s == 0
