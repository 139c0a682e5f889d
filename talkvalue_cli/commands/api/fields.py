"""Fields of a raw API call: `key=value` pairs as a query or as a JSON body."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from talkvalue_cli import files
from talkvalue_cli.commands.options.types import ParsedType
from talkvalue_cli.errors import UsageError

#: bytes; more is no value of a field
LARGEST_FIELD = 16 << 20
#: characters of a number that are repeated in a message
LONGEST_SHOWN = 20
FIELD_HINT = "--input sends a file of any size as the body"
_WORDS = {"true": True, "false": False, "null": None}
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_KEY = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")


class Field(NamedTuple):
    """One field of the command line.

    key: as it was typed, such as `tags[]` or `company[name]`.
    text: None for `key[]` alone, the array without anything in it.
    is_typed: the text may stand for something else than itself.
    """

    key: str
    text: str | None
    is_typed: bool


class FieldType(ParsedType[Field]):
    """`KEY=VALUE`; the key may be `KEY[]` or `KEY[KEY]`."""

    name = "key=value"

    def __init__(self, *, is_typed: bool) -> None:
        self._is_typed = is_typed

    def _parse(self, text: str) -> Field:
        key, equals, value = text.partition("=")
        if not equals and not key.endswith("[]"):
            raise ValueError(f"{text!r} is not KEY=VALUE")
        if not _KEY.fullmatch(key):
            raise ValueError(f"{key!r} is not a key, such as name, tags[] or company[name]")
        if "[]" in key.removesuffix("[]"):
            raise ValueError(f"{key!r}: [] stands at the end only")
        return Field(key, value if equals else None, self._is_typed)


def build_query(
    fields: Iterable[Field], read_stdin: Callable[[], str]
) -> Sequence[tuple[str, str]]:
    """Return the fields as parameters of a query. Raises UsageError for a key with brackets."""
    query = []
    for field in fields:
        if "[" in field.key:
            name = field.key.partition("[")[0]
            raise UsageError(
                f"{field.key!r} is not a query parameter of this API",
                hint=f"repeat {name} for more than one value: -f {name}=1 -f {name}=2",
            )
        value = read_value(field, read_stdin)
        query.append((field.key, value if isinstance(value, str) else json.dumps(value)))
    return query


def build_body(fields: Iterable[Field], read_stdin: Callable[[], str]) -> dict[str, Any]:
    """Return the fields as one JSON object. Raises UsageError for keys that exclude each other."""
    body: dict[str, Any] = {}
    for field in fields:
        match = _KEY.fullmatch(field.key)
        assert match, "the parameter type has looked at it"
        keys = [match[1], *re.findall(r"\[([^\[\]]*)\]", match[2])]
        _put(body, keys, field, read_stdin)
    return body


def _put(
    target: dict[str, Any], keys: list[str], field: Field, read_stdin: Callable[[], str]
) -> None:
    """Put a field's value into an object, below its keys; the key of an array is empty."""
    key, *below = keys
    if not below:
        if key in target:
            raise UsageError(
                f"{field.key!r} is given twice", hint=f"{field.key}[]=VALUE makes an array"
            )
        target[key] = read_value(field, read_stdin)
        return
    kind: type[Any] = list if below == [""] else dict
    inner = target.setdefault(key, kind())
    if not isinstance(inner, kind):
        raise UsageError(f"{field.key!r} does not go with the other fields that begin like it")
    if isinstance(inner, dict):
        _put(inner, below, field, read_stdin)
    elif field.text is not None:
        inner.append(read_value(field, read_stdin))


def read_value(field: Field, read_stdin: Callable[[], str]) -> Any:
    """Return what the text of a field stands for. Raises UsageError for a file."""
    text = field.text or ""
    if not field.is_typed:
        return text
    if text.startswith("@"):
        return read_stdin() if text == "@-" else _read_file(text[1:])
    if text in _WORDS:
        return _WORDS[text]
    return _read_number(text) if _NUMBER.fullmatch(text) else text


def _read_number(text: str) -> float:
    """Return a number of JSON. Raises UsageError for one that would be sent as something else."""
    try:
        number: float = json.loads(text)
        # of this, a float would be sent as Infinity
        json.dumps(number, allow_nan=False)
    except ValueError as error:
        shown = text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}..."
        raise UsageError(f"the number {shown} is too large") from error
    return number


def _read_file(name: str) -> str:
    try:
        with Path(name).open("rb") as file:
            return files.read_whole(file, LARGEST_FIELD).decode("utf-8")
    except OSError as error:
        raise UsageError(f"cannot read {name!r}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{name!r} is not UTF-8 text") from error
    except ValueError as error:
        raise UsageError(f"{name!r} is {error}", hint=FIELD_HINT) from error
