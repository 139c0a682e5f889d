"""Whether Null, None or Na in a column of names is somebody's name, or says that there is none.

They are names where they are written as the other names are, Null among Ada and Bob or NULL among
ADA and BOB, and stand in few rows. Where they are written otherwise, as databases and programs
write them, or in many rows, there is no name.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from . import cleaning

#: of what says that there is nothing, what may be a name, and what may be initials
_NAMES = frozenset({"na", "none", "null", "nil", "nan", "n.a.", "n.a"})
#: the same spelling in so many rows, and in one of so many rows, is nobody's name
_MANY = ((2, 4), (3, 50))
_INITIALS = re.compile(r"(?:[^\W\d_]\.[ -]?)+[^\W\d_]?", re.UNICODE)
_CAPITAL, _UPPER, _LOWER, _WITH_STOPS = "capital", "upper", "lower", "initials"


class NameWords(NamedTuple):
    """How the names of a column are written, and what of it says that there is none.

    style: of most names, "" when that is not known. nothing: words that stand in many rows.
    """

    style: str = ""
    nothing: frozenset[str] = frozenset()

    def is_nothing(self, cell: str) -> bool:
        """Tell whether a cell of the column says that there is no name."""
        text = cell.strip()
        if not cleaning.is_nothing(text):
            return False
        if text.casefold() not in _NAMES or text in self.nothing:
            return True
        style = _find_style(text)
        return style not in (_CAPITAL, self.style)


def learn(cells: Sequence[str], others: Iterable[str] = ()) -> NameWords:
    """Return how names are written in a column.

    cells: some of the column. others: names of other columns, which count when it has no other
    words than such as may be names.
    """
    texts = [text for text in map(str.strip, cells) if text]
    counts = Counter(text for text in texts if text.casefold() in _NAMES)
    many = {
        text
        for text, rows in counts.items()
        if any(rows >= least and rows * one_in > len(texts) for least, one_in in _MANY)
    }
    return NameWords(_find_usual(texts) or _find_usual(map(str.strip, others)), frozenset(many))


def _find_usual(texts: Iterable[str]) -> str:
    """Return the style of more than half of some names, "" for none."""
    styles = Counter(_find_style(text) for text in texts if text.casefold() not in _NAMES)
    styles.pop("", None)
    if not styles:
        return ""
    [(style, rows)] = styles.most_common(1)
    return style if 2 * rows > styles.total() else ""


def _find_style(text: str) -> str:
    """Return how a name is written; "" for one of a script without capitals."""
    if _INITIALS.fullmatch(text):
        return _WITH_STOPS
    if text.isupper():
        return _UPPER
    if text.islower():
        return _LOWER
    return _CAPITAL if text[:1].isupper() else ""
