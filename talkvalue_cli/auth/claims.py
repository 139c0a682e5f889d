"""What stands in a JSON Web Token (RFC 7519). Nothing is verified: the server does that."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
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
