"""Overview and analysis: known cases by hand, and sums that must agree with each other."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest

from ..bench import Bench

MEETINGS = (
    ("One", "2026-01-10", "abcdef"),
    ("Two", "2026-02-10", "abcghi"),
    ("Three", "2026-03-10", "adgjkl"),
    ("Four", "2026-04-10", "abcdem"),
)


@pytest.fixture
def plain(bench: Bench) -> Bench:
    """A sandbox with only these meetings; tag 5 is on the last two."""
    for event in bench.get("/path/event"):
        bench.send("DELETE", f"/path/event/{event['id']}")
    for name, day, people in MEETINGS:
        body = {"name": name, "timeZone": "UTC", "startAt": f"{day}T12:00Z"}
        created = bench.do("POST", "/path/event", body)
        for letter in people:
            person = {"email": f"{letter}@sums.example", "phones": []}
            bench.send("POST", f"/path/event/{created['id']}/person", json=person)
        if name in ("Three", "Four"):
            bench.send("POST", f"/path/tag/source/{created['id']}", json={"name": "late"})
    return bench


def test_the_trend_counts_who_is_new_and_who_returns(plain: Bench) -> None:
    trend = plain.get("/path/analysis/event/registration-trend")
    assert [
        (event["name"], event["total"], event["netNew"], event["returning"])
        for event in trend["events"]
    ] == [("One", 6, 6, 0), ("Two", 6, 3, 3), ("Three", 6, 3, 3), ("Four", 6, 1, 5)]
    assert trend["events"][3]["netNewRate"] == 0.1667
    assert trend["events"][3]["returningRate"] == 0.8333
    # 13 people; a to e and g came again, before the last event a, b, c, d and g had
    assert trend["summary"] == {
        "uniqueAudience": 13,
        "latestTotal": 6,
        "latestNetNewRate": 0.1667,
        "totalDelta": {"value": 0.0, "trend": "FLAT"},
        "netNewRateDelta": {"value": -0.3333, "trend": "DOWN"},
        "returnRate": 0.4615,
        "returnRateDelta": {"value": 0.0449, "trend": "UP"},
        "latestName": "Four",
    }


def test_a_tag_narrows_the_trend_to_its_events(plain: Bench) -> None:
    trend = plain.get("/path/analysis/event/registration-trend?tagId=5")
    assert [(event["name"], event["netNew"]) for event in trend["events"]] == [
        ("Three", 6),
        ("Four", 4),
    ]
    for path in (
        "analysis/event/registration-trend?tagId=99",
        "analysis/event/insights?tagId=99",
        "overview?tagId=99",
        "analysis/channel/audience?channelIds=1&channelIds=99",
        "analysis/channel/audience?channelIds=1&channelIds=1001",
    ):
        assert plain.send("GET", f"/path/{path}").status_code == 404


def test_without_events_there_is_nothing_to_compare(bench: Bench) -> None:
    bench.send("POST", "/path/tag", json={"name": "empty"})
    trend = bench.get("/path/analysis/event/registration-trend?tagId=5")
    assert trend["events"] == []
    assert trend["summary"]["returnRate"] is None
    assert trend["summary"]["latestName"] is None
    assert trend["summary"]["totalDelta"] is None
    insights = bench.get("/path/analysis/event/insights?tagId=5")
    assert insights["limitedData"] == {"reliableCount": 0}
    overview = bench.get("/path/overview?tagId=5")
    assert (overview["peopleCount"], overview["diversification"]["channels"]) == (0, [])
    bench.do("POST", "/path/tag/source/1001", {"tagId": 5})
    summary = bench.get("/path/analysis/event/registration-trend?tagId=5")["summary"]
    assert (summary["latestTotal"], summary["totalDelta"]) == (14, None)


def test_insights_say_what_stands_out(plain: Bench) -> None:
    assert plain.get("/path/analysis/event/insights") == {
        "limitedData": None,
        "audienceMix": {"trend": "RETENTION_HEAVY", "weightedNetNewRate": 0.3889, "eventCount": 3},
        "reachMomentum": {
            "trend": "DECLINING",
            "deltaPp": -33.3333,
            "eventCount": 3,
            "slopePerEvent": -16.6667,
        },
        "standout": None,
        "acquisitionDrop": {"dropPp": 33.3333, "priorRate": 0.5, "latestRate": 0.1667},
        "concentrationRisk": {"eventName": "Two", "share": 0.4286, "netNew": 3, "totalNetNew": 7},
    }


def test_attribution_follows_from_when_people_joined_the_channel(plain: Bench) -> None:
    for letter, day in (("a", "2026-01-01"), ("b", "2026-02-01"), ("g", "2026-02-20"), ("z", "")):
        email = f"{letter}@sums.example"
        body: dict[str, Any] = {"email": email, "phones": [], "joinedAt": day or None}
        plain.send("POST", "/path/channel/4/person", json=body)
    answer = plain.get("/path/analysis/channel/4/attribution")
    assert answer["channel"] == {
        "id": 4, "name": "Customers", "icon": "star", "color": "green",
    }  # fmt: skip
    assert [
        (event["total"], event["alreadyInChannel"], event["joinedSinceLastEvent"])
        for event in answer["events"]
    ] == [(6, 1, 0), (6, 1, 1), (6, 1, 1), (6, 2, 0)]
    assert answer["events"][1]["acquisitionRate"] == 0.1667
    assert answer["metrics"] == {
        "channelSize": 4,
        "membersEverRegistered": 3,
        "eventParticipationRate": 0.75,
    }
    ids = [event["id"] for event in answer["events"]]
    path = "/path/analysis/channel/4/attribution"
    some = plain.get(f"{path}?eventIds={ids[0]}&eventIds={ids[2]}")
    assert some["events"] == [answer["events"][0], answer["events"][2]]
    assert some["metrics"] == answer["metrics"]
    both = plain.get(f"{path}?eventIds={ids[0]}&eventIds={ids[2]}&tagId=5")
    assert both["events"] == [answer["events"][2]]
    assert both["metrics"] == answer["metrics"]
    for query in ("eventIds=4", "tagId=9"):
        assert plain.send("GET", f"{path}?{query}").status_code == 404
    assert plain.send("GET", "/path/analysis/channel/1001/attribution").status_code == 404


def list_members(bench: Bench, path: str) -> set[int]:
    """Return the ids of all people of a list."""
    found: set[int] = set()
    for number in range(1, 6):
        page = bench.get(f"/path/{path}/person?pageSize=100&pageNumber={number}")
        found |= {person["id"] for person in page["content"]}
    assert len(found) == page["totalElements"]
    return found


def test_the_overlap_is_that_of_the_lists(bench: Bench) -> None:
    members = {number: list_members(bench, f"channel/{number}") for number in (1, 2, 3)}
    overlap = bench.get("/path/analysis/channel/audience?channelIds=3&channelIds=1&channelIds=2")
    assert [(c["id"], c["personCount"]) for c in overlap["channels"]] == [
        (number, len(members[number])) for number in (3, 1, 2)
    ]
    counts = {tuple(each["channelIds"]): each["count"] for each in overlap["intersections"]}
    assert list(counts) == [(3, 1), (3, 2), (1, 2), (3, 1, 2)]
    for ids, count in counts.items():
        assert count == len(set.intersection(*(members[number] for number in ids)))
    metrics = overlap["metrics"]
    singles = sum(channel["personCount"] for channel in overlap["channels"])
    pairs = sum(counts[pair] for pair in combinations((3, 1, 2), 2))
    assert metrics["totalUniquePersons"] == singles - pairs + counts[3, 1, 2] == 300
    multiple = pairs - 2 * counts[3, 1, 2]
    assert metrics["personsInMultipleChannels"] == multiple > 0
    assert metrics["multiChannelRate"] == round(multiple / 300, 4)


@pytest.mark.parametrize("tag", ["", "?tagId=3"])
def test_overview_figures_agree_with_each_other(bench: Bench, tag: str) -> None:
    bench.run("Email\na@fresh.example\nb@fresh.example\nada.abbott@example.com\n", channel=3)
    overview = bench.get(f"/path/overview{tag}")
    trend = bench.get(f"/path/analysis/event/registration-trend{tag}")
    assert overview["eventCount"] == len(trend["events"])
    assert (
        sum(event["netNew"] for event in trend["events"]) == (overview["growth"]["uniqueAudience"])
    )
    for event in trend["events"]:
        assert event["total"] == event["netNew"] + event["returning"]
    for name in ("uniqueAudience", "latestTotal", "totalDelta", "netNewRateDelta"):
        assert overview["growth"][name] == trend["summary"][name]
    for name in ("returnRate", "returnRateDelta"):
        assert overview["retention"][name] == trend["summary"][name]
    registrations = sum(event["total"] for event in trend["events"])
    average = registrations / overview["growth"]["uniqueAudience"]
    assert overview["retention"]["avgEventsPerPerson"] == round(average, 4)
    assert overview["newPeopleThisMonth"] == 2


def test_the_overview_counts_what_the_lists_have(bench: Bench) -> None:
    bench.run("Email\na@fresh.example\nb@fresh.example\nada.abbott@example.com\n")
    overview = bench.get("/path/overview?timeZone=Asia/Tokyo")
    stats = bench.get("/path/overview/stats?timeZone=Asia/Tokyo")
    people = bench.get("/path/person")["totalElements"]
    channels = {each["id"]: each["peopleCount"] for each in bench.get("/path/channel")}
    events = {each["id"]: each["peopleCount"] for each in bench.get("/path/event")}
    companies = bench.get("/path/company")["totalElements"]
    assert overview["peopleCount"] == stats["totalPeople"] == people == 350
    assert overview["channelCount"] == stats["totalChannels"] == len(channels)
    assert overview["eventCount"] == stats["totalEvents"] == len(events)
    assert overview["totalCompanies"] == stats["totalCompanies"] == companies
    shown = overview["diversification"]
    assert {each["id"]: each["personCount"] for each in shown["channels"]} == channels
    assert shown["totalUniquePersons"] == 302
    assert sum(each["peopleCount"] for each in shown["companies"]) == people
    top = [(each["channelId"], each["personCount"]) for each in stats["topChannels"]]
    assert top == sorted(channels.items(), key=lambda item: -item[1])
    for channel_id, count in top:
        assert bench.get(f"/path/channel/{channel_id}/person")["totalElements"] == count
    assert [(each["eventId"], each["personCount"]) for each in stats["latestTrend"]] == list(
        events.items()
    )[-6:]
    assert stats["newPeopleThisMonth"] == 2


def test_a_tag_narrows_the_overview_to_its_sources(bench: Bench) -> None:
    overview = bench.get("/path/overview?tagId=3")
    assert (overview["eventCount"], overview["channelCount"]) == (3, 1)
    members = list_members(bench, "channel/3")
    for event in (1004, 1009, 1012):
        members |= list_members(bench, f"event/{event}")
    assert overview["peopleCount"] == len(members)
    assert overview["diversification"]["totalUniquePersons"] == len(
        list_members(bench, "channel/3")
    )


def test_sample_events_grow_and_bring_people_back(bench: Bench) -> None:
    trend = bench.get("/path/analysis/event/registration-trend")
    assert len(trend["events"]) == 12
    assert all(event["returning"] > 0 for event in trend["events"][1:])
    assert trend["summary"]["latestTotal"] > trend["events"][0]["total"]
    insights = bench.get("/path/analysis/event/insights")
    assert insights["limitedData"] is None
    assert insights["standout"]["eventName"] == "Summer Summit"
