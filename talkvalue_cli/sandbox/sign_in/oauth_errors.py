"""Errors of the OAuth endpoints, in the shape of RFC 6749 section 5.2, not as problem documents."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, jsonify

#: tokens and codes must not stay in a cache (RFC 6749 section 5.1)
NO_STORE = {"Cache-Control": "no-store"}


@dataclass(eq=False)
class OAuthError(Exception):
    """An error answer, always 400.

    error: the code that clients know. description: a sentence for people.
    """

    error: str
    description: str


def answer_error(error: OAuthError) -> Response:
    """Return an error as its answer."""
    answer = jsonify({"error": error.error, "error_description": error.description})
    answer.status_code = 400
    answer.headers.update(NO_STORE)
    return answer
