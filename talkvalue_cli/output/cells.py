"""How many cells of a terminal a text takes, and cutting it to fit."""

from __future__ import annotations

from wcwidth import wcswidth, wcwidth


def display_width(text: str) -> int:
    """Return how many cells of a terminal the text takes; wide characters take two."""
    if text.isascii() and text.isprintable():
        return len(text)  # most text, and a progress line is measured again and again
    return max(0, wcswidth(text))


def cut(text: str, width: int) -> str:
    """Return text that takes at most width cells, with an ellipsis where it was cut."""
    if display_width(text) <= width:
        return text
    if width <= 0:
        return ""
    used = end = 0
    for character in text:
        used += max(0, wcwidth(character))
        if used > width - 1:
            break
        end += 1
    # an emoji with a variation selector behind it is wider than its parts
    while display_width(text[:end]) > width - 1:
        end -= 1
    return text[:end] + "…"
