"""The loop itself."""

from __future__ import annotations

import pytest

from talkvalue_cli import poller


def test_polls_are_repeated_after_the_pauses_that_they_ask_for_until_one_asks_for_none() -> None:
    slept: list[float] = []
    pauses = iter([0.5, 0.0, 2.0, None])
    poller.repeat(lambda: next(pauses), slept.append)
    assert slept == [0.5, 0.0, 2.0]
    assert next(pauses, "over") == "over"


def test_a_poll_that_asks_for_none_at_once_is_the_only_one() -> None:
    polls: list[int] = []
    poller.repeat(lambda: polls.append(1), lambda seconds: pytest.fail("it slept"))
    assert polls == [1]


@pytest.mark.parametrize("error", [ValueError("broken"), OSError(), KeyboardInterrupt()])
def test_an_error_leaves_at_once(error: BaseException) -> None:
    def poll() -> float:
        raise error

    with pytest.raises(type(error)):
        poller.repeat(poll, lambda seconds: pytest.fail("it slept"))


def test_an_interrupted_pause_leaves_at_once() -> None:
    def sleep(seconds: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        poller.repeat(lambda: 1.0, sleep)
