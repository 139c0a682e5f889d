"""`path tag` against the sandbox: what is sent, what is printed, and what is left behind."""

from __future__ import annotations

from typing import Any

import pytest

from tests.process.relay import Relay


def list_tags(relay: Relay, command: str, source_id: int) -> list[Any]:
    """Return the tags that a list shows with a channel or an event."""
    [tags] = [each["tags"] for each in relay.call(command).data if each["id"] == source_id]
    return list(tags)


def test_tags_are_made_found_renamed_and_deleted(relay: Relay) -> None:
    done = relay.call("path tag create -n", "Grün, 1")
    assert done.sent == ['POST /path/tag {"name": "Gr\\u00fcn, 1"}']
    tag = done.data
    assert list(tag.items()) == [("id", tag["id"]), ("name", "Grün, 1")]
    found = relay.call("path tag list --name ün,")
    assert (found.sent, found.json) == (["GET /path/tag?name=%C3%BCn%2C"], {"data": [tag]})
    assert relay.call("path tag list").sent == ["GET /path/tag"]
    line = "path tag list --name ün, --format"
    assert relay.call(line, "csv").out == f'ID,Name\n{tag["id"]},"Grün, 1"\n'
    assert relay.call(line, "table").out.splitlines()[2].split() == [str(tag["id"]), "Grün,", "1"]
    renamed = relay.call(f"path tag update {tag['id']} --name blue-1")
    assert renamed.sent == [f'PUT /path/tag/{tag["id"]} {{"name": "blue-1"}}']
    assert renamed.data == {"id": tag["id"], "name": "blue-1"}
    delete = f"path tag delete {tag['id']}"
    assert (relay.call(delete).code, relay.call(delete).sent) == (2, [])
    gone = relay.call(delete + " --confirm")
    assert gone.sent == [f"DELETE /path/tag/{tag['id']}"]
    assert list(gone.data.items()) == [("deleted", True), ("id", tag["id"])]
    assert relay.call(delete + " --confirm").code == 4
    assert relay.call(f"path tag update {tag['id']} --name x").code == 4
    assert relay.call("path tag list --name blue-1").data == []


def test_a_name_is_taken_only_once(relay: Relay) -> None:
    one = relay.call("path tag create --name only-once").data
    assert relay.call("path tag create --name only-once").error["status"] == 400
    other = relay.call("path tag create --name only-twice").data
    taken = relay.call(f"path tag update {other['id']} --name only-once")
    assert (taken.code, taken.error["status"]) == (1, 409)
    assert relay.call("path tag list --name only-").data == [one, other]


@pytest.mark.parametrize(
    ("make", "shown"),
    [
        ("path channel create --name", "path channel list"),
        ("path event create --start-at 2027-01-01 --time-zone UTC --name", "path event list"),
    ],
)
def test_channels_and_events_are_marked(relay: Relay, make: str, shown: str) -> None:
    source_id = relay.call(make, "to be marked").data["id"]
    named = relay.call(f"path tag attach {source_id} --name mark-{source_id}")
    assert named.sent == [f'POST /path/tag/source/{source_id} {{"name": "mark-{source_id}"}}']
    tag = named.data
    assert list_tags(relay, shown, source_id) == [tag]
    detach = f"path tag detach {source_id} --tag-id {tag['id']}"
    off = relay.call(detach)
    assert off.sent == [f"DELETE /path/tag/{tag['id']}/source/{source_id}"]
    assert list(off.data.items()) == [
        ("detached", True),
        ("sourceId", source_id),
        ("tagId", tag["id"]),
    ]
    assert list_tags(relay, shown, source_id) == []
    assert relay.call(detach).code == 4
    by_id = relay.call(f"path tag attach {source_id} --tag-id {tag['id']}")
    assert by_id.sent == [f'POST /path/tag/source/{source_id} {{"tagId": {tag["id"]}}}']
    relay.call(f"path tag delete {tag['id']} --confirm")
    assert list_tags(relay, shown, source_id) == []


def test_attaching_takes_a_tag_and_a_source_that_exist(relay: Relay) -> None:
    both = relay.call("path tag attach 1 --tag-id 1 --name x")
    assert both.sent == ['POST /path/tag/source/1 {"tagId": 1, "name": "x"}']
    assert (both.code, both.error["status"]) == (1, 400)
    neither = relay.call("path tag attach 1")
    assert (neither.code, neither.sent) == (2, [])
    assert relay.call("path tag attach 999999 --tag-id 1").code == 4
    assert relay.call("path tag attach 1 --tag-id 999999").code == 4


def test_an_installed_program_does_the_same(relay: Relay) -> None:
    before = len(relay.sent)
    done = relay.run("path", "tag", "delete", "999999", "--confirm")
    assert (done.code, done.out, done.error["status"]) == (4, "", 404)
    assert relay.sent[before:] == ["DELETE /path/tag/999999"]
