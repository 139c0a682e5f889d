"""Reading dates as people and programs write them, by the order that the whole column shows.

What comes out is ISO 8601: `2026-03-04`, `2026-03-04T19:01:33`, `2026-03-04T19:01:33+02:00`. A
time without an offset stays without one, and so does what is ISO 8601 already.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta, timezone
from functools import lru_cache
from typing import NamedTuple

from . import cleaning, words, zones

#: day-month-year, month-day-year, year-month-day
ORDERS = ("dmy", "mdy", "ymd")

_ISO = re.compile(
    # no years before the first computers, and none of Thailand (2569)
    r"(?a)((?!0|1[0-8]|2[4-6])\d{4}-\d\d-\d\d)"
    r"(?:[T ]([01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d(?::?\d\d)?)?)?"
)
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_SERIAL_ZERO = datetime(1899, 12, 30)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_EAST_ASIAN = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]+")
_COMPACT_TIME = re.compile(r"^(\d{4})(\d\d)(\d\d)[t ](\d\d)(\d\d)(\d\d)(?!\d)")
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)")
#: dates of older years are left out: nobody has joined anything on them
_FIRST_YEAR = 1900
#: years before the first one of an era
_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "民國": 1911, "民国": 1911,
        "r": 2018, "h": 1988, "s": 1925}  # fmt: skip
_ERA = re.compile("(" + "|".join(_ERAS) + r")\s*(\d{1,3}|元)\s*年")
#: the same in short: R8.3.13
_SHORT_ERA = re.compile(r"^([rhs])(\d{1,2})(?=([./-])\d{1,2}\3\d{1,2}(?!\d))")
#: years of Taiwan from 2011 to 2040: 115/3/13
_SHORT_MINGUO = re.compile(r"^(1[0-2]\d)(?=([./-])\d{1,2}\2\d{1,2}(?!\d))")
_UNITS = (("年", "-"), ("月", "-"), ("日", " "), ("년", "-"), ("월", "-"), ("일", " "),
        ("時", ":"), ("时", ":"), ("點", ":"), ("点", ":"), ("시", ":"),
        ("分", ":"), ("분", ":"), ("秒", " "), ("초", " "))  # fmt: skip
_UNIT_WORDS = frozenset(unit for unit, _ in _UNITS)
_TIMES = tuple(
    map(
        re.compile,
        (
            r"(?:\b(am|pm)\.?\s*)?(?<!\d)(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?:?s?(?!\d)\s*((?:am|pm)\b)?",
            r"\b(am|pm)\s*(\d{1,2}):?()()()(?!\d)",
            r"()(?<!\d)(\d{1,2})()()\s*(am|pm)\b",
            r"()(?<![\d.])(\d{1,2})\s?[hu]\s?(\d\d)?(?:\s?m(?:in)?\s?(\d\d)?)?s?(?![\da-z])()",
            r"()(?<=[\s,t])(\d{1,2})\.(\d\d)(?:\.(\d\d)(?:\.\d+)?)?(?![\d.])\s*((?:am|pm)\b)?",
        ),
    )
)
_CLOCK = re.compile(r"[.\s]*\d{1,2}:\d\d")
#: 7時1分 has become 7:1:
_LONELY_DIGIT = re.compile(r":(\d)(?!\d)")
_AM_PM = re.compile(r"(?<![a-z])([ap])\.?\s?m(?:\.|(?![a-z]))")
#: a letter, with the vowels and tones that stand above and below it in Thai
_LETTER = r"[^\W\d_][\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]*"
_THAI = re.compile("[\u0e01-\u0e2e]")
_TOKEN = re.compile(rf"\d+|(?:{_LETTER})+(?:[.'\u2019](?:{_LETTER})+)*")


def is_iso(text: str) -> bool:
    """Tell whether a text is a date, or a date and a time, in ISO 8601."""
    match = _ISO.fullmatch(text)
    return match is not None and _is_day(match[1])


@lru_cache(maxsize=4096)
def _is_day(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False


#: takes a month for that of any language that has its name
ANY_LANGUAGE = "any"


class SharedMonthError(Exception):
    """The name of a month means another one in another language, and it is not known which.

    word: the name. months: what it may be, as numbers.
    """

    def __init__(self, word: str, months: Sequence[int]) -> None:
        super().__init__(word)
        self.word, self.months = word, months


class _Vocabulary(NamedTuple):
    """Folded words of all languages; unspaced: of those that put no blanks between words.

    months: by word, and then by the code of a language.
    """

    months: dict[str, dict[str, int]]
    halves: dict[str, str]
    ignored: frozenset[str]
    unspaced: re.Pattern[str]


@lru_cache(maxsize=1)
def _vocabulary() -> _Vocabulary:
    months: dict[str, dict[str, int]] = {}
    halves: dict[str, str] = {}
    ignored: set[str] = set()
    for language in words.load_languages():
        for meaning, listed in language.words.items():
            folded = [words.fold(word).strip(" .'\u05f3") for word in listed]
            if meaning.startswith("month "):
                number = int(meaning[len("month ") :])
                for word in folded:
                    months.setdefault(word, {})[language.code] = number
            elif meaning in ("am", "pm"):
                halves.update(dict.fromkeys(folded, meaning))
            elif meaning in ("weekday", "in dates"):
                ignored.update(folded)
                ignored.update(part for word in folded for part in _TOKEN.findall(word))
    together = [w for w in (*ignored, *halves) if _EAST_ASIAN.fullmatch(w) and w not in _UNIT_WORDS]
    together.sort(key=len, reverse=True)
    return _Vocabulary(months, halves, frozenset(ignored), re.compile("|".join(together)))


def looks_like_date(text: str) -> bool:
    """Tell whether a text is a date in any order, numbers alone apart."""
    text = text.strip()
    return bool(
        is_iso(text)
        or (not _NUMBER.fullmatch(text) and _read(text, "dmy", ANY_LANGUAGE))
        or _read(text, "mdy", ANY_LANGUAGE)
    )


def read_date(text: str, order: str | None, language: str = "") -> str | None:
    """Return a date as ISO 8601, or None for what is no full date.

    order: one of ORDERS, None for a column that has only dates that need none.
    language: code of the one that tells which month a name is that two languages
    share, "" if it is not known. Raises SharedMonthError where it would have to be.
    """
    text = text.strip()
    return text if is_iso(text) else _read(text, order, language)


def list_words(text: str) -> list[str]:
    """Return the words in a date, folded."""
    return [token for token in _TOKEN.findall(_normalize(text)) if not token.isdigit()]


def find_shared_months() -> dict[str, dict[str, int]]:
    """Return the names of months that are others in other languages: number by language."""
    months = _vocabulary().months
    return {word: found for word, found in months.items() if len({*found.values()}) > 1}


@lru_cache(maxsize=8192)
def _read(text: str, order: str | None, language: str) -> str | None:
    try:
        return _read_number(text) or _read_words(text, order, language)
    except (ValueError, OverflowError):
        return None


def _read_number(text: str) -> str | None:
    """Return the date of a spreadsheet's serial number, of seconds since 1970, or of 20260304."""
    if not _NUMBER.fullmatch(text):
        return None
    value = float(text.replace(",", "."))
    whole = text.partition(".")[0].partition(",")[0]
    if 20_000 <= value < 74_000:
        moment = _SERIAL_ZERO + timedelta(seconds=round(value * 86_400))
        return moment.date().isoformat() if value == int(value) else moment.isoformat()
    if len(whole) == 8:
        match = _COMPACT.fullmatch(whole)
        return date(*map(int, match.groups())).isoformat() if match else None
    if len(whole) in (12, 14) and whole.startswith(("19", "20")) and whole == text:
        stamp = datetime.strptime(whole, "%Y%m%d%H%M%S" if len(whole) == 14 else "%Y%m%d%H%M")
        return stamp.isoformat()
    # the first ones with ten digits are of 2001; what has fewer is a number of something else
    scale = {10: 1, 13: 1e3, 16: 1e6, 19: 1e9}.get(len(whole))
    if scale is None:
        return None
    moment = _EPOCH + timedelta(seconds=int(value // scale))
    return moment.isoformat().replace("+00:00", "Z")


def _read_words(text: str, order: str | None, language: str) -> str | None:
    """Return the date of a text with separators or words in it."""
    given = _COMPACT_TIME.sub(r"\1-\2-\3 \4:\5:\6", _normalize(text))
    clock, zone_text, rest = _split_time(given)
    day = _read_day(_TOKEN.findall(rest), order, language)
    if day is None:
        return None
    if clock is None:
        return day.isoformat()
    zone = zones.find_zone(zone_text) if zone_text else None
    return zones.write_time(datetime.combine(day, clock), zone)


def _normalize(text: str) -> str:
    """Return a text with plain digits and blanks, `am` and `pm`, and - and : for what is East
    Asian."""
    folded = words.fold(cleaning.to_code(text))
    folded = "".join(str(unicodedata.digit(c, c)) if c.isdigit() else c for c in folded)
    folded = _AM_PM.sub(r" \1m ", folded)
    folded = _SHORT_ERA.sub(lambda match: str(_ERAS[match[1]] + int(match[2])), folded)
    folded = _SHORT_MINGUO.sub(lambda match: str(_ERAS["民國"] + int(match[1])), folded)
    if not folded.isascii():
        vocabulary = _vocabulary()
        folded = _ERA.sub(_count_era, folded)
        folded = vocabulary.unspaced.sub(
            lambda match: f" {vocabulary.halves.get(match[0], '')} ", folded
        )
        for unit, sign in _UNITS:
            folded = folded.replace(unit, sign)
        folded = _LONELY_DIGIT.sub(r":0\1", folded.replace(": ", ":"))
    return folded


def _count_era(match: re.Match[str]) -> str:
    year = 1 if match[2] == "元" else int(match[2])
    return f"{_ERAS[match[1]] + year}年"


def _split_time(text: str) -> tuple[time | None, str, str]:
    """Return the time in a text, the zone behind it, and the rest."""
    halves, ignored = _vocabulary().halves, _vocabulary().ignored

    def name_half(match: re.Match[str]) -> str:
        # "de" is the morning in Hungarian, and "of" in Spanish
        is_half = match[0] not in ignored or _CLOCK.match(text, match.end())
        return halves.get(match[0], match[0]) if is_half else match[0]

    text = re.sub(r"[^\W\d_]+", name_half, text)
    for pattern in _TIMES:
        match = pattern.search(text)
        if match is None:
            continue
        before, hour, minute, second, after = match.groups()
        half = before or after
        clock = time(_count_hours(int(hour), half), int(minute or 0), int(second or 0))
        zone, behind = zones.split_zone(text[match.end() :])
        return clock, zone, f"{text[: match.start()]} {behind}"
    return None, "", text


def _count_hours(hour: int, half: str | None) -> int:
    if half == "pm" and hour < 12:
        return hour + 12
    return 0 if half == "am" and hour == 12 else hour


def _read_day(tokens: list[str], order: str | None, language: str) -> date | None:
    vocabulary = _vocabulary()
    named: list[str] = []
    numbers: list[str] = []
    is_year_first = False
    for token in tokens:
        if token.isdigit():
            numbers.append(token)
        elif token in vocabulary.months:
            named.append(token)
            is_year_first = bool(numbers) and len(numbers[0]) == 4
        elif token == "thang":  # "ng\u00e0y 4 th\u00e1ng 3": day 4 month 3
            order = "dmy"
        elif token not in vocabulary.ignored and token != "t":
            return None
    if len(named) > 1 or len(numbers) == 3:
        # "mar" is March, and Tuesday in three languages
        named = [token for token in named if token not in vocabulary.ignored]
    if len(named) == 1 and len(numbers) == 2:
        year, day = numbers if is_year_first else reversed(numbers)
        if len(year) == 2 and _THAI.match(named[0]):
            year = f"25{year}"
        return _make_day(year, _find_month(named[0], language), day)
    return None if named or len(numbers) != 3 else _read_numbers(numbers, order)


def _find_month(word: str, language: str) -> int:
    months = _vocabulary().months[word]
    numbers = sorted({*months.values()})
    if language in months:
        return months[language]
    if len(numbers) > 1 and language != ANY_LANGUAGE:
        raise SharedMonthError(word, numbers)
    return numbers[0]


def _read_numbers(numbers: list[str], order: str | None) -> date | None:
    first, second, third = numbers
    if len(first) == 4 or (order == "ymd" and len(third) <= 2):
        return _make_day(first, int(second), third)
    if order == "dmy":
        return _make_day(third, int(second), first)
    if order == "mdy" or int(first) == int(second):
        return _make_day(third, int(first), second)
    return None


def _make_day(year: str, month: int, day: str) -> date | None:
    if len(year) not in (2, 4) or len(day) > 2:
        return None
    number = int(year)
    if len(year) == 2:
        number += 2000 if number < 69 else 1900
    if 2400 < number < 2700:  # Buddhist
        number -= 543
    if number < _FIRST_YEAR:  # Persian, Islamic, or of no meaning
        return None
    return date(number, month, int(day))
