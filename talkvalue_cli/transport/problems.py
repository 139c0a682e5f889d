"""Responses that are no success, as errors (RFC 7807 problem documents and everything else)."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from talkvalue_cli import times
from talkvalue_cli.errors import (
    AuthError,
    ForbiddenError,
    NotFoundError,
    RefusedError,
    TalkValueError,
)

#: statuses after which the same request may succeed; those from 520 on are a CDN's own, and only
#: 501 and 505 say that the server will never do it
TRANSIENT_STATUSES = frozenset({408, 425, 429, *range(500, 600)} - {501, 505})
#: characters of a header that are repeated in a message
LONGEST_PART = 200
#: TalkValue's own numbers for a session that is missing, expired or revoked
AUTH_ERROR_CODES = range(1100, 1501)

_ERROR_TYPES: dict[int, type[TalkValueError]] = {
    401: AuthError,
    403: ForbiddenError,
    404: NotFoundError,
    410: NotFoundError,
}
#: statuses that are told by the names that HTTP has for them, and those that we call otherwise
_NAMED = (400, 403, 404, 405, 408, 409, 410, 429, 500, 502, 503, 504)
_TITLES = {status: HTTPStatus(status).phrase.lower() for status in _NAMED} | {
    401: "not authenticated",
    413: "too large",
    422: "not accepted",
}


def error_from(
    status: int, headers: Mapping[str, str], body: bytes, request: str
) -> TalkValueError:
    """Return the error that a response stands for.

    request: method and path. The category comes from the
    status of the response, never from the one that its body claims; only the
    documented authentication codes (1100 to 1500) take precedence over it. The
    message is the server's own, unchanged, for scripts that compare it.
    """
    problem = read_object(body)
    error_code = problem.get("errorCode")
    is_auth = isinstance(error_code, int) and error_code in AUTH_ERROR_CODES
    kind = AuthError if is_auth else _ERROR_TYPES.get(status, RefusedError)
    method, _, path = request.partition(" ")
    details: dict[str, Any] = {"status": status, "method": method, "path": path}
    if error_code is not None:
        details["errorCode"] = error_code
    fields = _read_fields(problem)
    if fields:
        details["errors"] = fields
    message = _find_message(status, problem, headers)
    return kind(
        message,
        text=_compose(message, status, fields, request),
        details=details,
        is_transient=kind is RefusedError and status in TRANSIENT_STATUSES,
        retry_after_s=read_retry_after(headers),
    )


def read_retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds of a Retry-After header, None without a usable one.

    A date (RFC 9110 section 10.2.3 allows both forms) is compared with that of the answer, for
    the server's clock need not be ours.
    """
    text = headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    moment = times.parse_http_date(text)
    if moment is None:
        return None
    sent = times.parse_http_date(headers.get("Date"))
    now = sent.timestamp() if sent else time.time()
    return max(0.0, moment.timestamp() - now)


def read_object(body: bytes) -> dict[str, Any]:
    """Return the members of a JSON object, none of anything else, whatever its content type."""
    try:
        problem = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return problem if isinstance(problem, dict) else {}


def _read_fields(problem: Mapping[str, Any]) -> list[Any]:
    """Return the field errors; the member is not documented, so its items may be anything."""
    fields = problem.get("errors")
    if isinstance(fields, dict):
        return [{"field": name, "message": message} for name, message in fields.items()]
    return fields if isinstance(fields, list) else []


def _find_message(status: int, problem: Mapping[str, Any], headers: Mapping[str, str]) -> str:
    """Return what the server says, or a few words of ours where it says nothing."""
    if 300 <= status < 400:
        target = _shorten(headers.get("Location") or "nowhere")
        return f"redirected to {target}; only reads follow a redirect, set the API URL to it"
    for said in map(problem.get, ("detail", "title")):
        if isinstance(said, str) and said.strip():
            return said
    return _TITLES.get(status, "the server refused the request")


def _compose(message: str, status: int, fields: list[Any], request: str) -> str:
    """Return a message for people, with what was asked, and a line for each field."""
    # on one line: text of the server must not look like a line of ours
    text = f"{' '.join(message.split())} (HTTP {status}, {request})"
    parts = [" ".join(part.split()) for part in map(_describe_field, fields)]
    return text + "".join(f"\n  {part}" for part in parts if part not in text)


def _shorten(text: str) -> str:
    """Return text of which nobody knows how long it is as a part of a sentence."""
    return text if len(text) <= LONGEST_PART else f"{text[:LONGEST_PART]}…"


def _describe_field(item: Any) -> str:
    if not isinstance(item, dict):
        return str(item)
    name = item.get("field") or item.get("name") or item.get("path") or ""
    text = item.get("message") or item.get("detail") or item.get("defaultMessage") or ""
    return f"{name}: {text}" if name and text else str(name or text)
