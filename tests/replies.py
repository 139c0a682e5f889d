"""What a server is asked, and what a test has it answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple


class Request(NamedTuple):
    """What the program sent. The path has the query with it; the host is only told in a world."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    host: str = ""

    @property
    def line(self) -> str:
        """The request as `METHOD path`, followed by its body where it has one."""
        body = f" {self.body.decode()}" if self.body else ""
        return f"{self.method} {self.path}{body}"


class Reply(NamedTuple):
    """What it is answered. Anything but bytes is sent as JSON.

    length: the Content-Length to announce instead of the true one; the connection
        is then closed early, or with `holds` kept open for ever.
    """

    body: Any = b""
    status: int = 200
    headers: Mapping[str, str] = {}
    length: int | None = None
    holds: bool = False

    @property
    def content(self) -> bytes:
        """The body as it is sent."""
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()

    @property
    def all_headers(self) -> dict[str, str]:
        """The headers as they are sent."""
        kind = "text/plain" if isinstance(self.body, bytes) else "application/json"
        length = len(self.content) if self.length is None else self.length
        return {"Content-Type": kind, **self.headers, "Content-Length": str(length)}


#: no answer at all, and the connection stays open
SILENCE = Reply(status=0)
#: no answer at all, and the connection is closed
HANG_UP = Reply(status=-1)
#: nobody listens
REFUSAL = Reply(status=-2)


def job(status: str, **more: Any) -> dict[str, Any]:
    """Return the record of import 7, of ten rows."""
    counts = {"totalRows": 10, "processedRows": 10, "newCount": 10, "failedCount": 0}
    return {"id": 7, "status": status, "mode": "SKIP", **counts, "failedRows": [], **more}
