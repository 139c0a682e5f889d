"""How one exchange is bounded: within a limit, however it hangs, and sending nothing after that."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol, TypeVar

from talkvalue_cli import signals

T = TypeVar("T")

CONNECT_TIMEOUT_S = 5.0
READ_TIMEOUT_S = 30.0
#: urllib3 bounds each write by the connect timeout: a server may stop reading for a while
UPLOAD_WRITE_TIMEOUT_S = 60.0
#: after an upload the server reads through the whole file before it says anything
UPLOAD_READ_TIMEOUT_S = 300.0
#: an exchange without a limit of its own may take this long altogether, and so may each chunk of
#: a download
EXCHANGE_LIMIT_S = 60.0
#: a download may take this long altogether
DOWNLOAD_LIMIT_S = 3600.0
#: bytes a second: an upload has so much more time than its server
SLOWEST_UPLOAD = 2000
TICK_S = 0.25


def upload_limit_s(size: int) -> float:
    """Return how long an upload of so many bytes may take altogether, in seconds."""
    return UPLOAD_WRITE_TIMEOUT_S + UPLOAD_READ_TIMEOUT_S + size / SLOWEST_UPLOAD


class Exchange:
    """One exchange, which can be given up from outside while its thread waits for a socket."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._is_over = False
        self._cut: Callable[[], None] = lambda: None

    def begin(self, cut: Callable[[], None]) -> None:
        """Go on over a connection. Raises TimeoutError when the exchange was given up.

        cut: ends what the connection does, from another thread.
        """
        with self._guard:
            self.check()
            self._cut = cut

    def check(self) -> None:
        """Raise TimeoutError when the exchange was given up; for work that waits for nothing."""
        if self._is_over:
            raise TimeoutError("the exchange was given up")

    def give_up(self) -> None:
        """Cut the connection, and let no other begin."""
        with self._guard:
            self._is_over = True
            # a connection that is closed already, or was handed back whole
            with suppress(OSError, ValueError, RuntimeError):
                self._cut()


class _Thread(threading.local):
    """What a thread works on."""

    exchange: Exchange | None = None


_thread = _Thread()


def begin(cut: Callable[[], None]) -> None:
    """Begin over a connection with the exchange of this thread, see `Exchange.begin`."""
    if _thread.exchange is not None:
        _thread.exchange.begin(cut)


def check() -> None:
    """Raise TimeoutError when the exchange of this thread was given up."""
    if _thread.exchange is not None:
        _thread.exchange.check()


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
    process from ending; its connection is cut, and it gets no other one.

    Raises TimeoutError when the limit passes.
    """
    done = threading.Event()
    exchange = Exchange()
    results: list[T] = []
    failures: list[BaseException] = []

    def run() -> None:
        _thread.exchange = exchange
        try:
            results.append(work())
        except BaseException as error:  # noqa: BLE001 - handed over to the waiting thread
            failures.append(error)
        finally:
            done.set()

    # nothing is sent any more after a signal
    signals.check()
    threading.Thread(target=run, daemon=True).start()
    try:
        _wait_until(done, limit_s, on_tick)
    except BaseException:
        exchange.give_up()
        raise
    if failures:
        # not kept in the list: its traceback keeps this frame, and bodies of answers
        raise failures.pop()
    return results[0]


def _wait_until(
    done: threading.Event, limit_s: float | None, on_tick: Callable[[], None] | None
) -> None:
    end = float("inf") if limit_s is None else time.monotonic() + limit_s
    while not _wait(done, max(0.0, min(TICK_S, end - time.monotonic()))):
        if on_tick is not None:
            on_tick()
        if time.monotonic() >= end:
            raise TimeoutError(f"no complete answer within {limit_s:.3g} s")


def _wait(done: threading.Event, seconds: float) -> bool:
    with signals.point():
        return done.wait(seconds)
