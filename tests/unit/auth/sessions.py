"""What the tests of sessions share: tokens as the server makes them, and places to keep them."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

from talkvalue_cli.auth.tokens import Tokens

#: 2026-11-23T08:00:00Z
NOW = 1795420800.0
AUTH = "https://auth.test"
DEVICE_URL = f"{AUTH}/user_management/authorize/device"
TOKEN_URL = f"{AUTH}/user_management/authenticate"


def make_jwt(**claims: Any) -> str:
    """Return a token that carries claims; its signature is nothing."""
    head, body = (
        base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()
        for part in ({"alg": "none"}, claims)
    )
    return f"{head}.{body}.signature"


def make_access(name: str, *, life_s: float = 300, begin: float = NOW, **claims: Any) -> str:
    """Return an access token that is good from `begin` on for a while."""
    return make_jwt(jti=name, iat=begin, exp=begin + life_s, **claims)


def make_tokens(name: str, *, refresh: str | None = None, **claims: Any) -> Tokens:
    """Return the tokens of a session; `name` tells them apart."""
    access = make_access(name, **claims)
    return Tokens(access, f"refresh-{name}" if refresh is None else refresh)


def mode_of(path: Path) -> str:
    """Return what others may do with a file, as ls(1) numbers it."""
    return oct(path.stat().st_mode & 0o777)
