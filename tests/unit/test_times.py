"""Durations and timestamps."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from talkvalue_cli import times
from tests.conftest import set_zone


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


#: 2027-03-02T12:00:00Z, which is 13:00 in Berlin
NOW = 1_803_988_800.0


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("now", "2027-03-02T12:00:00Z"),
        ("2d", "2027-02-28T12:00:00Z"),
        ("90m", "2027-03-02T10:30:00Z"),
        ("1h30m ago", "2027-03-02T10:30:00Z"),
        ("2 w", None),
        ("1w", "2027-02-23T12:00:00Z"),
        ("Today", "2027-03-01T23:00:00Z"),
        ("yesterday", "2027-02-28T23:00:00Z"),
        ("2027-03-01", "2027-02-28T23:00:00Z"),
        # summer time has begun meanwhile
        ("2027-04-01", "2027-03-31T22:00:00Z"),
        ("2027-03-01 18:30", "2027-03-01T17:30:00Z"),
        ("2027-03-01T18:30:05", "2027-03-01T17:30:05Z"),
        ("2027-03-01T18:30:00Z", "2027-03-01T18:30:00Z"),
        ("2027-03-01T18:30:00.123+02:00", "2027-03-01T16:30:00Z"),
        *((text, None) for text in ("", "90", "soon", "2027-02-30", "12:30", "2027", "-2d", "2x")),
        ("99999999999999d", None),
    ],
)
def test_a_point_in_time_is_read_as_people_write_it(
    text: str, moment: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_zone(monkeypatch, "Europe/Berlin")
    if moment is None:
        with pytest.raises(ValueError, match="is not a time; write 2d, yesterday, 2027-03-01"):
            times.parse_point(text, NOW)
        return
    found = times.from_epoch(times.parse_point(text, NOW))
    assert times.format_timestamp(found) == moment


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2027-03-01", "2027-03-01T23:00:00Z"),
        ("yesterday", "2027-03-01T23:00:00Z"),
        ("today", "2027-03-02T23:00:00Z"),
        # the day that has 23 hours
        ("2027-03-28", "2027-03-28T22:00:00Z"),
        ("2027-03-01T18:30:00Z", "2027-03-01T18:30:00Z"),
        ("2d", "2027-02-28T12:00:00Z"),
    ],
)
def test_a_day_counts_to_its_end_where_an_end_is_meant(
    text: str, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_zone(monkeypatch, "Europe/Berlin")
    found = times.from_epoch(times.parse_point(text, NOW, is_end=True))
    assert times.format_timestamp(found) == moment


@pytest.mark.parametrize(
    ("age_s", "text", "short"),
    [
        (-59, "just now", "just now"),
        (0.9, "just now", "just now"),
        (1, "1s ago", "1s ago"),
        (59.9, "59s ago", "59s ago"),
        (60, "1m ago", "1m ago"),
        (3599, "59m ago", "59m ago"),
        (3600, "1h ago", "1h ago"),
        (86399, "23h ago", "23h ago"),
        (86400, "2027-03-01 13:00 CET", "2027-03-01"),
        (-61, "2027-03-02 13:01 CET", "2027-03-02"),
        (-40 * 86400, "2027-04-11 14:00 CEST", "2027-04-11"),
    ],
)
def test_a_time_is_relative_when_recent_and_else_local_with_its_zone(
    age_s: float, text: str, short: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_zone(monkeypatch, "Europe/Berlin")
    moment = times.from_epoch(NOW - age_s)
    assert times.format_moment(moment, NOW) == text
    assert times.format_moment(moment, NOW, is_short=True) == short


def test_a_time_that_there_is_not_here_is_shown_where_there_is_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    set_zone(monkeypatch, "America/New_York")
    first = datetime(1, 1, 1, tzinfo=times.UTC)
    assert times.format_local(first).endswith("-01-01 00:00:00 UTC")
