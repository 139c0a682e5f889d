"""Signals as exceptions, so that everything on the way out is cleaned up."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

from talkvalue_cli.errors import Interrupted

#: SIGHUP does not exist everywhere
_NAMES = ("SIGINT", "SIGTERM", "SIGHUP")


@contextmanager
def as_exceptions() -> Iterator[None]:
    """Raise Interrupted in the block when SIGINT, SIGTERM or SIGHUP arrives.

    Only the first does so; a second one ends the process at once, should the
    way out take too long. A signal that is ignored stays ignored, as nohup(1)
    wants it. Does nothing outside the main thread, where Python allows no
    handlers.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    wanted = [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]
    before = {signum: signal.getsignal(signum) for signum in wanted}
    caught = [signum for signum, handler in before.items() if handler is not signal.SIG_IGN]

    def interrupt(signum: int, frame: FrameType | None) -> NoReturn:
        for each in caught:
            signal.signal(each, signal.SIG_DFL)
        raise Interrupted(signum)

    for signum in caught:
        signal.signal(signum, interrupt)
    try:
        yield
    finally:
        for signum in caught:
            signal.signal(signum, before[signum])
