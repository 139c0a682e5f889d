"""Words that tell what a row of a file is: a header, a title, a sum, a footer."""

from __future__ import annotations

import functools
import re
from importlib import resources

#: scripts that put no blanks between words
_UNSPACED = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_BETWEEN = re.compile(r"[\s_\-./:;*#()?!\[\]&,\u2019'\"]+")


def fold(cell: str) -> str:
    """Return a cell in small letters, with one blank in place of what stands between words."""
    return _BETWEEN.sub(" ", _CAMEL.sub(" ", cell)).strip().casefold()


def says(meaning: str, cell: str) -> bool:
    """Tell whether a word of a meaning stands in a cell."""
    return pattern(meaning).search(fold(cell)) is not None


@functools.cache
def pattern(meaning: str) -> re.Pattern[str]:
    """Return what finds a word of a meaning in a folded cell.

    meaning: as the lines of row_words.txt begin, such as "address" or "total".
    """
    text = resources.files(__package__).joinpath("row_words.txt").read_text(encoding="utf-8")
    text = re.sub(r"^#.*\n", "", text, flags=re.MULTILINE)
    found = re.search(rf"^{meaning}:(.*(?:\n[ ].*)*)", text, re.MULTILINE)
    if found is None:
        raise KeyError(meaning)
    spaced, unspaced = [], []
    for written in found[1].split(","):
        word = fold(written.replace("*", "\0"))
        if _UNSPACED.search(word) and len(word) > 1:
            unspaced.append(re.escape(word))
        elif word:
            spaced.append(re.escape(word).replace("\0", r"\w*").replace("\\\0", r"\w*"))
    return re.compile("|".join([rf"(?<!\w)(?:{'|'.join(spaced)})(?!\w)", *unspaced]))
