"""Merging people and taking it back."""

from __future__ import annotations

from typing import Any

import pytest

from ..bench import Bench


def add(bench: Bench, email: str, path: str = "channel/4", **fields: Any) -> int:
    """Add a person and return the id."""
    body = {"email": email, "phones": [], **fields}
    person_id: int = bench.do("POST", f"/path/{path}/person", body)["id"]
    return person_id


def merge(bench: Bench, source: int, target: int) -> Any:
    """Merge two people and return the answer."""
    return bench.do("POST", f"/path/person/{source}/merge/{target}")


@pytest.fixture
def pair(bench: Bench) -> tuple[int, int]:
    """Two people: the source has more, the target is in another channel as well."""
    source = add(
        bench,
        "old@x.example",
        firstName="Old",
        lastName="One",
        jobTitle="Smith",
        address="Pit 1",
        phones=["1", "2"],
        joinedAt="2026-01-01",
    )
    add(bench, "old@x.example", "event/1001", joinedAt="2025-08-01")
    bench.send(
        "PATCH", f"/path/person/{source}", json={"emails": ["old@x.example", "o2@x.example"]}
    )
    target = add(bench, "new@y.example", jobTitle="Boss", phones=["2"], joinedAt="2026-05-05")
    add(bench, "new@y.example", "channel/2")
    return source, target


def test_the_target_keeps_its_values_and_gains_the_rest(
    bench: Bench, pair: tuple[int, int]
) -> None:
    source, target = pair
    before = bench.get("/path/person")["totalElements"]
    merged = merge(bench, source, target)
    assert merged["id"] == target
    assert (merged["name"], merged["jobTitle"], merged["address"]) == ("Old One", "Boss", "Pit 1")
    assert [email["email"] for email in merged["emails"]] == [
        "new@y.example", "old@x.example", "o2@x.example",
    ]  # fmt: skip
    assert merged["phones"] == ["2", "1"]
    first = merged["channels"][0]
    assert (first["id"], first["joinedAt"]) == (4, "2026-01-01T00:00:00Z")
    assert [event["id"] for event in merged["events"]] == [1001]
    [operation] = merged["mergeOperations"]
    assert operation == {
        "id": 1,
        "sourcePersonName": "Old One",
        "sourcePrimaryEmail": "old@x.example",
        "mergedAt": operation["mergedAt"],
    }
    assert bench.send("GET", f"/path/person/{source}").status_code == 404
    assert bench.get("/path/person")["totalElements"] == before - 1
    assert add(bench, "o2@x.example") == target
    entry = bench.get(f"/path/person/{target}/activity?pageSize=1")["content"][0]
    assert (entry["action"], entry["mergedFrom"]) == (
        "MERGED",
        {"personId": source, "name": "Old One", "primaryEmail": "old@x.example"},
    )


def test_an_undone_merge_leaves_both_as_they_were(bench: Bench, pair: tuple[int, int]) -> None:
    before = [bench.get(f"/path/person/{person}") for person in pair]
    merge(bench, *pair)
    undone = bench.send("POST", "/path/person/merge/1/undo")
    assert (undone.status_code, undone.data) == (200, b"")
    assert [bench.get(f"/path/person/{person}") for person in pair] == before
    newest = [bench.get(f"/path/person/{person}/activity")["content"][0] for person in pair]
    assert [entry["action"] for entry in newest] == ["RESTORED", "UNMERGED"]


def test_what_was_changed_after_the_merge_stays_with_the_target(
    bench: Bench, pair: tuple[int, int]
) -> None:
    source, target = pair
    merge(bench, source, target)
    bench.send("PATCH", f"/path/person/{target}", json={"address": "Pit 2"})
    assert bench.send("POST", "/path/person/merge/1/undo").status_code == 200
    assert bench.get(f"/path/person/{target}")["address"] == "Pit 2"
    assert bench.get(f"/path/person/{source}")["address"] == "Pit 1"


def test_a_merge_is_undone_once(bench: Bench, pair: tuple[int, int]) -> None:
    merge(bench, *pair)
    assert bench.send("POST", "/path/person/merge/1/undo").status_code == 200
    again: Any = bench.send("POST", "/path/person/merge/1/undo")
    assert (again.status_code, again.json["detail"]) == (409, "Merge 1 has been undone already.")
    assert bench.send("POST", "/path/person/merge/2/undo").status_code == 404


def test_an_old_merge_stays(bench: Bench, pair: tuple[int, int]) -> None:
    merge(bench, *pair)
    with bench.store.write() as connection:
        connection.execute("UPDATE merges SET merged_at = '2020-01-01T00:00:00Z'")
    answer: Any = bench.send("POST", "/path/person/merge/1/undo")
    assert (answer.status_code, answer.json["detail"]) == (409, "Merge 1 is more than 30 days old.")


def test_merges_are_undone_from_the_last_one_back(bench: Bench, pair: tuple[int, int]) -> None:
    source, target = pair
    third = add(bench, "third@z.example")
    before = [bench.get(f"/path/person/{person}") for person in (source, target, third)]
    merge(bench, source, target)
    merge(bench, target, third)
    assert bench.send("POST", "/path/person/merge/1/undo").status_code == 409
    assert bench.send("POST", "/path/person/merge/2/undo").status_code == 200
    assert bench.send("POST", "/path/person/merge/1/undo").status_code == 200
    after = [bench.get(f"/path/person/{person}") for person in (source, target, third)]
    assert after == before


def test_an_address_in_use_elsewhere_blocks_the_undo(bench: Bench, pair: tuple[int, int]) -> None:
    source, target = pair
    merge(bench, source, target)
    bench.send("PATCH", f"/path/person/{target}", json={"emails": None})
    taker = add(bench, "old@x.example")
    answer: Any = bench.send("POST", "/path/person/merge/1/undo")
    assert answer.status_code == 409
    assert f"belongs to person {taker} by now" in answer.json["detail"]
    assert bench.send("GET", f"/path/person/{source}").status_code == 404


def test_nobody_is_merged_with_themselves_or_with_nobody(bench: Bench) -> None:
    assert bench.send("POST", "/path/person/1/merge/1").status_code == 400
    assert bench.send("POST", "/path/person/1/merge/9999").status_code == 404
    assert bench.send("POST", "/path/person/9999/merge/1").status_code == 404
