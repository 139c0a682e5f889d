"""`/path/tag`: list, create, rename, delete, attach, detach (section 12)."""

from __future__ import annotations

from typing import Any

from ..db.store import Transaction
from ..people import sources, tags
from ..people.bodies import AttachTag, TagBody
from ..web.problems import Problem, on_taken_name, refuse_fields
from ..web.query import make_pattern, read_text
from .operations import Operations

TAGS = Operations()


@TAGS.add("GET /path/tag", "Tag[]", query=("name",))
def list_tags(tx: Transaction) -> list[dict[str, Any]]:
    """Tags whose names contain a text."""
    return tags.list_tags(tx, make_pattern(read_text("name") or ""))


@TAGS.add("POST /path/tag", "Tag", body=TagBody)
def create_tag(tx: Transaction, body: TagBody) -> dict[str, Any]:
    """Add a tag.

    A name that exists is a 400, the only error the contract has here.
    """
    with on_taken_name(refuse_fields([("name", "is the name of another tag")])):
        return tags.find_tag(tx, tags.add_tag(tx, body.name))


@TAGS.add("PUT /path/tag/{id}", "Tag", 404, 409, body=TagBody)
def rename_tag(tx: Transaction, tag_id: int, body: TagBody) -> dict[str, Any]:
    """Rename a tag."""
    tags.find_tag(tx, tag_id)
    with on_taken_name(Problem(409, f'A tag named "{body.name}" exists already.')):
        tx.update("tags", tag_id, name=body.name)
    return tags.find_tag(tx, tag_id)


@TAGS.add("DELETE /path/tag/{id}", "-", 404)
def delete_tag(tx: Transaction, tag_id: int) -> None:
    """Delete a tag everywhere."""
    tags.find_tag(tx, tag_id)
    tx.execute("DELETE FROM tags WHERE id = ?", (tag_id,))


@TAGS.add("POST /path/tag/source/{sourceId}", "Tag", 404, body=AttachTag)
def attach_tag(tx: Transaction, source_id: int, body: AttachTag) -> dict[str, Any]:
    """Attach a tag to a channel or event; by name it is made if missing.

    One that is attached already stays so.
    """
    sources.check_source(tx, source_id)
    tag_id = body.tag_id or tags.find_or_add_tag(tx, body.name or "")
    tag = tags.find_tag(tx, tag_id)
    tx.execute("INSERT INTO tag_sources VALUES (?, ?) ON CONFLICT DO NOTHING", (tag_id, source_id))
    return tag


@TAGS.add("DELETE /path/tag/{tagId}/source/{sourceId}", "-", 404)
def detach_tag(tx: Transaction, tag_id: int, source_id: int) -> None:
    """Detach a tag from a channel or event."""
    tags.find_tag(tx, tag_id)
    sources.check_source(tx, source_id)
    sql = "DELETE FROM tag_sources WHERE tag_id = ? AND source_id = ?"
    if not tx.execute(sql, (tag_id, source_id)).rowcount:
        raise Problem(404, f"Tag {tag_id} is not attached to {source_id}.")
