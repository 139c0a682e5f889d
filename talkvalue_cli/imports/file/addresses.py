"""Finding the e-mail address in what people and programs write into its cell."""

from __future__ import annotations

import html
import re
import string
from functools import lru_cache
from urllib.parse import unquote

from . import changes, cleaning

# Letters of any script are allowed, as SMTPUTF8 (RFC 6531) and IDNA have it. An apostrophe may
# stand inside (O'Neil) and not first, where it is the mark of a spreadsheet.
_LOCAL = r"[\w!#$%&*+/=?^`{|}~-](?:[\w!#$%&'*+/=?^`{|}~.-]*[\w!#$%&'*+/=?^`{|}~-])?"
# Two letters and two hyphens begin nothing but what IDNA has encoded (RFC 5891, section 4.2.3.1),
# and no other domain ends with a digit.
_PLAIN_LABEL = r"(?!..--)[^\W_]+(?:-+[^\W_]+)*"
_ENCODED = r"xn--[A-Za-z0-9]+(?:-+[A-Za-z0-9]+)*"
_DOMAIN = rf"(?:(?:{_ENCODED}|{_PLAIN_LABEL})\.)+(?:{_ENCODED}|[^\W_]{{1,62}}[^\W\d_])"
_ADDRESS = rf"{_LOCAL}@{_DOMAIN}(?![\w@-]|\.\w)"
_VALID = re.compile(_ADDRESS, re.IGNORECASE)
#: characters of a part of a domain, and of a whole one
_LONGEST_LABEL, _LONGEST_DOMAIN = 63, 253
#: what plain addresses consist of, and line feeds between them
_USUAL = (string.ascii_letters + string.digits + "@._+-\n").encode()
#: what ends no address, as full stops
_ENDS_ALIKE = bytes.maketrans(b"@+_-", b"....")
#: addresses as nearly all are, each in a line
_USUAL_LINES = re.compile(
    rb"(?:[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*@"
    rb"(?:[A-Za-z0-9]{1,30}(?:-[A-Za-z0-9]{1,30})?\.){1,3}[A-Za-z]{2,20}\n)*"
)
_IN_BRACKETS = re.compile(rf"[<\[(]\s*(?:mailto:)?({_ADDRESS})\s*[>\])]", re.IGNORECASE)
_ANYWHERE = re.compile(rf"(?<![\w@.])(?:mailto:)?({_ADDRESS})", re.IGNORECASE)
#: characters of a cell that is looked through; more is no list of addresses, and takes for ever
LONGEST = 4000
#: what every server takes away around an address
_BLANKS = " \t\r\n"
_AROUND = " \t\r\n.,;:<>()[]{}\"'|"


def are_plain(cells: bytes) -> bool:
    """Tell, in little time, whether nothing has to be done to some addresses.

    cells: each address, or nothing, with a line feed before and one behind it. False for some
    that are plain; True as well where there is no address, and nothing to be corrected, such as
    `a@b.org1`, which is sent as it is and refused by its name.
    """
    if cells.translate(None, _USUAL) or b"\n." in cells or b"\n@" in cells:
        return False
    return b".\n" not in cells.translate(_ENDS_ALIKE)


def are_valid(cells: bytes) -> bool:
    """Tell, in little time, whether all cells are addresses that a server takes.

    cells: each with a line feed behind it. False for some that are.
    """
    return _USUAL_LINES.fullmatch(cells) is not None


def is_address(text: str) -> bool:
    """Tell whether a text is one e-mail address and nothing else."""
    if ".." in text or not _VALID.fullmatch(text):
        return False
    domain = text.rpartition("@")[2]
    return len(domain) <= _LONGEST_LABEL or (
        len(domain) <= _LONGEST_DOMAIN and max(map(len, domain.split("."))) <= _LONGEST_LABEL
    )


@lru_cache(maxsize=4096)
def find_address(cell: str) -> tuple[str, str | None] | None:
    """Return the address in a cell and what kind of change that is, None for no change.

    None instead of both for a cell in which there is no address; of several
    the first one is meant. An address that is valid is never changed.
    """
    if len(cell) > LONGEST:
        return None
    if is_address(cell.strip(_BLANKS)):
        return cell, None
    text = cleaning.to_code(cell)
    if is_address(text):
        return text, changes.BLANKS
    bare = cleaning.remove_armour(text)
    if bare != text and is_address(bare):
        return bare, changes.ARMOUR
    trimmed = text.strip(_AROUND)
    if is_address(trimmed):
        return trimmed, changes.PUNCTUATION
    joined = re.sub(r"\s*([@.])\s*", r"\1", trimmed)
    if " " not in joined and joined.count("@") == 1 and is_address(joined):
        return joined, changes.BLANKS
    plain = unquote(html.unescape(trimmed))
    if "@" not in trimmed and is_address(plain):
        return plain, changes.ESCAPED
    return _find_inside(text)


def _find_inside(text: str) -> tuple[str, str | None] | None:
    if text.lower().lstrip(_AROUND).startswith("mailto:"):
        link = unquote(text.strip(_AROUND)[len("mailto:") :].partition("?")[0])
        if is_address(link.strip(_AROUND)):
            return link.strip(_AROUND), changes.FROM_LINK
    found = list(filter(is_address, _ANYWHERE.findall(text)))
    bracketed = list(filter(is_address, _IN_BRACKETS.findall(text)))
    different = {address.casefold() for address in found}
    # "ada@work.example <ada@example.org>": what is in the brackets is the address
    if bracketed and len(bracketed) <= 1 and text.rstrip(_AROUND).endswith(bracketed[0]):
        return bracketed[0], changes.FROM_NAME
    if not found:
        return None
    return found[0], changes.FROM_NAME if len(different) == 1 else changes.FIRST_ADDRESS
