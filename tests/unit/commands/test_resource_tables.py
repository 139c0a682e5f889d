"""How resources look as tables and as CSV."""

from __future__ import annotations

from typing import Any

import pytest
import responses

from tests.unit.commands.command_line import API, run

PERSON = {
    "id": 5,
    "name": "Ada Baker",
    "primaryEmail": "ada@x.org",
    "primaryPhone": "+49 1",
    "company": {"id": 3, "domain": "x.org", "displayName": "X Ltd", "nameUpdatable": True},
    "jobTitle": None,
    "channels": [],
    "events": [],
    "joinedAt": "2026-01-05T09:30:00Z",
    "createdAt": "2026-01-04T09:30:00Z",
}
LONER = {"id": 6, "name": "Bo", "primaryEmail": "bo@x.org", "company": None, "createdAt": "z"}
PAGE = {"totalElements": 2, "totalPages": 1, "pageNumber": 1, "pageSize": 20}
CHANNEL = {
    "id": 7,
    "name": "Fair",
    "icon": None,
    "color": "red",
    "peopleCount": 1200,
    "tags": [{"id": 1, "name": "vip"}, None, {"id": 2, "name": "new"}],
    "createdAt": "2026-01-05T09:00:00Z",
}
EVENT = {
    "id": 1001,
    "name": "Gala",
    "timeZone": "Europe/Berlin",
    "startAt": "2026-01-05T19:00:00+01:00",
    "endAt": None,
    "location": "Rome, Italy",
    "peopleCount": 80,
    "tags": [],
    "createdAt": "2026-01-01T09:00:00Z",
}
COMPANY = {"id": 3, "domain": "x.org", "displayName": "X Ltd", "peopleCount": None}
ENTRY = {
    "id": 90,
    "action": "UPDATED",
    "actor": {"id": 1, "name": "Olga", "email": "o@x.org"},
    "createdAt": "2026-01-05T09:00:00Z",
}


#: command → path, answer, CSV
LISTS: dict[str, tuple[str, Any, str]] = {
    "person list": (
        "/path/person",
        {"content": [PERSON, LONER], **PAGE},
        "ID,Name,Primary Email,Company,Job Title,Joined At,Created At\n"
        "5,Ada Baker,ada@x.org,X Ltd,,2026-01-05T09:30:00Z,2026-01-04T09:30:00Z\n"
        "6,Bo,bo@x.org,,,,z\n",
    ),
    "channel people 7": (
        "/path/channel/7/person",
        {"content": [PERSON, LONER], **PAGE},
        "ID,Name,Email,Phone,Company,Job Title,Joined At\n"
        '5,Ada Baker,ada@x.org,+49 1,"{""id"":3,""domain"":""x.org"",""displayName"":""X Ltd"",'
        '""nameUpdatable"":true}",,2026-01-05T09:30:00Z\n'
        "6,Bo,bo@x.org,,,,\n",
    ),
    "channel list": (
        "/path/channel",
        [CHANNEL],
        "ID,Name,Icon,Color,People,Tags,Created At\n"
        '7,Fair,,red,1200,"[{""id"":1,""name"":""vip""},null,{""id"":2,""name"":""new""}]",'
        "2026-01-05T09:00:00Z\n",
    ),
    "event list": (
        "/path/event",
        [EVENT],
        "ID,Name,Time Zone,Start At,Location,People,Tags,Created At\n"
        '1001,Gala,Europe/Berlin,2026-01-05T19:00:00+01:00,"Rome, Italy",80,[],'
        "2026-01-01T09:00:00Z\n",
    ),
    "company list": (
        "/path/company",
        {"content": [COMPANY], **PAGE},
        "ID,Domain,Display Name,People\n3,x.org,X Ltd,\n",
    ),
    "tag list": ("/path/tag", [{"id": 9, "name": "vip"}], "ID,Name\n9,vip\n"),
    "person activity 5": (
        "/path/person/5/activity",
        {"content": [ENTRY], "nextCursor": None, "hasNext": False},
        "ID,Action,Actor,Created At\n90,UPDATED,Olga,2026-01-05T09:00:00Z\n",
    ),
}


def show(http: responses.RequestsMock, line: str, path: str, answer: Any) -> list[str]:
    """Return the lines of a table."""
    http.get(API + path, json=answer)
    done = run(f"path {line} --format table")
    assert (done.code, done.err) == (0, "")
    return done.out.splitlines()


