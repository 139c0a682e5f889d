"""Signals: noted when they arrive, answered at named points, so that nothing is cut in two.

A point is where the program waits: a sleep, an exchange, the next chunk of a file, a lock, a
prompt, a library that is loaded. Everything between two points is done whole. Without `watch` all
this does nothing.
"""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from types import FrameType

from talkvalue_cli.errors import Interrupted

#: what ends a command; SIGHUP does not exist everywhere
ENDING = ("SIGINT", "SIGTERM", "SIGHUP")
#: what stops the process or ends it at once, and leaves the terminal to somebody else
_LEAVING = ("SIGTSTP", "SIGQUIT")


class _Watch:
    """The signals of a process: which one has arrived, and whether it may be answered now.

    give_back: leaves the terminal as a shell wants it; called at any moment.
    gives_back_at_once: the first signal calls it too, for the next one ends the process.
    """

    def __init__(self) -> None:
        self.noted: int | None = None
        self.is_at_point = False
        self.give_back: Callable[[], None] | None = None
        self.gives_back_at_once = False
        self.ending = _list_handled(ENDING)

    def note(self, signum: int, frame: FrameType | None) -> None:
        """Take note of the first signal; another one ends the process at once."""
        for each in self.ending:
            signal.signal(each, signal.SIG_DFL)
        self.noted = signum
        if self.gives_back_at_once and self.give_back is not None:
            self.give_back()
        if self.is_at_point:
            self.is_at_point = False
            raise Interrupted(signum)

    def leave(self, signum: int, frame: FrameType | None) -> None:
        """Give the terminal back, and do what the signal does by default."""
        if self.give_back is not None:
            self.give_back()
        signal.signal(signum, signal.SIG_DFL)
        signal.raise_signal(signum)
        # SIGCONT has come
        signal.signal(signum, self.leave)

    def answer(self) -> None:
        """Raise Interrupted if a signal has arrived, once for each."""
        if self.noted is not None:
            signum, self.noted = self.noted, None
            raise Interrupted(signum)


class _Point(AbstractContextManager[None]):
    """A call that waits: signals may be answered in the middle of it."""

    def __init__(self, watch: _Watch, has_begun: bool) -> None:
        self._watch, self._has_begun = watch, has_begun

    def __enter__(self) -> None:
        try:
            # in this order, so that a signal between the two is not missed
            self._watch.is_at_point = True
            if not self._has_begun:
                self._watch.answer()
        except Interrupted:
            self._watch.is_at_point, self._watch.noted = False, None
            raise

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        self._watch.is_at_point = False
        if isinstance(error, Interrupted):
            # only now: what is raised in a destructor never comes out of it
            self._watch.noted = None


#: the one of this process, whose signals there are only once
_watch: _Watch | None = None


def _list_handled(names: tuple[str, ...]) -> list[signal.Signals]:
    """Return the signals of these names that exist and are not ignored."""
    found = [getattr(signal, name) for name in names if hasattr(signal, name)]
    return [each for each in found if signal.getsignal(each) is not signal.SIG_IGN]


def _is_main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()


@contextmanager
def watch() -> Iterator[None]:
    """Take note of SIGINT, SIGTERM and SIGHUP in the block, and answer them at points.

    Only the first is noted; a second one ends the process at once, should the
    way out take too long. SIGTSTP and SIGQUIT do as they always do, but the
    terminal is given back before. A signal that is ignored stays ignored, as
    nohup(1) wants it. Does nothing outside the main thread, where Python allows
    no handlers.
    """
    global _watch
    if not _is_main_thread():
        yield
        return
    outer, _watch = _watch, _Watch()
    handlers = dict.fromkeys(_watch.ending, _watch.note)
    handlers |= dict.fromkeys(_list_handled(_LEAVING), _watch.leave)
    before = {signum: signal.signal(signum, handler) for signum, handler in handlers.items()}
    try:
        yield
    finally:
        for signum, handler in before.items():
            signal.signal(signum, handler)
        _watch = outer


def check() -> None:
    """Raise Interrupted when a signal has arrived; for work that never waits."""
    if _watch is not None and _is_main_thread():
        _watch.answer()


def point(*, has_begun: bool = False) -> AbstractContextManager[None]:
    """Return a context for a call that waits, and nothing else: a signal ends it at once.

    has_begun: a signal that has arrived before does not keep the call from
        being made, such as one that prints what was done.
    Raises Interrupted.
    """
    if _watch is None or not _is_main_thread():
        return nullcontext()
    return _Point(_watch, has_begun)


def sleep(seconds: float) -> None:
    """Let time pass. Raises Interrupted."""
    with point():
        time.sleep(seconds)


def give_back_with(give_back: Callable[[], None] | None, *, at_once: bool = False) -> None:
    """Have the terminal given back in this way before the process stops; None has not.

    It is called at any moment, in the middle of other output too, and so may
    write only with os.write. at_once: the first signal calls it as well, so that
    a second one, which ends the process, finds nothing to give back.
    """
    if _watch is not None:
        _watch.give_back, _watch.gives_back_at_once = give_back, at_once
