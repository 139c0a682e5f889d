"""Times as they travel on the wire: ISO 8601, UTC, whole seconds, ending in Z."""

from __future__ import annotations

import re
from datetime import datetime, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

# Written out, because Python 3.10 does not read a Z, and later ones read more than this.
ISO_PATTERN = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:[Tt ]([0-9]{2}:[0-9]{2}(?::[0-9]{2})?)(?:\.([0-9]{1,9}))?(Z|[+-][0-9]{2}:[0-9]{2})?)?"
)


def format_utc(moment: datetime) -> str:
    """Return `moment` as ISO 8601 UTC; a time without an offset is taken for UTC."""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    text = moment.astimezone(timezone.utc).isoformat(timespec="seconds")
    return text.replace("+00:00", "Z")


def format_epoch(seconds: float) -> str:
    """Return a time in seconds since 1970 for the wire."""
    return format_utc(datetime.fromtimestamp(seconds, timezone.utc))


def read_utc(text: str) -> datetime:
    """Return the moment of a time of the wire."""
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def parse_iso(text: str, zone: tzinfo = timezone.utc) -> str | None:
    """Return a date or time in ISO 8601 for the wire, or None when it is none.

    zone: where a time without an offset is meant.
    """
    match = ISO_PATTERN.fullmatch(text.strip())
    if match is None:
        return None
    date, clock, fraction, offset = match.groups("")
    if len(clock) == 5:
        clock += ":00"
    full = f"{date}T{clock or '00:00:00'}.{fraction[:6]:0<6}{'+00:00' if offset == 'Z' else offset}"
    try:
        moment = datetime.fromisoformat(full)
        return format_utc(moment if moment.tzinfo else moment.replace(tzinfo=zone))
    except (ValueError, OverflowError):
        return None


@lru_cache(maxsize=1)
def _list_zones() -> set[str]:
    return available_timezones()


def find_zone(name: str) -> ZoneInfo | None:
    """Return the time zone with an IANA name, or None."""
    return ZoneInfo(name) if name in _list_zones() else None
