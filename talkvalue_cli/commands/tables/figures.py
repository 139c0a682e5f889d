"""How overviews and analyses look in tables."""

from __future__ import annotations

from collections.abc import Sequence

from talkvalue_cli.output.columns import Column, Field, Layout, Record, Section
from talkvalue_cli.output.formats import format_day, format_delta, format_number, format_timestamp
from talkvalue_cli.output.layouts import (
    find_member,
    list_items,
    list_objects,
    make_field,
    make_section,
)


def _number(label: str, path: str, delta: str | None = None) -> Field:
    """Return a field with a number, and by how much it changed behind it."""

    def text(record: Record) -> str:
        change = format_delta(find_member(record, delta)) if delta else ""
        return format_number(find_member(record, path)) + (f" ({change})" if change else "")

    return Field(label, text)


def _count_column(header: str, key: str) -> Column:
    return Column(header, key, is_right=True, format=format_number)


def _name_column(key: str = "name") -> Column:
    return Column("Name", key, can_shrink=True)


_ID = Column("ID", "id")
_START = Column("Start At", "startAt", format=format_timestamp, short=format_day)
_PEOPLE = _count_column("People", "personCount")

OVERVIEW_LAYOUT = Layout(
    (
        _number("People", "peopleCount"),
        _number("New this month", "newPeopleThisMonth"),
        _number("Channels", "channelCount"),
        _number("Events", "eventCount"),
        _number("Companies", "totalCompanies"),
        _number("Audience of all events", "growth.uniqueAudience"),
        _number("At the latest event", "growth.latestTotal", "growth.totalDelta"),
        _number("Rate of new people", "growth.latestNetNewRate", "growth.netNewRateDelta"),
        _number("Rate of returning people", "retention.returnRate", "retention.returnRateDelta"),
        _number("Events per person", "retention.avgEventsPerPerson"),
        _number("People in channels", "diversification.totalUniquePersons"),
    ),
    (
        make_section("Channels", "diversification.channels", _ID, _name_column(), _PEOPLE),
        make_section(
            "Companies",
            "diversification.companies",
            _ID,
            _name_column(),
            Column("Domain", "domain", can_shrink=True),
            _count_column("People", "peopleCount"),
        ),
    ),
)

STATS_LAYOUT = Layout(
    (
        _number("People", "totalPeople"),
        _number("New this month", "newPeopleThisMonth"),
        _number("Channels", "totalChannels"),
        _number("Events", "totalEvents"),
        _number("Companies", "totalCompanies"),
    ),
    (
        make_section(
            "Largest channels",
            "topChannels",
            Column("ID", "channelId"),
            _name_column("channelName"),
            _PEOPLE,
        ),
        make_section(
            "Latest events",
            "latestTrend",
            Column("ID", "eventId"),
            _name_column("eventName"),
            _START,
            _PEOPLE,
        ),
    ),
)

ATTRIBUTION_LAYOUT = Layout(
    (
        make_field("Channel", "channel.name"),
        _number("People", "metrics.channelSize"),
        _number("Ever registered for an event", "metrics.membersEverRegistered"),
        _number("Rate of participation", "metrics.eventParticipationRate"),
    ),
    (
        make_section(
            "Events",
            "events",
            _ID,
            _name_column(),
            _START,
            _count_column("Total", "total"),
            _count_column("Joined Since", "joinedSinceLastEvent"),
            _count_column("In Channel", "alreadyInChannel"),
            _count_column("Rate", "acquisitionRate"),
        ),
    ),
)


def _intersections(record: Record) -> Sequence[Record]:
    """Return the combinations of channels by the names of these, not by their ids."""
    names = {item.get("id"): str(item.get("name")) for item in list_objects(record, "channels")}
    rows = []
    for item in list_objects(record, "intersections"):
        words = [names.get(number, str(number)) for number in list_items(item, "channelIds")]
        if words:
            rows.append({"channels": " + ".join(words), "count": item.get("count")})
    return rows


OVERLAP_LAYOUT = Layout(
    (
        _number("People", "metrics.totalUniquePersons"),
        _number("In several channels", "metrics.personsInMultipleChannels"),
        _number("Rate of these", "metrics.multiChannelRate"),
    ),
    (
        make_section("Channels", "channels", _ID, _name_column(), _PEOPLE),
        Section(
            lambda record: "In common",
            _intersections,
            (Column("Channels", "channels", can_shrink=True), _count_column("People", "count")),
        ),
    ),
)

TREND_LAYOUT = Layout(
    (
        make_field("Latest event", "summary.latestName"),
        _number("Total", "summary.latestTotal", "summary.totalDelta"),
        _number("Rate of new people", "summary.latestNetNewRate", "summary.netNewRateDelta"),
        _number("Rate of returning people", "summary.returnRate", "summary.returnRateDelta"),
        _number("Audience of all events", "summary.uniqueAudience"),
    ),
    (
        make_section(
            "Events",
            "events",
            _ID,
            _name_column(),
            _START,
            _count_column("Total", "total"),
            _count_column("New", "netNew"),
            _count_column("Returning", "returning"),
            _count_column("New Rate", "netNewRate"),
            # what the rate before it leaves of one
            _count_column("Returning Rate", "returningRate")._replace(can_go=True),
        ),
    ),
)
