"""`path tag` against the sandbox: what is sent, what is printed, and what is left behind."""

from __future__ import annotations

from typing import Any

import pytest

from tests.world import World


def list_tags(world: World, command: str, source_id: int) -> list[Any]:
    """Return the tags that a list shows with a channel or an event."""
    [tags] = [each["tags"] for each in world.run(command).data if each["id"] == source_id]
    return list(tags)


def test_tags_are_made_found_renamed_and_deleted(world: World) -> None:
    done = world.run("path tag create -n", words=["Grün, 1"])
    assert done.lines == ['POST /path/tag {"name": "Gr\\u00fcn, 1"}']
    tag = done.data
    assert list(tag.items()) == [("id", tag["id"]), ("name", "Grün, 1")]
    found = world.run("path tag list --name ün,")
    assert (found.lines, found.json) == (["GET /path/tag?name=%C3%BCn%2C"], {"data": [tag]})
    assert world.run("path tag list").lines == ["GET /path/tag"]
    line = "path tag list --name ün, --format"
    assert world.run(line, words=["csv"]).out == f'ID,Name\n{tag["id"]},"Grün, 1"\n'
    assert world.run(line, words=["table"]).out.splitlines()[2].split() == [
        str(tag["id"]),
        "Grün,",
        "1",
    ]
    renamed = world.run(f"path tag update {tag['id']} --name blue-1")
    assert renamed.lines == [f'PUT /path/tag/{tag["id"]} {{"name": "blue-1"}}']
    assert renamed.data == {"id": tag["id"], "name": "blue-1"}
    delete = f"path tag delete {tag['id']}"
    assert (world.run(delete).code, world.run(delete).lines) == (2, [])
    gone = world.run(delete + " --confirm")
    assert gone.lines == [f"DELETE /path/tag/{tag['id']}"]
    assert list(gone.data.items()) == [("deleted", True), ("id", tag["id"])]
    assert world.run(delete + " --confirm").code == 4
    assert world.run(f"path tag update {tag['id']} --name x").code == 4
    assert world.run("path tag list --name blue-1").data == []


def test_a_name_is_taken_only_once(world: World) -> None:
    one = world.run("path tag create --name only-once").data
    assert world.run("path tag create --name only-once").error["status"] == 400
    other = world.run("path tag create --name only-twice").data
    taken = world.run(f"path tag update {other['id']} --name only-once")
    assert (taken.code, taken.error["status"]) == (1, 409)
    assert world.run("path tag list --name only-").data == [one, other]


@pytest.mark.parametrize(
    ("make", "shown"),
    [
        ("path channel create --name", "path channel list"),
        ("path event create --start-at 2027-01-01 --time-zone UTC --name", "path event list"),
    ],
)
def test_channels_and_events_are_marked(world: World, make: str, shown: str) -> None:
    source_id = world.run(make, words=["to be marked"]).data["id"]
    named = world.run(f"path tag attach {source_id} --name mark-{source_id}")
    assert named.lines == [f'POST /path/tag/source/{source_id} {{"name": "mark-{source_id}"}}']
    tag = named.data
    assert list_tags(world, shown, source_id) == [tag]
    detach = f"path tag detach {source_id} --tag-id {tag['id']}"
    off = world.run(detach)
    assert off.lines == [f"DELETE /path/tag/{tag['id']}/source/{source_id}"]
    assert list(off.data.items()) == [
        ("detached", True),
        ("sourceId", source_id),
        ("tagId", tag["id"]),
    ]
    assert list_tags(world, shown, source_id) == []
    assert world.run(detach).code == 4
    by_id = world.run(f"path tag attach {source_id} --tag-id {tag['id']}")
    assert by_id.lines == [f'POST /path/tag/source/{source_id} {{"tagId": {tag["id"]}}}']
    world.run(f"path tag delete {tag['id']} --confirm")
    assert list_tags(world, shown, source_id) == []


def test_attaching_takes_a_tag_and_a_source_that_exist(world: World) -> None:
    both = world.run("path tag attach 1 --tag-id 1 --name x")
    assert both.lines == ['POST /path/tag/source/1 {"tagId": 1, "name": "x"}']
    assert both.data == {"id": 1, "name": "online"}
    neither = world.run("path tag attach 1")
    assert (neither.code, neither.lines) == (2, [])
    assert world.run("path tag attach 999999 --tag-id 1").code == 4
    assert world.run("path tag attach 1 --tag-id 999999").code == 4
