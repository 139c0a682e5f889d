"""The loop itself."""

from __future__ import annotations

import pytest

from talkvalue_cli.poller import wait_until


def test_looks_are_repeated_until_one_is_finished() -> None:
    slept: list[float] = []
    answers = iter([1, 2, 3])
    found = wait_until(
        lambda: next(answers),
        is_finished=lambda seen: seen == 3,
        pause_s=lambda: 0.5,
        should_stop=lambda: False,
        sleep=slept.append,
    )
    assert (found, slept) == (3, [0.5, 0.5])


def test_it_stops_when_told_to_and_returns_nothing() -> None:
    looks: list[int] = []
    found = wait_until(
        lambda: looks.append(1),
        is_finished=lambda seen: False,
        pause_s=lambda: 1.0,
        should_stop=lambda: len(looks) == 4,
        sleep=lambda seconds: None,
    )
    assert (found, len(looks)) == (None, 4)


@pytest.mark.parametrize("error", [ValueError("broken"), OSError(), KeyboardInterrupt()])
def test_an_error_leaves_at_once(error: BaseException) -> None:
    def look() -> int:
        raise error

    with pytest.raises(type(error)):
        wait_until(
            look,
            is_finished=lambda seen: True,
            pause_s=lambda: pytest.fail("a pause was asked for"),
            should_stop=lambda: False,
            sleep=lambda seconds: None,
        )
