"""What stands in a JSON Web Token (RFC 7519). Nothing is verified: the server does that."""

from __future__ import annotations

import base64
import json
from typing import Any


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


def read_text(claims: dict[str, Any], name: str) -> str:
    """Return a claim that is text, empty when it is missing or something else."""
    value = claims.get(name)
    return value if isinstance(value, str) else ""


def read_seconds(claims: dict[str, Any], name: str) -> float | None:
    """Return a time claim in epoch seconds, None when it is missing or something else."""
    value = claims.get(name)
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        return None
    return float(value) if 0 < value < 1e11 else None
