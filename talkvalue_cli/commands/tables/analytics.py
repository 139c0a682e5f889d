"""How the insights about events look in a table: a sentence for each signal that there is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from talkvalue_cli.output.columns import Column, Field, Layout, Record, Section
from talkvalue_cli.output.formats import format_day, format_delta, format_number, format_timestamp
from talkvalue_cli.output.layouts import (
    find_member,
    list_items,
    list_objects,
    make_field,
    make_section,
)


class _Signal:
    """The members of a signal as text: numbers are formatted, words in lower case."""

    def __init__(self, members: Mapping[str, Any]) -> None:
        self._members = members

    def number(self, key: str) -> str:
        return format_number(self._members.get(key)) or "?"

    def word(self, key: str) -> str:
        return str(self._members.get(key, "?")).lower().replace("_", " ")

    def name(self) -> str:
        return str(self._members.get("eventName", "?"))


def _limited_data(signal: _Signal) -> str:
    return f"only {signal.number('reliableCount')} events have enough people to tell"


def _audience_mix(signal: _Signal) -> str:
    rate, count = signal.number("weightedNetNewRate"), signal.number("eventCount")
    return f"{signal.word('trend')}: rate of new people {rate} over {count} events"


def _reach_momentum(signal: _Signal) -> str:
    change, count = signal.number("deltaPp"), signal.number("eventCount")
    slope = signal.number("slopePerEvent")
    per_event = "" if slope == "?" else f", {slope} per event"
    return f"{signal.word('trend')}: {change} points over {count} events{per_event}"


def _standout(signal: _Signal) -> str:
    rate, count = signal.number("netNewRate"), signal.number("netNew")
    median, median_count = signal.number("medianRate"), signal.number("medianNetNew")
    return f"{signal.name()}: {count} new people ({rate}), usually {median_count} ({median})"


def _acquisition_drop(signal: _Signal) -> str:
    before, after = signal.number("priorRate"), signal.number("latestRate")
    return f"{signal.number('dropPp')} points, from {before} to {after}"


def _concentration_risk(signal: _Signal) -> str:
    part, whole = signal.number("netNew"), signal.number("totalNetNew")
    share = signal.number("share")
    return f"{signal.name()} brought {part} of {whole} new people, a share of {share}"


def _field(label: str, key: str, describe: Callable[[_Signal], str]) -> Field:
    def text(record: Record) -> str:
        members = record.get(key)
        return describe(_Signal(members)) if isinstance(members, Mapping) else ""

    return Field(label, text)


INSIGHTS_LAYOUT = Layout(
    (
        _field("Limited data", "limitedData", _limited_data),
        _field("Audience mix", "audienceMix", _audience_mix),
        _field("Reach momentum", "reachMomentum", _reach_momentum),
        _field("Standout", "standout", _standout),
        _field("Acquisition drop", "acquisitionDrop", _acquisition_drop),
        _field("Concentration risk", "concentrationRisk", _concentration_risk),
    )
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
