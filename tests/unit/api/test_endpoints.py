"""One request for each endpoint: what is on the wire, and which answers are believed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
import responses

from talkvalue_cli.api import analytics, companies, imports, people, sources, tags
from talkvalue_cli.api.sources import CHANNELS, EVENTS
from talkvalue_cli.errors import UnexpectedAnswerError
from talkvalue_cli.transport.client import Client
from tests.unit.wire import make_client

BASE = "http://api.test"
PERSON = {"id": 5, "name": "Ada", "primaryEmail": {"email": "ada@x.org"}, "later": 1}
CHANNEL = {"id": 7, "name": "Fair", "icon": None}
EVENT = {"id": 16, "name": "Gala", "timeZone": "UTC", "startAt": "2026-01-01T00:00:00Z"}
COMPANY = {"id": 3, "domain": "x.org", "displayName": "X"}
TAG = {"id": 9, "name": "vip"}
PAGE_NUMBERS = {"totalElements": 1, "totalPages": 1, "pageNumber": 1, "pageSize": 20}
PEOPLE = {"content": [{"id": 5, "name": "Ada"}], **PAGE_NUMBERS}
EVERY_FILTER = {
    "keyword": "a b&c",
    "channelId": [1, 2],
    "eventId": [3, 4],
    "companyId": 5,
    "companyName": "A,B",
    "jobTitle": "boss",
    "sort": ["joinedAt:desc", "a:asc"],
}
FIRST: dict[str, int | None] = {"page": None, "page_size": None}
#: of what is only shown all but the id may be anything
ODD_JOBS: list[dict[str, Any]] = [
    {"id": 7},
    {"id": 7, "status": ["DONE"], "failedCount": "3", "failedRows": 3},
    {"id": 7, "status": None, "totalRows": None, "processedRows": 10**400},
]
CREATED = {"importJobId": 42, "status": "PENDING"}
NO_JOB_IDS = ({**CREATED, "importJobId": each} for each in (None, "7", [7], -1, 2**63))


class Case(NamedTuple):
    """A call of an endpoint, its request, and its answer.

    request: method and path, with the query in alphabetical order.
    bad: answers that are no such thing.
    """

    request: str
    call: Callable[[Client], Any]
    answer: Any
    body: bytes | None = None
    bad: tuple[Any, ...] = ([], {}, "ok", None)


CASES = [
    Case(
        "GET /path/import?pageNumber=2&pageSize=5",
        lambda c: imports.list_imports(c, page=2, page_size=5),
        {"content": [{"id": 7}], **PAGE_NUMBERS},
    ),
    Case("GET /path/import", imports.list_imports, {"content": ODD_JOBS, **PAGE_NUMBERS}),
    *(Case("GET /path/import/7", lambda c: imports.get_import(c, 7), job) for job in ODD_JOBS),
    Case(
        "POST /path/import",
        lambda c: imports.create_import(
            c,
            file_key="u/k",
            source_id=7,
            mode="UPDATE",
            mappings=[{"csvIndex": 0, "targetField": "EMAIL"}],
        ),
        CREATED,
        b'{"columnMappings": [{"csvIndex": 0, "targetField": "EMAIL"}], "fileKey": "u/k", '
        b'"mode": "UPDATE", "sourceId": 7}',
        bad=(*NO_JOB_IDS, {"status": "PENDING"}, {}, [], None),
    ),
    Case("GET /path/person", lambda c: people.list_people(c, "", {}, **FIRST), PEOPLE),
    Case(
        "GET /path/person?channelId=1&channelId=2&companyId=5&companyName=A%2CB&eventId=3"
        "&eventId=4&jobTitle=boss&keyword=a+b%26c&pageNumber=2&pageSize=7"
        "&sort=joinedAt%3Adesc&sort=a%3Aasc",
        lambda c: people.list_people(c, "", EVERY_FILTER, page=2, page_size=7),
        PEOPLE,
        bad=([], {"items": []}, {**PEOPLE, "content": [{"id": "5", "name": "Ada"}]}),
    ),
    Case(
        "GET /path/channel/7/person?eventId=1&pageSize=2",
        lambda c: people.list_people(c, "/channel/7", {"eventId": [1]}, page=None, page_size=2),
        PEOPLE,
    ),
    Case(
        "GET /path/event/16/person?keyword=",
        lambda c: people.list_people(c, "/event/16", {"keyword": ""}, **FIRST),
        PEOPLE,
    ),
    Case(
        "GET /path/company/3/person?pageNumber=4",
        lambda c: people.list_people(c, "/company/3", {}, page=4, page_size=None),
        PEOPLE,
    ),
    Case("GET /path/person/5", lambda c: people.get_person(c, 5), PERSON),
    Case(
        "PATCH /path/person/5",
        lambda c: people.update_person(c, 5, {"jobTitle": None, "phones": []}),
        PERSON,
        b'{"jobTitle": null, "phones": []}',
    ),
    Case("POST /path/person/4/merge/5", lambda c: people.merge_people(c, 4, 5), PERSON),
    Case(
        "POST /path/channel/7/person",
        lambda c: people.add_person(c, "/channel/7", {"email": "a@b.c", "phones": []}),
        PERSON,
        b'{"email": "a@b.c", "phones": []}',
    ),
    Case(
        "POST /path/event/16/person",
        lambda c: people.add_person(c, "/event/16", {"email": "a@b.c", "phones": ["1"]}),
        PERSON,
        b'{"email": "a@b.c", "phones": ["1"]}',
    ),
    Case(
        "GET /path/channel",
        lambda c: sources.list_sources(c, CHANNELS),
        [{"id": 1}, {"id": 2, "name": ["x"]}, CHANNEL],
        bad=({}, "<html>", {"data": [CHANNEL]}, [{"name": "x"}], [{"id": True}], [None]),
    ),
    Case(
        "POST /path/channel",
        lambda c: sources.create_source(c, CHANNELS, {"name": "Fair", "icon": ""}),
        CHANNEL,
        b'{"name": "Fair", "icon": ""}',
        bad=([CHANNEL], {"name": "Fair"}, {}, "ok"),
    ),
    Case(
        "PUT /path/channel/7",
        lambda c: sources.replace_source(
            c, CHANNELS, 7, {"name": "Fair", "icon": None, "color": "red"}
        ),
        CHANNEL,
        b'{"name": "Fair", "icon": null, "color": "red"}',
    ),
    Case(
        "GET /path/event",
        lambda c: sources.list_sources(c, EVENTS),
        [EVENT],
        bad=({}, [{"name": "Gala"}]),
    ),
    Case(
        "POST /path/event",
        lambda c: sources.create_source(
            c, EVENTS, {"name": "Gala", "timeZone": "UTC", "startAt": "2026-01-01"}
        ),
        EVENT,
        b'{"name": "Gala", "timeZone": "UTC", "startAt": "2026-01-01"}',
    ),
    Case(
        "PUT /path/event/16",
        lambda c: sources.replace_source(
            c, EVENTS, 16, {**EVENT, "startAt": "2026-01-01", "endAt": None, "location": "Rome"}
        ),
        EVENT,
        b'{"name": "Gala", "timeZone": "UTC", "startAt": "2026-01-01", "endAt": null, '
        b'"location": "Rome"}',
    ),
    Case(
        "GET /path/company?keyword=x&pageNumber=2&pageSize=5",
        lambda c: companies.list_companies(c, "x", page=2, page_size=5),
        {"content": [COMPANY], **PAGE_NUMBERS},
    ),
    Case("GET /path/company/3", lambda c: companies.get_company(c, 3), COMPANY),
    Case(
        "PUT /path/company/3",
        lambda c: companies.rename_company(c, 3, display_name="X"),
        COMPANY,
        b'{"displayName": "X"}',
    ),
    Case("GET /path/tag", tags.list_tags, [TAG], bad=({}, [{"id": None}])),
    Case("GET /path/tag?name=v", lambda c: tags.list_tags(c, "v"), [TAG], bad=({},)),
    Case("POST /path/tag", lambda c: tags.create_tag(c, name="vip"), TAG, b'{"name": "vip"}'),
    Case("PUT /path/tag/9", lambda c: tags.rename_tag(c, 9, name="v"), TAG, b'{"name": "v"}'),
    Case(
        "POST /path/tag/source/7",
        lambda c: tags.attach_tag(c, 7, {"tagId": 9, "name": "vip"}),
        TAG,
        b'{"tagId": 9, "name": "vip"}',
    ),
    Case(
        "POST /path/tag/source/7",
        lambda c: tags.attach_tag(c, 7, {"tagId": 9}),
        TAG,
        b'{"tagId": 9}',
    ),
    Case(
        "GET /path/overview?tagId=9&timeZone=Europe%2FBerlin",
        lambda c: analytics.get_overview(c, time_zone="Europe/Berlin", tag_id=9),
        {"peopleCount": 3, "growth": None},
    ),
    Case("GET /path/overview/stats", analytics.get_stats, {"totalPeople": 3}),
    Case(
        "GET /path/analysis/channel/7/attribution?eventIds=1&eventIds=2&tagId=3",
        lambda c: analytics.get_attribution(c, 7, event_ids=(1, 2), tag_id=3),
        {"channel": {}, "events": [], "metrics": {}},
    ),
    Case(
        "GET /path/analysis/channel/audience?channelIds=2&channelIds=1",
        lambda c: analytics.get_overlap(c, (2, 1)),
        {"channels": [], "intersections": [], "metrics": {}},
    ),
    Case(
        "GET /path/analysis/event/insights?tagId=3",
        lambda c: analytics.get_insights(c, tag_id=3),
        {},
        bad=([], None, "ok"),
    ),
    Case(
        "GET /path/analysis/event/registration-trend",
        analytics.get_trend,
        {"events": [], "summary": {}},
    ),
]


def sent(http: responses.RequestsMock) -> str:
    """Return the one request that was sent: method, path, and the query sorted by name."""
    [call] = http.calls
    path, mark, query = str(call.request.url).removeprefix(BASE).partition("?")
    pairs = sorted(query.split("&"), key=lambda pair: pair.partition("=")[0])
    return f"{call.request.method} {path}{mark}{'&'.join(pairs)}"


def prepare(http: responses.RequestsMock, case: Case, answer: Any) -> None:
    method, _, target = case.request.partition(" ")
    http.add(method, BASE + target.partition("?")[0], json=answer)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.request)
def test_endpoint_is_asked_as_documented_and_its_answer_returned_whole(
    http: responses.RequestsMock, case: Case
) -> None:
    prepare(http, case, case.answer)
    found = case.call(make_client(BASE)[0])
    if "content" in case.answer:
        assert found == (case.answer["content"], 1, 20, 1, 1)
    else:
        assert found == case.answer
    assert sent(http) == case.request
    assert http.calls[0].request.body == case.body


@pytest.mark.parametrize(
    ("case", "bad"),
    [pytest.param(case, bad, id=f"{case.request} {bad}") for case in CASES for bad in case.bad],
)
def test_endpoint_refuses_an_answer_that_is_something_else(
    http: responses.RequestsMock, case: Case, bad: Any
) -> None:
    prepare(http, case, bad)
    with pytest.raises(UnexpectedAnswerError, match="was answered with"):
        case.call(make_client(BASE, tries=1)[0])


@pytest.mark.parametrize(
    ("request_line", "call"),
    [
        ("DELETE /path/person/5", lambda c: people.delete_person(c, 5)),
        ("DELETE /path/channel/7", lambda c: sources.delete_source(c, CHANNELS, 7)),
        ("DELETE /path/event/16", lambda c: sources.delete_source(c, EVENTS, 16)),
        ("DELETE /path/tag/9", lambda c: tags.delete_tag(c, 9)),
        # the API has the tag first
        ("DELETE /path/tag/9/source/7", lambda c: tags.detach_tag(c, 7, 9)),
        ("POST /path/person/merge/31/undo", lambda c: people.undo_merge(c, 31)),
    ],
)
def test_endpoint_without_an_answer_is_asked_as_documented(
    http: responses.RequestsMock, request_line: str, call: Callable[[Client], None]
) -> None:
    method, _, path = request_line.partition(" ")
    http.add(method, BASE + path, status=204)
    call(make_client(BASE)[0])
    assert sent(http) == request_line


@pytest.mark.parametrize(
    ("path", "export"),
    [
        ("/path/person/export", people.export_people),
        ("/path/channel/7/person/export", lambda c: people.export_people(c, "/channel/7")),
        ("/path/event/16/person/export", lambda c: people.export_people(c, "/event/16")),
        ("/path/company/3/person/export", lambda c: people.export_people(c, "/company/3")),
        ("/path/import/7/failed/export", lambda c: imports.export_failed_rows(c, 7)),
    ],
)
def test_an_export_is_passed_on_byte_for_byte(
    http: responses.RequestsMock, path: str, export: Callable[[Client], Any]
) -> None:
    body = b"\xef\xbb\xbfname\r\n\xe9t\xe9\r\n"
    http.get(BASE + path, body=body, content_type="text/csv; charset=iso-8859-1")
    with export(make_client(BASE)[0]) as chunks:
        assert b"".join(chunks) == body
