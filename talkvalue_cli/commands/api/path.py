"""The path of a raw API call: it stays on the server that the token belongs to."""

from __future__ import annotations

import re
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

import click


class ApiPath(NamedTuple):
    """A path that begins with a slash, and the query that was typed behind it."""

    path: str
    query: tuple[tuple[str, str], ...] = ()


class ApiPathType(click.ParamType[ApiPath]):
    """A path below the API's base URL, with or without a slash before it and a query behind."""

    name = "path"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> ApiPath:
        """Return the path; fail naming what could lead elsewhere."""
        if isinstance(value, ApiPath):
            return value
        text = str(value)
        path, _, query = text.partition("?")
        if re.match("[a-zA-Z][a-zA-Z0-9+.-]*:", path) or path.startswith("//"):
            # the token must not leave for another server, whatever the URL is
            path = urlsplit(path).path or "/"
            self.fail(f"name the path alone, such as {path}; --api-url has the server", param, ctx)
        # once more decoded: %2e%2e is resolved like .. on the way
        segments = unquote(path).split("/")
        if ".." in segments or "." in segments:
            self.fail(f"{text!r} has a segment . or .. in it", param, ctx)
        if not path or not text.isprintable() or any(mark in text for mark in " \\#"):
            self.fail(f"{text!r} is not a path", param, ctx)
        pairs = parse_qsl(query, keep_blank_values=True)
        return ApiPath(path if path.startswith("/") else f"/{path}", tuple(pairs))
