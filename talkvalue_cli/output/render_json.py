"""JSON out of values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from talkvalue_cli.errors import TalkValueError
from talkvalue_cli.output.columns import UNSAFE, to_json


def render_document(document: Any) -> str:
    """Return a value as JSON indented by two spaces, with a final newline.

    Text stays readable, not escaped, apart from what a terminal would obey. Half
    a surrogate pair, which UTF-8 cannot hold, is escaped again as the server sent it.
    """
    return "\n".join(map(_escape, to_json(document, indent=2).split("\n"))) + "\n"


def render_line(document: Any) -> str:
    """Return a value as one line of JSON, escaped as in a document."""
    return _escape(to_json(document)) + "\n"


def _escape(line: str) -> str:
    # the same value as before to whoever reads it as JSON
    text = UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", line)
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def render_pages(pages: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Yield, page by page, what `render_document` returns of {"data": all items}.

    Nothing of it is there before the first item or the end of the pages; where
    the pages break off with an error, the document stays without its end.
    """
    head, tail, empty = '{\n  "data": [\n', "\n  ]\n}\n", '{\n  "data": []\n}\n'
    return _join(pages, head, tail, empty, indent=4)


def render_array(pages: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Yield, page by page, what `render_document` returns of all items; see `render_pages`."""
    return _join(pages, "[\n", "\n]\n", "[]\n", indent=2)


def _join(
    pages: Iterable[Sequence[Any]], before: str, tail: str, after: str, *, indent: int
) -> Iterator[str]:
    for items in pages:
        if items:
            yield before + ",\n".join(_render_item(item, " " * indent) for item in items)
            before, after = ",\n", tail
    yield after


def _render_item(item: Any, indent: str) -> str:
    # line ends are escaped in strings, so each of these is one of the layout
    return "\n".join(indent + line for line in render_document(item)[:-1].split("\n"))


def describe_error(error: TalkValueError) -> dict[str, Any]:
    """Return an error as the object that JSON output shows."""
    described: dict[str, Any] = {"message": error.message, "code": error.code, **error.details}
    if "jobId" in error.details:
        # an import has its id by the same name everywhere
        described["id"] = error.details["jobId"]
    if error.hint:
        described["hint"] = error.hint
    return described
