"""`path analysis` against the sandbox: its figures, and that they are those of the lists."""

from __future__ import annotations

from tests.world import World


def make_channel(world: World, name: str, people: str) -> int:
    """Make a channel with a person for each letter in it, and return its id."""
    channel_id: int = world.run("path channel create --name", words=[name]).data["id"]
    for letter in people:
        world.run(f"path channel add-person {channel_id} -e {letter}@analysis.example")
    return channel_id


def make_event(world: World, name: str, start: str, people: str) -> int:
    """Make an event with a person for each letter at it, and return its id."""
    line = f"path event create --start-at {start} --time-zone UTC --name"
    event_id: int = world.run(line, words=[name]).data["id"]
    for letter in people:
        world.run(f"path event person add {event_id} -e {letter}@analysis.example")
    return event_id


def test_overlap_counts_people_who_are_in_several_channels(world: World) -> None:
    one, two = make_channel(world, "Overlap 1", "abc"), make_channel(world, "Overlap 2", "bcd")
    line = f"path analysis channel audience --channel-id {one} --channel-id {two}"
    done = world.run(line)
    assert done.lines == [f"GET /path/analysis/channel/audience?channelIds={one}&channelIds={two}"]
    assert list(done.data) == ["channels", "intersections", "metrics"]
    assert done.data == {
        "channels": [
            {"id": one, "name": "Overlap 1", "icon": None, "color": None, "personCount": 3},
            {"id": two, "name": "Overlap 2", "icon": None, "color": None, "personCount": 3},
        ],
        "intersections": [{"channelIds": [one, two], "count": 2}],
        "metrics": {
            "totalUniquePersons": 4,
            "personsInMultipleChannels": 2,
            "multiChannelRate": 0.5,
        },
    }
    table = world.run(line + " --format table").out.splitlines()
    assert "Rate of these        0.5" in table
    assert table[-1] == "Overlap 1 + Overlap 2         2"
    csv = world.run(line + " --format csv").out.splitlines()
    assert csv[0] == "channels,intersections,metrics"
    assert world.run(f"{line} --channel-id 999999").code == 4
    assert world.run(f"path analysis channel audience --channel-id {one}").code == 2


def test_attribution_tells_what_an_event_brought(world: World) -> None:
    event_id = make_event(world, "Attributed", "2030-01-01", "efgh")
    channel_id = make_channel(world, "Attributing", "efx")
    line = f"path analysis channel attribution {channel_id} --event-id {event_id}"
    done = world.run(line)
    assert done.lines == [
        f"GET /path/analysis/channel/{channel_id}/attribution?eventIds={event_id}"
    ]
    assert list(done.data) == ["channel", "events", "metrics"]
    [event] = done.data["events"]
    assert list(event) == [
        *("id", "name", "startAt", "total", "joinedSinceLastEvent", "alreadyInChannel"),
        "acquisitionRate",
    ]
    assert (event["id"], event["total"]) == (event_id, 4)
    assert done.data["metrics"]["channelSize"] == 3
    assert done.data["metrics"]["membersEverRegistered"] == 2
    tagged = world.run(f"{line} --event-id 1001 --tag-id 1")
    assert tagged.lines[0].endswith(f"?eventIds={event_id}&eventIds=1001&tagId=1")
    assert tagged.data["events"] == []
    table = world.run(line + " --format table").out
    assert "\nPeople                        3\n" in table
    assert world.run("path analysis channel attribution 999999").code == 4


def test_trend_tells_new_people_from_those_who_came_back(world: World) -> None:
    one = make_event(world, "Trend 1", "2026-01-01", "ij")
    two = make_event(world, "Trend 2", "2026-02-01", "jkl")
    tag_id = world.run(f"path tag attach {one} --name trend").data["id"]
    world.run(f"path tag attach {two} --name trend")
    done = world.run(f"path analysis event trend --tag-id {tag_id}")
    assert done.lines == [f"GET /path/analysis/event/registration-trend?tagId={tag_id}"]
    assert list(done.data) == ["events", "summary"]
    assert list(done.data["events"][1].items()) == [
        ("id", two),
        ("name", "Trend 2"),
        ("startAt", "2026-02-01T00:00:00Z"),
        ("total", 3),
        ("netNew", 2),
        ("returning", 1),
        ("netNewRate", 0.6667),
        ("returningRate", 0.3333),
    ]
    assert (done.data["summary"]["uniqueAudience"], done.data["summary"]["latestTotal"]) == (4, 3)
    table = world.run(f"path analysis event trend --tag-id {tag_id} --format table").out
    assert "Total                     3 (+1 up)\n" in table
    last = table.splitlines()[-1].split()
    assert last[3:] == ["2026-02-01T00:00:00Z", "3", "2", "1", "0.6667", "0.3333"]
    assert world.run("path analysis event trend --tag-id 999999").code == 4


def test_insights_name_the_signals_that_there_are(world: World) -> None:
    done = world.run("path analysis event insights")
    assert done.lines == ["GET /path/analysis/event/insights"]
    assert list(done.data) == [
        *("limitedData", "audienceMix", "reachMomentum", "standout", "acquisitionDrop"),
        "concentrationRisk",
    ]
    assert done.data["audienceMix"]["trend"] in ("EXPANSION_LED", "RETENTION_HEAVY")
    table = world.run("path analysis event insights --format table").out
    assert "Audience mix        " in table
    assert "{" not in table
    tagged = world.run("path analysis event insights --tag-id 2")
    assert tagged.lines == ["GET /path/analysis/event/insights?tagId=2"]
    csv = world.run("path analysis event insights --tag-id 2 --format csv").out.splitlines()
    assert csv[0] == ",".join(done.data)
