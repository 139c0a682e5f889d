"""How overviews and analyses look in tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from talkvalue_cli.output.columns import Column, Field, Layout, Record, Section
from talkvalue_cli.output.formats import format_day, format_delta, format_number, format_timestamp


def _find(record: Record, path: str) -> Any:
    """Return a member of members, such as `growth.latestTotal`; None when it is not there."""
    value: Any = record
    for key in path.split("."):
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def _number(label: str, path: str, delta: str | None = None) -> Field:
    """Return a field with a number, and by how much it changed behind it."""

    def text(record: Record) -> str:
        change = format_delta(_find(record, delta)) if delta else ""
        return format_number(_find(record, path)) + (f" ({change})" if change else "")

    return Field(label, text)


def _text(label: str, path: str) -> Field:
    return Field(label, lambda record: _find(record, path))


def _section(title: str, path: str, *columns: Column) -> Section:
    def items(record: Record) -> Sequence[Record]:
        found = _find(record, path)
        found = found if isinstance(found, list) else []
        return [item for item in found if isinstance(item, Mapping)]

    return Section(lambda record: title, items, columns)


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
        _section("Channels", "diversification.channels", _ID, _name_column(), _PEOPLE),
        _section(
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
        _section(
            "Largest channels",
            "topChannels",
            Column("ID", "channelId"),
            _name_column("channelName"),
            _PEOPLE,
        ),
        _section(
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
        _text("Channel", "channel.name"),
        _number("People", "metrics.channelSize"),
        _number("Ever registered for an event", "metrics.membersEverRegistered"),
        _number("Rate of participation", "metrics.eventParticipationRate"),
    ),
    (
        _section(
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
    channels = [item for item in record.get("channels") or () if isinstance(item, Mapping)]
    names = {item.get("id"): str(item.get("name")) for item in channels}
    rows = []
    for item in record.get("intersections") or ():
        if isinstance(item, Mapping) and isinstance(item.get("channelIds"), list):
            words = [names.get(number, str(number)) for number in item["channelIds"]]
            rows.append({"channels": " + ".join(words), "count": item.get("count")})
    return rows


OVERLAP_LAYOUT = Layout(
    (
        _number("People", "metrics.totalUniquePersons"),
        _number("In several channels", "metrics.personsInMultipleChannels"),
        _number("Rate of these", "metrics.multiChannelRate"),
    ),
    (
        _section("Channels", "channels", _ID, _name_column(), _PEOPLE),
        Section(
            lambda record: "In common",
            _intersections,
            (Column("Channels", "channels", can_shrink=True), _count_column("People", "count")),
        ),
    ),
)

TREND_LAYOUT = Layout(
    (
        _text("Latest event", "summary.latestName"),
        _number("Total", "summary.latestTotal", "summary.totalDelta"),
        _number("Rate of new people", "summary.latestNetNewRate", "summary.netNewRateDelta"),
        _number("Rate of returning people", "summary.returnRate", "summary.returnRateDelta"),
        _number("Audience of all events", "summary.uniqueAudience"),
    ),
    (
        _section(
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
