"""The loop: look, judge, nap, look again. The only module that imports tenacity."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import tenacity

T = TypeVar("T")


def wait_until(
    look: Callable[[], T],
    *,
    is_finished: Callable[[T], bool],
    pause_s: Callable[[], float],
    should_stop: Callable[[], bool],
    sleep: Callable[[float], None],
) -> T | None:
    """Look until the result is finished, and return it; None when told to stop before.

    look: returns what it sees. Whatever it raises, an interrupt among them,
        leaves at once; a failure that is worth another look is a result.
    pause_s: the nap before the next look, in seconds; asked after each look.
    should_stop: asked after each look that did not finish, before the nap.
    """
    retrying = tenacity.Retrying(
        retry=tenacity.retry_if_result(lambda seen: not is_finished(seen)),
        # our own callables: tenacity's stop rules read the real clock even when sleep is replaced
        wait=lambda _: pause_s(),
        stop=lambda _: should_stop(),
        sleep=sleep,
        retry_error_callback=lambda _: None,
    )
    return retrying(look)
