"""Colour on a terminal: when it is used, and the few styles there are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TextIO

from talkvalue_cli.statuses import COMPLETED, FAILED, PARTIAL_SUCCESS, PENDING, RUNNING

_CODES = {
    "header": "1;36",
    "good": "32",
    "bad": "31",
    "warning": "33",
    "active": "36",
    "error": "1;31",
    "dim": "2",
}

_STATUS_STYLES = {
    PENDING: "warning",
    RUNNING: "active",
    COMPLETED: "good",
    PARTIAL_SUCCESS: "warning",
    FAILED: "bad",
}


class Style:
    """Wraps text in the escape codes of a style, or leaves it alone."""

    def __init__(self, is_on: bool) -> None:
        self.is_on = is_on

    def __call__(self, text: str, style: str) -> str:
        code = _CODES.get(style)
        return f"\x1b[{code}m{text}\x1b[0m" if self.is_on and code and text else text


def is_terminal(stream: TextIO | None) -> bool:
    """Tell whether a stream is a terminal; one that is closed is not."""
    try:
        return stream is not None and stream.isatty()
    except ValueError:
        return False


def wants_colour(stream: TextIO | None, environ: Mapping[str, str], *, no_color: bool) -> bool:
    """Tell whether a stream gets colour.

    --no-color and NO_COLOR (https://no-color.org: any value but an empty one)
    turn it off; FORCE_COLOR turns it on, or off when it is 0; otherwise a
    terminal that is not dumb has it. Each stream decides for itself.
    """
    if no_color or environ.get("NO_COLOR"):
        return False
    force = environ.get("FORCE_COLOR")
    if force:
        return force != "0"
    return is_terminal(stream) and environ.get("TERM") != "dumb"


def style_of_status(status: str) -> str:
    """Return the style that goes with a status of an import; none for one we do not know."""
    return _STATUS_STYLES.get(status, "")
