"""What copying, spreadsheets and other programs leave in a cell beside its value."""

from __future__ import annotations

import re

#: change kinds, as they are counted and shown
BLANKS = "blanks or invisible characters removed"
ARMOUR = "spreadsheet armour removed"

#: characters that show nothing: soft hyphen, zero width space, word joiner, byte order mark, and
#: the marks of writing direction that phones put around numbers. The joiners (200C, 200D) stay:
#: emoji, Persian and the scripts of India are written with them.
_INVISIBLE = [0xAD, 0x180E, 0x200B, 0x2060, 0xFEFF, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
#: control characters and line ends that are none to a CSV file; tab and line feed stay
_CONTROLS = [*range(9), 0x0B, 0x0C, *range(0x0E, 0x20), *range(0x7F, 0xA0), 0x2028, 0x2029]
_BLANKS = [0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000]

_TO_TEXT: dict[int, str | None] = {
    **dict.fromkeys(_INVISIBLE),
    **dict.fromkeys(_CONTROLS, " "),
}
_TO_CODE: dict[int, str | None] = {
    **_TO_TEXT,
    **dict.fromkeys([0x200C, 0x200D, 0x200E, 0x200F, 0x061C]),
    **dict.fromkeys(_BLANKS, " "),
    # full-width forms, as East Asian keyboards write them, and their full stops
    **{code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},
    0x3002: ".",
    0xFF61: ".",
}
_ODD = re.compile("[" + "".join(map(re.escape, map(chr, [*_INVISIBLE, *_CONTROLS]))) + "]")
#: ="…" and =…, with which programs keep a spreadsheet from calculating, and '…, which
#: spreadsheets take for "this is text"
_FORMULA = re.compile(r'="?([^"]*)"?')
#: what people and programs write where there is nothing
_NOTHING = frozenset(
    "n/a n.a. n.a na #n/a #na #value! #ref! none null nil nan undefined <null> (null) (none)"
    " (blank) (empty) not available not applicable not provided unknown - -- --- – — . .. … ? / \\n"
    " 0000-00-00 0/0/00 00/00/0000 0000-00-00 00:00:00".split()
) | {"not available", "not applicable", "not provided", "0000-00-00 00:00:00"}


def remove_odd(text: str) -> str:
    """Return text without characters that show nothing, and blanks for control characters.

    The same object when there are none. Blanks of other scripts stay.
    """
    if text.isascii() and text.isprintable():
        return text
    if not _ODD.search(text):
        return text
    cleaned = " ".join(text.translate(_TO_TEXT).split(" "))
    return re.sub(" {2,}", " ", cleaned).strip(" ")


def to_code(text: str) -> str:
    """Return text for what machines read: plain blanks and full stops, nothing invisible."""
    return (text if text.isascii() else text.translate(_TO_CODE)).translate(_TO_CODE).strip()


def remove_armour(text: str) -> str:
    """Return text without what keeps a spreadsheet from calculating with it.

    A formula that does calculate stays.
    """
    if text.startswith("="):
        match = _FORMULA.fullmatch(text)
        return match[1] if match else text
    if text.startswith("'") and len(text) > 1 and not text.endswith("'"):
        return text[1:]
    return text


def is_nothing(text: str) -> bool:
    """Tell whether a cell says that it has no value: `n/a`, `-`, `null`, `#N/A`."""
    return len(text) <= 20 and text.strip().casefold() in _NOTHING
