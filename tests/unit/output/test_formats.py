"""Numbers, changes and times as people read them."""

from __future__ import annotations

from typing import Any

import pytest

from talkvalue_cli.output.formats import format_count, format_delta, format_number


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (12345, "12,345"),
        (0.5, "0.5"),
        (0.123456, "0.1235"),
        (1234.0, "1,234"),
        (100, "100"),
        (0, "0"),
        (-0.00001, "0"),
        (-2.5, "-2.5"),
        (10**400, f"{10**400:,}"),
        # what is no number is shown as it is
        (True, "true"),
        (None, ""),
        ("7", "7"),
        ([7], "[7]"),
    ],
)
def test_a_number_has_at_most_four_decimals(value: Any, text: str) -> None:
    assert format_number(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"value": 35, "trend": "UP"}, "+35 up"),
        ({"value": -0.25, "trend": "DOWN"}, "-0.25 down"),
        ({"value": 0, "trend": "FLAT"}, "0 flat"),
        ({"value": 1}, "+1"),
        ({"trend": "UP"}, "up"),
        ({"value": "3", "trend": None}, "3"),
        ({"value": [3], "trend": {"UP": 1}}, '[3] {"up":1}'),
        (None, ""),
        (3, ""),
    ],
    ids=str,
)
def test_a_change_has_its_sign_and_its_trend(value: Any, text: str) -> None:
    assert format_delta(value) == text


def test_a_count_is_a_whole_number() -> None:
    assert (format_count(1234), format_count(None)) == ("1,234", "")
