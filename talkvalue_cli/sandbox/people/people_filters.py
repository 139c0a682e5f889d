"""Which people a list shows, and in which order (section 9)."""

from __future__ import annotations

import json
from dataclasses import dataclass

from flask import request

from ..web import query
from ..web.query import PAGE

#: what lists of people accept
FILTERS = (
    *("keyword", "channelId", "eventId", "companyId", "companyName", "jobTitle"), *PAGE, "sort",
)  # fmt: skip
FIRST_JOINED_SQL = """(SELECT MIN(joined_at) FROM (
    SELECT joined_at FROM channel_people WHERE person_id = people.id
    UNION ALL SELECT joined_at FROM event_people WHERE person_id = people.id))"""
SORT_PATTERN = "(joinedAt|createdAt|name):(asc|desc)"
SORT_COLUMNS = {
    "joinedAt": "joined_at {} NULLS LAST",
    "createdAt": "people.created_at {}",
    "name": "full_name COLLATE NOCASE {}",
}


@dataclass(frozen=True)
class Scope:
    """All people of an organization, or those of one channel, event or company."""

    organization_id: int
    kind: str | None = None
    id: int = 0

    @property
    def is_source(self) -> bool:
        """Whether the people are members of something."""
        return self.kind in ("channel", "event")

    @property
    def tables(self) -> str:
        """What stands after FROM."""
        if not self.is_source:
            return "persons AS people"
        return (
            f"{self.kind}_people JOIN persons AS people ON people.id = {self.kind}_people.person_id"
        )

    @property
    def joined_sql(self) -> str:
        """When a person joined: this source, or any at all."""
        return f"{self.kind}_people.joined_at" if self.is_source else FIRST_JOINED_SQL

    def make_condition(self) -> tuple[str, list[object]]:
        """Return what stands after WHERE, and its values."""
        if self.is_source:
            return f"{self.kind}_people.{self.kind}_id = ?", [self.id]
        if self.kind == "company":
            return "people.company_id = ?", [self.id]
        # The sign keeps SQLite from an index that does not help with the order.
        return "+people.organization_id = ?", [self.organization_id]


def read_filters() -> tuple[str, list[object]]:
    """Return the conditions of the query, each with AND before it, and their values.

    Of several channels or events one is enough; different filters must all hold.
    """
    clauses: list[str] = []
    values: list[object] = []
    for kind in ("channel", "event"):
        if ids := query.read_ids(f"{kind}Id"):
            clauses.append(
                f"EXISTS (SELECT 1 FROM {kind}_people AS f WHERE f.person_id = people.id"
                f" AND f.{kind}_id IN (SELECT value FROM json_each(?)))"
            )
            values.append(json.dumps(ids))
    if (company_id := query.read_id("companyId")) is not None:
        clauses.append("people.company_id = ?")
        values.append(company_id)
    for name, sql in (("companyName", "company"), ("jobTitle", "job_title")):
        if text := query.read_text(name):
            clauses.append(f"{sql} LIKE ? ESCAPE '\\'")
            values.append(query.make_pattern(text))
    if keyword := query.read_text("keyword"):
        clauses.append(
            "(full_name LIKE ? ESCAPE '\\' OR people.email LIKE ? ESCAPE '\\' OR EXISTS ("
            "SELECT 1 FROM person_emails AS e WHERE e.person_id = people.id"
            " AND e.email LIKE ? ESCAPE '\\'))"
        )
        values += [query.make_pattern(keyword)] * 3
    return "".join(f" AND {clause}" for clause in clauses), values


def read_order() -> str:
    """Return what stands after ORDER BY; people with the same values come by id."""
    if "sort" not in request.args:
        return "people.id"
    hint = "joinedAt, createdAt or name, then :asc or :desc"
    keys = [text.split(":") for text in query.read_texts("sort", SORT_PATTERN, hint)]
    return ", ".join([SORT_COLUMNS[field].format(way) for field, way in keys] + ["people.id"])
