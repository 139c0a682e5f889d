"""`/path/tag`: list, create, rename, delete, attach, detach (section 12)."""

from __future__ import annotations

import sqlite3
from typing import Any

from flask import Blueprint, Response, g

from ..db.store import Store
from ..people import sources, tags
from ..people.bodies import AttachTag, TagBody
from ..web import bodies
from ..web.answers import make_empty
from ..web.problems import Problem, refuse_fields
from ..web.query import accept_query, make_pattern, read_text


def make_blueprint(store: Store) -> Blueprint:
    """Return the routes of tags, kept in `store`."""
    blueprint = Blueprint("tags", __name__)

    def describe(connection: sqlite3.Connection, tag_id: int) -> dict[str, Any]:
        return tags.describe_tag(tags.find_tag(connection, g.organization_id, tag_id))

    @blueprint.get("/path/tag")
    @accept_query("name")
    def list_tags() -> list[dict[str, Any]]:
        rows = store.connect().execute(
            "SELECT * FROM tags WHERE organization_id = ? AND name LIKE ? ESCAPE '\\' ORDER BY id",
            (g.organization_id, make_pattern(read_text("name") or "")),
        )
        return [tags.describe_tag(row) for row in rows]

    @blueprint.post("/path/tag")
    def create_tag() -> dict[str, Any]:
        """Create a tag; a name that exists is a 400, the only error the contract has here."""
        name = bodies.read_body(TagBody).name
        with store.write() as connection:
            try:
                tag_id = connection.execute(
                    "INSERT INTO tags (organization_id, name) VALUES (?, ?)",
                    (g.organization_id, name),
                ).lastrowid
            except sqlite3.IntegrityError:
                raise refuse_fields([("name", "is the name of another tag")]) from None
            return {"id": tag_id, "name": name}

    @blueprint.put("/path/tag/<id:tag_id>")
    def rename_tag(tag_id: int) -> dict[str, Any]:
        name = bodies.read_body(TagBody).name
        with store.write() as connection:
            tags.find_tag(connection, g.organization_id, tag_id)
            try:
                connection.execute("UPDATE tags SET name = ? WHERE id = ?", (name, tag_id))
            except sqlite3.IntegrityError:
                raise Problem(409, f'A tag named "{name}" exists already.') from None
            return describe(connection, tag_id)

    @blueprint.delete("/path/tag/<id:tag_id>")
    def delete_tag(tag_id: int) -> Response:
        with store.write() as connection:
            tags.find_tag(connection, g.organization_id, tag_id)
            connection.execute("DELETE FROM tags WHERE id = ?", (tag_id,))
        return make_empty()

    @blueprint.post("/path/tag/source/<id:source_id>")
    def attach_tag(source_id: int) -> dict[str, Any]:
        """Attach a tag; one that is attached already stays so."""
        body = bodies.read_body(AttachTag)
        with store.write() as connection:
            sources.check_source(connection, g.organization_id, source_id)
            tag_id = body.tag_id or tags.find_or_add_tag(
                connection, g.organization_id, body.name or ""
            )
            tag = describe(connection, tag_id)
            connection.execute(
                "INSERT INTO tag_sources VALUES (?, ?) ON CONFLICT DO NOTHING", (tag_id, source_id)
            )
        return tag

    @blueprint.delete("/path/tag/<id:tag_id>/source/<id:source_id>")
    def detach_tag(tag_id: int, source_id: int) -> Response:
        with store.write() as connection:
            tags.find_tag(connection, g.organization_id, tag_id)
            sources.check_source(connection, g.organization_id, source_id)
            gone = connection.execute(
                "DELETE FROM tag_sources WHERE tag_id = ? AND source_id = ?", (tag_id, source_id)
            ).rowcount
        if not gone:
            raise Problem(404, f"Tag {tag_id} is not attached to {source_id}.")
        return make_empty()

    return blueprint
