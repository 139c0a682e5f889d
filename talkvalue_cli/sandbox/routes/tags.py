"""`/path/tag`: list, create, rename, delete, attach, detach (section 12)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response

from ..people import sources, tags
from ..people.bodies import AttachTag, TagBody
from ..web import bodies
from ..web.answers import make_empty
from ..web.problems import Problem, refuse_fields
from ..web.query import accept_query, make_pattern, read_text
from .request_store import RequestStore


def make_blueprint(store: RequestStore) -> Blueprint:
    """Return the routes of tags, kept in `store`."""
    blueprint = Blueprint("tags", __name__)

    @blueprint.get("/path/tag")
    @accept_query("name")
    def list_tags() -> list[dict[str, Any]]:
        pattern = make_pattern(read_text("name") or "")
        with store.read() as tx:
            return tags.list_tags(tx, pattern)

    @blueprint.post("/path/tag")
    def create_tag() -> dict[str, Any]:
        """Create a tag; a name that exists is a 400, the only error the contract has here."""
        name = bodies.read_body(TagBody).name
        with store.write(refuse_fields([("name", "is the name of another tag")])) as tx:
            return {
                "id": tx.insert("tags", organization_id=tx.organization_id, name=name),
                "name": name,
            }

    @blueprint.put("/path/tag/<id:tag_id>")
    def rename_tag(tag_id: int) -> dict[str, Any]:
        name = bodies.read_body(TagBody).name
        with store.write(Problem(409, f'A tag named "{name}" exists already.')) as tx:
            tags.find_tag(tx, tag_id)
            tx.update("tags", tag_id, name=name)
            return tags.find_tag(tx, tag_id)

    @blueprint.delete("/path/tag/<id:tag_id>")
    def delete_tag(tag_id: int) -> Response:
        with store.write() as tx:
            tags.find_tag(tx, tag_id)
            tx.execute("DELETE FROM tags WHERE id = ?", (tag_id,))
        return make_empty()

    @blueprint.post("/path/tag/source/<id:source_id>")
    def attach_tag(source_id: int) -> dict[str, Any]:
        """Attach a tag; one that is attached already stays so."""
        body = bodies.read_body(AttachTag)
        with store.write() as tx:
            sources.check_source(tx, source_id)
            tag_id = body.tag_id or tags.find_or_add_tag(tx, body.name or "")
            tag = tags.find_tag(tx, tag_id)
            tx.execute(
                "INSERT INTO tag_sources VALUES (?, ?) ON CONFLICT DO NOTHING", (tag_id, source_id)
            )
        return tag

    @blueprint.delete("/path/tag/<id:tag_id>/source/<id:source_id>")
    def detach_tag(tag_id: int, source_id: int) -> Response:
        with store.write() as tx:
            tags.find_tag(tx, tag_id)
            sources.check_source(tx, source_id)
            sql = "DELETE FROM tag_sources WHERE tag_id = ? AND source_id = ?"
            if not tx.execute(sql, (tag_id, source_id)).rowcount:
                raise Problem(404, f"Tag {tag_id} is not attached to {source_id}.")
        return make_empty()

    return blueprint
