"""What each resource command sends, and the JSON that it prints for the answer."""

from __future__ import annotations

import json
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

import pytest
import responses

from tests.unit.commands.command_line import API, run

CHANNEL = {"id": 7, "name": "Fair", "icon": "mail", "color": None, "zzz": 1}
EVENT = {
    "id": 16,
    "name": "Gala",
    "timeZone": "UTC",
    "startAt": "2026-01-01T00:00:00Z",
    "endAt": "2026-01-02T00:00:00Z",
    "location": "Rome",
}
COMPANY = {"id": 3, "domain": "x.org", "displayName": "X", "peopleCount": None}
TAG = {"id": 9, "name": "vip"}
PERSON = {"id": 5, "primaryEmail": {"email": "a@x.org"}, "name": "Ada"}
OVERVIEW = {"peopleCount": 3, "growth": {"latestTotal": 1}}


class Case(NamedTuple):
    """A command line, its requests, and the data that it prints.

    requests: method and path, and the body for a write; answers: what each is answered with.
    """

    line: str
    requests: tuple[Any, ...]
    answers: tuple[Any, ...]
    data: Any = None


def write(line: str, request: str, body: Any, answer: Any) -> Case:
    return Case(line, ((request, body),), (answer,), answer)


def read(line: str, request: str, answer: Any) -> Case:
    return Case(line, (request,), (answer,), answer)


def remove(line: str, request: str, data: Any) -> Case:
    return Case(line, ((request, None),), (None,), data)


CASES = [
    read("channel list", "GET /path/channel", [CHANNEL]),
    Case("channel get 7", ("GET /path/channel",), ([CHANNEL],), CHANNEL),
    write(
        "channel create -n Fair --icon mail --color #FFD700",
        "POST /path/channel",
        {"name": "Fair", "icon": "mail", "color": "#FFD700"},
        CHANNEL,
    ),
    Case(
        "channel update 7 --color red",
        (
            "GET /path/channel",
            ("PUT /path/channel/7", {"name": "Fair", "icon": "mail", "color": "red"}),
        ),
        ([CHANNEL], CHANNEL),
        CHANNEL,
    ),
    Case(
        "channel update 7 --name N --clear icon",
        ("GET /path/channel", ("PUT /path/channel/7", {"name": "N", "icon": None, "color": None})),
        ([CHANNEL], CHANNEL),
        CHANNEL,
    ),
    remove("channel delete 7 --confirm", "DELETE /path/channel/7", {"deleted": True, "id": 7}),
    write(
        "channel add-person 7 -e a@x.org --linked-in-url https://li --phone 1 --phone 2",
        "POST /path/channel/7/person",
        {"email": "a@x.org", "phones": ["1", "2"], "linkedInUrl": "https://li"},
        PERSON,
    ),
    read("event list", "GET /path/event", [EVENT]),
    Case("event get 16", ("GET /path/event",), ([EVENT],), EVENT),
    write(
        "event create --name Gala --start-at 2026-01-01T18:30:00 --timezone Europe/Berlin",
        "POST /path/event",
        {"name": "Gala", "timeZone": "Europe/Berlin", "startAt": "2026-01-01T18:30:00"},
        EVENT,
    ),
    write(
        "event create -n Gala --start-at 2026-01-01 --time-zone UTC --end-at 2026-01-02T00:00:00.5Z"
        " --location Rome",
        "POST /path/event",
        {
            "name": "Gala",
            "timeZone": "UTC",
            "startAt": "2026-01-01",
            "endAt": "2026-01-02T00:00:00.5Z",
            "location": "Rome",
        },
        EVENT,
    ),
    Case(
        "event update 16 --location Oslo --clear end-at",
        (
            "GET /path/event",
            (
                "PUT /path/event/16",
                {
                    "name": "Gala",
                    "timeZone": "UTC",
                    "startAt": "2026-01-01T00:00:00Z",
                    "endAt": None,
                    "location": "Oslo",
                },
            ),
        ),
        ([EVENT], EVENT),
        EVENT,
    ),
    remove("event delete 16 --confirm", "DELETE /path/event/16", {"deleted": True, "id": 16}),
    write(
        "event person add 16 --email a@x.org --linkedin-url https://li --joined-at soon "
        "--first-name A --last-name B --job-title C --address D --avatar-url E --x-url F "
        "--company-name G",
        "POST /path/event/16/person",
        {
            "email": "a@x.org",
            "phones": [],
            "firstName": "A",
            "lastName": "B",
            "jobTitle": "C",
            "address": "D",
            "avatarUrl": "E",
            "linkedInUrl": "https://li",
            "xUrl": "F",
            "companyName": "G",
            "joinedAt": "soon",
        },
        PERSON,
    ),
    read("company get 3", "GET /path/company/3", COMPANY),
    write(
        "company update 3 --display-name X", "PUT /path/company/3", {"displayName": "X"}, COMPANY
    ),
    read("tag list", "GET /path/tag", [TAG]),
    read("tag list --name v", "GET /path/tag?name=v", [TAG]),
    write("tag create -n vip", "POST /path/tag", {"name": "vip"}, TAG),
    write("tag update 9 --name vip", "PUT /path/tag/9", {"name": "vip"}, TAG),
    remove("tag delete 9 --confirm", "DELETE /path/tag/9", {"deleted": True, "id": 9}),
    write("tag attach 7 --tag-id 9", "POST /path/tag/source/7", {"tagId": 9}, TAG),
    write(
        "tag attach 7 --name vip --tag-id 9",
        "POST /path/tag/source/7",
        {"tagId": 9, "name": "vip"},
        TAG,
    ),
    remove(
        "tag detach 7 --tag-id 9",
        "DELETE /path/tag/9/source/7",
        {"detached": True, "sourceId": 7, "tagId": 9},
    ),
    read("person get 5", "GET /path/person/5", PERSON),
    remove("person delete 5 --confirm", "DELETE /path/person/5", {"deleted": True, "id": 5}),
    write("person merge 4 5 --confirm", "POST /path/person/4/merge/5", None, PERSON),
    remove(
        "person merge-undo 31 --confirm",
        "POST /path/person/merge/31/undo",
        {"undone": True, "mergeOperationId": 31},
    ),
    read("overview", "GET /path/overview", OVERVIEW),
    read(
        "overview --timezone Asia/Seoul --tag-id 9",
        "GET /path/overview?tagId=9&timeZone=Asia/Seoul",
        OVERVIEW,
    ),
    read(
        "overview stats --timezone UTC", "GET /path/overview/stats?timeZone=UTC", {"totalPeople": 1}
    ),
    read(
        "overview --time-zone UTC stats",
        "GET /path/overview/stats?timeZone=UTC",
        {"totalPeople": 1},
    ),
    read("overview stats", "GET /path/overview/stats", {"totalPeople": 1}),
    read(
        "analysis channel attribution 7 --event-id 1 --event-id 2 --tag-id 3",
        "GET /path/analysis/channel/7/attribution?eventIds=1&eventIds=2&tagId=3",
        {"metrics": {}, "channel": {}, "events": []},
    ),
    read(
        "analysis channel audience --channel-id 2 --channel-id 1 --channel-id 2",
        "GET /path/analysis/channel/audience?channelIds=2&channelIds=1",
        {"metrics": {}, "channels": [], "intersections": []},
    ),
    read("analysis event insights --tag-id 3", "GET /path/analysis/event/insights?tagId=3", {}),
    read(
        "analysis event trend",
        "GET /path/analysis/event/registration-trend",
        {"summary": {}, "events": []},
    ),
]


