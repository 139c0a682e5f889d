"""The words that schemas are written in."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]

BOOLEAN: Schema = {"type": "boolean"}
TEXT: Schema = {"type": "string"}
TIME: Schema = {"type": "string", "format": "date-time"}
INTEGER: Schema = {"type": "integer"}
COUNT: Schema = {"type": "integer", "minimum": 0}
ID: Schema = {"type": "integer", "minimum": 1, "maximum": 2**63 - 1}
NUMBER: Schema = {"type": "number"}
RATE: Schema = {"type": "number", "minimum": 0, "maximum": 1}


def limit_text(longest: int) -> Schema:
    """Return a string of limited length."""
    return {"type": "string", "maxLength": longest}


def limit_name(longest: int) -> Schema:
    """Return a string of limited length that is not blank."""
    return {"type": "string", "maxLength": longest, "minLength": 1, "pattern": r"\S"}


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


def record(**fields: Schema) -> Schema:
    """Return an object in an answer: all its fields are there, and no others."""
    return body(fields, {})


def body(required: dict[str, Schema], optional: dict[str, Schema]) -> Schema:
    """Return an object without other fields."""
    schema: Schema = {"type": "object", "properties": {**required, **optional}}
    if required:
        schema["required"] = list(required)
    return {**schema, "additionalProperties": False}


def page_of(name: str) -> Schema:
    """Return one page of a list."""
    return record(
        content=listed(ref(name)), totalElements=COUNT, totalPages=COUNT, pageNumber=ID, pageSize=ID
    )
