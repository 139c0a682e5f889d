"""Phone numbers, and what spreadsheets and other programs make of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from . import changes, cleaning
from .changes import Value

_SCIENTIFIC = re.compile(r"\+?(\d)(?:[.,](\d+))?[eE]\+?(\d{1,2})")
_WHOLE = re.compile(r"(\+?\d{5,})[.,]0+")
_PREFIX = re.compile(r"(?:p|tel|phone|callto|sms|whatsapp)\s*:\s*(?=[+\d(])", re.IGNORECASE)
_BETWEEN_NUMBERS = re.compile(r"\s*(?:[;|\n,]|:::|\s/\s|\s(?:or|oder|ou|o|and|und|et|y)\s)\s*")
_SURE = b"0123456789+ ()\n"
#: what is usual in numbers as well, but not everywhere
_SIGNS = b"./-"
_LENGTHS = frozenset((0, *range(7, 31)))


def convert(cell: str) -> Value:
    """Return a phone number as it is sent; as it came when it may be one."""
    if not cell or cell.isspace():
        return Value(cell, None)
    text, change = cleaning.to_code(cell), None
    if text != cell.strip():
        change = changes.BLANKS
    for kind, correct in _STEPS:
        corrected = correct(text)
        if corrected != text:
            text, change = corrected, kind
    if not text or cleaning.is_nothing(text):
        return Value("", changes.NO_VALUE)
    if _SCIENTIFIC.fullmatch(text):
        return Value("", changes.DIGITS_LOST)
    if sum(letter.isdigit() for letter in text) < 3:
        return Value("", changes.LEFT_OUT)
    if len(text) > changes.LONGEST["PHONE"]:
        return Value("", changes.TOO_LONG)
    return Value(text if change else cell, change)


def _write_out(text: str) -> str:
    """Return 4.6701234567E+10 as a number; as it is when digits are missing."""
    match = _SCIENTIFIC.fullmatch(text)
    if match is None:
        return text
    digits = match[1] + (match[2] or "")
    return digits if len(digits) == int(match[3]) + 1 else text


def _take_first_number(text: str) -> str:
    parts = [part for part in _BETWEEN_NUMBERS.split(text) if part]
    if len(parts) > 1 and all(sum(map(str.isdigit, part)) >= 7 for part in parts):
        return parts[0].strip()
    return text


_STEPS: tuple[tuple[str, Callable[[str], str]], ...] = (
    (changes.ARMOUR, cleaning.remove_armour),
    (changes.PREFIX, lambda text: _PREFIX.sub("", text, count=1)),
    (changes.WRITTEN_OUT, _write_out),
    (changes.DECIMALS, lambda text: _WHOLE.sub(r"\1", text) if _WHOLE.fullmatch(text) else text),
    (changes.FIRST_NUMBER, _take_first_number),
)


def are_plain(cells: Sequence[str] | Sequence[bytes], joined: bytes) -> bool:
    """Tell, in little time, whether `convert` would change nothing.

    joined: the cells, each with a line feed before and one behind it.
    """
    signs = joined.translate(None, _SURE)
    if b"  " in joined or (signs and _are_odd(signs, joined)):
        return False
    return joined.count(b"\n") == len(cells) + 1 and _LENGTHS.issuperset(map(len, cells))


def _are_odd(signs: bytes, joined: bytes) -> bool:
    odd = (b".0", b" / ", b"--", b"- ")
    return bool(signs.translate(None, _SIGNS)) or any(each in joined for each in odd)
