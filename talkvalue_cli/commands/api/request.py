"""The request of a raw API call: put together from a path, fields, and a body.

The path stays on the server that the token belongs to. Fields are `key=value` pairs, which become
a query or a JSON body.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, TextIO
from urllib.parse import parse_qsl, unquote, urlsplit

import click
from click.shell_completion import CompletionItem

from talkvalue_cli import files
from talkvalue_cli.api.raw import METHODS, RawRequest
from talkvalue_cli.commands.options.types import ParsedType, Word, complete_words
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


METHOD = Word("method", METHODS)
JSON = "application/json"


class ApiPath(NamedTuple):
    """A path that begins with a slash, and the query that was typed behind it."""

    path: str
    query: tuple[tuple[str, str], ...] = ()


class ApiPathType(ParsedType[ApiPath]):
    """A path below the API's base URL, with or without a slash before it and a query behind.

    What could lead elsewhere is refused.
    """

    name = "path"

    def _parse(self, text: str) -> ApiPath:
        path, _, query = text.partition("?")
        if re.match("[a-zA-Z][a-zA-Z0-9+.-]*:", path) or path.startswith("//"):
            # the token must not leave for another server, whatever the URL is
            path = urlsplit(path).path or "/"
            raise ValueError(f"name the path alone, such as {path}; --api-url has the server")
        # once more decoded: %2e%2e is resolved like .. on the way
        segments = unquote(path).split("/")
        if ".." in segments or "." in segments:
            raise ValueError(f"{text!r} has a segment . or .. in it")
        if not path or not text.isprintable() or any(mark in text for mark in " \\#"):
            raise ValueError(f"{text!r} is not a path")
        pairs = parse_qsl(query, keep_blank_values=True)
        return ApiPath(path if path.startswith("/") else f"/{path}", tuple(pairs))


class Endpoint(NamedTuple):
    """What the arguments name: a path, and a method where one stands before it."""

    method: str | None
    path: ApiPath


class EndpointWord(ParsedType[str]):
    """A word of `[METHOD] PATH`, which `read_endpoint` reads together; a method completes."""

    name = "path"

    def _parse(self, text: str) -> str:
        return text

    def _complete(self, incomplete: str) -> list[CompletionItem[str]]:
        return complete_words(METHODS, incomplete)


def read_endpoint(ctx: click.Context, param: click.Parameter, words: Sequence[str]) -> Endpoint:
    """Return what `[METHOD] PATH` names; raise click.UsageError for what it cannot be."""
    *before, last = words
    if len(before) > 1:
        raise click.UsageError(f"Got unexpected extra argument ({last})", ctx)
    try:
        method = METHOD.convert(before[0], None, ctx) if before else None
    except click.BadParameter as error:
        raise click.BadParameter(error.message, ctx, param_hint="'METHOD'") from error
    if method is None and last.upper() in METHODS:
        raise click.MissingParameter(ctx=ctx, param_hint="'PATH'", param_type="argument")
    try:
        return Endpoint(method, ApiPathType().convert(last, None, ctx))
    except click.BadParameter as error:
        raise click.BadParameter(error.message, ctx, param_hint="'PATH'") from error


class Stdin:
    """Standard input, which can be read once: for the body, or for the text of one field."""

    def __init__(self, stream: TextIO | None) -> None:
        self._stream, self._is_taken = stream, False

    def take(self) -> TextIO | None:
        """Return the stream. Raises UsageError for the second who wants it."""
        if self._is_taken:
            raise UsageError("standard input can be read only once")
        self._is_taken = True
        return self._stream

    def read(self) -> str:
        """Return everything as text. Raises UsageError when it is closed or not UTF-8."""
        stream = self.take()
        if stream is None:
            raise UsageError("standard input is closed")
        try:
            return files.read_whole(stream.buffer, LARGEST_FIELD).decode("utf-8")
        except UnicodeDecodeError as error:
            raise UsageError("standard input is not UTF-8 text") from error
        except ValueError as error:
            raise UsageError(f"standard input is {error}", hint=FIELD_HINT) from error


@contextmanager
def open_request(
    method: str,
    path: ApiPath,
    fields: Sequence[Field],
    stdin: TextIO | None,
    source: str | None,
    content_type: str | None,
) -> Iterator[RawRequest]:
    """Give the request; a file that it sends stays open meanwhile.

    source: the file that is the body, `-` is standard input. Fields then go to
        the query, as they do for a GET.
    """
    from talkvalue_cli.imports.file.source import open_rewindable

    once = Stdin(stdin)
    if source is not None:
        opened = once.take() if source == files.STDIO else None
        with open_rewindable(source, opened) as file:
            query = [*path.query, *build_query(fields, once.read)]
            body = _or_nothing(file)
            yield RawRequest(method, path.path, query, body, content_type or JSON)
    elif method == "GET":
        query = [*path.query, *build_query(fields, once.read)]
        yield RawRequest(method, path.path, query)
    elif fields:
        body = json.dumps(build_body(fields, once.read)).encode()
        yield RawRequest(method, path.path, path.query, body, JSON)
    else:
        yield RawRequest(method, path.path, path.query)


def _or_nothing(file: BinaryIO) -> BinaryIO | bytes:
    """Return the file, or no bytes when it is empty, which requests would send in chunks."""
    first = file.read(1)
    file.seek(0)
    return file if first else b""
