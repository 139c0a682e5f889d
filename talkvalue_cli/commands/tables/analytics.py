"""How the insights about events look in a table: a sentence for each signal that there is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from talkvalue_cli.output.columns import Field, Layout, Record
from talkvalue_cli.output.formats import format_number


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
