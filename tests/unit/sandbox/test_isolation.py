"""What belongs to one organization is neither seen nor touched by another."""

from __future__ import annotations

import re
from typing import Any

import pytest

from talkvalue_cli.sandbox.app import create_app
from talkvalue_cli.sandbox.openapi import document
from talkvalue_cli.sandbox.sign_in import accounts

from .bench import Bench

#: what the first organization has, by the name of a path parameter
IDS = {"channelId": 1, "eventId": 1001, "companyId": 1, "personId": 1, "tagId": 1, "targetId": 2}
BODIES = {
    "ChannelBody": {"name": "x"},
    "EventBody": {"name": "x", "timeZone": "UTC", "startAt": "2026-01-01"},
    "NewPerson": {"email": "x@x.example", "phones": []},
    "UpdatePerson": {"jobTitle": "x"},
    "CompanyBody": {"displayName": "x"},
    "TagBody": {"name": "x"},
    "AttachTag": {"name": "x"},
}
BY_ID = [
    (method, path, operation)
    for path, methods in document.make_document()["paths"].items()
    for method, operation in methods.items()
    if "{" in path and "/integration/" not in path and not path.endswith("/undo")
]


def fill(path: str) -> str:
    """Put ids of the first organization into a path."""
    kind = path.split("/")[2]
    ids = {**IDS, "id": IDS.get(f"{kind}Id", 1), "sourceId": 3 if kind == "person" else 1}
    return re.sub(r"\{(\w+)\}", lambda match: str(ids[match[1]]), path)


@pytest.fixture
def stranger(bench: Bench) -> Any:
    """A client with the token of another, empty organization."""
    with bench.store.write() as connection:
        connection.execute("INSERT INTO organizations VALUES (4, 'org_other', 'Other')")
    tokens = accounts.Tokens({"other-token": 4})
    client = create_app(bench.store, tokens).test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = "Bearer other-token"
    return client


def test_an_empty_organization_has_empty_lists(bench: Bench, stranger: Any) -> None:
    for path in ("person", "company", "import"):
        assert stranger.get(f"/path/{path}").json["totalElements"] == 0
    for path in ("channel", "event", "tag"):
        assert stranger.get(f"/path/{path}").json == []
    assert stranger.get("/path/person/export").text.count("\n") == 1
    overview = stranger.get("/path/overview").json
    assert list(overview.values())[:5] == [0] * 5
    assert overview["diversification"]["totalUniquePersons"] == 0
    assert stranger.get("/path/overview?tagId=1").status_code == 404
    trend = stranger.get("/path/analysis/event/registration-trend").json
    assert trend["events"] == []
    ids = "channelIds=1&channelIds=2"
    audience = stranger.get(f"/path/analysis/channel/audience?{ids}")
    assert audience.status_code == 404


def test_what_another_organization_has_does_not_exist(bench: Bench, stranger: Any) -> None:
    bench.run("Email\nx@y.example\n", channel=1)
    bench.send("POST", "/path/person/11/merge/12")
    before = list(bench.store.connect().iterdump())
    asked = 0
    for method, path, operation in BY_ID:
        body = None
        if "requestBody" in operation:
            content = operation["requestBody"]["content"]["application/json"]
            body = BODIES[content["schema"]["$ref"].rpartition("/")[2]]
        answer = stranger.open(fill(path), method=method.upper(), json=body)
        assert answer.status_code == 404, (method, path, answer.text)
        own = bench.send("GET", fill(path)) if method == "get" else None
        assert own is None or own.status_code == 200, path
        asked += 1
    undo = stranger.post("/path/person/merge/1/undo")
    assert undo.status_code == 404
    assert asked == 26
    assert list(bench.store.connect().iterdump()) == before


def test_the_same_names_and_addresses_may_exist_twice(bench: Bench, stranger: Any) -> None:
    channel = stranger.post("/path/channel", json={"name": "Newsletter"}).json
    body = {"email": "ada.abbott@example.com", "phones": [], "firstName": "Another"}
    person = stranger.post(f"/path/channel/{channel['id']}/person", json=body).json
    assert person["name"] == "Another"
    assert person["company"]["id"] != bench.get("/path/person/1")["company"]["id"]
    tag = stranger.post(f"/path/tag/source/{channel['id']}", json={"name": "online"}).json
    assert tag["id"] == 5
    assert stranger.get("/path/person").json["totalElements"] == 1
    assert bench.get("/path/person")["totalElements"] == 348