def describe(call: Any) -> Any:
    """Return a request as cases have it."""
    url = urlsplit(call.request.url)
    query = "&".join(f"{name}={value}" for name, value in sorted(parse_qsl(url.query)))
    if call.request.url.endswith("channelIds=1"):
        query = "&".join(f"{name}={value}" for name, value in parse_qsl(url.query))
    text = f"{call.request.method} {url.path}{'?' if query else ''}{query}"
    if call.request.method == "GET":
        return text
    return text, json.loads(call.request.body) if call.request.body else None


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.line)
def test_command_sends_its_requests_and_prints_the_answer_as_it_came(
    http: responses.RequestsMock, case: Case
) -> None:
    for request, answer in zip(case.requests, case.answers, strict=True):
        method, _, target = (request if isinstance(request, str) else request[0]).partition(" ")
        given = {"status": 204} if answer is None else {"json": answer}
        http.add(method, API + target.partition("?")[0], **given)
    done = run(f"path {case.line}")
    assert (done.code, done.err) == (0, "")
    # as text: the order of the keys counts
    assert done.out == json.dumps({"data": case.data}, indent=2) + "\n"
    assert tuple(map(describe, http.calls)) == case.requests


@pytest.mark.parametrize("parent", ["person list", "channel people 7", "event person list 16"])
def test_every_filter_reaches_the_server(http: responses.RequestsMock, parent: str) -> None:
    path = {
        "person list": "/path/person",
        "channel people 7": "/path/channel/7/person",
        "event person list 16": "/path/event/16/person",
    }[parent]
    page = {"content": [], "totalElements": 0, "totalPages": 0, "pageNumber": 1, "pageSize": 20}
    http.get(API + path, json=page)
    filters = (
        "--keyword k --company-id 5 --company-name c --job-title j --sort joinedAt:desc "
        "--sort name:ASC"
    )
    expected = [
        ("companyId", "5"),
        ("companyName", "c"),
        ("jobTitle", "j"),
        ("keyword", "k"),
        ("sort", "joinedAt:desc"),
        ("sort", "name:ASC"),
    ]
    for flag, name in (("--channel-id", "channelId"), ("--event-id", "eventId")):
        if not parent.startswith(flag.strip("-").removesuffix("-id")):
            filters += f" {flag} 1 {flag} 2"
            expected += [(name, "1"), (name, "2")]
    assert run(f"path {parent} {filters}").code == 0
    query = urlsplit(str(http.calls[0].request.url)).query
    assert sorted(parse_qsl(query)) == sorted(expected)


