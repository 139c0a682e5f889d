"""Single keys from a terminal, which is as it was before once nobody reads them any more."""

from __future__ import annotations

import contextlib
import os
import select
import sys
from typing import Any, TextIO

from talkvalue_cli import signals

if sys.platform != "win32":
    import termios
    import tty

#: bytes that are read at once; what was typed before is of no interest
MOST_KEYS = 1024


class Keyboard:
    """The keys of a terminal as they are typed, neither echoed nor collected into lines.

    Ctrl-C and Ctrl-Z stay the signals that they are. Where standard input is no
    terminal, or not that of this process, there are no keys. The terminal is given
    back when the block is left, at the first signal, and while the process is stopped.
    """

    def __init__(self, stdin: TextIO | None) -> None:
        self._handle = _find_terminal(stdin)
        self._before: list[Any] | None = None

    @property
    def is_there(self) -> bool:
        """Tell whether somebody can type."""
        return self._handle is not None

    def __enter__(self) -> Keyboard:
        signals.give_back_with(self.give_back, at_once=True)
        self.take()
        return self

    def __exit__(self, *error: object) -> None:
        self.give_back()
        signals.give_back_with(None)

    def take(self) -> bool:
        """Have keys come one by one; return whether they did not do so before."""
        if sys.platform == "win32" or self._handle is None or self._before is not None:
            return False
        with contextlib.suppress(OSError, termios.error):
            if os.tcgetpgrp(self._handle) != os.getpgrp():
                return False  # setting the terminal of another job would stop this one
            before = termios.tcgetattr(self._handle)
            # known before the terminal is told, so that whatever comes between takes it back
            self._before = before
            tty.setcbreak(self._handle, termios.TCSANOW)
            # it may have been given back between the two
            self._before = before
            return True
        return False

    def give_back(self) -> None:
        """Leave the terminal as it was; may be called at any moment."""
        before, self._before = self._before, None
        if sys.platform == "win32" or self._handle is None or before is None:
            return
        with contextlib.suppress(OSError, termios.error):
            termios.tcsetattr(self._handle, termios.TCSANOW, before)

    def read(self) -> str:
        """Return the keys that were typed since, none of them special; waits for nothing."""
        if self._handle is None or self._before is None:
            return ""
        with contextlib.suppress(OSError):
            if select.select([self._handle], [], [], 0)[0]:
                return os.read(self._handle, MOST_KEYS).decode("ascii", "ignore")
        return ""


def _find_terminal(stdin: TextIO | None) -> int | None:
    """Return the handle of standard input if it is a terminal that can be told something."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        if sys.platform != "win32" and stdin is not None and stdin.isatty():
            return stdin.fileno()
    return None
