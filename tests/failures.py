"""The ways in which a server can fail, and what a command is to make of each."""

from __future__ import annotations

import json
from typing import NamedTuple

from talkvalue_cli.exit_codes import ExitCode
from tests.replies import HANG_UP, REFUSAL, SILENCE, Reply
from tests.world import TOKEN

#: where redirects lead to
ELSEWHERE = "/elsewhere"
HTML = b"<html><body>Please log in</body></html>"
BROKEN = b'{"id": 7, "na'
#: the begin of a long answer; what streams has printed some of it when the rest does not come
CUT = BROKEN + b"x" * 200_000


class Failure(NamedTuple):
    """A way to fail, and what a command without a wait makes of it.

    says: what the message has in it.
    is_transient: a wait outlives it; a plain GET is sent three times, if its
        answer is found out before it is passed on.
    """

    name: str
    reply: Reply
    says: tuple[str, ...] = ()
    exit_code: int = ExitCode.GENERAL
    code: str = "HTTP_ERROR"
    is_transient: bool = False

    @property
    def status(self) -> int:
        """The status of the answer; 0 without one."""
        return max(0, self.reply.status)

    @property
    def is_success(self) -> bool:
        """Tell whether the answer calls itself one, and is complete."""
        return self.status == 200 and self.name != "cut"

    @property
    def is_redirect(self) -> bool:
        return 300 <= self.status < 400


def _problem(status: int, detail: str, **more: object) -> dict[str, object]:
    return {"type": "about:blank", "title": "No", "status": status, "detail": detail, **more}


def _refusal(
    status: int,
    detail: str,
    exit_code: int = ExitCode.GENERAL,
    code: str = "HTTP_ERROR",
    *,
    is_transient: bool = False,
) -> Failure:
    """Return a failure with a problem document as the API describes it."""
    headers = {"Content-Type": "application/problem+json"}
    reply = Reply(_problem(status, detail), status, headers)
    said = (detail, f"HTTP {status}")
    return Failure(str(status), reply, said, exit_code, code, is_transient)


def _misfit(name: str, body: bytes, kind: str, says: str = "") -> Failure:
    """Return a failure that calls itself a success."""
    reply = Reply(body, headers={"Content-Type": kind})
    return Failure(name, reply, (says,), code="UNEXPECTED_ANSWER", is_transient=True)


def _loss(name: str, reply: Reply, says: str) -> Failure:
    """Return a failure without an answer, or with a part of one."""
    return Failure(name, reply, (says,), code="NETWORK", is_transient=True)


_FIELDS = [{"field": "email", "message": "is no address"}, {"field": "name", "message": "too long"}]
_UNTYPED = {"title": "Forbidden", "detail": "Not for you", "errorCode": None}
_NOT_FOUND = (ExitCode.NOT_FOUND, "NOT_FOUND")
_AUTH = (ExitCode.AUTH, "AUTHENTICATION")
_FORBIDDEN = (ExitCode.FORBIDDEN, "FORBIDDEN")
_PAGE = {"Content-Type": "text/html; charset=utf-8"}

FAILURES = (
    _refusal(400, f"Who is {TOKEN}?")._replace(says=("Who is ***?", "HTTP 400")),
    _refusal(401, "The token expired", *_AUTH),
    _refusal(403, "Not for you", *_FORBIDDEN),
    _refusal(404, "No such thing", *_NOT_FOUND),
    _refusal(409, "Already there"),
    _refusal(422, "Makes no sense"),
    _refusal(429, "Too fast", is_transient=True),
    _refusal(500, "Out of order", is_transient=True),
    Failure(
        "fields",
        Reply(_problem(422, "Makes no sense", errors=_FIELDS), 422),
        ("Makes no sense", "HTTP 422", "email: is no address", "name: too long"),
    ),
    Failure("no-type", Reply(_UNTYPED, 403), ("Not for you", "HTTP 403"), *_FORBIDDEN),
    Failure(
        "as-text",
        Reply(json.dumps(_problem(404, "No such thing")).encode(), 404),
        ("No such thing", "HTTP 404"),
        *_NOT_FOUND,
    ),
    Failure(
        "revoked",
        Reply(_problem(404, "Session revoked", errorCode=1200), 404),
        ("Session revoked", "HTTP 404"),
        *_AUTH,
    ),
    Failure("html-404", Reply(HTML, 404, _PAGE), ("not found", "HTTP 404"), *_NOT_FOUND),
    Failure("html-502", Reply(HTML, 502, _PAGE), ("bad gateway", "HTTP 502"), is_transient=True),
    Failure("empty-403", Reply(b"", 403), ("forbidden", "HTTP 403"), *_FORBIDDEN),
    _misfit("html", HTML, "text/html", "text/html"),
    _misfit("empty", b"", ""),
    _misfit("broken-json", BROKEN, "application/json", "application/json"),
    _misfit("other-shape", b"[7]", "application/json"),
    Failure("redirect-302", Reply(b"", 302, {"Location": ELSEWHERE})),
    Failure("redirect-307", Reply(b"", 307, {"Location": ELSEWHERE})),
    _loss("cut", Reply(CUT, length=1 << 20), "the answer was cut off"),
    _loss("hang-up", HANG_UP, "the server closed the connection without an answer"),
    _loss("silence", SILENCE, "lost contact with"),
    _loss("unreachable", REFUSAL, "cannot reach"),
)
