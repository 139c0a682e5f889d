"""Parameter types of time: moments in ISO 8601, and zones by their IANA names."""

from __future__ import annotations

import re
from typing import Any

import click

from talkvalue_cli import times


class Moment(click.ParamType[str]):
    """A time in ISO 8601, with or without an offset; stays as it was typed."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the text unchanged; fail naming it when it is no time."""
        if times.parse_timestamp(_complete_offset(str(value))) is None:
            self.fail(
                f"{str(value)!r} is not a time in ISO 8601, such as 2027-03-01T18:30:00", param, ctx
            )
        return str(value)


def _complete_offset(text: str) -> str:
    """Return a time whose offset has hours, a colon and minutes: Python 3.10 reads no other."""
    date, separator, clock = text.partition("T")
    return (
        date
        + separator
        + re.sub(r"([+-]\d\d)(\d\d)?$", lambda match: f"{match[1]}:{match[2] or '00'}", clock)
    )


class TimeZone(click.ParamType[str]):
    """The IANA name of a time zone, such as Europe/Berlin."""

    name = "zone"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the name; fail when it is unknown, as far as this machine knows zones at all."""
        if not _is_zone(str(value)) and _is_zone("UTC"):
            self.fail(
                f"{str(value)!r} is not the IANA name of a time zone, such as Europe/Berlin",
                param,
                ctx,
            )
        return str(value)


def _is_zone(name: str) -> bool:
    # takes longer to import than everything else that reads a command line
    import zoneinfo

    try:
        zoneinfo.ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # OSError: part of a name, which is a folder
        return False
    return True


#: of both spellings that the existing CLI has
TIME_ZONE_NAMES = ("--time-zone", "--timezone", "time_zone")
