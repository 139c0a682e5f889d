"""The list of imports on a terminal, refreshed in place."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from talkvalue_cli import times
from talkvalue_cli.api.pages import LARGEST_PAGE
from talkvalue_cli.context import AppContext
from talkvalue_cli.errors import TalkValueError, UsageError
from talkvalue_cli.imports.listing import ImportFilter, Taken, take_imports
from talkvalue_cli.imports.status import is_finished
from talkvalue_cli.output.columns import Column, clean
from talkvalue_cli.output.keyboard import Keyboard
from talkvalue_cli.output.terminal import terminal_height
from talkvalue_cli.output.writer import Output

#: pause between two polls while something is going on, and while nothing is, in seconds
BUSY_PAUSE_S, IDLE_PAUSE_S = 2.0, 10.0
#: a key is answered within so many seconds
KEY_S = 0.1
#: lines of a watched screen that are not imports
FRAME_LINES = 4
#: so many pages are looked at for each refresh
MOST_PAGES = 5
#: long lines are cut off by the terminal, or wrapped as ever
_CUT, _WRAP = "\x1b[?7l", "\x1b[?7h"
_HOME, _CLEAR_LINE, _CLEAR_REST = "\x1b[H", "\x1b[K", "\x1b[J"


def watch(
    context: AppContext, wanted: ImportFilter, most: int | None, columns: Sequence[Column]
) -> None:
    """Draw the list again and again, until q is typed or a signal ends it.

    most: how many imports are shown at the most; no more than there is room for.
    Raises UsageError without a terminal.
    """
    output = context.output
    if output.format != "table" or not output.is_on_terminal or output.is_dumb:
        raise UsageError("--watch draws on a terminal; without one use `path import wait`")
    taken = Taken([])
    with Keyboard(context.stdin) as keyboard:
        leave = "q leaves" if keyboard.is_there else "Ctrl-C leaves"
        while True:
            problem = ""
            room = max(1, terminal_height(output.stdout) - FRAME_LINES)
            try:
                count = min(room, most or sys.maxsize)
                taken = take_imports(context.client, wanted, count, most_pages=MOST_PAGES)
            except TalkValueError as error:
                if not error.is_transient:
                    raise
                problem = clean(error.text.splitlines()[0])
            scope = f"of the newest {MOST_PAGES * LARGEST_PAGE}" if taken.is_cut else ""
            now = times.format_local(times.from_epoch(context.wall_clock()))
            _draw(output, taken, columns, "  ".join(filter(None, [now, problem, scope, leave])))
            is_busy = not all(map(is_finished, taken.jobs))
            if _pause(context, keyboard, BUSY_PAUSE_S if is_busy else IDLE_PAUSE_S):
                return


def _draw(output: Output, taken: Taken, columns: Sequence[Column], last_line: str) -> None:
    """Draw a screen, unless another job has the terminal."""
    if output.is_in_background:
        return
    text = f"{output.render(taken.jobs, columns)}{last_line}\n"
    screen = _HOME + text.replace("\n", f"{_CLEAR_LINE}\n") + _CLEAR_REST
    # a line that is too long is cut off: it would push the first ones off the screen. It is one
    # piece, for nothing is written any more once a signal has ended it
    output.write(_CUT + screen + _WRAP)


def _pause(context: AppContext, keyboard: Keyboard, seconds: float) -> bool:
    """Let time pass; return whether q was typed.

    It is over at once when the terminal has come back, as after Ctrl-Z and `fg`.
    """
    end = context.clock.now() + seconds
    while (left_s := end - context.clock.now()) > 0:
        context.clock.sleep(min(left_s, KEY_S) if keyboard.is_there else left_s)
        if keyboard.take():
            return False
        if "q" in keyboard.read().lower():
            return True
    return False
