"""Who is asking: the bearer token decides the organization, as on the real server."""

from __future__ import annotations

import hmac
from collections.abc import Mapping

from flask import g, request

from .problems import TOKEN_MISSING, TOKEN_UNKNOWN, Problem

CHALLENGE = {"WWW-Authenticate": "Bearer"}


class Tokens:
    """The tokens this server knows, each with its organization id."""

    def __init__(self, organizations: Mapping[str, int]) -> None:
        """`organizations` maps a token to an organization id."""
        self._organizations = {
            token.encode(): organization for token, organization in organizations.items()
        }

    def find_organization(self, token: str) -> int | None:
        """Return the organization id of a token, or None for a token nobody has."""
        given = token.encode("utf-8", "surrogateescape")
        for known, organization in self._organizations.items():
            if hmac.compare_digest(known, given):
                return organization
        return None


def authenticate(tokens: Tokens) -> None:
    """Set `flask.g.organization_id` for this request; raises the 401."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Problem(
            401, "A bearer token is required.", error_code=TOKEN_MISSING, headers=CHALLENGE
        )
    organization_id = tokens.find_organization(token.strip())
    if organization_id is None:
        raise Problem(401, "The token is not known.", error_code=TOKEN_UNKNOWN, headers=CHALLENGE)
    g.organization_id = organization_id
