"""Who is asking: the bearer token decides the organization, as on the real server."""

from __future__ import annotations

import hmac

from flask import current_app, g, request

from ..web.problems import TOKEN_MISSING, Problem, refuse_token
from ..web.query import View
from .sessions import Sessions


class Tokens(dict[str, int]):
    """The API tokens this server knows, each with its organization id."""

    def find_organization(self, token: str) -> int | None:
        """Return the organization id of a token, or None for a token nobody has."""
        given = token.encode("utf-8", "surrogateescape")
        found = (known for known in self if hmac.compare_digest(known.encode(), given))
        return self.get(next(found, ""))


def allow_anyone(view: View) -> View:
    """Declare that a view needs no token."""
    view.is_public = True  # type: ignore[attr-defined]
    return view


def authenticate(tokens: Tokens, sessions: Sessions) -> None:
    """Set who asks for this request; raises the 401, or the 403 of a token without a scope.

    `flask.g.organization_id` is None for a member who has chosen no organization yet,
    `flask.g.member_id` for an API token.
    """
    view = current_app.view_functions.get(request.endpoint or "")
    if getattr(view, "is_public", False):
        return
    token = _read_bearer()
    organization_id = tokens.find_organization(token)
    if organization_id is not None:
        g.member_id, g.organization_id = None, organization_id
        return
    g.member_id, g.organization_id = sessions.read_access_token(token)
    if g.organization_id is None and not request.path.startswith("/auth/"):
        raise Problem(403, "The access token is not for an organization; choose one first.")


def _read_bearer() -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise refuse_token("A bearer token is required.", TOKEN_MISSING)
    return token.strip()
