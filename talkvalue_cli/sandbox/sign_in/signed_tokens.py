"""JSON Web Tokens (RFC 7519), signed with HS256, by means of the standard library."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

HEADER = {"alg": "HS256", "typ": "JWT"}


def sign_claims(claims: Mapping[str, object], key: bytes) -> str:
    """Return the token that carries `claims`."""
    signed = f"{_encode_json(HEADER)}.{_encode_json(claims)}"
    return f"{signed}.{_encode(_make_signature(signed, key))}"


def read_claims(token: str, key: bytes) -> dict[str, Any]:
    """Return the claims of a token, none of one that was not signed with this key.

    Whether it has expired is for the caller to say. The header is not asked how to verify it.
    """
    signed, _, signature = token.rpartition(".")
    try:
        given = _decode(signature)
    except ValueError:
        return {}
    if not hmac.compare_digest(_make_signature(signed, key), given):
        return {}
    # signed by us, and so it is as it should be
    claims: dict[str, Any] = json.loads(_decode(signed.partition(".")[2]))
    return claims


def _make_signature(signed: str, key: bytes) -> bytes:
    return hmac.digest(key, signed.encode("utf-8", "surrogateescape"), hashlib.sha256)


def _encode_json(value: Mapping[str, object]) -> str:
    return _encode(json.dumps(value, separators=(",", ":")).encode())


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def _decode(text: str) -> bytes:
    padding = "=" * (-len(text) % 4)
    return base64.b64decode(text + padding, altchars=b"-_", validate=True)


def hash_secret(text: str) -> bytes:
    """Return what is kept of a token or code that only its owner is to know."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
