"""What a value becomes, and the kinds of changes, as they are counted and shown."""

from __future__ import annotations

from typing import NamedTuple

LEFT_OUT = "invalid value left out"
TOO_LONG = "too long value left out"
NO_VALUE = "n/a and the like left out"
BLANKS = "blanks or invisible characters removed"
ARMOUR = "spreadsheet armour removed"
# of addresses
FROM_LINK = "address out of a mailto: link"
FROM_NAME = "address out of a display name"
FIRST_ADDRESS = "first of several addresses"
PUNCTUATION = "punctuation around an address removed"
ESCAPED = "escaped @ of an address written out"
OTHER_COLUMN = "address out of another column"
# of dates
DATE = "date to ISO 8601"
ZONE = "time zone of the header put behind a time"
# of phone numbers
WRITTEN_OUT = "number in scientific notation written out"
DIGITS_LOST = "number without its last digits left out"
DECIMALS = ".0 behind a number removed"
PREFIX = "prefix before a number removed"
FIRST_NUMBER = "first of several numbers"
# of URLs
SCHEME = "https:// put before an address"
HANDLE = "handle made an address"
OUT_OF_TEXT = "address out of other text"

#: characters that the server takes
LONGEST = {
    "EMAIL": 254, "FIRST_NAME": 100, "LAST_NAME": 100, "NAME": 200, "PHONE": 50, "JOB_TITLE": 200,
    "COMPANY_NAME": 200, "ADDRESS": 500, "LINKEDIN_URL": 2048, "X_URL": 2048, "JOINED_AT": 100,
}  # fmt: skip


class Value(NamedTuple):
    """A value as it is sent, and what kind of change that is; None when there is none."""

    text: str
    change: str | None
