"""Values as people read them, in tables; JSON and CSV keep them as they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from talkvalue_cli import times


def format_count(value: Any) -> str:
    """Return a number with thousands separated, nothing for anything else."""
    return f"{value:,}" if isinstance(value, int) else ""


def format_number(value: Any) -> str:
    """Return a number with at most four decimals, nothing for anything else."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return ""
    text = f"{value:,.4f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def format_delta(value: Any) -> str:
    """Return by how much a figure changed, and its trend, such as `+3 up`."""
    if not isinstance(value, Mapping):
        return ""
    change, trend = format_number(value.get("value")), value.get("trend")
    is_more = bool(change) and value["value"] > 0
    words = (f"+{change}" if is_more else change, str(trend).lower() if trend else "")
    return " ".join(filter(None, words))


def format_timestamp(value: Any) -> str:
    """Return a timestamp to the second, in UTC; anything else unchanged."""
    return _format_time(value, "%Y-%m-%d %H:%M:%S UTC")


def format_day(value: Any) -> str:
    """Return the day of a timestamp, in UTC; anything else unchanged."""
    return _format_time(value, "%Y-%m-%d")


def _format_time(value: Any, pattern: str) -> str:
    moment = times.parse_timestamp(value)
    if moment is None:
        return "" if value is None else str(value)
    return moment.strftime(pattern)
