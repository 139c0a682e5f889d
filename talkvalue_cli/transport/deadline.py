"""How one exchange is bounded: within a limit, however it hangs."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Protocol, TypeVar

from talkvalue_cli import signals

T = TypeVar("T")

CONNECT_TIMEOUT_S = 5.0
READ_TIMEOUT_S = 30.0
#: urllib3 bounds each write by the connect timeout: a server may stop reading for a while
UPLOAD_WRITE_TIMEOUT_S = 60.0
#: after an upload the server reads through the whole file before it says anything
UPLOAD_READ_TIMEOUT_S = 300.0
#: an exchange without a limit of its own may take this long altogether
EXCHANGE_LIMIT_S = 60.0
TICK_S = 0.25


class RunWithin(Protocol):
    """A way to bound work, as `run_within` is one."""

    def __call__(
        self,
        limit_s: float | None,
        work: Callable[[], T],
        on_tick: Callable[[], None] | None = None,
    ) -> T:
        """Return what work returns. Raises TimeoutError when the limit passes."""


def run_within(
    limit_s: float | None, work: Callable[[], T], on_tick: Callable[[], None] | None = None
) -> T:
    """Return what work returns, or raise what it raises, but not after the limit.

    The work goes to a thread of its own. A socket timeout bounds each read
    only, and a look-up of a host name has none at all; here the whole of it is
    bounded, and a signal is handled at once because this thread only waits.
    Work that is given up goes on in its thread, which does not keep the
    process from ending.

    Raises TimeoutError when the limit passes.
    """
    done = threading.Event()
    results: list[T] = []
    failures: list[BaseException] = []

    def run() -> None:
        try:
            results.append(work())
        except BaseException as error:  # noqa: BLE001 - handed over to the waiting thread
            failures.append(error)
        finally:
            done.set()

    # nothing is sent any more after a signal
    signals.check()
    threading.Thread(target=run, daemon=True).start()
    end = float("inf") if limit_s is None else time.monotonic() + limit_s
    while not _wait(done, max(0.0, min(TICK_S, end - time.monotonic()))):
        if on_tick is not None:
            on_tick()
        if time.monotonic() >= end:
            raise TimeoutError(f"no complete answer within {limit_s:.3g} s")
    if failures:
        raise failures[0]
    return results[0]


def _wait(done: threading.Event, seconds: float) -> bool:
    with signals.point():
        return done.wait(seconds)
