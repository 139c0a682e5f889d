"""Finding by name: complete over pages, bounded, and no matter how a name is written."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from talkvalue_cli.api import names
from talkvalue_cli.errors import NotFoundError
from talkvalue_cli.transport.client import Client
from tests.replies import Reply, Request
from tests.world import World


@pytest.fixture
def client(world: World) -> Client:
    """A client of a server whose answers the test gives."""
    return world.machine.connect()


def serve(world: World, things: list[dict[str, Any]], *, matches_case: bool = False) -> None:
    """Answer with pages of these things, of those that hold the keyword."""

    def take(request: Request) -> Reply:
        query = parse_qs(urlsplit(request.path).query)
        keyword = query.get("keyword", [""])[0]
        number, size = int(query["pageNumber"][0]), int(query["pageSize"][0])
        fold = str if matches_case else str.lower
        fitting = [each for each in things if fold(keyword) in fold(each["domain"])]
        page = fitting[(number - 1) * size : number * size]
        return Reply(
            {
                "content": page,
                "pageNumber": number,
                "pageSize": size,
                "totalElements": len(fitting),
                "totalPages": -(-len(fitting) // size),
            }
        )

    world.on_request = take


def make_companies(count: int) -> list[dict[str, Any]]:
    return [{"id": i, "domain": f"a{i}.example", "displayName": None} for i in range(1, count + 1)]


def find_ids(client: Client, kind: str, name: str) -> list[int]:
    return [each.id for each in names.find(client, kind, name)[0]]


def test_a_company_on_the_last_page_is_found(world: World, client: Client) -> None:
    things = [*make_companies(250), {"id": 900, "domain": "example", "displayName": "Last"}]
    serve(world, things)
    assert find_ids(client, "company", "EXAMPLE") == [900]
    assert [urlsplit(request.path).query for request in world.requests] == [
        f"keyword=EXAMPLE&pageNumber={number}&pageSize=100" for number in (1, 2, 3)
    ]


def test_a_company_is_found_where_the_filter_tells_cases_apart(
    world: World, client: Client
) -> None:
    serve(world, make_companies(120), matches_case=True)
    assert find_ids(client, "company", "A117.EXAMPLE") == [117]


def test_both_names_of_a_company_count_once(world: World, client: Client) -> None:
    serve(world, [{"id": 1, "domain": "acme", "displayName": "Acme"}])
    assert find_ids(client, "company", "acme") == [1]


def test_a_look_up_has_an_end(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert names.MOST_PAGES == 100
    monkeypatch.setattr(names, "MOST_PAGES", 11)
    serve(world, make_companies(1101))
    with pytest.raises(NotFoundError, match="more than 1,100 companies, too many to look for"):
        find_ids(client, "company", "example")
    assert len(world.requests) == 12
    serve(world, make_companies(1100))
    assert find_ids(client, "company", "a1100.example") == [1100]


@pytest.mark.parametrize(
    ("one", "other"),
    [("VIP", "vip"), (" VIP ", "VIP"), ("Straße", "STRASSE"), ("Zoe\u0301", "ZO\u00c9")],
)
def test_spellings_of_a_name_are_one(one: str, other: str) -> None:
    assert names.fold(one) == names.fold(other)


def test_other_names_are_other() -> None:
    assert names.fold("VIP") != names.fold("VIPs")
    assert names.fold("Zoé") != names.fold("Zoe")