@pytest.mark.parametrize("line", LISTS)
def test_a_list_as_csv_has_the_columns_that_scripts_know(
    http: responses.RequestsMock, line: str
) -> None:
    path, answer, csv = LISTS[line]
    http.get(API + path, json=answer)
    done = run(f"path {line} --format csv")
    assert (done.code, done.out, done.err) == (0, csv, "")


def test_people_in_a_table_have_the_name_of_their_company(http: responses.RequestsMock) -> None:
    assert show(http, "channel people 7", *LISTS["channel people 7"][:2])[:4] == [
        "ID    Name       Email      Phone    Company    Job Title    Joined At",
        "----  ---------  ---------  -------  ---------  -----------  --------------------",
        "5     Ada Baker  ada@x.org  +49 1    X Ltd                   2026-01-05T09:30:00Z",
        "6     Bo         bo@x.org",
    ]


def test_tags_in_a_table_are_names_and_counts_stand_on_the_right(
    http: responses.RequestsMock,
) -> None:
    assert show(http, "channel list", "/path/channel", [CHANNEL]) == [
        "ID    Name    Icon    Color      People  Tags      Created At",
        "----  ------  ------  -------  --------  --------  --------------------",
        "7     Fair            red          1200  vip, new  2026-01-05T09:00:00Z",
    ]


@pytest.mark.parametrize("format", ["json", "csv", "table"])
def test_every_format_says_on_standard_error_where_activity_goes_on(
    http: responses.RequestsMock, format: str
) -> None:
    answer = {"content": [ENTRY], "nextCursor": 89, "hasNext": True}
    http.get(f"{API}/path/person/5/activity?cursor=0", json=answer)
    done = run(f"path person activity 5 --cursor 0 --format {format}")
    assert "UPDATED" in done.out
    assert done.err == "Next page: --cursor 89\n"


def test_the_last_page_of_activity_names_no_other(http: responses.RequestsMock) -> None:
    answer = {"content": [ENTRY], "nextCursor": None, "hasNext": False}
    http.get(f"{API}/path/person/5/activity", json=answer)
    assert run("path person activity 5").err == ""


def test_a_person_is_read_at_a_glance(http: responses.RequestsMock) -> None:
    detail = {
        **PERSON,
        "primaryEmail": {"email": "ada@x.org", "type": "WORK", "domain": "x.org"},
        "emails": [{"email": "ada@x.org"}, {"email": "ada@home.org"}, None],
        "phones": ["+49 1", "+49 2"],
        "address": None,
        "avatarUrl": None,
        "linkedInUrl": "https://li",
        "xUrl": None,
        "channels": [{"id": 7, "name": "Fair", "joinedAt": "2026-01-05T09:30:00Z"}],
        "events": [{"id": 1001, "name": "Gala", "startAt": None, "location": None}],
        "mergeOperations": [
            {"id": 31, "sourcePersonName": "A", "sourcePrimaryEmail": "a@x.org", "mergedAt": None}
        ],
    }
    lines = show(http, "person get 5", "/path/person/5", detail)
    assert lines[:13] == [
        "Field      Value",
        "---------  -----------------------",
        "ID         5",
        "Name       Ada Baker",
        "Email      ada@x.org, ada@home.org",
        "Phone      +49 1, +49 2",
        "Company    X Ltd",
        "Job title",
        "Address",
        "Picture",
        "LinkedIn   https://li",
        "X",
        "Created    2026-01-04T09:30:00Z",
    ]
    assert "7     Fair    2026-01-05T09:30:00Z" in lines
    assert "Merged into this person (`merge-undo ID` undoes it)" in lines
    assert "31    A       a@x.org" in lines


@pytest.mark.parametrize(
    "detail",
    [
        {"id": 5, "name": "Ada"},
        {"id": 5, "name": "Ada", "company": "X", "emails": {}, "phones": None, "channels": [1]},
    ],
    ids=len,
)
def test_a_person_of_whom_little_is_known_is_shown_all_the_same(
    http: responses.RequestsMock, detail: dict[str, Any]
) -> None:
    lines = show(http, "person get 5", "/path/person/5", detail)
    assert lines[2:5] == ["ID         5", "Name       Ada", "Email"]


