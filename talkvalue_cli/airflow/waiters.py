"""One thread that waits for the imports of many triggers.

A triggerer has thousands of triggers in one event loop. If each polled for
itself, 1000 imports would be some 170 requests a second; one Waiter for all of
them reads the list, with some 5. It is synchronous, so it has a thread, and
triggers have a future each.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
import time
from collections.abc import Callable
from typing import Any, NamedTuple

from talkvalue_cli import imports
from talkvalue_cli.errors import TalkValueError
from talkvalue_cli.imports import ImportResult, Waiter, WaitLimits

_log = logging.getLogger(__name__)
#: waits that are added wait so long for others after a poll, in seconds, which share the next
GATHER_S = 2.0
#: what an event says when the deadline has passed, and when there is nobody to wait
TIMEOUT, ERROR = imports.Outcome.TIMEOUT.value, imports.Outcome.ERROR.value

Event = dict[str, Any]


class Key(NamedTuple):
    """What waits have to have in common to be carried out by one waiter.

    conn_id: of the connection, which stands for its server and token.
    """

    conn_id: str
    stall_timeout_s: float | None = None
    retry_for_s: float = 300.0
    interval_s: float | None = None

    @property
    def limits(self) -> WaitLimits:
        """The limits of the waiter; each wait has a deadline of its own."""
        return WaitLimits(
            timeout_s=None,
            stall_timeout_s=self.stall_timeout_s,
            retry_for_s=self.retry_for_s,
            interval_s=self.interval_s,
        )


class Wait:
    """One trigger's wait. Make it in the event loop in which `future` is awaited.

    deadline: epoch seconds, None for none. is_new: the import was created just now.
    future: the event, or None when the waiter was given up before it had a client.
    """

    def __init__(self, job_id: int, deadline: float | None, *, is_new: bool = False) -> None:
        self.job_id, self.deadline, self.is_new = job_id, deadline, is_new
        self._loop = asyncio.get_running_loop()
        self.future: asyncio.Future[Event | None] = self._loop.create_future()

    def tell(self, event: Event | None) -> None:
        """Set the future, from any thread."""

        def settle() -> None:
            if not self.future.done():
                self.future.set_result(event)

        with contextlib.suppress(RuntimeError):  # the loop has ended, and nobody listens
            self._loop.call_soon_threadsafe(settle)


class SharedWaiter(imports.SilentListener):
    """Waits for whatever is added, in a thread that ends when there is nothing left.

    `add`, `remove` and `close` may be called from any thread, and block for no
    longer than it takes to change a list. It is the listener of the Waiter that it uses.

    now: epoch seconds.
    has_started: there is a thread, or there was one.
    """

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._changed = threading.Event()
        self._waits: dict[Wait, None] = {}
        self._is_closed = self._is_put_off = False
        self.has_started = False

    def add(self, wait: Wait) -> bool:
        """Take a wait in; False when this waiter has ended."""
        with self._lock:
            if self._is_closed:
                return False
            self._waits[wait] = None
        self._changed.set()
        return True

    def remove(self, wait: Wait) -> None:
        """Wait for it no longer; with the last one this waiter ends."""
        with self._lock:
            self._waits.pop(wait, None)
            self._is_closed = not self._waits
        if self._is_closed:
            self._changed.set()

    def close(self, event: Event | None) -> None:
        """Take nothing in any more, and tell everybody who waits still."""
        with self._lock:
            self._is_closed = True
            waits, self._waits = self._waits, {}
        for wait in waits:
            wait.tell(event)

    def start(self, waiter: Waiter) -> None:
        """Begin to poll, in a thread."""
        self.has_started = True
        threading.Thread(target=self._work, args=(waiter,), name="talkvalue", daemon=True).start()

    def _work(self, waiter: Waiter) -> None:
        try:
            while not self._is_closed and (delay_s := self.poll(waiter)) is not None:
                self._pause(delay_s)
        finally:
            # nobody is to wait for ever for what nobody looks at
            self.close(make_error("the waiter has ended; the log of the triggerer says why"))

    def poll(self, waiter: Waiter) -> float | None:
        """Ask once, tell what has ended, and return the seconds to the next poll.

        None, when there is nothing left to wait for; nothing can be added then.
        """
        waits = self._take(waiter)
        self._is_put_off = False
        delays_s = [waiter.poll() or 0.0]
        now = self._now()
        for wait in waits:
            event = _judge(waiter, wait, now)
            if event is not None:
                self.remove(wait)
                wait.tell(event)
            elif wait.deadline is not None:
                # a last poll is made at the deadline, or soon after it for all that are near
                delays_s.append(max(wait.deadline - now, GATHER_S))
        return None if self._is_closed else min(delays_s)

    def poll_failed(self, job_id: int, error: TalkValueError, retry_in_s: float) -> None:
        """Take note that a server which has to be left alone is not to be asked for others."""
        self._is_put_off = True
        _log.warning("polling import %s and others: %s", job_id, error.text)

    def _take(self, waiter: Waiter) -> list[Wait]:
        """Bring the waiter up to date with who waits, and return them."""
        with self._lock:
            self._changed.clear()
            waits = [*self._waits]
        wanted = {wait.job_id for wait in waits}
        # a result is for those who waited; who comes later asks again
        for job_id in [*waiter.histories]:
            if job_id not in wanted or job_id in waiter.results:
                waiter.forget(job_id)
        for wait in waits:
            waiter.add(wait.job_id, is_new=wait.is_new)
            wait.is_new = False
        return waits

    def shorten(self, seconds: float) -> float:
        """Return how long a pause is when there are others to wait for, in seconds."""
        return seconds if self._is_put_off else min(seconds, GATHER_S)

    def _pause(self, seconds: float) -> None:
        """Wait so long, or until there are others who want a poll, and their like have gathered."""
        began_at = time.monotonic()
        while not self._is_closed:
            rest_s = seconds - (time.monotonic() - began_at)
            if rest_s <= 0 or not self._changed.wait(rest_s):
                return
            self._changed.clear()
            seconds = self.shorten(seconds)


def _judge(waiter: Waiter, wait: Wait, now: float) -> Event | None:
    """Return the event of a wait that is over: by its record, else by the clock."""
    result = waiter.results.get(wait.job_id)
    if result is not None:
        return make_event(result)
    if wait.deadline is None or now < wait.deadline:
        return None
    return _to_event(wait.job_id, TIMEOUT, waiter.histories[wait.job_id].job)


_shared: dict[Key, SharedWaiter] = {}
_registry = threading.Lock()


def join(key: Key, wait: Wait) -> tuple[SharedWaiter, bool]:
    """Return the waiter that has taken a wait in, and whether it was made for it.

    Who had it made has to `start` or `close` it. Nothing is awaited here: triggers
    that start together would make a waiter each.
    """
    with _registry:
        shared = _shared.get(key)
        if shared is not None and shared.add(wait):
            return shared, False
        _shared[key] = shared = SharedWaiter()
        shared.add(wait)
        return shared, True


def make_event(result: ImportResult) -> Event:
    """Return a result as JSON has it, without the people's data in it."""
    error = result.error
    told = None if error is None else {"message": error.text, "code": error.code}
    return _to_event(result.job_id, result.outcome.value, result.job, told)


def make_error(message: str, code: str = "ERROR") -> Event:
    """Return the event of a wait that could not go on."""
    return _to_event(None, ERROR, None, {"message": message, "code": code})


def _to_event(
    job_id: int | None, outcome: str, job: Any, error: dict[str, str] | None = None
) -> Event:
    shown = None if job is None else imports.without_values(job)
    return {"jobId": job_id, "outcome": outcome, "job": shown, "error": error}
