"""Putting the OpenAPI document together."""

from __future__ import annotations

from typing import Any

import msgspec

from ..routes import OPERATIONS
from ..routes.operations import Operation
from .answers import ANSWERS
from .types import ID, INTEGER, TEXT, Schema, limit_text, listed, nullable, read_type, ref

# Paths have room for 18 digits.
PATH_ID: Schema = {**ID, "maximum": 10**18 - 1}
IDS = listed(ID, maxItems=100)
QUERY: dict[str, Schema] = {
    **dict.fromkeys(("keyword", "companyName", "jobTitle", "name"), limit_text(500)),
    **dict.fromkeys(("channelId", "eventId", "eventIds"), IDS),
    **dict.fromkeys(("companyId", "tagId", "cursor"), ID),
    "channelIds": listed(ID, minItems=2, maxItems=5) | {"uniqueItems": True},
    "pageNumber": {**ID, "default": 1},
    "pageSize": {"type": "integer", "minimum": 1, "maximum": 100, "default": 20},
    "sort": listed(
        {"type": "string", "pattern": "^(joinedAt|createdAt|name):(asc|desc)$"}, maxItems=100
    ),
    "timeZone": {**limit_text(500), "description": "An IANA name; UTC if absent"},
}
REQUIRED = ("channelIds",)
PROBLEMS = {
    400: "The request is not as described here.",
    401: "The token is missing or not known.",
    404: "Something that the request names does not exist.",
    409: "The request conflicts with what there is.",
}
NULL: Schema = {"type": "null"}
ONE_OF_TWO = [
    {"properties": {"tagId": INTEGER, "name": NULL}, "required": ["tagId"]},
    {"properties": {"name": TEXT, "tagId": NULL}, "required": ["name"]},
]
UPLOAD: Schema = {
    "type": "object",
    "properties": {"file": {"type": "string", "contentMediaType": "text/csv"}},
    "required": ["file"],
    "additionalProperties": False,
}
DESCRIPTION = """A local stand-in for TalkValue with made-up data. Fields, parameters and types
that are not described here are refused with 400."""


def make_document() -> dict[str, Any]:
    """Return the OpenAPI 3.1 document."""
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _describe(operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "TalkValue sandbox",
            "version": "1",
            "description": " ".join(DESCRIPTION.split()),
        },
        "servers": [{"url": "/"}],
        "security": [{"bearer": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
            "responses": {
                f"Problem{status}": {
                    "description": text,
                    "content": {"application/problem+json": {"schema": ref("Problem")}},
                }
                for status, text in PROBLEMS.items()
            },
            "schemas": {**ANSWERS, **_describe_bodies()},
        },
    }


def _describe(operation: Operation) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.summary,
        "tags": [operation.path.split("/")[2]],
    }
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": PATH_ID} for name in operation.ids
    ]
    parameters += [
        {"name": name, "in": "query", "required": name in REQUIRED, "schema": QUERY[name]}
        for name in operation.query
    ]
    if parameters:
        described["parameters"] = parameters
    if operation.body is not None:
        described["requestBody"] = {"required": True, "content": _describe_body(operation.body)}
    described["responses"] = {"200": _describe_answer(operation.answer)} | {
        str(status): {"$ref": f"#/components/responses/Problem{status}"}
        for status in sorted({400, 401, *operation.errors})
    }
    return described


def _describe_bodies() -> dict[str, Schema]:
    bodies = {operation.body for operation in OPERATIONS if isinstance(operation.body, type)}
    _, schemas = msgspec.json.schema_components(
        sorted(bodies, key=str), ref_template="#/components/schemas/{name}"
    )
    described = {name: _tidy(schema) for name, schema in schemas.items()}
    described["AttachTag"]["oneOf"] = ONE_OF_TWO
    return described


def _tidy(schema: Any) -> Any:
    """Return a schema of msgspec's in the words of `types`."""
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return {"$ref": schema["$ref"]}
    if "anyOf" in schema:
        return nullable(_tidy(schema["anyOf"][0]))
    tidy = {name: value for name, value in schema.items() if value not in ([], None)}
    if "properties" in tidy:
        del tidy["title"], tidy["description"]  # those of the class
        tidy["properties"] = {name: _tidy(each) for name, each in tidy["properties"].items()}
    if "items" in tidy:
        tidy["items"] = _tidy(tidy["items"])
    return tidy


def _describe_body(body: type | str) -> dict[str, Any]:
    if isinstance(body, str):
        encoding = {"file": {"contentType": "text/csv"}}
        return {"multipart/form-data": {"schema": UPLOAD, "encoding": encoding}}
    return {"application/json": {"schema": ref(body.__name__)}}


def _describe_answer(answer: str) -> dict[str, Any]:
    if answer == "-":
        return {"description": "Done; there is no body."}
    if answer == "CSV":
        return {"description": "A CSV file.", "content": {"text/csv": {"schema": TEXT}}}
    schema = read_type(answer)
    return {"description": "Done.", "content": {"application/json": {"schema": schema}}}
