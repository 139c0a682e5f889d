"""What copying, spreadsheets and other programs leave in a cell beside its value."""

from __future__ import annotations

import re

#: characters that show nothing: zero width space, word joiner, byte order mark, and
#: the marks of writing direction that phones put around numbers. The joiners (200C, 200D) stay:
#: emoji, Persian and the scripts of India are written with them.
_INVISIBLE = [0x180E, 0x200B, 0x2060, 0xFEFF, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
#: control characters and line ends that are none to a CSV file; tab and line feed stay, and so
#: does what a wrong decoding has made of letters
_CONTROLS = [*range(9), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F, 0x85, 0x2028, 0x2029]
_BLANKS = [0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000]

_TO_TEXT: dict[int, str | None] = {
    **dict.fromkeys(_INVISIBLE),
    **dict.fromkeys(_CONTROLS, " "),
}
_TO_CODE: dict[int, str | None] = {
    **_TO_TEXT,
    **dict.fromkeys([0xAD, 0x200C, 0x200D, 0x200E, 0x200F, 0x061C]),
    **dict.fromkeys(_BLANKS, " "),
    # full-width forms, as East Asian keyboards write them, and their full stops
    **{code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},
    0x3002: ".",
    0xFF61: ".",
}
#: finds what is never part of a value
ODD = re.compile("[" + "".join(map(re.escape, map(chr, [*_INVISIBLE, *_CONTROLS]))) + "]")
_BLANK = "[" + "".join(map(chr, _BLANKS)) + "]"
#: finds blanks that are no plain ones at the beginning and the end of lines
BLANK_AT_END = re.compile(rf"\n{_BLANK}|{_BLANK}\n")
#: ="…" and =+46…, with which programs keep a spreadsheet from calculating
_FORMULA = re.compile(r'="([^"]*)"|=(\+?[\d ()./-]+)')
#: '+46…, which spreadsheets take for "this is text"; 't Hart and 'Abd are names
_TEXT_MARK = re.compile(r"'+(?=[=+@\d-])")
#: what people and programs write where there is nothing, in lower case
_NOTHING = frozenset(
    (
        "n/a", "n.a.", "n.a", "na", "#n/a", "#na", "#value!", "#ref!", "#name?", "none", "null",
        "nil", "nan", "undefined", "<null>", "(null)", "(none)", "[null]", "(blank)", "(empty)",
        "not available", "not applicable", "-", "--", "---", "\u2013", "\u2014", ".", "..", "...",
        "\u2026", "?", "/", "\\n", "0000-00-00", "0000-00-00 00:00:00", "0/0/00", "00/00/0000",
        "00.00.0000",
    )
)  # fmt: skip
#: the same in the ways in which it is usually written
NOTHING = frozenset(
    spelled for text in _NOTHING for spelled in (text, text.upper(), text.capitalize())
)


def remove_odd(text: str) -> str:
    """Return text without characters that show nothing, and blanks for control characters.

    The same object when there are none. Blanks of other scripts stay.
    """
    if text.isascii() and text.isprintable():
        return text
    if not ODD.search(text):
        return text
    cleaned = " ".join(text.translate(_TO_TEXT).split(" "))
    return re.sub(" {2,}", " ", cleaned).strip(" ")


def strip_blanks(text: str) -> str:
    """Return text without blanks around it that are no plain ones; the same without any.

    Plain blanks are taken away by every server, and stay.
    """
    bare = text.strip()
    return text if bare == text.strip(" \t\r\n") else bare


def to_code(text: str) -> str:
    """Return text for what machines read: plain blanks and full stops, nothing invisible."""
    return (text if text.isascii() else text.translate(_TO_CODE)).translate(_TO_CODE).strip()


def remove_armour(text: str) -> str:
    """Return text without what keeps a spreadsheet from calculating with it.

    A formula that does calculate stays.
    """
    while match := _FORMULA.fullmatch(text):
        text = (match[1] if match[1] is not None else match[2]).strip()
    return _TEXT_MARK.sub("", text, count=1) if text.startswith("'") else text


def is_nothing(text: str) -> bool:
    """Tell whether a cell says that it has no value: `n/a`, `-`, `null`, `#N/A`.

    Some of that are names of people too, see name_words.
    """
    bare = text.strip()
    return len(bare) <= 20 and bare.casefold() in _NOTHING
