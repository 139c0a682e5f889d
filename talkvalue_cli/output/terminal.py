"""How large a terminal is."""

from __future__ import annotations

import os
from typing import TextIO


def terminal_width(stream: TextIO | None) -> int:
    """Return the cells in a line of the terminal, 80 when it does not say."""
    return _terminal_size(stream)[0] or 80


def terminal_height(stream: TextIO | None) -> int:
    """Return the lines of the terminal, 24 when it does not say."""
    return _terminal_size(stream)[1] or 24


def _terminal_size(stream: TextIO | None) -> tuple[int, int]:
    try:
        return os.get_terminal_size(stream.fileno() if stream else 1)
    except (OSError, ValueError):
        return 0, 0
