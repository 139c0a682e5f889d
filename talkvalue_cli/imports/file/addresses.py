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
_LABEL = r"[^\W_](?:[\w-]*[^\W_])?"
_ADDRESS = rf"{_LOCAL}@{_LABEL}(?:\.{_LABEL})*\.[^\W\d_][^\W_]+"
_VALID = re.compile(_ADDRESS)
_PUNYCODE_END = re.compile(r".+\.xn--[A-Za-z0-9-]+")
#: fast, and true for nearly all cells of nearly all files
_PLAIN = re.compile(r"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,63}")
#: what plain addresses consist of, and line feeds between them
_USUAL = (string.ascii_letters + string.digits + "@._+-\n").encode()
#: what ends no address, as full stops
_ENDS_ALIKE = bytes.maketrans(b"@+_-", b"....")
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
    that are plain; True as well where there is no address, and nothing to be mended.
    """
    if cells.translate(None, _USUAL) or b"\n." in cells or b"\n@" in cells:
        return False
    return b".\n" not in cells.translate(_ENDS_ALIKE)


def is_address(text: str) -> bool:
    """Tell whether a text is one e-mail address and nothing else."""
    if _PLAIN.fullmatch(text) or _VALID.fullmatch(text):
        return ".." not in text
    return bool(_PUNYCODE_END.fullmatch(text)) and text.count("@") == 1 and " " not in text


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
    found = [address.rstrip(".") for address in _ANYWHERE.findall(text)]
    bracketed = _IN_BRACKETS.findall(text)
    different = {address.casefold() for address in found}
    # "ada@work.example <ada@example.org>": what is in the brackets is the address
    if bracketed and len(bracketed) <= 1 and text.rstrip(_AROUND).endswith(bracketed[0]):
        return bracketed[0], changes.FROM_NAME
    if not found:
        return None
    return found[0], changes.FROM_NAME if len(different) == 1 else changes.FIRST_ADDRESS
