"""What resource commands make of their options; `tests/resources` has what each sends."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import responses

from tests.unit.commands.command_line import API, Done, run

CHANNEL = {"id": 7, "name": "Fair", "icon": "mail", "color": None, "zzz": 1}


def test_the_answer_is_printed_as_it_came(http: responses.RequestsMock) -> None:
    http.get(f"{API}/path/channel", json=[CHANNEL])
    # as text: the order of the keys counts
    assert run("path channel get 7") == Done(0, json.dumps({"data": CHANNEL}, indent=2) + "\n", "")


def test_every_field_of_a_new_person_is_sent(http: responses.RequestsMock) -> None:
    http.post(f"{API}/path/event/16/person", json={"id": 5, "name": "Ada"})
    done = run(
        "path event person add 16 --email a@x.org --linkedin-url https://li --joined-at soon "
        "--first-name A --last-name B --job-title C --address D --avatar-url E --x-url F "
        "--company-name G"
    )
    assert (done.code, done.err) == (0, "")
    assert json.loads(http.calls[0].request.body or "") == {
        **{"email": "a@x.org", "phones": [], "firstName": "A", "lastName": "B", "jobTitle": "C"},
        **{"address": "D", "avatarUrl": "E", "linkedInUrl": "https://li", "xUrl": "F"},
        **{"companyName": "G", "joinedAt": "soon"},
    }


def test_a_channel_is_compared_once_however_often_it_is_named(http: responses.RequestsMock) -> None:
    answer: dict[str, Any] = {"metrics": {}, "channels": [], "intersections": []}
    http.get(f"{API}/path/analysis/channel/audience", json=answer)
    run("path analysis channel audience --channel-id 2 --channel-id 1 --channel-id 2")
    assert str(http.calls[0].request.url).endswith("?channelIds=2&channelIds=1")


@pytest.mark.parametrize(
    ("line", "path", "own"),
    [
        ("person list", "/path/person", ["channelId", "eventId"]),
        ("channel people 7", "/path/channel/7/person", ["eventId"]),
        ("event person list 16", "/path/event/16/person", ["channelId"]),
    ],
)
def test_every_filter_reaches_the_server(
    http: responses.RequestsMock, line: str, path: str, own: list[str]
) -> None:
    page = {"content": [], "totalElements": 0, "totalPages": 0, "pageNumber": 1, "pageSize": 20}
    http.get(API + path, json=page)
    filters = (
        "--keyword k --company-id 5 --company-name c --job-title j --sort joinedAt:desc "
        "--sort name:ASC"
    )
    for name in own:
        filters += f" --{name.removesuffix('Id')}-id 1" * 2
    assert run(f"path {line} {filters}").code == 0
    query = urlsplit(str(http.calls[0].request.url)).query
    assert sorted(parse_qsl(query)) == sorted(
        [
            *(("companyId", "5"), ("companyName", "c"), ("jobTitle", "j"), ("keyword", "k")),
            *(("sort", "joinedAt:desc"), ("sort", "name:ASC")),
            *((name, "1") for name in own * 2),
        ]
    )


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
