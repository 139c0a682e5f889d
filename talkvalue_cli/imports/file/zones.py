"""Time zones as people and programs write them behind a time."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone, tzinfo
from functools import lru_cache

# What these letters mean in exports; where they mean several zones, the one whose programs write
# them: CST is Chicago's, IST India's, BST Britain's.
_HOURS = {
    "utc": 0, "gmt": 0, "z": 0, "ut": 0, "wet": 0, "west": 1, "bst": 1, "cet": 1, "cest": 2,
    "mez": 1, "mesz": 2, "met": 1, "mest": 2, "eet": 2, "eest": 3, "oez": 2, "oesz": 3,
    "sast": 2, "msk": 3, "trt": 3,
    "ist": 5.5, "pkt": 5, "wib": 7, "ict": 7, "hkt": 8, "sgt": 8, "awst": 8, "jst": 9, "kst": 9,
    "acst": 9.5, "acdt": 10.5, "aest": 10, "aedt": 11, "nzst": 12, "nzdt": 13,
    "nst": -3.5, "ndt": -2.5, "brt": -3, "art": -3, "ast": -4, "adt": -3, "est": -5, "edt": -4,
    "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7, "akst": -9, "akdt": -8,
    "hst": -10,
}  # fmt: skip
#: zones with summer time, by the names that go with both halves of the year
_PLACES = {
    "cet/cest": "Europe/Berlin", "mez/mesz": "Europe/Berlin", "gmt/bst": "Europe/London",
    "est/edt": "America/New_York", "cst/cdt": "America/Chicago", "mst/mdt": "America/Denver",
    "pst/pdt": "America/Los_Angeles",
    "et": "America/New_York", "eastern time": "America/New_York",
    "ct": "America/Chicago", "central time": "America/Chicago",
    "mt": "America/Denver", "mountain time": "America/Denver",
    "pt": "America/Los_Angeles", "pacific time": "America/Los_Angeles",
}  # fmt: skip
_OFFSET = re.compile(r"(?:utc|gmt)?\s*([+-])\s*(\d{1,2})(?::?(\d{2}))?")
#: what may stand behind a time, in lower case
_BEHIND = re.compile(
    r"\s*\(?((?:utc|gmt)?\s?[+-]\s?\d{1,2}(?::?\d\d)?(?![\d./:-])"
    r"|[a-z]+/[a-z_+-]+(?:/[a-z_-]+)?|(?:eastern|central|mountain|pacific)"
    r"(?: standard| daylight)? time|[a-z]{1,5}(?![a-z]))\)?"
)
#: what stands in brackets in a header, and a zone that ends one without them
_BRACKETS = re.compile(r"[(\[\uff08]([^()\[\]\uff08\uff09]+)[)\]\uff09]")
_AT_END = re.compile(r"(?<![\w/])((?:UTC|GMT)(?: ?[+-] ?\d{1,2}(?::?\d\d)?)?)\s*$")
#: zones of two letters mean something else where the header is not English
_ENGLISH = re.compile(r"\b(?:time|date|timestamp|at|on)\b", re.IGNORECASE)
_LOCAL_TIME = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)((?::\d\d(?:\.\d+)?)?)", re.ASCII)
_EXPLAINED = re.compile(r"\s*\([^()]*\)\s*$|\s*\[[a-z_/]+\]$|^\s*(?:utc|gmt|z)\b")


def split_zone(text: str) -> tuple[str, str]:
    """Return the zone with which a text begins, "" if there is none, and what comes after it."""
    match = _BEHIND.match(text)
    if match is None or find_zone(match[1]) is None:
        return "", text
    # GMT+0100 (Central European Standard Time), +0000 UTC, +00:00[UTC]
    return match[1], _EXPLAINED.sub("", text[match.end() :])


def find_zone(name: str) -> tzinfo | None:
    """Return the zone of an offset (`GMT+2` is ahead of UTC), letters or an IANA name, or None."""
    name = name.strip().lower()
    match = _OFFSET.fullmatch(name)
    if match:
        hours, minutes = int(match[2]), int(match[3] or 0)
        if hours > 14 or minutes > 59:
            return None
        shift = timedelta(hours=hours, minutes=minutes)
        return timezone(shift if match[1] == "+" else -shift)
    if name in _HOURS:
        return timezone(timedelta(hours=_HOURS[name]))
    name = name.replace(" standard", "").replace(" daylight", "")
    return _find_place(_PLACES.get(name, name))


@lru_cache(maxsize=256)
def _find_place(name: str) -> tzinfo | None:
    if "/" not in name:
        return None
    from zoneinfo import ZoneInfo

    spelled = name.title().replace("_Of_", "_of_").replace("_Es_", "_es_")
    try:
        return ZoneInfo(spelled)
    except (OSError, ValueError, KeyError):
        return None


def write_time(moment: datetime, zone: tzinfo | None) -> str:
    """Return a time as ISO 8601, with its offset if it has a zone; UTC is Z."""
    if zone is None:
        return moment.isoformat()
    return moment.replace(tzinfo=zone).isoformat().replace("+00:00", "Z")


def find_header_zone(header: str) -> tzinfo | None:
    """Return the zone that a header says its times are in, such as `Join time (UTC)`, or None."""
    found = [*_BRACKETS.findall(header), *_AT_END.findall(header)]
    for name in map(str.strip, found):
        if name.isalpha() and not name.isupper():
            continue  # Met, art and the like are words
        if len(name) < 3 and not _ENGLISH.search(header):
            continue
        zone = find_zone(name)
        if zone is not None:
            return zone
    return None


def add_zone(text: str, zone: tzinfo) -> str:
    """Return a time in ISO 8601 with the offset of a zone; the same for one that needs none."""
    match = _LOCAL_TIME.fullmatch(text)
    if match is None:
        return text
    moment = datetime.fromisoformat(f"{match[1]}T{match[2]}").replace(tzinfo=zone)
    offset = moment.isoformat()[len("2026-03-04T19:01:33") :]
    return f"{match[1]}T{match[2]}{match[3]}{'Z' if offset == '+00:00' else offset}"
