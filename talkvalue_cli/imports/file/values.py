"""Making the values of a column such that the server takes them, and counting what was changed.

A value that is valid already is never changed. An optional value that cannot be valid is left
out, not the person; an address that cannot be found stays as it is, so that the server names it.
"""

from __future__ import annotations

import functools
import operator
import re
from collections import Counter
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import urlsplit

from . import addresses, cleaning, dates

#: change kinds, as they are counted and shown; more are in `addresses` and `cleaning`
LEFT_OUT = "invalid value left out"
TOO_LONG = "too long value left out"
NO_VALUE = "n/a and the like left out"
DATE = "date to ISO 8601"
WRITTEN_OUT = "number in scientific notation written out"
DIGITS_LOST = "number without its last digits left out"
DECIMALS = ".0 behind a number removed"
PREFIX = "prefix before a number removed"
FIRST_NUMBER = "first of several numbers"
SCHEME = "https:// put before an address"
HANDLE = "handle made an address"
OUT_OF_TEXT = "address out of other text"

#: characters that the server takes
LONGEST = {
    "EMAIL": 254, "FIRST_NAME": 100, "LAST_NAME": 100, "NAME": 200, "PHONE": 50, "JOB_TITLE": 200,
    "COMPANY_NAME": 200, "ADDRESS": 500, "LINKEDIN_URL": 2048, "X_URL": 2048, "JOINED_AT": 100,
}  # fmt: skip


#: fields for which the server looks at no more than the length
_TEXTS = ("FIRST_NAME", "LAST_NAME", "NAME", "JOB_TITLE", "COMPANY_NAME", "ADDRESS")
_NAMES = ("FIRST_NAME", "LAST_NAME", "NAME")

_SCIENTIFIC = re.compile(r"\+?(\d)(?:[.,](\d+))?[eE]\+?(\d{1,2})")
_WHOLE = re.compile(r"(\+?\d{5,})[.,]0+")
_PHONE_PREFIX = re.compile(r"(?:p|tel|phone|callto|sms|whatsapp)\s*:\s*(?=[+\d(])", re.IGNORECASE)
_BETWEEN_NUMBERS = re.compile(r"\s*(?:[;|\n,]|:::|\s/\s|\s(?:or|oder|ou|o|and|und|et|y)\s)\s*")
_USUAL_IN_PHONES = b"0123456789+ ()./-\n"
_HANDLE = re.compile(r"@([A-Za-z0-9_]{1,15})")
_BARE_HANDLE = re.compile(r"[A-Za-z0-9_]{2,15}")
_PROFILE_PATH = re.compile(r"/?(in|pub)/([^\s/?#]+/?)")
_WITHOUT_SCHEME = re.compile(
    r"(?://)?((?:www\.|[\w-]+\.)*(?:linkedin\.com|lnkd\.in|twitter\.com|x\.com)(?:[/?#]\S*)?"
    r"|www\.[\w-]+(?:\.[\w-]+)+(?:[/?#]\S*)?|(?:[\w-]+\.)+[a-z]{2,}/\S*)",
    re.IGNORECASE,
)
_URL_INSIDE = re.compile(r"https?://[^\s<>\"'|,;)\]]+", re.IGNORECASE)
_TIME = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?", re.ASCII)
#: what follows days of ten characters that are ISO 8601 already, each in a line
_ISO_REST = re.compile(
    r"(?:(?:[T ](?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)?)?\n)*",
    re.ASCII,
)
_MINUTES = {f" {hour:02}:{minute:02}": f"T{hour:02}:{minute:02}"
            for hour in range(24) for minute in range(60)} | {"": ""}  # fmt: skip
_SECONDS = {text: text for text in ("", *(f":{second:02}" for second in range(60)))}


#: cells of a column that are remembered as plain
_MOST_PLAIN = 4000


class Value(NamedTuple):
    """A value as it is sent, and what kind of change that is; None when there is none."""

    text: str
    change: str | None


_Convert = Callable[[str], Value]


class Converter:
    """Converts the cells of one column, and counts the changes by their kind.

    changes: how many cells were changed, by the kind of change.
    """

    def __init__(
        self, field: str, convert: _Convert, are_plain: Callable[[Sequence[str]], bool]
    ) -> None:
        self.field = field
        self.changes: Counter[str] = Counter()
        self._convert, self._are_plain = convert, are_plain
        #: some cells that need no change, which is quick to see in a column of few different ones
        self._plain: set[str] = set()

    def convert(self, cell: str) -> Value:
        """Return a cell as it is sent; the change is not counted."""
        return self._convert(cell)

    def convert_all(self, cells: Sequence[str]) -> Sequence[str]:
        """Return some cells of the column as they are sent, and count what was changed.

        The same object when nothing is changed. Some thousand cells at once are fastest.
        """
        if self._plain.issuperset(cells):
            return cells
        if self._are_plain(cells):
            if len(self._plain) < _MOST_PLAIN:
                self._plain.update(cells)
            return cells
        values = list(map(self._convert, cells))
        changed = Counter(map(_CHANGE, values))
        if changed.pop(None, 0) == len(cells):
            return cells
        self.changes.update(changed)
        return list(map(_TEXT, values))


