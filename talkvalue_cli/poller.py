"""The loop: poll, pause, poll again. The only module that imports tenacity."""

from __future__ import annotations

from collections.abc import Callable

import tenacity


def repeat(poll: Callable[[], float | None], sleep: Callable[[float], None]) -> None:
    """Poll until there is nothing left to poll for.

    poll: asks once, and returns the pause before the next time in seconds, or
        None at the end. Whatever it raises, an interrupt among them, leaves at
        once; a failure that is worth another poll is a pause.
    sleep: lets that many seconds pass.
    """

    def pause_s(state: tenacity.RetryCallState) -> float:
        assert state.outcome is not None
        return float(state.outcome.result())

    tenacity.Retrying(
        retry=tenacity.retry_if_result(lambda delay_s: delay_s is not None),
        # our own callable: tenacity's stop rules read the real clock even when sleep is replaced
        wait=pause_s,
        stop=tenacity.stop_never,
        sleep=sleep,
    )(poll)
