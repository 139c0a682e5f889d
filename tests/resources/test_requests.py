"""What each resource command sends, that the sandbox takes it, and what scripts get of lists."""

from __future__ import annotations

import pytest

from tests.world import World

#: command → method, path, and body of its request
SENT = {
    "channel list": "GET /path/channel",
    "channel get 1": "GET /path/channel",
    "channel create -n Fair --icon mail --color '#FFD700'": (
        'POST /path/channel {"name": "Fair", "icon": "mail", "color": "#FFD700"}'
    ),
    "channel update 4 --color red": (
        'PUT /path/channel/4 {"name": "Customers", "icon": "star", "color": "red"}'
    ),
    "channel add-person 4 -e a@x.org --linked-in-url https://l.org/a --phone 1 --phone 2": (
        'POST /path/channel/4/person {"email": "a@x.org", "phones": ["1", "2"], '
        '"linkedInUrl": "https://l.org/a"}'
    ),
    "channel people 1 --keyword pia --page 2 --page-size 5": (
        "GET /path/channel/1/person?keyword=pia&pageNumber=2&pageSize=5"
    ),
    "event create -n Gala --start-at 2026-01-01T18:30:00 --time-zone Europe/Berlin "
    "--end-at 2026-01-02T00:00:00.5Z --location 'Rome, Italy'": (
        'POST /path/event {"name": "Gala", "timeZone": "Europe/Berlin", '
        '"startAt": "2026-01-01T18:30:00", "endAt": "2026-01-02T00:00:00.5Z", '
        '"location": "Rome, Italy"}'
    ),
    "event update 1001 --location Oslo --clear end-at": (
        'PUT /path/event/1001 {"name": "Summer Meetup", "timeZone": "Europe/Berlin", '
        '"startAt": "2025-08-14T16:00:00Z", "endAt": null, "location": "Oslo"}'
    ),
    "event person add 1001 --email a@x.org --joined-at 2026-02-03": (
        'POST /path/event/1001/person {"email": "a@x.org", "phones": [], "joinedAt": "2026-02-03"}'
    ),
    "event person list 1001 --company-id 1": "GET /path/event/1001/person?companyId=1",
    "company list --keyword a. --page 1": "GET /path/company?keyword=a.&pageNumber=1",
    "company get 1": "GET /path/company/1",
    "company update 1 --display-name X": 'PUT /path/company/1 {"displayName": "X"}',
    "company person list 1 --channel-id 4 --channel-id 3 --event-id 1001": (
        "GET /path/company/1/person?channelId=4&channelId=3&eventId=1001"
    ),
    "tag list --name ü,": "GET /path/tag?name=%C3%BC%2C",
    "tag create -n vip": 'POST /path/tag {"name": "vip"}',
    "tag update 1 --name vip": 'PUT /path/tag/1 {"name": "vip"}',
    "tag attach 1 --name vip": 'POST /path/tag/source/1 {"name": "vip"}',
    "tag attach 1 --tag-id 4 --name vip": 'POST /path/tag/source/1 {"tagId": 4, "name": "vip"}',
    "tag detach 1 --tag-id 1": "DELETE /path/tag/1/source/1",
    "person get 1": "GET /path/person/1",
    "person update 1 --last-name Up --clear job-title --clear phone": (
        'PATCH /path/person/1 {"lastName": "Up", "jobTitle": null, "phones": []}'
    ),
    "person delete 1 --confirm": "DELETE /path/person/1",
    "person merge 1 2 --confirm": "POST /path/person/1/merge/2",
    "overview --timezone Asia/Seoul --tag-id 1": "GET /path/overview?timeZone=Asia%2FSeoul&tagId=1",
    "overview stats": "GET /path/overview/stats",
    "overview stats --time-zone UTC": "GET /path/overview/stats?timeZone=UTC",
    "overview --timezone UTC stats": "GET /path/overview/stats?timeZone=UTC",
    "analysis channel attribution 1 --event-id 1001 --event-id 1002 --tag-id 3": (
        "GET /path/analysis/channel/1/attribution?eventIds=1001&eventIds=1002&tagId=3"
    ),
    "analysis channel audience --channel-id 2 --channel-id 1": (
        "GET /path/analysis/channel/audience?channelIds=2&channelIds=1"
    ),
    "analysis event insights --tag-id 3": "GET /path/analysis/event/insights?tagId=3",
    "analysis event trend": "GET /path/analysis/event/registration-trend",
}


@pytest.mark.parametrize("line", SENT)
def test_a_command_sends_its_request(world: World, line: str) -> None:
    done = world.run(f"path {line}")
    assert (done.code, done.err) == (0, "")
    # what is not named is read before it is replaced
    kind, verb, *_ = line.split()
    is_read_first = kind in ("channel", "event") and verb == "update"
    assert done.lines == [f"GET /path/{kind}"] * is_read_first + [SENT[line]]


#: list → its columns and first row
CSV = {
    "channel list": (
        "ID,Name,Icon,Color,People,Tags,Created At",
        '1,Newsletter,mail,#FFD700,141,"[{""id"":1,""name"":""online""}]",2026-01-05T09:00:00Z',
    ),
    "event list": (
        "ID,Name,Time Zone,Start At,Location,People,Tags,Created At",
        '1001,Summer Meetup,Europe/Berlin,2025-08-14T16:00:00Z,Berlin,14,"[{""id"":4,""name"":'
        '""europe""}]",2025-06-15T16:00:00Z',
    ),
    "company list": ("ID,Domain,Display Name,People", "1,acme.example.com,,8"),
    "tag list": ("ID,Name", "1,online"),
    "person list --keyword pia@": (
        "ID,Name,Primary Email,Company,Job Title,Joined At,Created At",
        '397,Pia,pia@people.example,"A, B",,2026-02-03T04:05:06Z,{created}',
    ),
    "company person list 10": (
        "ID,Name,Primary Email,Company,Job Title,Joined At,Created At",
        '397,Pia,pia@people.example,"A, B",,2026-02-03T04:05:06Z,{created}',
    ),
    "channel people 4 --keyword pia@": (
        "ID,Name,Email,Phone,Company,Job Title,Joined At",
        '397,Pia,pia@people.example,+49 1,"{{""id"":10,""domain"":""people.example"",'
        '""displayName"":""A, B"",""nameUpdatable"":true}}",,2026-02-03T04:05:06Z',
    ),
    "person activity 1": (
        "ID,Action,Actor,Created At",
        "1003,SOURCE_CONNECTED,Sandbox,2026-04-23T06:00:00Z",
    ),
}


@pytest.mark.parametrize("line", CSV)
def test_a_list_as_csv_has_the_columns_that_scripts_know(world: World, line: str) -> None:
    add = "path channel add-person 4 -e pia@people.example --first-name Pia --company-name 'A, B'"
    added = world.run(add, "--phone '+49 1' --joined-at 2026-02-03T04:05:06Z").data
    header, row, *_ = world.run(f"path {line} --format csv").out.splitlines()
    columns, expected = CSV[line]
    assert header == columns
    assert row == (expected.format(created=added["createdAt"]) if "397" in expected else expected)
