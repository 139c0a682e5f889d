"""Any endpoint: a request as the user spells it, and the bytes of its answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

if TYPE_CHECKING:  # importing requests takes longer than everything else together
    from talkvalue_cli.transport.client import Client

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
