"""What may be said of a person: lengths, e-mail addresses, web addresses."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import urlsplit

MAX_LENGTHS = {
    "EMAIL": 254, "FIRST_NAME": 100, "LAST_NAME": 100, "NAME": 200, "PHONE": 50, "JOB_TITLE": 200,
    "COMPANY_NAME": 200, "ADDRESS": 500, "LINKEDIN_URL": 2048, "X_URL": 2048, "JOINED_AT": 100,
}  # fmt: skip
MAX_LOCAL_PART = 64
MAX_DOMAIN = 253

# What email-validator would accept without a second look; anything else is asked of it.
PLAIN_EMAIL = re.compile(
    r"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+([A-Za-z]{2,63})"
)
# Top-level domains that email-validator refuses, from its list of special-use names.
# `test` is allowed: this server is for tests.
SPECIAL_TOP_LEVELS = frozenset({"arpa", "invalid", "local", "localhost", "onion"})


def normalize_email(text: str) -> str | None:
    """Return an address with its domain in lower case, or None when it is not valid.

    The domain is not looked up.
    """
    if len(text) > MAX_LENGTHS["EMAIL"]:
        return None
    match = PLAIN_EMAIL.fullmatch(text)
    if match is not None and match[1].lower() not in SPECIAL_TOP_LEVELS:
        local, _, domain = text.partition("@")
        if "--" not in domain and len(local) <= MAX_LOCAL_PART and len(domain) <= MAX_DOMAIN:
            return f"{local}@{domain.lower()}"
    return _ask_library(text)


@lru_cache(maxsize=1024)
def _ask_library(text: str) -> str | None:
    from email_validator import EmailNotValidError, validate_email

    try:
        found = validate_email(text, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return None
    return found.normalized


def is_web_address(text: str) -> bool:
    """Return whether `text` is an absolute http or https URL with a dotted host."""
    if any(letter.isspace() for letter in text):
        return False
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and "." in (parts.hostname or "").strip(".")
    except ValueError:
        return False
