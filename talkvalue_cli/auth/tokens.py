"""The tokens of a session, and how long the access token lives."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any, NamedTuple

from talkvalue_cli import times
from talkvalue_cli.config.settings import is_token
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
#: how far an answer may be under way, and be rounded, in seconds
SLACK_S = 5.0
#: the life of a token that does not tell it, on a machine whose clock cannot be right
ASSUMED_LIFE_S = 300.0


class Tokens(NamedTuple):
    """What the OAuth server issues. All texts; empty when there is none.

    expires_at: end of the access token by this machine's clock, ISO 8601. The
        existing CLI writes the end by the server's clock, and never reads it.
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

    def left_s(self, now: float) -> float | None:
        """Return how long the access token is good yet, None when nobody said.

        now: epoch seconds of this machine's clock, which may be wrong: what was
        stored when the token came counts, unless the clock was put back since.
        """
        stated, life_s = read_seconds(read_claims(self.access_token), "exp"), self.life_s
        moment = times.parse_timestamp(self.expires_at)
        if moment is not None:
            left_s = moment.timestamp() - now
            if stated is None or life_s is None or left_s <= life_s + SLACK_S:
                return left_s
        return None if stated is None else stated - now

    @property
    def life_s(self) -> float | None:
        """How long the access token is good altogether, None when it does not tell."""
        claims = read_claims(self.access_token)
        begin, end = read_seconds(claims, "iat"), read_seconds(claims, "exp")
        return None if begin is None or end is None else max(0.0, end - begin)

    @property
    def margin_s(self) -> float:
        """How long before its end the access token is renewed, in seconds.

        At the most half its life: one that lives for a minute would be renewed
        before every request.
        """
        return MARGIN_S if self.life_s is None else min(MARGIN_S, self.life_s / 2)


def read_tokens(answer: Mapping[str, Any], now: float, before: Tokens | None = None) -> Tokens:
    """Return the tokens of a token answer (RFC 6749 section 5.1).

    now: epoch seconds at which the answer came; the token's life counts from there.
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
    life_s = _find_life_s(made, read_number(answer, "expires_in"), now)
    return made._replace(expires_at="" if life_s is None else _format(now + life_s))


def _find_life_s(tokens: Tokens, told_s: float | None, now: float) -> float | None:
    """Return how long an access token is good that has just come, None when nobody said.

    Durations are taken first: they are right whatever this machine's clock says.
    """
    lives = [tokens.life_s] if tokens.life_s is not None else []
    if told_s is not None and 0 < told_s < 1e10:
        lives.append(told_s)
    if lives:
        return min(lives)
    left_s = tokens.left_s(now)
    # nobody gives out a token that is over
    return ASSUMED_LIFE_S if left_s is not None and left_s <= 0 else left_s


def _read_token(answer: Mapping[str, Any], name: str) -> str:
    value = read_text(answer, name)
    return value if is_token(value) else ""


def _format(seconds: float) -> str:
    moment = datetime.fromtimestamp(seconds, timezone.utc)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
