"""The words that schemas are written in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
INTEGER: Schema = {"type": "integer"}
ID: Schema = {"type": "integer", "minimum": 1, "maximum": 2**63 - 1}
WORDS: dict[str, Schema] = {
    "bool": {"type": "boolean"},
    "count": {"type": "integer", "minimum": 0},
    "id": ID,
    "int": INTEGER,
    "number": {"type": "number"},
    "rate": {"type": "number", "minimum": 0, "maximum": 1},
    "text": TEXT,
    "time": {"type": "string", "format": "date-time"},
}


def limit_text(longest: int) -> Schema:
    """Return a string of limited length."""
    return {"type": "string", "maxLength": longest}


def choice(*values: str) -> Schema:
    """Return a string that is one of `values`."""
    return {"type": "string", "enum": list(values)}


def listed(item: Schema, **limits: int) -> Schema:
    """Return a list of items; limits: minItems, maxItems."""
    return {"type": "array", "items": item, **limits}


def ref(name: str) -> Schema:
    """Return the schema that stands under a name."""
    return {"$ref": f"#/components/schemas/{name}"}


def nullable(schema: Schema) -> Schema:
    """Return a schema that also allows null."""
    if "type" not in schema:
        return {"anyOf": [schema, {"type": "null"}]}
    widened = {**schema, "type": [schema["type"], "null"]}
    if "enum" in schema:
        widened["enum"] = [*schema["enum"], None]
    return widened


def record(fields: str, optional: str = "", **others: Schema) -> Schema:
    """Return an object without other fields than these.

    fields, optional: NAME:TYPE, separated by blanks. A TYPE is one of WORDS or the name of a
    schema, with [] for a list and ? for what may be null. A NAME with such marks, or alone, is
    one of `others`.
    """
    words = {**WORDS, **others}
    required, more = (_read_fields(each, words) for each in (fields, optional))
    schema: Schema = {"type": "object", "properties": required | more}
    return {**schema, "required": list(required), "additionalProperties": False}


def _read_fields(fields: str, words: Mapping[str, Schema]) -> dict[str, Schema]:
    pairs = [field.partition(":") for field in fields.split()]
    return {name.rstrip("[]?"): read_type(kind or name, words) for name, _, kind in pairs}


def read_type(kind: str, words: Mapping[str, Schema] = WORDS) -> Schema:
    """Return the schema of a TYPE; see `record`."""
    if kind.endswith("?"):
        return nullable(read_type(kind[:-1], words))
    if kind.endswith("[]"):
        return listed(read_type(kind[:-2], words))
    return words.get(kind) or ref(kind)


def page_of(name: str) -> Schema:
    """Return one page of a list."""
    pages = "totalElements:count totalPages:count pageNumber:id pageSize:id"
    return record(f"content:{name}[] {pages}")
