"""Checking one row of an import: which values it brings, or why it is rejected."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from urllib.parse import urlsplit

from ..web import timestamps

MAX_LENGTHS = {
    "EMAIL": 254,
    "FIRST_NAME": 100,
    "LAST_NAME": 100,
    "NAME": 200,
    "PHONE": 50,
    "JOB_TITLE": 200,
    "COMPANY_NAME": 200,
    "ADDRESS": 500,
    "LINKEDIN_URL": 2048,
    "X_URL": 2048,
    "JOINED_AT": 100,
}
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


@dataclass(frozen=True)
class Rejection:
    """Why a row was rejected; `code` as in FailedRow.errorCode."""

    code: str
    message: str
    raw_value: str | None


# Target field -> value, empty cells left out.
Values = dict[str, str]
Outcome = Values | Rejection


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


@lru_cache(maxsize=4096)
def parse_joined_at(text: str) -> str | None:
    """Return a date or time as ISO 8601 UTC, or None when it is not a full date.

    ISO 8601 and what python-dateutil reads; 3/4/2026 is March 4. Without an offset: UTC.
    """
    try:
        return timestamps.format_utc(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        pass
    from dateutil import parser

    try:
        # dateutil fills gaps from a default: two defaults that agree mean there were none.
        first = parser.parse(text, default=datetime(2000, 1, 1))
        second = parser.parse(text, default=datetime(2001, 2, 2))
        return timestamps.format_utc(first) if first == second else None
    except (ValueError, OverflowError, TypeError):
        return None


def is_web_address(text: str) -> bool:
    """Return whether `text` is an absolute http or https URL with a dotted host."""
    if any(letter.isspace() for letter in text):
        return False
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and "." in (parts.hostname or "").strip(".")
    except ValueError:
        return False


def _convert_date(text: str) -> str | Rejection:
    found = parse_joined_at(text)
    return found or Rejection("INVALID_DATE", "JOINED_AT is not a date", text)


def _convert_url(field: str) -> Callable[[str], str | Rejection]:
    def convert(text: str) -> str | Rejection:
        if is_web_address(text):
            return text
        return Rejection("INVALID_URL", f"{field} is not an http or https URL", text)

    return convert


CONVERTERS: dict[str, Callable[[str], str | Rejection]] = {
    "JOINED_AT": _convert_date,
    "LINKEDIN_URL": _convert_url("LINKEDIN_URL"),
    "X_URL": _convert_url("X_URL"),
}


class RowValidator:
    """Checks the rows of one file under one mapping."""

    def __init__(self, mapping: Mapping[str, int], width: int) -> None:
        """`mapping`: target field -> 0-based column; `width`: columns of the header."""
        self._width = width
        self._email_index = mapping.get("EMAIL")
        self._others = [
            (field, index, MAX_LENGTHS[field], CONVERTERS.get(field))
            for field, index in mapping.items()
            if field != "EMAIL"
        ]

    def check_row(self, cells: Sequence[str]) -> Outcome:
        """Return the values of a row, EMAIL always among them, or its first fault."""
        if len(cells) != self._width:
            return Rejection(
                "ROW_LENGTH", f"the row has {len(cells)} cells, the header {self._width}", None
            )
        raw = cells[self._email_index].strip() if self._email_index is not None else ""
        if not raw:
            return Rejection("MISSING_EMAIL", "the row has no e-mail address", None)
        email = normalize_email(raw)
        if email is None:
            return Rejection("INVALID_EMAIL", "EMAIL is not a valid e-mail address", raw)
        values = {"EMAIL": email}
        for field, index, longest, convert in self._others:
            text = cells[index].strip()
            if not text:
                continue
            if len(text) > longest:
                return Rejection("TOO_LONG", f"{field} is longer than {longest} characters", text)
            converted = convert(text) if convert is not None else text
            if isinstance(converted, Rejection):
                return converted
            values[field] = converted
        return values
