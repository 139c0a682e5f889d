"""The loop: poll, judge, pause, poll again. The only module that imports tenacity."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import tenacity

T = TypeVar("T")


def wait_until(
    poll: Callable[[], T],
    *,
    is_finished: Callable[[T], bool],
    pause_s: Callable[[], float],
    should_stop: Callable[[], bool],
    sleep: Callable[[float], None],
) -> T | None:
    """Poll until the result is finished, and return it; None when told to stop before.

    poll: returns what it sees. Whatever it raises, an interrupt among them,
        leaves at once; a failure that is worth another poll is a result.
    pause_s: the delay before the next poll, in seconds; asked after each poll.
    should_stop: asked after each poll that did not finish, before the delay.
    """
    retrying = tenacity.Retrying(
        retry=tenacity.retry_if_result(lambda seen: not is_finished(seen)),
        # our own callables: tenacity's stop rules read the real clock even when sleep is replaced
        wait=lambda _: pause_s(),
        stop=lambda _: should_stop(),
        sleep=sleep,
        retry_error_callback=lambda _: None,
    )
    return retrying(poll)
