"""How overviews and analyses look in tables: figures, and a sentence for each insight."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from talkvalue_cli.output.columns import (
    Column,
    Field,
    Layout,
    Record,
    Section,
    find_member,
    list_items,
    list_objects,
    make_field,
    make_section,
    to_field,
)
from talkvalue_cli.output.formats import format_delta, format_number


def _number(label: str, path: str, delta: str | None = None) -> Field:
    """Return a field with a number, and by how much it changed behind it."""

    def text(record: Record) -> str:
        change = format_delta(find_member(record, delta)) if delta else ""
        return format_number(find_member(record, path)) + (f" ({change})" if change else "")

    return Field(label, text)


def _count(header: str, key: str, *, can_go: bool = False) -> Column:
    return Column(header, key, is_right=True, format=format_number, can_go=can_go)


def _name(key: str = "name") -> Column:
    return Column("Name", key, can_shrink=True)


_ID, _NAME = Column("ID", "id"), _name()
_DOMAIN = Column("Domain", "domain", can_shrink=True)
_START = Column("Start At", "startAt", is_time=True, can_go=2)
_PEOPLE, _ALL_PEOPLE = _count("People", "personCount"), _count("People", "peopleCount")

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
        make_section("Channels", "diversification.channels", _ID, _NAME, _PEOPLE),
        make_section("Companies", "diversification.companies", _ID, _NAME, _DOMAIN, _ALL_PEOPLE),
    ),
)

_CHANNEL = (Column("ID", "channelId"), _name("channelName"))
_EVENT = (Column("ID", "eventId"), _name("eventName"))

STATS_LAYOUT = Layout(
    (
        _number("People", "totalPeople"),
        _number("New this month", "newPeopleThisMonth"),
        _number("Channels", "totalChannels"),
        _number("Events", "totalEvents"),
        _number("Companies", "totalCompanies"),
    ),
    (
        make_section("Largest channels", "topChannels", *_CHANNEL, _PEOPLE),
        make_section("Latest events", "latestTrend", *_EVENT, _START, _PEOPLE),
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
            *(_ID, _NAME, _START),
            _count("Total", "total"),
            _count("Joined Since", "joinedSinceLastEvent"),
            _count("In Channel", "alreadyInChannel"),
            _count("Rate", "acquisitionRate"),
        ),
    ),
)


def _intersections(record: Record) -> Sequence[Record]:
    """Return the combinations of channels by the names of these, not by their ids."""
    channels = list_objects(record, "channels")
    # by their texts: an id that is a list could not be looked up
    names = {to_field(item.get("id")): to_field(item.get("name")) for item in channels}
    rows = []
    for item in list_objects(record, "intersections"):
        words = [
            names.get(to_field(number), to_field(number))
            for number in list_items(item, "channelIds")
        ]
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
        make_section("Channels", "channels", _ID, _NAME, _PEOPLE),
        Section(
            lambda record: "In common",
            _intersections,
            (Column("Channels", "channels", can_shrink=True), _count("People", "count")),
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
            *(_ID, _NAME, _START),
            _count("Total", "total"),
            _count("New", "netNew"),
            _count("Returning", "returning"),
            _count("New Rate", "netNewRate"),
            # what the rate before it leaves of one
            _count("Returning Rate", "returningRate", can_go=True),
        ),
    ),
)


class _Members(dict[str, Any]):
    """The members of a signal as text: words in lower case, names as they are, ? for nothing."""

    def __missing__(self, key: str) -> str:
        return "?"

    def __getitem__(self, key: str) -> str:
        value = super().__getitem__(key)
        if key == "trend":
            return to_field(value).lower().replace("_", " ")
        return to_field(value) if key == "eventName" else format_number(value) or "?"


def _signal(key: str, label: str, sentence: str, *, more: tuple[str, str] = ("", "")) -> Field:
    """Return a line with the sentence about a signal, where there is one.

    more: a member, and what is added when it is a number.
    """
    member, addition = more

    def text(record: Record) -> str:
        found = record.get(key)
        if not isinstance(found, Mapping):
            return ""
        is_longer = bool(format_number(found.get(member)))
        return (sentence + addition if is_longer else sentence).format_map(_Members(found))

    return Field(label, text)


_LIMITED = "only {reliableCount} events have enough people to tell"
_MIX = "{trend}: rate of new people {weightedNetNewRate} over {eventCount} events"
_MOMENTUM = "{trend}: {deltaPp} points over {eventCount} events"
_STANDOUT = "{eventName}: {netNew} new people ({netNewRate}), usually {medianNetNew} ({medianRate})"
_DROP = "{dropPp} points, from {priorRate} to {latestRate}"
_RISK = "{eventName} brought {netNew} of {totalNetNew} new people, a share of {share}"
_SLOPE = ("slopePerEvent", ", {slopePerEvent} per event")

INSIGHTS_LAYOUT = Layout(
    (
        _signal("limitedData", "Limited data", _LIMITED),
        _signal("audienceMix", "Audience mix", _MIX),
        _signal("reachMomentum", "Reach momentum", _MOMENTUM, more=_SLOPE),
        _signal("standout", "Standout", _STANDOUT),
        _signal("acquisitionDrop", "Acquisition drop", _DROP),
        _signal("concentrationRisk", "Concentration risk", _RISK),
    )
)
