"""In which order a column has day, month and year: shown by all of its cells together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from talkvalue_cli.errors import UsageError

from . import dates

#: different dates that are remembered; what they do not show, more of them hardly would
_MOST = 4000
#: beginnings of cells that are remembered, so as not to look at them again
_MOST_HEADS = 50_000
#: ten characters after which no more of the day can come
_WHOLE_DAY = re.compile(r"\d\d([-/.])\d\d\1\d{4}|\d{4}-\d\d-\d\d|", re.ASCII)
_NUMERIC = re.compile(
    r"^(?:\d{1,2}:\d\d(?::\d\d)?(?: ?[ap]m)?,? )?[^\d\n]{0,14}(?<![rhs])"
    r"(\d{1,2})([-/.]|\. ?)(\d{1,2})\2(\d{4}|\d{2})(?![\d/.-]*\d)(?!\.\d)",
    re.MULTILINE | re.ASCII | re.IGNORECASE,
)


class DateOrder(NamedTuple):
    """An order, one of dates.ORDERS, and how it is known: a clause for people."""

    order: str
    why: str


class OrderFinder:
    """Finds the order of a column's dates from all of its cells, in constant memory."""

    def __init__(self) -> None:
        self._seen: set[tuple[str, str, str, str]] = set()
        self._shown: dict[str, str] = {}
        self._heads: set[str] = set()

    def add(self, cells: Sequence[str]) -> None:
        """Take note of more cells of the column; some thousand at once are fastest."""
        # most cells begin with a day that another one has begun with
        heads = {cell[:10] for cell in cells} - self._heads
        if not heads:
            return
        if len(self._heads) < _MOST_HEADS:
            self._heads |= set(filter(_WHOLE_DAY.fullmatch, heads))
        for found in sorted(set(_NUMERIC.findall("\n".join(cells))) - self._seen):
            if len(self._seen) < _MOST:
                self._seen.add(found)
            first, sign, second, third = found
            text = f"{first}{sign}{second}{sign}{third}"
            if int(first) > 31 or (int(first) == 0 and len(third) == 2):
                self._shown.setdefault("ymd", text)
            elif int(first) > 12:
                self._shown.setdefault("dmy", text)
            elif int(second) > 12:
                self._shown.setdefault("mdy", text)

    def find(self, label: str, language_order: str | None = None) -> DateOrder | None:
        """Return the order, or None for a column in which nothing depends on it.

        label: names the column in messages. language_order: that of the countries in whose
        language the headers are, if there is one. Raises UsageError when no row shows the order,
        or two rows show different ones.
        """
        if _begin_with_years(self._seen):
            return DateOrder("ymd", "all are then in few years")
        if len(self._shown) > 1:
            shown = " and ".join(self._shown.values())
            raise UsageError(
                f"{label}: its dates are in different orders: {shown}",
                remedy=("date_order", next(iter(self._shown))),
            )
        for order, text in self._shown.items():
            return DateOrder(order, f"{text} shows it")
        open_dates = [found for found in self._seen if int(found[0]) != int(found[2])]
        if not open_dates:
            return None
        found = _judge(open_dates, self._seen)
        if found is None and language_order in ("dmy", "mdy"):
            found = DateOrder(language_order, "usual in the language of the headers")
        if found is None:
            first, sign, second, third = min(open_dates)
            raise UsageError(
                f"{label}: nothing shows whether {first}{sign}{second}{sign}{third} begins with "
                "the day or the month",
                remedy=("date_order", "dmy"),
            )
        return found


def _begin_with_years(seen: set[tuple[str, str, str, str]]) -> bool:
    """Tell whether years of two digits come first: few different ones, and many at the end."""
    firsts = {int(first) for first, _, _, _ in seen}
    thirds = {int(third) for _, _, _, third in seen if len(third) == 2 and 1 <= int(third) <= 31}
    if len(thirds) < 3 * max(1, len(firsts)) or not all(19 <= first <= 40 for first in firsts):
        return False
    return all(
        len(third) == 2 and int(third) in thirds and int(second) <= 12
        for _, _, second, third in seen
    )


def _judge(
    open_dates: Sequence[tuple[str, str, str, str]], seen: set[tuple[str, str, str, str]]
) -> DateOrder | None:
    """Return the order that dates show only together."""
    if all("." in sign for _, sign, _, _ in open_dates):
        return DateOrder("dmy", "with full stops the day comes first")
    firsts = {int(first) for first, _, _, _ in seen}
    seconds = {int(second) for _, _, second, _ in seen}
    # a first of the month in many months is as likely as many days in January
    if len(firsts) >= 3 and len(seconds) == 1 and seconds != {1}:
        return DateOrder("dmy", "all are then in one month")
    if len(seconds) >= 3 and len(firsts) == 1 and firsts != {1}:
        return DateOrder("mdy", "all are then in one month")
    return None


def find_language_order(languages: Sequence[str]) -> str | None:
    """Return the order of dates where the language of the headers is spoken, if all agree.

    languages: codes, the likeliest first.
    """
    from . import words

    orders = {
        language.code: next(iter(language.words.get("date order", [])), "")
        for language in words.load_languages()
    }
    order = orders.get(languages[0]) if languages else None
    return order if order in dates.ORDERS else None
