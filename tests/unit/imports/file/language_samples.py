"""Words as they stand in files of people, in many languages; the text file beside has them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple


class Language(NamedTuple):
    """headers: of a name, an address, a company and a title.

    encodings: which were used before Unicode.
    """

    headers: tuple[str, ...]
    people: tuple[str, ...]
    companies: tuple[str, ...]
    titles: tuple[str, ...]
    encodings: tuple[str, ...]


def _read() -> dict[str, Language]:
    text = Path(__file__).with_suffix(".txt").read_text(encoding="utf-8")
    found = {}
    for block in re.split(r"^\[", text, flags=re.MULTILINE)[1:]:
        code, *lines = block.strip().splitlines()
        found[code.rstrip("]")] = Language(*(tuple(line.split(", ")) for line in lines))
    return found


LANGUAGES = _read()