DELTA = {"value": 35, "trend": "UP"}
FIGURES: dict[str, tuple[str, Any, list[str]]] = {
    "overview": (
        "/path/overview",
        {
            "peopleCount": 1310,
            "newPeopleThisMonth": 2,
            "channelCount": 4,
            "eventCount": 12,
            "totalCompanies": 9,
            "growth": {"latestTotal": 120, "latestNetNewRate": 0.25, "totalDelta": DELTA},
            "retention": {"returnRate": None, "avgEventsPerPerson": 1.5},
            "diversification": {
                "totalUniquePersons": 1300,
                "channels": [{"id": 1, "name": "News", "personCount": 1000}],
                "companies": [{"id": 3, "name": "X", "domain": "x.org", "peopleCount": 7}],
            },
        },
        [
            "People                    1,310",
            "At the latest event       120 (+35 up)",
            "Rate of new people        0.25",
            "Rate of returning people",
            "Events per person         1.5",
            "1     News       1,000",
            "3     X       x.org            7",
        ],
    ),
    "overview stats": (
        "/path/overview/stats",
        {
            "totalPeople": 1310,
            "topChannels": [{"channelId": 1, "channelName": "News", "personCount": 1000}],
            "latestTrend": [
                {"eventId": 16, "eventName": "Gala", "startAt": "2026-01-05", "personCount": 5}
            ],
        },
        [
            "People          1,310",
            "1     News       1,000",
            "16    Gala    2026-01-05T00:00:00Z         5",
        ],
    ),
    "analysis channel attribution 7": (
        "/path/analysis/channel/7/attribution",
        {
            "channel": {"id": 7, "name": "Fair"},
            "events": [
                {
                    "id": 16,
                    "name": "Gala",
                    "startAt": None,
                    "total": 80,
                    "joinedSinceLastEvent": 5,
                    "alreadyInChannel": 40,
                    "acquisitionRate": 0.0625,
                }
            ],
            "metrics": {"channelSize": 100, "membersEverRegistered": 45},
        },
        [
            "Channel                       Fair",
            "Ever registered for an event  45",
            "16    Gala                     80               5            40  0.0625",
        ],
    ),
    "analysis channel audience --channel-id 1 --channel-id 2": (
        "/path/analysis/channel/audience",
        {
            "channels": [{"id": 1, "name": "News", "personCount": 10}, {"id": 2, "name": "Fair"}],
            "intersections": [{"channelIds": [1, 2, 9], "count": 4}, {}],
            "metrics": {"totalUniquePersons": 16, "multiChannelRate": 0.25},
        },
        ["People               16", "Rate of these        0.25", "News + Fair + 9         4"],
    ),
    "analysis event trend": (
        "/path/analysis/event/registration-trend",
        {
            "summary": {"latestName": "Gala", "latestTotal": 80, "totalDelta": DELTA},
            "events": [{"id": 16, "name": "Gala", "total": 80, "netNew": 20, "returning": 60}],
        },
        [
            "Latest event              Gala",
            "Total                     80 (+35 up)",
            "16    Gala                     80     20           60",
        ],
    ),
    "analysis event insights": (
        "/path/analysis/event/insights",
        {
            "limitedData": {"reliableCount": 2},
            "audienceMix": {
                "trend": "EXPANSION_LED",
                "weightedNetNewRate": 0.6,
                "eventCount": 5,
            },
            "reachMomentum": {"trend": "GROWING", "deltaPp": 3.2, "eventCount": 6},
            "standout": {
                "eventName": "Gala",
                "netNewRate": 0.8,
                "netNew": 80,
                "medianRate": 0.5,
                "medianNetNew": 40,
            },
            "acquisitionDrop": None,
            "concentrationRisk": {
                "eventName": "Gala",
                "share": 0.6,
                "netNew": 60,
                "totalNetNew": 100,
            },
        },
        [
            "Limited data        only 2 events have enough people to tell",
            "Audience mix        expansion led: rate of new people 0.6 over 5 events",
            "Reach momentum      growing: 3.2 points over 6 events",
            "Standout            Gala: 80 new people (0.8), usually 40 (0.5)",
            "Acquisition drop",
            "Concentration risk  Gala brought 60 of 100 new people, a share of 0.6",
        ],
    ),
}


@pytest.mark.parametrize("line", FIGURES)
def test_figures_are_read_without_raw_json(http: responses.RequestsMock, line: str) -> None:
    path, answer, expected = FIGURES[line]
    lines = show(http, line, path, answer)
    assert [wanted for wanted in expected if wanted not in lines] == []
    assert not any("{" in text or "[" in text for text in lines)


@pytest.mark.parametrize("line", FIGURES)
def test_figures_that_are_missing_are_blank(http: responses.RequestsMock, line: str) -> None:
    path, answer, _ = FIGURES[line]
    empty = {key: type(value)() for key, value in answer.items() if value is not None}
    assert show(http, line, path, empty)[0].startswith("Field")
