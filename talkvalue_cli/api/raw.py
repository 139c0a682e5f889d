"""Any endpoint: a request as the user spells it, and the bytes of its answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

from talkvalue_cli.api import models, pages
from talkvalue_cli.errors import UnexpectedAnswerError

if TYPE_CHECKING:  # importing requests takes longer than everything else together
    from talkvalue_cli.transport.client import Client
    from talkvalue_cli.transport.responses import JsonResponse

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_VERSIONS = {10: "1.0", 20: "2"}


class RawRequest(NamedTuple):
    """What is to be sent.

    path: begins with a slash, has no query.
    params: names and values of the query, in order; a name may stand there again.
    body: bytes, or a file that can be read from its start again; None sends no body.
    """

    method: str
    path: str
    params: Sequence[tuple[str, str]] = ()
    body: bytes | BinaryIO | None = None
    content_type: str | None = None


class RawAnswer(NamedTuple):
    """An answer that is a success: its first line, its headers, and its body as it arrives."""

    status_line: str
    headers: Mapping[str, str]
    chunks: Iterator[bytes]

    @property
    def is_json(self) -> bool:
        """Tell whether the server calls it JSON."""
        kind = self.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        return kind == "application/json" or kind.endswith("+json")


@contextmanager
def open_answer(client: Client, request: RawRequest) -> Iterator[RawAnswer]:
    """Send a request, and give its answer.

    A GET is sent again on transient failures, everything else only when it
    certainly reached nobody. Raises TalkValueError, also for an answer that is
    not a success, and from the chunks when the stream is cut off.
    """
    headers = {"Content-Type": request.content_type} if request.content_type else {}
    with client.call(
        request.method,
        request.path,
        params=list(request.params),
        body=request.body,
        headers=headers,
    ) as (response, chunks):
        version = _VERSIONS.get(response.raw.version, "1.1")
        line = f"HTTP/{version} {response.status_code} {response.reason or ''}".rstrip()
        yield RawAnswer(line, response.headers, chunks)


def walk_items(
    client: Client, path: str, params: Sequence[tuple[str, str]]
) -> Iterator[Sequence[Any]]:
    """GET a list from its first page on, and yield the items of each page.

    Pages are numbered, or each has the cursor of the next one; a list without
    pages is one. The query is sent as it is, and has the number or the cursor
    from the second request on. Raises TalkValueError, UnexpectedAnswerError for
    an answer that is no list, and for pages that do not end.
    """
    query: dict[str, list[str]] = {}
    for name, value in params:
        query.setdefault(name, []).append(value)
    first = client.get(path, query)
    if isinstance(first.value, list):
        yield first.value
    elif _has(first.value, "hasNext"):
        yield from _walk_cursors(client, path, query, first)
    elif _has(first.value, "totalPages"):

        def load(*, page: int | None, page_size: int | None) -> models.Page:
            asked = {**query, "pageNumber": [str(page)]}
            answer = first if page == 1 else client.get(path, asked)
            return models.read_page(answer, id=int)

        yield from pages.drop_repeats(pages.walk_pages(load))
    else:
        raise UnexpectedAnswerError(
            f"{first.request} was answered with something that has no pages",
            hint="without --paginate it is printed as it comes",
        )


def _has(value: Any, key: str) -> bool:
    return isinstance(value, dict) and "content" in value and key in value


def _walk_cursors(
    client: Client, path: str, query: Mapping[str, list[str]], answer: JsonResponse
) -> Iterator[Sequence[Any]]:
    seen: set[int] = set()
    while True:
        found = models.read_object(answer, content=list, hasNext=bool)
        yield found["content"]
        if not found["hasNext"]:
            return
        cursor: int = models.read_object(answer, nextCursor=int)["nextCursor"]
        if cursor in seen:
            raise UnexpectedAnswerError(f"the server repeats itself: cursor {cursor} was there")
        seen.add(cursor)
        answer = client.get(path, {**query, "cursor": [str(cursor)]})
