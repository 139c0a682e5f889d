"""Durations and timestamps."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from talkvalue_cli import times


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90", 90),
        ("90s", 90),
        ("0", 0),
        ("30m", 1800),
        ("2h", 7200),
        ("1h30m", 5400),
        ("1d", 86400),
        ("1d2h3m4s", 93784),
        ("1.5h", 5400),
        ("0.25", 0.25),
        ("1H30M", 5400),
        ("  5m ", 300),
        ("999999999", 999999999),
    ],
)
def test_a_duration_is_read_as_people_write_it(text: str, seconds: float) -> None:
    assert times.parse_duration(text) == seconds


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "s", "-1", "-5m", "+5", "5x", "m5", "1h30", "30m1h", "1m1m", "1 h", "1h 30m"),
        *(
            "1e3",
            "0x10",
            "1,5",
            ".5",
            "5.",
            "inf",
            "nan",
            "none",
            "1_000",
            "٣m",
            "\uff19",
            "9" * 10,
        ),
    ],
)
def test_anything_else_is_no_duration_and_is_named(text: str) -> None:
    with pytest.raises(ValueError, match="is not a duration; write 90, 90s, 30m, 2h or 1h30m") as e:
        times.parse_duration(text)
    assert repr(text) in str(e.value)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-3, "0s"),
        (0, "0s"),
        (0.04, "0s"),
        (0.5, "0.5s"),
        (2.0, "2s"),
        (9.94, "9.9s"),
        (9.96, "10s"),
        (42.4, "42s"),
        (59.6, "1m00s"),
        (61, "1m01s"),
        (3599.4, "59m59s"),
        (3599.6, "1h00m"),
        (3900, "1h05m"),
        (86399, "1d00h"),
        (93600, "1d02h"),
    ],
)
def test_a_duration_is_shown_with_two_units_at_the_most(seconds: float, text: str) -> None:
    assert times.format_duration(seconds) == text


@pytest.mark.parametrize("seconds", [0, 0.7, 9.9, 42, 61, 3540, 3900, 86400, 360000])
def test_what_is_shown_can_be_typed_again(seconds: float) -> None:
    assert times.parse_duration(times.format_duration(seconds)) == seconds


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-23T08:30:00Z", datetime(2026, 11, 23, 8, 30)),
        ("2026-11-23T08:30:00z", datetime(2026, 11, 23, 8, 30)),
        ("2026-11-23T08:30:00.5Z", datetime(2026, 11, 23, 8, 30, 0, 500000)),
        ("2026-11-23T08:30:00.123456789Z", datetime(2026, 11, 23, 8, 30, 0, 123456)),
        ("2026-11-23T17:30:00+09:00", datetime(2026, 11, 23, 8, 30)),
        ("2026-11-23T08:30:00", datetime(2026, 11, 23, 8, 30)),
    ],
)
def test_a_timestamp_of_the_server_is_read_with_its_offset(text: str, moment: datetime) -> None:
    found = times.parse_timestamp(text)
    assert found == moment.replace(tzinfo=timezone.utc)
    assert found.utcoffset() is not None


@pytest.mark.parametrize("value", [None, "", "soon", 1764000000, True, "2026-13-45T00:00:00Z", []])
def test_anything_else_is_no_timestamp(value: object) -> None:
    assert times.parse_timestamp(value) is None


def test_a_timestamp_that_no_other_zone_can_express_is_no_timestamp() -> None:
    assert times.parse_timestamp("0001-01-01T00:00:00+23:00") is None


def test_timestamps_in_different_zones_can_be_subtracted() -> None:
    began = times.parse_timestamp("2026-11-23T09:00:00+01:00")
    ended = times.parse_timestamp("2026-11-23T08:00:05Z")
    assert began is not None and ended is not None
    assert ended - began == timedelta(seconds=5)
