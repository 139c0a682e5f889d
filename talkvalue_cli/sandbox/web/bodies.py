"""Request bodies, read strictly: what the contract does not name is refused with a 400.

A class that derives from `Body` describes one. It is what checks a request and what the OpenAPI
description is made of. A lenient server would hide a client's mistakes, so unknown names and
near-miss types (a string or a boolean for an integer) are errors here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Annotated, Any, TypeVar

import msgspec
from flask import request
from msgspec import Meta, inspect

from .problems import Problem, refuse_fields
from .query import LARGEST_ID

MAX_JSON_BYTES = 1024 * 1024

Errors = list[tuple[str, str]]
Id = Annotated[int, Meta(ge=1, le=LARGEST_ID)]


class Body(msgspec.Struct, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """One JSON object of a request; see `read_body`.

    A `read` among the extras of a field makes a checked value into the one that is kept; it
    raises ValueError with what is wrong. A text with a `min_length` must not be blank.
    """

    def find_errors(self) -> Iterator[tuple[str, str]]:
        """Yield field and message where fields that are right by themselves do not go together."""
        yield from ()


B = TypeVar("B", bound=Body)


def text(
    longest: int,
    read: Callable[[str], str | None] | None = None,
    *,
    is_filled: bool = False,
    schema: dict[str, Any] | None = None,
) -> Meta:
    """Return what is said of a text; is_filled: it is not blank. read, schema: as for `Body`."""
    extra = None if read is None else {"read": read}
    if is_filled:
        schema = {"pattern": r"\S", **(schema or {})}
    least = 1 if is_filled else None
    return Meta(min_length=least, max_length=longest, extra_json_schema=schema, extra=extra)


def one_of(schema: str, *choices: str) -> Meta:
    """Return what is said of a text that is one of `choices`; `schema`: their name."""
    reference = {"$ref": f"#/components/schemas/{schema}"}
    return Meta(extra_json_schema=reference, extra={"choices": choices})


def read_body(kind: type[B]) -> B:
    """Return the body of this request; raises the 400 that names all wrong fields at once."""
    errors: Errors = []
    body: B | None = _read_object(inspect.type_info(kind), read_json_object(), "", errors)
    if body is not None:
        errors += body.find_errors()
    if body is None or errors:
        raise refuse_fields(errors)
    return body


def _refuse_constant(text: str) -> object:
    raise ValueError(f"{text} is not JSON")


def read_json_object() -> dict[str, object]:
    """Return the request body, which must be a JSON object sent as application/json."""
    if request.mimetype != "application/json":
        raise Problem(400, "The content type must be application/json.")
    body = request.stream.read(MAX_JSON_BYTES + 1)
    if len(body) > MAX_JSON_BYTES:
        raise Problem(400, f"The body is larger than {MAX_JSON_BYTES} bytes.")
    try:
        value = json.loads(body.decode("utf-8"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise Problem(400, f"The body is not valid JSON: {error}") from None
    if not isinstance(value, dict):
        raise Problem(400, "The body must be a JSON object.")
    return value


def _read_object(kind: Any, value: dict[str, object], prefix: str, errors: Errors) -> Any:
    known, left, fields = len(errors), dict(value), {}
    for field in kind.fields:
        name = field.encode_name
        if left.get(name, ...) is None and not isinstance(field.type, inspect.UnionType):
            errors.append((prefix + name, "must not be null"))
            del left[name]
        elif name in left:
            fields[field.name] = _read(field.type, left.pop(name), prefix + name, errors)
        elif field.required:
            errors.append((prefix + name, "is required"))
    errors += [(prefix + name, "unknown field") for name in left]
    return kind.cls(**fields) if len(errors) == known else None


def _read(kind: Any, value: Any, label: str, errors: Errors) -> Any:
    """Return a value as its field keeps it; whatever it is after an error."""
    if isinstance(kind, inspect.UnionType):  # something or null
        if value is None:
            return None
        (kind,) = (each for each in kind.types if not isinstance(each, inspect.NoneType))
    extra: dict[str, Any] = {}
    if isinstance(kind, inspect.Metadata):
        kind, extra = kind.type, kind.extra or {}
    known, problem = len(errors), _find_problem(kind, value, extra.get("choices"))
    if problem is not None:
        errors.append((label, problem))
    elif isinstance(kind, inspect.StructType):
        value = _read_object(kind, value, f"{label}.", errors)
    elif isinstance(kind, inspect.ListType):
        places = enumerate(value)
        value = [_read(kind.item_type, each, f"{label}[{n}]", errors) for n, each in places]
    if "read" not in extra or len(errors) > known:
        return value
    try:
        return extra["read"](value)
    except ValueError as error:
        errors.append((label, str(error)))


def _find_problem(kind: Any, value: Any, choices: Sequence[str] | None) -> str | None:
    """Return what is wrong with a value, apart from what is in it."""
    if choices is not None:
        return None if value in choices else f"must be one of {', '.join(choices)}"
    if isinstance(kind, inspect.StrType):
        return _find_text_problem(kind, value)
    if isinstance(kind, inspect.IntType):
        if isinstance(value, bool) or not isinstance(value, int):
            return "must be a whole number"
        least = kind.ge or 0
        fits = least <= value <= LARGEST_ID
        return None if fits else f"must be at least {least} and fit in 64 bits"
    if isinstance(kind, inspect.BoolType):
        return None if isinstance(value, bool) else "must be true or false"
    if isinstance(kind, inspect.StructType):
        return None if isinstance(value, dict) else "must be an object"
    if not isinstance(value, list):
        return "must be a list"
    if kind.min_length and not value:
        return "must not be empty"
    too_many = kind.max_length is not None and len(value) > kind.max_length
    return f"has more than {kind.max_length} items" if too_many else None


def _find_text_problem(kind: inspect.StrType, value: object) -> str | None:
    if not isinstance(value, str):
        return "must be a string"
    if kind.max_length is not None and len(value) > kind.max_length:
        return f"is longer than {kind.max_length} characters"
    if any("\ud800" <= letter <= "\udfff" for letter in value):
        return "is not valid Unicode"
    return "must not be blank" if kind.min_length and not value.strip() else None
