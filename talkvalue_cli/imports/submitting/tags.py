"""Names that carry a key: by its name in the list an import is recognized, and by nothing else.

The name of the uploaded file is the only thing of ours that the list of imports returns. So it
is made to say whose it is: `contacts.csv` is sent as `contacts.tv-3f9ac21b7d04-8e21c9.csv`,
with the first digits of the import's key and those of one attempt to make it.
"""

from __future__ import annotations

import re
from typing import NamedTuple

KEY_DIGITS, ATTEMPT_DIGITS = 12, 6
LONGEST_STEM = 60
_TAG = re.compile(rf"tv-([0-9a-f]{{{KEY_DIGITS}}})-([0-9a-f]{{{ATTEMPT_DIGITS}}})", re.IGNORECASE)
_SHOWN = re.compile(rf"[._-]?{_TAG.pattern}", re.IGNORECASE)


class Tag(NamedTuple):
    """What a name carries: the first digits of an import's key, and of an attempt."""

    key: str
    attempt: str

    def __str__(self) -> str:
        return f"tv-{self.key}-{self.attempt}"


def make_tag(import_key: str, attempt: str) -> Tag:
    """Return the tag of an attempt. import_key, attempt: hexadecimal digits, more than enough."""
    return Tag(import_key[:KEY_DIGITS], attempt[:ATTEMPT_DIGITS])


def make_name(file_name: str, tag: Tag) -> str:
    """Return the name under which a file is sent: plain ASCII, at most 87 characters.

    A tag that the name has already, of a file that came back, is left out.
    """
    stem = file_name[:-4] if file_name.lower().endswith(".csv") else file_name
    while _SHOWN.search(stem):
        stem = _SHOWN.sub("", stem)
    plain = re.sub(r"[^A-Za-z0-9._-]", "_", stem)[:LONGEST_STEM]
    return f"{plain}.{tag}.csv"


def find_tag(text: object) -> Tag | None:
    """Return the tag that stands anywhere in a name, whatever a server did to the rest of it."""
    found = _TAG.search(text) if isinstance(text, str) else None
    return Tag(found[1].lower(), found[2].lower()) if found else None


def hide_tag(name: str) -> str:
    """Return a name as its owner knows it."""
    return _SHOWN.sub("", name, count=1)
