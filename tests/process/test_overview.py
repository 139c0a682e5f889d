"""`path overview` against the sandbox: its figures, and how they move with the data."""

from __future__ import annotations

from typing import Any

from tests.process.relay import Relay

#: what the overview calls the counts of the stats
COUNTS = {
    "totalPeople": "peopleCount",
    "newPeopleThisMonth": "newPeopleThisMonth",
    "totalChannels": "channelCount",
    "totalEvents": "eventCount",
    "totalCompanies": "totalCompanies",
}


def look(relay: Relay) -> dict[str, int]:
    """Return the counts of the overview."""
    data = relay.call("path overview").data
    return {name: data[name] for name in COUNTS.values()}


def test_overview_and_stats_have_the_same_counts(relay: Relay) -> None:
    done = relay.call("path overview --timezone Europe/Berlin --tag-id 1")
    assert done.sent == ["GET /path/overview?timeZone=Europe%2FBerlin&tagId=1"]
    data = relay.call("path overview").data
    assert list(data) == [
        *("eventCount", "peopleCount", "channelCount", "newPeopleThisMonth", "totalCompanies"),
        *("diversification", "growth", "retention"),
    ]
    assert list(data["diversification"]) == ["totalUniquePersons", "channels", "companies"]
    assert list(data["diversification"]["channels"][0]) == [
        *("id", "name", "personCount", "icon", "color")
    ]
    assert list(data["growth"]) == [
        *("uniqueAudience", "latestTotal", "latestNetNewRate", "totalDelta", "netNewRateDelta")
    ]
    assert list(data["retention"]) == ["returnRate", "returnRateDelta", "avgEventsPerPerson"]
    stats = relay.call("path overview stats").data
    # the order of http-api.md, section 13
    assert list(stats) == [
        *("totalPeople", "newPeopleThisMonth", "totalChannels", "totalEvents", "totalCompanies"),
        *("topChannels", "latestTrend"),
    ]
    assert {other: stats[name] for name, other in COUNTS.items()} == look(relay)


def test_the_time_zone_is_the_same_before_and_behind_stats(relay: Relay) -> None:
    wanted = ["GET /path/overview/stats?timeZone=Asia%2FTokyo"]
    for line in ("overview --timezone Asia/Tokyo stats", "overview stats --time-zone Asia/Tokyo"):
        assert relay.call(f"path {line}").sent == wanted


def test_a_person_a_channel_and_an_event_are_counted(relay: Relay) -> None:
    before = look(relay)
    channel_id = relay.call("path channel create --name", "counted").data["id"]
    person_id = relay.call(f"path channel add-person {channel_id} -e me@counted.example").data["id"]
    relay.call("path event create --name counted --start-at 2020-01-01 --time-zone UTC")
    assert look(relay) == {name: count + 1 for name, count in before.items()}
    relay.call(f"path person delete {person_id} --confirm")
    relay.call(f"path channel delete {channel_id} --confirm")
    after = look(relay)
    assert after["peopleCount"] == before["peopleCount"]
    assert after["channelCount"] == before["channelCount"]


def test_csv_and_tables_have_the_same_figures(relay: Relay) -> None:
    data: dict[str, Any] = relay.call("path overview").data
    header, row = relay.call("path overview --format csv").out.splitlines()
    assert header == ",".join(data)
    assert row.startswith(f"{data['eventCount']},{data['peopleCount']},")
    table = relay.call("path overview --format table").out
    assert f"\nPeople                    {data['peopleCount']:,}\n" in table
    assert "{" not in table
    table = relay.call("path overview stats --format table").out
    assert f"\nPeople          {data['peopleCount']:,}\n" in table


def test_an_unknown_tag_is_exit_4(relay: Relay) -> None:
    done = relay.call("path overview --tag-id 999999")
    assert (done.code, done.raw, done.error["status"]) == (4, b"", 404)


def test_an_installed_program_does_the_same(relay: Relay) -> None:
    before = len(relay.sent)
    done = relay.run("path", "overview", "--timezone", "UTC", "stats", "--format", "csv")
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines()[0] == ",".join([*COUNTS, "topChannels", "latestTrend"])
    assert relay.sent[before:] == ["GET /path/overview/stats?timeZone=UTC"]
