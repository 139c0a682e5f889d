"""Making the values of a column such that the server takes them, and counting what was changed.

A value that is valid already is never changed. An optional value that cannot be valid is left
out, not the person; an address that cannot be found stays as it is, so that the server names it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from . import addresses, cleaning, dates

#: change kinds, as they are counted and shown; more are in `addresses` and `cleaning`
LEFT_OUT = "invalid value left out"
TOO_LONG = "too long value left out"
NO_VALUE = "n/a and the like left out"
DATE = "date to ISO 8601"
DIGITS_LOST = "number without its last digits left out"
DECIMALS = ".0 behind a number removed"
PREFIX = "prefix before a number removed"
FIRST_NUMBER = "first of several numbers"
SCHEME = "https:// put before an address"
HANDLE = "handle made an address"
FIRST_URL = "first of several addresses"

#: characters that the server takes
LONGEST = {
    "EMAIL": 254, "FIRST_NAME": 100, "LAST_NAME": 100, "NAME": 200, "PHONE": 50, "JOB_TITLE": 200,
    "COMPANY_NAME": 200, "ADDRESS": 500, "LINKEDIN_URL": 2048, "X_URL": 2048, "JOINED_AT": 100,
}  # fmt: skip


class Value(NamedTuple):
    """A value as it is sent, and what kind of change that is; None when there is none."""

    text: str
    change: str | None


class Converter:
    """Converts the cells of one column, and counts the changes by their kind."""

    def __init__(self, field: str, convert: Callable[[str], Value]) -> None:
        self.field = field
        self.changes: Counter[str] = Counter()
        self._convert = lru_cache(maxsize=16_384)(convert)

    def convert(self, cell: str) -> Value:
        """Return a cell as it is sent; the change is not counted."""
        return self._convert(cell)

    def convert_all(self, cells: Sequence[str]) -> Sequence[str]:
        """Return some cells of the column as they are sent, and count what was changed.

        The same object when nothing is changed.
        """
        values = list(map(self._convert, cells))
        changed = [value.change for value in values if value.change is not None]
        if not changed:
            return cells
        self.changes.update(changed)
        return [value.text for value in values]


def make_converter(field: str, order: str | None = None) -> Converter:
    """Return what converts the cells of a column for a field.

    order: in which order the dates of the column are, one of dates.ORDERS, see dates.OrderFinder.
    """

    def convert(cell: str) -> Value:
        return _convert(field, cell, order)

    return Converter(field, convert)


def _convert(field: str, cell: str, order: str | None) -> Value:
    raise NotImplementedError
