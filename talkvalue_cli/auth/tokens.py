"""The tokens of a session, and how long the access token lives."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any, NamedTuple

from talkvalue_cli import times
from talkvalue_cli.errors import AuthError


def read_claims(token: str) -> dict[str, Any]:
    """Return the claims of a token, none of one that is not a JWT."""
    parts = token.split(".")
    if len(parts) != 3:
        return {}
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (ValueError, RecursionError):
        return {}
    return claims if isinstance(claims, dict) else {}


def read_text(members: Mapping[str, Any], name: str) -> str:
    """Return a member that is text, empty when it is missing or something else."""
    value = members.get(name)
    return value if isinstance(value, str) else ""


def read_number(members: Mapping[str, Any], name: str) -> float | None:
    """Return a member that is a number, None when it is missing or something else."""
    value = members.get(name)
    # bool is an int in Python, but not in JSON
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return value if is_number else None


def read_seconds(claims: Mapping[str, Any], name: str) -> float | None:
    """Return a time claim in epoch seconds, None when it is missing or something else."""
    value = read_number(claims, name)
    return float(value) if value is not None and 0 < value < 1e11 else None


#: a token is renewed when less than this is left of it, in seconds
MARGIN_S = 60.0


class Tokens(NamedTuple):
    """What the OAuth server issues. All texts; empty when there is none.

    expires_at: end of the access token, ISO 8601.
    """

    access_token: str
    refresh_token: str = ""
    id_token: str = ""
    expires_at: str = ""

    def __repr__(self) -> str:
        return f"Tokens(expires_at={self.expires_at!r})"

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never be printed."""
        return self.access_token, self.refresh_token, self.id_token

    @property
    def organization_id(self) -> str:
        """The organization that the access token is for, as far as it tells."""
        return read_text(read_claims(self.access_token), "org_id")

    @property
    def ends_at(self) -> float | None:
        """End of the access token in epoch seconds, None when nobody said."""
        stated = read_seconds(read_claims(self.access_token), "exp")
        if stated is not None:
            return stated
        moment = times.parse_timestamp(self.expires_at)
        return moment.timestamp() if moment else None

    @property
    def margin_s(self) -> float:
        """How long before its end the access token is renewed, in seconds.

        At the most half its life: one that lives for a minute would be renewed
        before every request.
        """
        found = read_claims(self.access_token)
        begin, end = read_seconds(found, "iat"), read_seconds(found, "exp")
        life_s = end - begin if begin is not None and end is not None else float("inf")
        return max(0.0, min(MARGIN_S, life_s / 2))


def read_tokens(answer: Mapping[str, Any], now: float, before: Tokens | None = None) -> Tokens:
    """Return the tokens of a token answer (RFC 6749 section 5.1).

    now: epoch seconds, from which `expires_in` counts; the access token's own
        `exp` takes precedence over it.
    before: the tokens that these replace; what the answer leaves out is kept.
    Raises AuthError for an answer without an access token that can be sent.
    """
    access = _read_token(answer, "access_token")
    if not access:
        raise AuthError("the sign-in server answered without an access token")
    made = Tokens(
        access,
        _read_token(answer, "refresh_token") or (before.refresh_token if before else ""),
        _read_token(answer, "id_token") or (before.id_token if before else ""),
    )
    end = made.ends_at or _add_life(now, read_number(answer, "expires_in"))
    return made._replace(expires_at="" if end is None else _format(end))


def _add_life(now: float, life_s: float | None) -> float | None:
    return now + life_s if life_s is not None and 0 < life_s < 1e10 else None


def _read_token(answer: Mapping[str, Any], name: str) -> str:
    value = read_text(answer, name)
    return value if value.isascii() and value.isprintable() and " " not in value else ""


def _format(seconds: float) -> str:
    moment = datetime.fromtimestamp(seconds, timezone.utc)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
