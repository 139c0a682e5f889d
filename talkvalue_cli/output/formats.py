"""Values as people read them, in tables; JSON and CSV keep them as they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from talkvalue_cli import times
from talkvalue_cli.output.columns import to_field


def format_count(value: Any) -> str:
    """Return a whole number with thousands separated, anything else as it is."""
    return f"{value:,}" if _is_number(value) and isinstance(value, int) else to_field(value)


def format_number(value: Any) -> str:
    """Return a number with at most four decimals, anything else as it is."""
    if not isinstance(value, float):
        return format_count(value)
    text = f"{value:,.4f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def format_delta(value: Any) -> str:
    """Return by how much a figure changed, and its trend, such as `+3 up`."""
    if not isinstance(value, Mapping):
        return ""
    change, trend = format_number(value.get("value")), value.get("trend")
    is_more = _is_number(value.get("value")) and value["value"] > 0
    words = (f"+{change}" if is_more else change, to_field(trend).lower())
    return " ".join(filter(None, words))


def read_time(value: Any) -> Any:
    """Return a timestamp as a time, which is shown as its reader wants it; all else unchanged."""
    return times.parse_timestamp(value) or value


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
