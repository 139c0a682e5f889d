"""Column-mapping suggestions: which target field a column seems to hold, and how surely."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

# Enum "Target field", section 3 of the API reference.
TARGET_FIELDS = (
    "EMAIL", "FIRST_NAME", "LAST_NAME", "NAME", "PHONE", "JOB_TITLE", "COMPANY_NAME", "ADDRESS",
    "LINKEDIN_URL", "X_URL", "JOINED_AT",
)  # fmt: skip
REQUIRED_FIELDS = ("EMAIL",)

# Headers in lower case: spellings that mean the field, whatever blanks are in them, and words
# that hint at it.
SPELLINGS: dict[str, tuple[str, str]] = {
    "EMAIL": ("email|mail|email address|mail address", "email|mail"),
    "FIRST_NAME": ("first name|given name|forename|vorname", "first|given"),
    "LAST_NAME": ("last name|surname|family name|nachname", "last|family|surname"),
    "NAME": ("name|full name|contact name|person|attendee|display name", "name"),
    "PHONE": (
        "phone|phone number|mobile|mobile phone|mobile number|cell|cell phone|telephone|tel",
        "phone|mobile|tel",
    ),
    "JOB_TITLE": ("job title|title|job|position|role|occupation", "title|position|role"),
    "COMPANY_NAME": (
        "company|company name|organisation|organization|employer|firm|account name",
        "company|organisation|organization|employer",
    ),
    "ADDRESS": (
        "address|postal address|street address|location|city|street",
        "address|street|city",
    ),
    "LINKEDIN_URL": ("linkedin|linkedin url|linkedin profile|linkedin link", "linkedin"),
    "X_URL": ("x|x url|twitter|twitter url|x profile|twitter profile|x twitter", "twitter"),
    "JOINED_AT": (
        "joined at|joined|joined on|join date|date joined|registered at|registered|registered on|"
        "registration date|signed up at|signed up|sign up date|created at|date added",
        "joined|registered|registration|signup|signed",
    ),
}
EXACT = 0.98
HINT = 0.6
CONTENT = 0.85
AGREED = 0.99
CONTENT_SHARE = 0.6

PATTERNS = {
    "EMAIL": re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+"),
    "LINKEDIN_URL": re.compile(r"https?://([a-z]+\.)?linkedin\.com/\S*", re.IGNORECASE),
    "X_URL": re.compile(r"https?://(www\.)?(x|twitter)\.com/\S*", re.IGNORECASE),
    "JOINED_AT": re.compile(r"\d{4}-\d{2}-\d{2}([T ]\S.*)?|\d{1,2}[./]\d{1,2}[./]\d{4}( .*)?"),
    "PHONE": re.compile(r"\+?[\d ()./-]{7,20}"),
}


def _split_words(header: str) -> str:
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", header.strip())
    return " ".join(re.findall(r"\w+", spaced.lower().replace("_", " ")))


def _rate_header(header: str) -> dict[str, float]:
    words = _split_words(header)
    joined = words.replace(" ", "")  # LinkedIn is one word to some and two to others
    rates: dict[str, float] = {}
    for field, (spellings, hints) in SPELLINGS.items():
        if joined in spellings.replace(" ", "").split("|"):
            rates[field] = EXACT
        elif set(hints.split("|")) & set(words.split()):
            rates[field] = HINT
    return rates


def _rate_content(values: Sequence[str]) -> dict[str, float]:
    filled = [value.strip() for value in values if value.strip()]
    if not filled:
        return {}
    shares = {
        field: sum(bool(pattern.fullmatch(value)) for value in filled) / len(filled)
        for field, pattern in PATTERNS.items()
    }
    if shares["JOINED_AT"] >= CONTENT_SHARE:
        shares["PHONE"] = 0.0  # dates are made of the same characters
    return {
        field: round(CONTENT * share, 2)
        for field, share in shares.items()
        if share >= CONTENT_SHARE
    }


def rate_column(header: str, values: Sequence[str]) -> dict[str, float]:
    """Return target field -> confidence 0..1 for one column, from its header and some values."""
    by_header, by_content = _rate_header(header), _rate_content(values)
    rates = dict(by_header)
    for field, confidence in by_content.items():
        # Digits alone say little: an order number looks like a phone number.
        worth = confidence if field != "PHONE" else min(confidence, 0.4)
        rates[field] = AGREED if field in by_header else worth
    if "EMAIL" in by_header and "EMAIL" not in by_content and any(map(str.strip, values)):
        rates["EMAIL"] = round(by_header["EMAIL"] * 0.6, 2)
    return rates


def suggest_mappings(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> list[dict[str, Any]]:
    """Return one ColumnSuggestion per column (section 5.1); a field is suggested only once.

    The surest columns choose first. A column without a guess has no `suggestedField`.
    """
    rates = [
        rate_column(header, [row[index] for row in rows if index < len(row)])
        for index, header in enumerate(headers)
    ]
    bids = sorted(
        (
            (confidence, index, field)
            for index, row in enumerate(rates)
            for field, confidence in row.items()
        ),
        key=lambda bid: (-bid[0], bid[1]),
    )
    chosen: dict[int, str] = {}
    for confidence, index, field in bids:
        if confidence >= 0.5 and index not in chosen and field not in chosen.values():
            chosen[index] = field
    return [
        _describe(index, header, rates[index], chosen.get(index))
        for index, header in enumerate(headers)
    ]


def _describe(
    index: int, header: str, rates: dict[str, float], chosen: str | None
) -> dict[str, Any]:
    column: dict[str, Any] = {"csvIndex": index, "csvHeader": header}
    if chosen is not None:
        column["suggestedField"] = chosen
    column["confidence"] = rates[chosen] if chosen is not None else None
    column["suggestions"] = [
        {"field": field, "confidence": confidence}
        for field, confidence in sorted(rates.items(), key=lambda rate: -rate[1])
        if field != chosen
    ]
    return column


def list_missing(mappings: Sequence[dict[str, Any]]) -> list[str]:
    """Return the required target fields that no column was suggested for."""
    suggested = {column.get("suggestedField") for column in mappings}
    return [field for field in REQUIRED_FIELDS if field not in suggested]
