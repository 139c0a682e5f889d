"""The request of a raw API call: put together from a path, fields, and a body.

The path stays on the server that the token belongs to.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import BinaryIO, NamedTuple, TextIO
from urllib.parse import parse_qsl, unquote, urlsplit

import click
from click.shell_completion import CompletionItem

from talkvalue_cli import files
from talkvalue_cli.api.raw import METHODS, RawRequest
from talkvalue_cli.commands.api.fields import (
    FIELD_HINT,
    LARGEST_FIELD,
    Field,
    build_body,
    build_query,
)
from talkvalue_cli.commands.options.types import ParsedType, Word, complete_words
from talkvalue_cli.errors import UsageError

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