class _DateConverter(Converter):
    """Converts dates, those of ten characters and plain times in little time.

    They are cut into parts that have been seen before.
    """

    def __init__(self, order: str | None) -> None:
        super().__init__("JOINED_AT", functools.partial(_convert_date, order), _are_plain_dates)
        self._days = _Days(order)

    def convert_all(self, cells: Sequence[str]) -> Sequence[str]:
        """Return some cells as they are sent, see Converter."""
        days = self._days
        try:
            found = [days[cell[:10]] + _MINUTES[cell[10:16]] + _SECONDS[cell[16:]]
                     for cell in cells]  # fmt: skip
        except KeyError:
            return super().convert_all(cells)
        self.changes[DATE] += len(cells) - found.count("")
        return found


class _Days(dict[str, str]):
    """Days of ten characters as ISO 8601; KeyError for anything that has to be looked at."""

    def __init__(self, order: str | None) -> None:
        super().__init__({"": ""})
        self._order = order

    def __missing__(self, day: str) -> str:
        found = _convert_day(self._order, day)
        if len(day) != 10 or found.change != DATE or len(found.text) != 10 or len(self) > 100_000:
            raise KeyError(day)
        self[day] = found.text
        return found.text


_TEXT, _CHANGE = operator.itemgetter(0), operator.itemgetter(1)


def make_converter(field: str, order: str | None = None, sample: Sequence[str] = ()) -> Converter:
    """Return what converts the cells of a column for a field.

    order: in which order the dates of the column are, see dates.OrderFinder.
    sample: some cells of the column, which show whether names without @ are handles.
    """
    convert: _Convert
    if field == "EMAIL":
        return Converter(field, _convert_email, _are_plain_emails)
    if field == "JOINED_AT":
        return _DateConverter(order)
    if field == "PHONE":
        return Converter(field, lru_cache(8192)(_convert_phone), _are_plain_phones)
    if field in ("LINKEDIN_URL", "X_URL"):
        convert = functools.partial(_convert_url, field, _are_handles(field, sample))
        return Converter(field, lru_cache(8192)(convert), lambda cells: False)
    convert = functools.partial(_convert_text, field)
    are_plain = functools.partial(_are_plain_texts, LONGEST[field])
    return Converter(field, lru_cache(8192)(convert), are_plain)


def _convert_email(cell: str) -> Value:
    """Return the address; what has none stays, because without one there is no person."""
    found = addresses.find_address(cell)
    return Value(*found) if found else Value(cell, None)


def _are_plain_emails(cells: Sequence[str]) -> bool:
    joined = "\n".join(("", *cells, ""))
    return joined.count("\n") == len(cells) + 1 and addresses.are_plain(joined)


def _convert_text(field: str, cell: str) -> Value:
    if not cell or cell.isspace():
        return Value(cell, None)
    text, change = cell, None
    cleaned = cleaning.remove_odd(cell)
    if cleaned != cell:
        text, change = cleaned.strip(), cleaning.BLANKS
    bare = cleaning.remove_armour(text.strip())
    if bare != text.strip():
        text, change = bare, cleaning.ARMOUR
    if not text.strip() or cleaning.is_nothing(text, may_be_name=field in _NAMES):
        return Value("", NO_VALUE)
    if len(text.strip()) > LONGEST[field]:
        return Value("", TOO_LONG)
    return Value(text, change)


def _are_plain_texts(longest: int, cells: Sequence[str]) -> bool:
    """Tell, in little time, whether `_convert_text` would change nothing."""
    joined = "\n".join(("", *cells, ""))
    return (
        joined.count("\n") == len(cells) + 1
        and not any(odd in joined for odd in ("\n ", " \n", "\n'", "\n=", "\t", "\r"))
        and not cleaning.ODD.search(joined)
        and cleaning.NOTHING.isdisjoint(cells)
        and max(map(len, cells), default=0) <= longest
    )


