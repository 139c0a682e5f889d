"""Durations and times, as people and as machines write and read them."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta, timezone

UTC = timezone.utc
DAY_S = 86400.0
#: a time may be so far in the future and still be that of something that has happened
CLOCKS_DIFFER_S = 60.0
_UNITS_S = {"d": 86400.0, "h": 3600.0, "m": 60.0, "s": 1.0}
_NUMBER = r"[0-9]{1,9}(?:\.[0-9]{1,9})?"
# compiled where they are used: most commands read no duration
_PARTS = "".join(f"(?:(?P<{unit}>{_NUMBER}){unit})?" for unit in _UNITS_S)


def parse_duration(text: str) -> float:
    """Return the seconds that text stands for.

    A bare number counts seconds; units go from large to small, each at most
    once. Raises ValueError for anything else, negative numbers included.
    """
    word = text.strip().lower()
    if re.fullmatch(_NUMBER, word):
        return float(word)
    parts = re.fullmatch(_PARTS, word)
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
    try:
        moment = _read_iso(text)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):  # OverflowError: the year 1 east of Greenwich
        return None


def _read_iso(text: str) -> datetime:
    plain = re.sub(r"[zZ]$", "+00:00", text)
    return datetime.fromisoformat(
        re.sub(r"\.([0-9]+)", lambda match: f".{match[1][:6]:0<6}", plain)
    )


def parse_point(text: str, now: float, *, is_end: bool = False) -> float:
    """Return the epoch seconds of a time as people write it.

    That is how long ago it was (2d, 90m, 1w), now, today, yesterday, a day, or a time
    in ISO 8601, which is local without an offset. Raises ValueError for all else.

    now: epoch seconds. is_end: a day stands for its end, not for its begin.
    """
    word = " ".join(text.lower().split()).removesuffix(" ago")
    if word == "now":
        return now
    weeks = re.fullmatch(r"([0-9]{1,4})w", word)
    if weeks:
        return now - 7 * DAY_S * int(weeks[1])
    try:
        if word in ("today", "yesterday"):
            day = datetime.fromtimestamp(now).date() - timedelta(days=word == "yesterday")
            return _begin_of(day + timedelta(days=is_end))
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", word):
            return _begin_of(date.fromisoformat(word) + timedelta(days=is_end))
        if re.match(r"[0-9]{4}-", word):
            return _read_iso(text.strip()).timestamp()
        if not re.fullmatch(_NUMBER, word):
            return now - parse_duration(word)
    except (ValueError, OverflowError):
        pass
    raise ValueError(
        f"{text!r} is not a time; write 2d, yesterday, 2027-03-01 or 2027-03-01T18:30:00Z"
    )


def _begin_of(day: date) -> float:
    return datetime.combine(day, time.min).timestamp()


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


def from_epoch(epoch_s: float) -> datetime:
    """Return the time of epoch seconds, in UTC."""
    return datetime.fromtimestamp(epoch_s, UTC)


def format_timestamp(moment: datetime) -> str:
    """Return a time as machines read it: RFC 3339, UTC, whole seconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def format_moment(moment: datetime, now: float, *, is_short: bool = False) -> str:
    """Return a time as people read it: local with its zone, relative when it was within a day.

    now: epoch seconds. is_short: the day alone, where it is not relative.
    """
    age_s = now - moment.timestamp()
    # clocks of two machines differ: what has happened has not happened in the future
    if -CLOCKS_DIFFER_S <= age_s < DAY_S:
        return format_ago(age_s)
    return format_local(moment, "%Y-%m-%d" if is_short else "%Y-%m-%d %H:%M %Z")


def format_local(moment: datetime, pattern: str = "%Y-%m-%d %H:%M:%S %Z") -> str:
    """Return a time as the clock on the wall shows it, with its zone."""
    try:
        return moment.astimezone().strftime(pattern)
    except (ValueError, OverflowError, OSError):  # there is no such time here
        return moment.strftime(pattern)


def format_ago(age_s: float) -> str:
    """Return how long ago something was, in its largest unit, such as 5m ago."""
    if age_s < 1:
        return "just now"
    unit, unit_s = next((u, s) for u, s in _UNITS_S.items() if age_s >= s)
    return f"{int(age_s // unit_s)}{unit} ago"
