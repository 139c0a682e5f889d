"""Checking one row of an import: which values it brings, or why it fails."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from ..people import fields
from ..web import timestamps


@dataclass(frozen=True)
class RowError:
    """Why a row fails; `code` as in FailedRow.errorCode."""

    code: str
    message: str
    raw_value: str | None


# Target field -> value, empty cells left out.
Values = dict[str, str]
Outcome = Values | RowError


# RFC 2822, section 4.3; dateutil knows none of them, and would take them for UTC.
ZONE_HOURS = {
    "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
}  # fmt: skip
# GMT+2 is two hours ahead; dateutil reads it the way of POSIX, as behind.
_SIGNED_ZONE = re.compile(r"\b(?:GMT|UTC)\s*(?=[+-]\d)", re.IGNORECASE)
_NUMERIC = re.compile(r"\s*(\d{1,2})([./-])\d{1,2}\2\d{2,4}\b")


@lru_cache(maxsize=4096)
def parse_joined_at(text: str) -> str | None:
    """Return a date or time as ISO 8601 UTC, or None when it is not a full date.

    ISO 8601 and what python-dateutil reads. 3/4/2026 is March 4, and 3.4.2026 and 3-4-2026
    are April 3, whatever else may be in the column; 13/4/2026 is none. Without an offset: UTC.
    """
    try:
        return timestamps.format_utc(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        pass
    from dateutil import parser

    numeric = _NUMERIC.match(text)
    is_day_first = numeric is not None and numeric[2] != "/"
    if numeric is not None and not is_day_first and int(numeric[1]) > 12:
        return None
    plain = _SIGNED_ZONE.sub("", text)
    try:
        # dateutil fills gaps from a default: two defaults that agree mean there were none.
        first, second = (
            parser.parse(plain, default=default, dayfirst=is_day_first, tzinfos=_find_offset)
            for default in (datetime(2000, 1, 1), datetime(2001, 2, 2))
        )
        return timestamps.format_utc(first) if first == second else None
    except (ValueError, OverflowError, TypeError):
        return None


def _find_offset(name: str | None, offset_s: int | None) -> int | None:
    """Return the offset of a zone in seconds. Raises ValueError for a name that is not known."""
    if offset_s is not None or name is None:
        return offset_s
    hours = ZONE_HOURS.get(name.upper())
    if hours is None:
        raise ValueError(f"{name!r} is not a zone")
    return hours * 3600


def _convert_date(text: str) -> str | RowError:
    found = parse_joined_at(text)
    return found or RowError("INVALID_DATE", "JOINED_AT is not a date", text)


def _convert_url(field: str) -> Callable[[str], str | RowError]:
    def convert(text: str) -> str | RowError:
        if fields.is_web_address(text):
            return text
        return RowError("INVALID_URL", f"{field} is not an http or https URL", text)

    return convert


CONVERTERS: dict[str, Callable[[str], str | RowError]] = {
    "JOINED_AT": _convert_date,
    "LINKEDIN_URL": _convert_url("LINKEDIN_URL"),
    "X_URL": _convert_url("X_URL"),
}


class RowValidator:
    """Checks the rows of one file under one mapping."""

    def __init__(self, mapping: Mapping[str, int], width: int) -> None:
        """`mapping`: target field -> 0-based column; `width`: columns of the header."""
        self._width = width
        self._email_index = mapping.get("EMAIL")
        self._others = [
            (field, index, fields.MAX_LENGTHS[field], CONVERTERS.get(field))
            for field, index in mapping.items()
            if field != "EMAIL"
        ]

    def check_row(self, cells: Sequence[str]) -> Outcome:
        """Return the values of a row, EMAIL always among them, or its first fault."""
        if len(cells) != self._width:
            return RowError(
                "ROW_LENGTH", f"the row has {len(cells)} cells, the header {self._width}", None
            )
        raw = cells[self._email_index].strip() if self._email_index is not None else ""
        if not raw:
            return RowError("MISSING_EMAIL", "the row has no e-mail address", None)
        email = fields.normalize_email(raw)
        if email is None:
            return RowError("INVALID_EMAIL", "EMAIL is not a valid e-mail address", raw)
        values = {"EMAIL": email}
        for field, index, longest, convert in self._others:
            text = cells[index].strip()
            if not text:
                continue
            if len(text) > longest:
                return RowError("TOO_LONG", f"{field} is longer than {longest} characters", text)
            converted = convert(text) if convert is not None else text
            if isinstance(converted, RowError):
                return converted
            values[field] = converted
        return values
