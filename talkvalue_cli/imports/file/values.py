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
from datetime import tzinfo
from functools import lru_cache

from . import addresses, changes, cleaning, dates, name_words, phones, profiles, zones
from .changes import Value
from .name_words import NameWords

#: fields that hold names of people
NAMES = ("FIRST_NAME", "LAST_NAME", "NAME")

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

_Convert = Callable[[str], Value]
#: looks at cells in little time: as text, or as UTF-8 with all of them joined by line feeds
_ArePlain = Callable[[Sequence[str]], bool]
_AreBytesPlain = Callable[[Sequence[bytes], bytes], bool]


class Converter:
    """Converts the cells of one column, and counts the changes by their kind.

    changes: how many cells were changed, by the kind of change.
    """

    def __init__(
        self,
        field: str,
        convert: _Convert,
        are_plain: _ArePlain,
        are_bytes_plain: _AreBytesPlain = lambda cells, joined: False,
    ) -> None:
        self.field = field
        self.changes: Counter[str] = Counter()
        self._convert, self._are_plain = convert, are_plain
        self._are_bytes_plain = are_bytes_plain
        #: some cells that need no change, which is quick to see in a column of few different ones
        self._plain: set[str] = set()
        self._plain_bytes: set[bytes] = set()

    def convert(self, cell: str) -> Value:
        """Return a cell as it is sent; the change is not counted."""
        return self._convert(cell)

    def are_plain(self, cells: Sequence[bytes]) -> bool:
        """Tell whether nothing is changed in some cells, given as UTF-8 without line feeds."""
        if self._plain_bytes.issuperset(cells):
            return True
        joined = b"\n".join((b"", *cells, b""))
        if self._are_bytes_plain(cells, joined):
            return True
        texts = joined[1:-1].decode().split("\n")
        if self.convert_all(texts) is not texts:
            return False
        if len(self._plain_bytes) < _MOST_PLAIN:
            self._plain_bytes.update(cells)
        return True

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

    def __init__(self, order: str | None, language: str) -> None:
        convert = functools.partial(_convert_date, order, language)
        super().__init__("JOINED_AT", convert, _are_plain_dates)
        self._days = _Days(order, language)

    def convert_all(self, cells: Sequence[str]) -> Sequence[str]:
        """Return some cells as they are sent, see Converter."""
        days = self._days
        try:
            found = [days[cell[:10]] + _MINUTES[cell[10:16]] + _SECONDS[cell[16:]]
                     for cell in cells]  # fmt: skip
        except KeyError:
            return super().convert_all(cells)
        changed = len(cells) - found.count("")
        if not changed:
            return cells
        self.changes[changes.DATE] += changed
        return found


class _Days(dict[str, str]):
    """Days of ten characters as ISO 8601; KeyError for anything that has to be looked at."""

    def __init__(self, order: str | None, language: str) -> None:
        super().__init__({"": ""})
        self._order, self._language = order, language

    def __missing__(self, day: str) -> str:
        found = _convert_day(self._order, self._language, day)
        if (
            len(day) != 10
            or found.change != changes.DATE
            or len(found.text) != 10
            or len(self) > 100_000
        ):
            raise KeyError(day)
        self[day] = found.text
        return found.text


_TEXT, _CHANGE = operator.itemgetter(0), operator.itemgetter(1)


def make_converter(
    field: str,
    order: str | None = None,
    sample: Sequence[str] = (),
    header: str = "",
    names: NameWords | None = None,
    language: str = "",
) -> Converter:
    """Return what converts the cells of a column for a field.

    order: in which order the dates of the column are, see dates.OrderFinder.
    sample: some cells of the column, which show whether names without @ are handles.
    header: of the column; it may say which zone its times are in.
    names: how names are written in the column, None to learn it from the sample.
    language: of dates, see dates.read_date; what it raises is raised when cells are converted.
    """
    convert: _Convert
    if field == "EMAIL":
        return Converter(
            field,
            _convert_email,
            lambda cells: _are_texts_plain(_are_emails_plain, cells),
            _are_emails_plain,
        )
    if field == "JOINED_AT":
        zone = zones.find_header_zone(header)
        if zone is None:
            return _DateConverter(order, language)
        convert = functools.partial(_convert_zoned, zone, order, language)
        return Converter(field, lru_cache(8192)(convert), lambda cells: False)
    if field == "PHONE":
        return Converter(
            field,
            lru_cache(8192)(phones.convert),
            lambda cells: _are_texts_plain(phones.are_plain, cells),
            phones.are_plain,
        )
    if field in ("LINKEDIN_URL", "X_URL"):
        convert = functools.partial(profiles.convert, field, profiles.are_handles(field, sample))
        return Converter(field, lru_cache(8192)(convert), lambda cells: False)
    is_nothing: Callable[[str], bool] = cleaning.is_nothing
    if field in NAMES:
        is_nothing = (names or name_words.learn(sample)).is_nothing
    convert = functools.partial(_convert_text, field, is_nothing)
    are_plain = functools.partial(_are_plain_texts, changes.LONGEST[field])
    return Converter(field, lru_cache(8192)(convert), are_plain)


