"""The fields of an event, as options and in tables."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from talkvalue_cli.commands.options.groups import Decorator
from talkvalue_cli.commands.options.moments import TIME_ZONE_NAMES, Moment, TimeZone
from talkvalue_cli.commands.options.types import Text
from talkvalue_cli.output.columns import Column, join_names, make_layout
from talkvalue_cli.output.formats import format_day

COLUMNS = (
    Column("ID", "id"),
    Column("Name", "name", can_shrink=True),
    Column("Time Zone", "timeZone", can_go=True),
    Column("Start At", "startAt", short=format_day),
    Column("Location", "location", can_shrink=True),
    Column("People", "peopleCount", is_right=True),
    Column("Tags", "tags", format=join_names, can_shrink=True),
    Column("Created At", "createdAt", short=format_day, can_go=True),
)
LAYOUT = make_layout((*COLUMNS[:4], Column("End At", "endAt"), *COLUMNS[4:]))
#: word of --clear → the API's name
CLEARABLE = {"end-at": "endAt", "location": "location"}


def event_fields(*, is_new: bool) -> Decorator:
    """Add the fields of an event; a new one needs a name, a start and a zone."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        for option in (
            click.option("--location", metavar="TEXT", help="Where it is."),
            click.option("--end-at", type=Moment(), metavar="TIME", help="End, in ISO 8601."),
            click.option(
                *TIME_ZONE_NAMES,
                required=is_new,
                type=TimeZone(),
                metavar="ZONE",
                help="IANA name, such as Europe/Berlin.",
            ),
            click.option(
                "--start-at",
                required=is_new,
                type=Moment(),
                metavar="TIME",
                help="Start, in ISO 8601, with or without an offset.",
            ),
            click.option(
                "-n", "--name", required=is_new, type=Text(), help="Name; no other event has it."
            ),
        ):
            function = option(function)
        return function

    return decorate
