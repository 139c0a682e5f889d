"""What each resource command sends, and that the sandbox takes it."""

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