@pytest.mark.parametrize(
    ("line", "flag"),
    [
        ("channel people 7", "--channel-id"),
        ("event person list 16", "--event-id"),
        ("company person list 3", "--company-id"),
    ],
)
def test_what_the_parent_fixes_is_no_filter(line: str, flag: str) -> None:
    done = run(f"path {line} {flag} 1")
    assert done.code == 2
    assert f"No such option '{flag}'." in done.err


MISTAKES = {
    "person list --sort name": (
        "Invalid value for '--sort': 'name' is not FIELD:asc or FIELD:desc, such as name:asc"
    ),
    "person list --sort name:up": (
        "Invalid value for '--sort': 'name:up' is not FIELD:asc or FIELD:desc, such as name:asc"
    ),
    "person get 12abc": (
        "Invalid value for 'EMAIL-OR-ID': '12abc' is neither an id nor an e-mail address"
    ),
    "channel get 1.5": "Invalid value for 'NAME-OR-ID': '1.5' must be a positive integer",
    "person merge 5 5 --confirm": "person 5 cannot be merged into itself",
    "person merge 5": "Missing argument 'TARGET'.",
    "person update 5": "nothing to change was named",
    "person update 5 --clear name": (
        "Invalid value for '--clear': 'name' is not one of first-name, last-name, email, "
        "primary-phone, phone, job-title, address, avatar-url, linkedin-url, linked-in-url, "
        "x-url, company"
    ),
    "person update 5 --x-url u --clear x-url": "--x-url and --clear x-url exclude each other",
    "person update 5 --phone 1 --clear phone": "--phone and --clear phone exclude each other",
    "person update 5 --company-name X --clear company": (
        "--company-name and removing the company exclude each other"
    ),
    "person update 5 --company-id 3 --remove-company": (
        "--company-id and removing the company exclude each other"
    ),
    "channel create": "Missing option '-n' / '--name'.",
    "channel create --name=": "Invalid value for '-n' / '--name': it is empty",
    "channel update 7": "nothing to change was named",
    "channel update 7 --name=": "Invalid value for '-n' / '--name': it is empty",
    "channel update 7 --icon x --clear icon": "--icon and --clear icon exclude each other",
    "channel add-person 7 --first-name A": "Missing option '-e' / '--email'.",
    "channel add-person 7 --email=": "Invalid value for '-e' / '--email': it is empty",
    "event create --name x --time-zone UTC": "Missing option '--start-at'.",
    "event create --name x --time-zone UTC --start-at soon": (
        "Invalid value for '--start-at': 'soon' is not a time in ISO 8601, "
        "such as 2027-03-01T18:30:00"
    ),
    "event update 16 --time-zone Mars/X": (
        "Invalid value for '--time-zone' / '--timezone': 'Mars/X' is not the IANA name "
        "of a time zone, such as Europe/Berlin"
    ),
    "event update 16 --end-at 2026-13-01": (
        "Invalid value for '--end-at': '2026-13-01' is not a time in ISO 8601, "
        "such as 2027-03-01T18:30:00"
    ),
    "event update 16": "nothing to change was named",
    "company update 3": "Missing option '--display-name'.",
    "tag create": "Missing option '-n' / '--name'.",
    "tag update 9": "Missing option '-n' / '--name'.",
    "tag attach 7": "attach requires --tag-id or --name",
    "tag detach 7": "Missing option '--tag' / '--tag-id'.",
    "overview --tag-id 3 stats": "--tag-id does not go with stats",
    "overview stats --tag-id 3": "No such option '--tag-id'.",
    "overview --timezone Mars/X": (
        "Invalid value for '--timezone' / '--time-zone': 'Mars/X' is not the IANA name "
        "of a time zone, such as Europe/Berlin"
    ),
    "analysis channel audience --channel-id 1": (
        "--channel-id requires between 2 and 5 channel IDs"
    ),
    "analysis channel audience --channel-id 1 --channel-id 1": (
        "--channel-id requires between 2 and 5 channel IDs"
    ),
    "analysis channel audience"
    + " --channel-id 1"
    + "".join(f" --channel-id {n}" for n in range(2, 7)): (
        "--channel-id requires between 2 and 5 channel IDs"
    ),
}


@pytest.mark.parametrize("line", MISTAKES)
def test_a_mistake_is_exit_2_before_anything_is_sent(line: str) -> None:
    done = run(f"path {line}")
    assert (done.code, done.out) == (2, "")
    assert json.loads(done.err)["error"]["message"] == MISTAKES[line]


@pytest.mark.parametrize("kind", ["channel", "event"])
@pytest.mark.parametrize("command", ["get 99", "update 99 --name x"])
def test_what_is_not_in_the_list_is_exit_4_and_nothing_is_written(
    http: responses.RequestsMock, kind: str, command: str
) -> None:
    http.get(f"{API}/path/{kind}", json=[{**EVENT, "id": 1}])
    done = run(f"path {kind} {command}")
    assert (done.code, done.out) == (4, "")
    assert json.loads(done.err)["error"]["message"] == f"{kind.capitalize()} 99 not found"
