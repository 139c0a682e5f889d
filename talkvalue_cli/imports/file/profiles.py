"""URLs of people's profiles, and what people write instead of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from . import changes, cleaning
from .changes import Value

_HANDLE = re.compile(r"@([A-Za-z0-9_]{1,15})")
_BARE_HANDLE = re.compile(r"[A-Za-z0-9_]{2,15}")
_PROFILE_PATH = re.compile(r"/?(in|pub)/([^\s/?#]+/?)")
_WITHOUT_SCHEME = re.compile(
    r"(?://)?((?:www\.|[\w-]+\.)*(?:linkedin\.com|lnkd\.in|twitter\.com|x\.com)(?:[/?#]\S*)?"
    r"|www\.[\w-]+(?:\.[\w-]+)+(?:[/?#]\S*)?|(?:[\w-]+\.)+[a-z]{2,}/\S*)",
    re.IGNORECASE,
)
_URL_INSIDE = re.compile(r"https?://[^\s<>\"'|,;)\]]+", re.IGNORECASE)


def is_url(text: str) -> bool:
    """Tell whether the server takes a text for a URL: http or https, a dotted host, no blanks."""
    if any(letter.isspace() for letter in text):
        return False
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and "." in (parts.hostname or "").strip(".")
    except ValueError:
        return False


def convert(field: str, has_handles: bool, cell: str) -> Value:
    """Return the URL of a profile as it is sent.

    has_handles: single words in this column are handles, see `are_handles`.
    """
    if not cell or cell.isspace() or is_url(cell.strip()):
        return Value(cell, None)
    if cleaning.is_nothing(cell):
        return Value("", changes.NO_VALUE)
    text = cleaning.remove_armour(cleaning.to_code(cell)).strip(" <>\"'")
    if is_url(text):
        return Value(text, changes.BLANKS)
    match = _WITHOUT_SCHEME.fullmatch(text)
    if match and is_url(f"https://{match[1]}"):
        return Value(f"https://{match[1]}", changes.SCHEME)
    inside = _URL_INSIDE.search(text)
    if inside and is_url(inside[0]):
        return Value(inside[0], changes.OUT_OF_TEXT)
    made = _make_profile(field, has_handles, text)
    return Value(made, changes.HANDLE) if made else Value("", changes.LEFT_OUT)


def _make_profile(field: str, has_handles: bool, text: str) -> str | None:
    if field == "LINKEDIN_URL":
        path = _PROFILE_PATH.fullmatch(text)
        return f"https://www.linkedin.com/{path[1]}/{path[2]}" if path else None
    match = _HANDLE.fullmatch(text)
    if match or (has_handles and _BARE_HANDLE.fullmatch(text)):
        return f"https://x.com/{match[1] if match else text}"
    return None


def are_handles(field: str, sample: Sequence[str]) -> bool:
    """Tell whether single words in a column are handles, and not yes and no."""
    filled = [cell.strip() for cell in sample if cell.strip()]
    handles = {cell for cell in filled if _BARE_HANDLE.fullmatch(cell.removeprefix("@"))}
    return field == "X_URL" and len(handles) >= 3 and 2 * len(handles) > len(filled)