def _convert_email(cell: str) -> Value:
    """Return the address; what has none stays, because without one there is no person."""
    found = addresses.find_address(cell)
    return Value(*found) if found else Value(cell, None)


def _are_texts_plain(
    are_plain: Callable[[Sequence[str], bytes], bool], cells: Sequence[str]
) -> bool:
    joined = "\n".join(("", *cells, ""))
    return joined.isascii() and are_plain(cells, joined.encode())


def _are_emails_plain(cells: Sequence[str] | Sequence[bytes], joined: bytes) -> bool:
    return joined.count(b"\n") == len(cells) + 1 and addresses.are_plain(joined)


def _convert_text(field: str, is_nothing: Callable[[str], bool], cell: str) -> Value:
    if not cell or cell.isspace():
        return Value(cell, None)
    text, change = cell, None
    cleaned = cleaning.remove_odd(cleaning.strip_blanks(cell))
    if cleaned != cell:
        text, change = cleaned.strip(), changes.BLANKS
    bare = cleaning.remove_armour(text.strip())
    if bare != text.strip():
        text, change = bare, changes.ARMOUR
    if not text.strip() or is_nothing(text):
        return Value("", changes.NO_VALUE)
    if len(text.strip()) > changes.LONGEST[field]:
        return Value("", changes.TOO_LONG)
    return Value(text, change)


def _are_plain_texts(longest: int, cells: Sequence[str]) -> bool:
    """Tell, in little time, whether `_convert_text` would change nothing."""
    joined = "\n".join(("", *cells, ""))
    return (
        joined.count("\n") == len(cells) + 1
        and not any(odd in joined for odd in ("\n ", " \n", "\n'", "\n=", "\t", "\r"))
        and not (cleaning.ODD.search(joined) or cleaning.BLANK_AT_END.search(joined))
        and cleaning.NOTHING.isdisjoint(cells)
        and max(map(len, cells), default=0) <= longest
    )


def _convert_date(order: str | None, language: str, cell: str) -> Value:
    """Return a date as ISO 8601; of what is a day and a plain time only the day is read."""
    day, blank, clock = cell.partition(" ")
    if blank and _TIME.fullmatch(clock):
        found = _convert_day(order, language, day)
        if found.change == changes.DATE:
            return Value(f"{found.text}T{clock}", changes.DATE)
    return _convert_day(order, language, cell)


def _convert_zoned(zone: tzinfo, order: str | None, language: str, cell: str) -> Value:
    """Return a date as ISO 8601, a time without an offset as one in a zone."""
    found = _convert_date(order, language, cell)
    bare = found.text.strip()
    text = zones.add_zone(bare, zone)
    return found if text == bare else Value(text, found.change or changes.ZONE)


def _are_plain_dates(cells: Sequence[str]) -> bool:
    """Tell, in little time, whether all cells are empty or ISO 8601 already."""
    if not all(
        not day or (len(day) == 10 and dates.is_iso(day)) for day in {c[:10] for c in cells}
    ):
        return False
    rests = "\n".join([cell[10:] for cell in cells]) + "\n"
    return rests.count("\n") == len(cells) and _ISO_REST.fullmatch(rests) is not None


@lru_cache(maxsize=16_384)
def _convert_day(order: str | None, language: str, cell: str) -> Value:
    bare = cell.strip()
    if not bare or dates.is_iso(bare):
        return Value(cell, None)
    if cleaning.is_nothing(cell):
        return Value("", changes.NO_VALUE)
    text = cleaning.remove_armour(cleaning.to_code(cell))
    found = dates.read_date(text, order, language)
    if found is None:
        return Value("", changes.LEFT_OUT)
    return Value(found, changes.BLANKS if found == text else changes.DATE)
