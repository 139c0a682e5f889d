"""Which language a column's dates are in, where a month's name is another one elsewhere.

`listopad` is October in Croatian, and November in Polish and Czech. The other words of
the dates tell, else the headers, else nobody but the user.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from . import dates, headers, words

#: what only dates with words in them have
_NAME = re.compile(r"[^\W\d_]{3}")


def find(cells: Sequence[str], header: Sequence[str]) -> str:
    """Return the code of the language, "" when it is not known or nothing depends on it.

    cells: some of the column. header: of the file.
    """
    shared = dates.find_shared_months()
    codes = sorted({code for months in shared.values() for code in months})
    written_out = filter(_NAME.search, set(cells))
    seen = {word for cell in written_out for word in dates.list_words(cell)}
    known = {code: seen & _list_words(code) for code in codes}
    most = max(map(len, known.values()))
    left = [code for code in codes if len(known[code]) == most]
    asked = {word: shared[word] for word in seen & shared.keys()} or shared
    if most and _agree(left, asked):
        return left[0]
    counts = headers.count_languages(header)
    best = [code for code in left if counts[code] == max(counts.values(), default=0) > 0]
    return best[0] if best and _agree(best, asked) else ""


def _agree(codes: Sequence[str], months: Mapping[str, Mapping[str, int]]) -> bool:
    """Tell whether some languages mean the same by the names of months."""
    meanings = [{word: found.get(code) for word, found in months.items()} for code in codes]
    return all(meaning == meanings[0] for meaning in meanings)


def _list_words(code: str) -> set[str]:
    """Return the folded words of dates of a language."""
    language = next(each for each in words.load_languages() if each.code == code)
    return {
        words.fold(word).strip(" .")
        for meaning, listed in language.words.items()
        if meaning.startswith("month ") or meaning in ("weekday", "in dates")
        for word in listed
    }
