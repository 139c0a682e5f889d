"""Tags, and what they are attached to."""

from __future__ import annotations

from typing import Any

import pytest

from ..bench import Bench


def names_on(bench: Bench, kind: str, source_id: int) -> list[str]:
    """Return the names of the tags of a channel or event."""
    [found] = [each for each in bench.get(f"/path/{kind}") if each["id"] == source_id]
    return [tag["name"] for tag in found["tags"]]


def test_tags_are_listed_and_filtered_by_a_part_of_the_name(bench: Bench) -> None:
    assert bench.get("/path/tag") == [
        {"id": 1, "name": "online"},
        {"id": 2, "name": "workshop"},
        {"id": 3, "name": "flagship"},
        {"id": 4, "name": "europe"},
    ]
    assert [tag["name"] for tag in bench.get("/path/tag?name=SHIP")] == ["flagship"]
    assert bench.get("/path/tag?name=%25") == []


def test_a_tag_is_created_renamed_and_deleted_everywhere(bench: Bench) -> None:
    created = bench.do("POST", "/path/tag", {"name": " vip "})
    assert created == {"id": 5, "name": "vip"}
    for source in (4, 1001):
        answer: Any = bench.send("POST", f"/path/tag/source/{source}", json={"tagId": 5})
        assert (answer.status_code, answer.json) == (200, created)
    renamed = bench.do("PUT", "/path/tag/5", {"name": "top"})
    assert renamed == {"id": 5, "name": "top"}
    assert names_on(bench, "channel", 4) == ["top"]
    assert names_on(bench, "event", 1001) == ["europe", "top"]
    assert bench.send("DELETE", "/path/tag/5").status_code == 200
    assert names_on(bench, "event", 1001) == ["europe"]
    assert bench.send("DELETE", "/path/tag/5").status_code == 404


def test_a_taken_name_is_refused_as_the_contract_says(bench: Bench) -> None:
    assert bench.send("POST", "/path/tag", json={"name": "online"}).status_code == 400
    assert bench.send("PUT", "/path/tag/2", json={"name": "online"}).status_code == 409
    assert bench.send("PUT", "/path/tag/1", json={"name": "online"}).status_code == 200
    assert bench.send("PUT", "/path/tag/9", json={"name": "new"}).status_code == 404


def test_attaching_by_name_makes_a_missing_tag(bench: Bench) -> None:
    for expected in (5, 5):
        answer: Any = bench.send("POST", "/path/tag/source/1012", json={"name": "vip"})
        assert answer.json == {"id": expected, "name": "vip"}
    assert names_on(bench, "event", 1012) == ["flagship", "vip"]
    known: Any = bench.send("POST", "/path/tag/source/4", json={"name": "online", "tagId": None})
    assert known.json == {"id": 1, "name": "online"}


def test_a_tag_is_detached_from_one_source(bench: Bench) -> None:
    assert bench.send("DELETE", "/path/tag/4/source/1001").status_code == 200
    assert names_on(bench, "event", 1001) == []
    assert names_on(bench, "channel", 2) == ["europe"]
    assert bench.send("DELETE", "/path/tag/4/source/1001").status_code == 404


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("1", {}, 400),
        ("1", {"name": " "}, 400),
        ("1", {"tagId": 0}, 400),
        ("1", {"tagId": True}, 400),
        ("1", {"tag": 1}, 400),
        ("1", {"tagId": 99}, 404),
        ("99", {"tagId": 1}, 404),
        ("99", {"name": "never"}, 404),
    ],
)
def test_what_cannot_be_attached_changes_nothing(
    bench: Bench, path: str, body: dict[str, Any], status: int
) -> None:
    before = bench.get("/path/tag")
    assert bench.send("POST", f"/path/tag/source/{path}", json=body).status_code == status
    assert bench.get("/path/tag") == before


def test_a_deleted_channel_takes_its_tags_along(bench: Bench) -> None:
    bench.send("DELETE", "/path/channel/1")
    left = bench.store.connect().execute("SELECT COUNT(*) FROM tag_sources WHERE source_id = 1")
    assert left.fetchone()[0] == 0


def test_of_an_id_and_a_name_the_id_says_which_tag(bench: Bench) -> None:
    body = {"tagId": 2, "name": "online"}
    answer = bench.send("POST", "/path/tag/source/4", json=body)
    assert (answer.status_code, answer.json) == (200, {"id": 2, "name": "workshop"})
    assert bench.get("/path/channel")[3]["tags"] == [{"id": 2, "name": "workshop"}]