def _convert_phone(cell: str) -> Value:
    if not cell or cell.isspace():
        return Value(cell, None)
    text, change = cleaning.to_code(cell), None
    if text != cell.strip():
        change = cleaning.BLANKS
    for kind, mend in _PHONE_STEPS:
        mended = mend(text)
        if mended != text:
            text, change = mended, kind
    if not text or cleaning.is_nothing(text):
        return Value("", NO_VALUE)
    if _SCIENTIFIC.fullmatch(text):
        return Value("", DIGITS_LOST)
    if sum(letter.isdigit() for letter in text) < 3:
        return Value("", LEFT_OUT)
    if len(text) > LONGEST["PHONE"]:
        return Value("", TOO_LONG)
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


_PHONE_STEPS: tuple[tuple[str, Callable[[str], str]], ...] = (
    (cleaning.ARMOUR, cleaning.remove_armour),
    (PREFIX, lambda text: _PHONE_PREFIX.sub("", text, count=1)),
    (WRITTEN_OUT, _write_out),
    (DECIMALS, lambda text: _WHOLE.sub(r"\1", text) if _WHOLE.fullmatch(text) else text),
    (FIRST_NUMBER, _take_first_number),
)


def _are_plain_phones(cells: Sequence[str]) -> bool:
    """Tell, in little time, whether `_convert_phone` would change nothing."""
    joined = "\n".join(("", *cells, ""))
    return (
        joined.count("\n") == len(cells) + 1
        and joined.isascii()
        and not joined.encode().translate(None, _USUAL_IN_PHONES)
        and not any(odd in joined for odd in (".0", " / ", "--", "  ", "- "))
        and all(not cell or 7 <= len(cell) <= 30 for cell in cells)
    )


def is_url(text: str) -> bool:
    """Tell whether the server takes a text for a URL: http or https, a dotted host, no blanks."""
    if any(letter.isspace() for letter in text):
        return False
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and "." in (parts.hostname or "").strip(".")
    except ValueError:
        return False


def _convert_url(field: str, are_handles: bool, cell: str) -> Value:
    if not cell or cell.isspace() or is_url(cell.strip()):
        return Value(cell, None)
    if cleaning.is_nothing(cell):
        return Value("", NO_VALUE)
    text = cleaning.remove_armour(cleaning.to_code(cell)).strip(" <>\"'")
    if is_url(text):
        return Value(text, cleaning.BLANKS)
    match = _WITHOUT_SCHEME.fullmatch(text)
    if match and is_url(f"https://{match[1]}"):
        return Value(f"https://{match[1]}", SCHEME)
    inside = _URL_INSIDE.search(text)
    if inside and is_url(inside[0]):
        return Value(inside[0], OUT_OF_TEXT)
    made = _make_profile(field, are_handles, text)
    return Value(made, HANDLE) if made else Value("", LEFT_OUT)


def _make_profile(field: str, are_handles: bool, text: str) -> str | None:
    if field == "LINKEDIN_URL":
        path = _PROFILE_PATH.fullmatch(text)
        return f"https://www.linkedin.com/{path[1]}/{path[2]}" if path else None
    match = _HANDLE.fullmatch(text)
    if match or (are_handles and _BARE_HANDLE.fullmatch(text)):
        return f"https://x.com/{match[1] if match else text}"
    return None


def _are_handles(field: str, sample: Sequence[str]) -> bool:
    """Tell whether single words in a column are handles, and not yes and no."""
    filled = [cell.strip() for cell in sample if cell.strip()]
    handles = {cell for cell in filled if _BARE_HANDLE.fullmatch(cell.removeprefix("@"))}
    return field == "X_URL" and len(handles) >= 3 and 2 * len(handles) > len(filled)


def _convert_date(order: str | None, cell: str) -> Value:
    """Return a date as ISO 8601; of what is a day and a plain time only the day is read."""
    day, blank, clock = cell.partition(" ")
    if blank and _TIME.fullmatch(clock):
        found = _convert_day(order, day)
        if found.change == DATE:
            return Value(f"{found.text}T{clock}", DATE)
    return _convert_day(order, cell)


def _are_plain_dates(cells: Sequence[str]) -> bool:
    """Tell, in little time, whether all cells are empty or ISO 8601 already."""
    if not all(
        not day or (len(day) == 10 and dates.is_iso(day)) for day in {c[:10] for c in cells}
    ):
        return False
    rests = "\n".join([cell[10:] for cell in cells]) + "\n"
    return rests.count("\n") == len(cells) and _ISO_REST.fullmatch(rests) is not None


@lru_cache(maxsize=16_384)
def _convert_day(order: str | None, cell: str) -> Value:
    bare = cell.strip()
    if not bare or dates.is_iso(bare):
        return Value(cell, None)
    if cleaning.is_nothing(cell):
        return Value("", NO_VALUE)
    text = cleaning.remove_armour(cleaning.to_code(cell))
    found = dates.read_date(text, order)
    if found is None:
        return Value("", LEFT_OUT)
    return Value(found, cleaning.BLANKS if found == text else DATE)
