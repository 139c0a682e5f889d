"""Errors as the server sends them: RFC 7807 problem documents, and those of OAuth."""

from __future__ import annotations

import json
import sqlite3
import sys
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import responses
from typing import TypeVar

from flask import Flask, Response, jsonify
from werkzeug.exceptions import HTTPException

CONTENT_TYPE = "application/problem+json"
#: stands in each answer, so that nobody takes sample data for theirs
MARK = ("X-TalkValue-Sandbox", "1")
#: tokens and codes must not stay in a cache (RFC 6749 section 5.1)
NO_STORE = {"Cache-Control": "no-store"}

TOKEN_MISSING = 1100
TOKEN_UNKNOWN = 1101
#: it has expired, or was revoked
TOKEN_ENDED = 1102
#: its owner is no member of the organization any more
ACCESS_ENDED = 1103


@dataclass(eq=False)
class Problem(Exception):
    """An error answer; raised anywhere below a route.

    status: HTTP status. detail: the sentence for the user.
    error_code: TalkValue's number; 1100 to 1500 mean an authentication failure.
    errors: (field, message) pairs for a body or query that was refused.
    """

    status: int
    detail: str
    error_code: int | None = None
    errors: Sequence[tuple[str, str]] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.detail

    def encode(self) -> bytes:
        """Return the problem document as JSON."""
        document: dict[str, object] = {
            "type": "about:blank",
            "title": responses.get(self.status, "Unknown"),
            "status": self.status,
            "detail": self.detail,
        }
        if self.error_code is not None:
            document["errorCode"] = self.error_code
        if self.errors:
            document["errors"] = [{"field": name, "message": text} for name, text in self.errors]
        return json.dumps(document, ensure_ascii=False).encode()


@dataclass(eq=False)
class OAuthError(Exception):
    """An error answer of the OAuth endpoints, always 400 (RFC 6749 section 5.2).

    error: the code that clients know. description: a sentence for people.
    """

    error: str
    description: str


T = TypeVar("T")


def found(thing: T | None, name: str) -> T:
    """Return a thing that was looked for; raises the 404 when there is none."""
    if thing is None:
        raise Problem(404, f"{name} not found")
    return thing


@contextmanager
def on_taken_name(problem: Problem) -> Iterator[None]:
    """Raise the problem of a name that is to be unique, and is not."""
    try:
        yield
    except sqlite3.IntegrityError:
        raise problem from None


def refuse_fields(errors: Sequence[tuple[str, str]]) -> Problem:
    """Return the 400 that names each refused field."""
    summary = "; ".join(f"{name}: {message}" for name, message in errors)
    return Problem(400, f"The request is not valid. {summary}", errors=errors)


def refuse_token(detail: str, error_code: int) -> Problem:
    """Return the 401 of a token that opens nothing."""
    challenge = {"WWW-Authenticate": "Bearer"}
    return Problem(401, detail, error_code=error_code, headers=challenge)


def _answer(problem: Problem) -> Response:
    response = Response(problem.encode(), problem.status, problem.headers)
    response.content_type = CONTENT_TYPE
    return response


def _answer_oauth_error(error: OAuthError) -> Response:
    answer = jsonify({"error": error.error, "error_description": error.description})
    answer.status_code = 400
    answer.headers.update(NO_STORE)
    return answer


def _answer_http_exception(error: HTTPException) -> Response:
    headers = {}
    valid_methods: Sequence[str] | None = getattr(error, "valid_methods", None)
    if valid_methods:
        headers["Allow"] = ", ".join(sorted(valid_methods))
    return _answer(Problem(error.code or 500, error.description or "", headers=headers))


def _answer_unexpected(error: Exception) -> Response:
    traceback.print_exception(type(error), error, error.__traceback__, file=sys.stderr)
    return _answer(Problem(500, "The sandbox met an unexpected error; see its standard error."))


def register_handlers(app: Flask) -> None:
    """Make `app` answer every error with a problem document, or as OAuth has it."""
    app.register_error_handler(Problem, _answer)
    app.register_error_handler(OAuthError, _answer_oauth_error)
    app.register_error_handler(HTTPException, _answer_http_exception)
    app.register_error_handler(Exception, _answer_unexpected)
