"""Words of many languages: what columns are called, and how dates are written.

Each language is a text file beside this one, which its speakers can correct without knowing
Python; README.txt says how.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from importlib import resources
from typing import NamedTuple


class Language(NamedTuple):
    """The words of one language, as they are written in its file.

    words: by what they mean, such as `EMAIL` or `month 3`.
    """

    code: str
    name: str
    words: dict[str, list[str]]


@lru_cache(maxsize=1)
def load_languages() -> tuple[Language, ...]:
    """Return all languages, English first, then by their codes."""
    files = [file for file in resources.files(__name__).iterdir() if file.name.endswith(".txt")]
    found = [
        parse(file.name[: -len(".txt")], file.read_text("utf-8"))
        for file in files
        if file.name != "README.txt"
    ]
    return tuple(sorted(found, key=lambda language: (language.code != "en", language.code)))


def parse(code: str, text: str) -> Language:
    """Return what a file of words says: `meaning: word, word`, and comments after #.

    A line that begins with a blank goes on with the one before it.
    """
    words: dict[str, list[str]] = {}
    meaning = ""
    for line in text.splitlines():
        line = line.partition("#")[0].rstrip()
        if not line:
            continue
        if not line[0].isspace():
            meaning, _, line = line.partition(":")
        listed = [" ".join(word.split()) for word in line.split(",")]
        words.setdefault(meaning.strip(), []).extend(filter(None, listed))
    name = words.pop("language", [code])[0]
    return Language(code, name, words)


#: accents and points; the vowels of Thai and the marks of kana tell words apart, and stay
_ACCENTS = re.compile("[\u0300-\u036f\u0591-\u05c7\u064b-\u065f]+")


def fold(text: str) -> str:
    """Return text without what does not tell words apart: case, accents, full width."""
    if text.isascii():
        return text.lower()
    # the Turkish i without a dot
    spread = unicodedata.normalize("NFKD", text.casefold().replace("\u0131", "i"))
    return unicodedata.normalize("NFKC", _ACCENTS.sub("", spread)).casefold()
