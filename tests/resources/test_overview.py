"""`path overview` against the sandbox: its figures, and how they move with the data."""

from __future__ import annotations

from typing import Any

from tests.world import World

#: what the overview calls the counts of the stats
COUNTS = {
    "totalPeople": "peopleCount",
    "newPeopleThisMonth": "newPeopleThisMonth",
    "totalChannels": "channelCount",
    "totalEvents": "eventCount",
    "totalCompanies": "totalCompanies",
}


def look(world: World) -> dict[str, int]:
    """Return the counts of the overview."""
    data = world.run("path overview").data
    return {name: data[name] for name in COUNTS.values()}


def test_overview_and_stats_have_the_same_counts(world: World) -> None:
    done = world.run("path overview --timezone Europe/Berlin --tag-id 1")
    assert done.lines == ["GET /path/overview?timeZone=Europe%2FBerlin&tagId=1"]
    data = world.run("path overview").data
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
    stats = world.run("path overview stats").data
    # the order of http-api.md, section 13
    assert list(stats) == [
        *("totalPeople", "newPeopleThisMonth", "totalChannels", "totalEvents", "totalCompanies"),
        *("topChannels", "latestTrend"),
    ]
    assert {other: stats[name] for name, other in COUNTS.items()} == look(world)


def test_the_time_zone_is_the_same_before_and_behind_stats(world: World) -> None:
    wanted = ["GET /path/overview/stats?timeZone=Asia%2FTokyo"]
    for line in ("overview --timezone Asia/Tokyo stats", "overview stats --time-zone Asia/Tokyo"):
        assert world.run(f"path {line}").lines == wanted


def test_a_person_a_channel_and_an_event_are_counted(world: World) -> None:
    before = look(world)
    channel_id = world.run("path channel create --name", words=["counted"]).data["id"]
    person_id = world.run(f"path channel add-person {channel_id} -e me@counted.example").data["id"]
    world.run("path event create --name counted --start-at 2020-01-01 --time-zone UTC")
    assert look(world) == {name: count + 1 for name, count in before.items()}
    world.run(f"path person delete {person_id} --confirm")
    world.run(f"path channel delete {channel_id} --confirm")
    after = look(world)
    assert after["peopleCount"] == before["peopleCount"]
    assert after["channelCount"] == before["channelCount"]


def test_csv_and_tables_have_the_same_figures(world: World) -> None:
    data: dict[str, Any] = world.run("path overview").data
    header, row = world.run("path overview --format csv").out.splitlines()
    assert header == ",".join(data)
    assert row.startswith(f"{data['eventCount']},{data['peopleCount']},")
    table = world.run("path overview --format table").out
    assert f"\nPeople                    {data['peopleCount']:,}\n" in table
    assert "{" not in table
    table = world.run("path overview stats --format table").out
    assert f"\nPeople          {data['peopleCount']:,}\n" in table


def test_an_unknown_tag_is_exit_4(world: World) -> None:
    done = world.run("path overview --tag-id 999999")
    assert (done.code, done.raw, done.error["status"]) == (4, b"", 404)
