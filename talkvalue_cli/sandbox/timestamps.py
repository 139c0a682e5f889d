"""Times as they travel on the wire: ISO 8601, UTC, milliseconds, ending in Z."""

from __future__ import annotations

from datetime import datetime, timezone


def format_utc(moment: datetime) -> str:
    """Return `moment` as ISO 8601 UTC; a time without an offset is taken for UTC."""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    text = moment.astimezone(timezone.utc).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


def read_clock() -> str:
    """Return the present time for the wire."""
    return format_utc(datetime.now(timezone.utc))
