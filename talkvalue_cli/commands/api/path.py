"""The path of a raw API call: it stays on the server that the token belongs to."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

from talkvalue_cli.commands.options.types import ParsedType


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
