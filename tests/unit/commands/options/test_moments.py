"""Times and time zones on the command line."""

from __future__ import annotations

import sys
import zoneinfo
from collections.abc import Iterator

import click
import pytest

from talkvalue_cli.commands.options.moments import Moment, TimeZone


@pytest.fixture
def no_zones(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Be a machine without any time zone data."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "tzdata"]:
        monkeypatch.delitem(sys.modules, name)
    # the package that helps out where the system has no zones cannot be imported
    monkeypatch.setitem(sys.modules, "tzdata", None)
    zoneinfo.reset_tzpath(to=[])
    zoneinfo.ZoneInfo.clear_cache()
    yield
    zoneinfo.reset_tzpath()
    zoneinfo.ZoneInfo.clear_cache()


@pytest.mark.parametrize(
    "text",
    [
        "2027-03-01T18:30:00",
        "2027-03-01T18:30:00Z",
        "2027-03-01T18:30:00.123456789+09:00",
        "2027-03-01T18:30",
        "2027-03-01T18:30+0900",
        "2027-03-01T18:30:00-09",
        "2027-03-01",
    ],
)
def test_a_time_stays_as_it_was_typed(text: str) -> None:
    assert Moment().convert(text, None, None) == text


@pytest.mark.parametrize("text", ["", "tomorrow", "2027-02-30", "18:30", "1772386200"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(click.BadParameter, match="is not a time in ISO 8601"):
        Moment().convert(text, None, None)


@pytest.mark.parametrize("name", ["Europe/Berlin", "UTC", "Asia/Seoul"])
def test_a_zone_stays_as_it_was_typed(name: str) -> None:
    assert TimeZone().convert(name, None, None) == name


@pytest.mark.parametrize("name", ["", "Mars/X", "Europe", "../UTC", "/etc/localtime", "a\0b"])
def test_what_is_no_zone_is_refused(name: str) -> None:
    with pytest.raises(click.BadParameter, match="is not the IANA name of a time zone"):
        TimeZone().convert(name, None, None)


@pytest.mark.usefixtures("no_zones")
def test_a_machine_that_knows_no_zones_leaves_them_to_the_server() -> None:
    assert TimeZone().convert("Mars/X", None, None) == "Mars/X"
