"""Durations as people write them (90, 30m, 1h30m) and timestamps as the server does."""

from __future__ import annotations

import re
from datetime import datetime, timezone

UTC = timezone.utc
_UNITS_S = {"d": 86400.0, "h": 3600.0, "m": 60.0, "s": 1.0}
_NUMBER = r"[0-9]{1,9}(?:\.[0-9]{1,9})?"
_BARE = re.compile(_NUMBER)
_PARTS = re.compile("".join(f"(?:(?P<{unit}>{_NUMBER}){unit})?" for unit in _UNITS_S))


def parse_duration(text: str) -> float:
    """Return the seconds that text stands for.

    A bare number counts seconds; units go from large to small, each at most
    once. Raises ValueError for anything else, negative numbers included.
    """
    word = text.strip().lower()
    if _BARE.fullmatch(word):
        return float(word)
    parts = _PARTS.fullmatch(word)
    if not word or parts is None:
        raise ValueError(f"{text!r} is not a duration; write 90, 90s, 30m, 2h or 1h30m")
    return sum(float(number) * _UNITS_S[unit] for unit, number in parts.groupdict("0").items())


def format_duration(seconds: float) -> str:
    """Return seconds as text that `parse_duration` reads back, such as 1h05m or 42s.

    Below ten seconds one decimal is kept, above an hour seconds are dropped.
    """
    if seconds < 9.95:
        return f"{max(0.0, seconds):.1f}".removesuffix(".0") + "s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole}s"
    if whole < 3600:
        return f"{whole // 60}m{whole % 60:02d}s"
    minutes = round(seconds / 60)
    if minutes < 24 * 60:
        return f"{minutes // 60}h{minutes % 60:02d}m"
    return f"{minutes // 1440}d{minutes % 1440 // 60:02d}h"


def parse_timestamp(text: object) -> datetime | None:
    """Return a datetime in UTC for an ISO 8601 text, or None when it is not one.

    The API's timestamps end in Z and may carry any number of decimals; Python
    3.10 reads neither. One without an offset is taken as UTC.
    """
    if not isinstance(text, str):
        return None
    plain = re.sub(r"[zZ]$", "+00:00", text)
    plain = re.sub(r"\.([0-9]+)", lambda match: f".{match[1][:6]:0<6}", plain)
    try:
        moment = datetime.fromisoformat(plain)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):  # OverflowError: the year 1 east of Greenwich
        return None


def parse_http_date(text: str | None) -> datetime | None:
    """Return a datetime for the date of a header, or None when it is not one.

    The older forms name no zone and are in UTC like the others (RFC 9110 section 5.6.7).
    """
    from email.utils import parsedate_to_datetime  # only who has sent a request needs it

    try:
        moment = parsedate_to_datetime(text) if text else None
        # a year at either end of the calendar leaves no room to calculate with
        if moment is None or not 1970 <= moment.year < 9999:
            return None
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (TypeError, ValueError, OverflowError):
        return None
