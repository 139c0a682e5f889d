"""What a row below the header is: somebody, or a line that is left out and counted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from talkvalue_cli.errors import UsageError
from talkvalue_cli.imports.file import header as headers
from talkvalue_cli.imports.file import row_words
from talkvalue_cli.imports.file.rows import Row

_SIGNS = re.compile(r"[\s|+:=_~*.#-]{2,}")
#: of CP/M and DOS; what a file ends with is no row
_END_OF_FILE = "\x1a"
_COMMENT = ("#", "//")
#: more words than this in a line that has nothing else are a sentence
_NAME_WORDS = 4


class RowJudge:
    """Says of rows that are not plainly somebody what they are, in the order of the file.

    left_out: counts what is left out, by reason.
    is_elsewhere: the rows belong to another table of the file, until the header comes again.
    """

    def __init__(
        self, header: Sequence[str], label: str, left_out: Counter[str], *, allow_ragged: bool
    ) -> None:
        self.is_elsewhere = False
        self._left_out, self._label, self._allow_ragged = left_out, label, allow_ragged
        self._width = len(header)
        #: cells up to the last column that has a name
        self._least = max(
            (place for place, name in enumerate(header, 1) if name), default=len(header)
        )
        self._names = [_normalize(cell) for cell in header]
        #: lines of one cell so far, which are a title if a table follows, else a footer
        self._titles = 0
        self._last_title = ""
        #: the first of the rows after an empty line that are too short: fine if nobody follows
        self._odd: Row | None = None
        self._odd_rows = 0
        self._after_gap = False
        self._is_first = True

    def is_between(self) -> bool:
        """Tell whether the next person ends something that was not decided."""
        return bool(self._titles or self._odd_rows) or self._after_gap or self._is_first

    def begin_person(self) -> None:
        """Take note that somebody comes; raise UsageError if what came before is ragged."""
        self._is_first = self._after_gap = False
        self._count("footer", self._titles)
        self._titles = 0
        if self._odd is not None:
            raise self._ragged(self._odd)

    def judge(self, row: Row) -> Row | None:
        """Return the row of somebody as wide as the header, None for what is left out.

        Raises UsageError for a row that has not as many cells as the header.
        """
        cells = row[1]
        if len(cells) == self._width and not self.is_elsewhere and not self.is_between():
            texts = [cell for cell in cells if cell]
            if self._is_surely_somebody(cells, texts):
                return row
        texts = headers.filled(cells)
        if not texts or texts == [_END_OF_FILE]:
            self._leave_empty(cells if not texts else [])
            return None
        reason = self._find_reason(cells, texts)
        if reason:
            self._count(reason, 1)
            return None
        if self._after_gap and _is_note(texts):
            self._titles += 1
            return None
        is_short = len(cells) < self._least or len(texts) == 1 < self._width
        if is_short and "@" not in "".join(texts) and self._is_aside(row, texts):
            return None
        fitted = self._fit(row)
        self.begin_person()
        return fitted

    def finish(self) -> None:
        """Count what was not decided, as nobody comes any more."""
        self._count("footer", self._titles + self._odd_rows)

    def _is_surely_somebody(self, cells: Sequence[str], texts: Sequence[str]) -> bool:
        """Tell quickly whether a row between others is no header, sum or line."""
        return (
            len(texts) > max(2, self._width // 2)
            and texts[0][0].isalnum()
            and _normalize(cells[0]) != self._names[0]
        )

    def _count(self, reason: str, rows: int) -> None:
        if rows:
            self._left_out[reason] += rows

    def _leave_empty(self, cells: Sequence[str]) -> None:
        """Take note of a row without text; a line without any character is no row."""
        self._after_gap = True
        self._count("separators" if len(cells) > 1 else "empty", bool(cells))

    def _find_reason(self, cells: Sequence[str], texts: Sequence[str]) -> str:
        """Return why a row is left out, "" if it is not yet known to be."""
        if self._is_header(cells):
            # the same columns may be those of other people
            has_title = bool(self._titles) or self.is_elsewhere
            self.is_elsewhere = has_title and headers.judge_title(self._last_title) < 0
            self._end_titles()
            return "other section" if self.is_elsewhere else "repeated header"
        if all(map(_SIGNS.fullmatch, texts)):
            return "separators"
        if self._is_other_header(cells, texts):
            self._end_titles()
            self.is_elsewhere = True
        if self.is_elsewhere:
            self._last_title = texts[0] if len(texts) == 1 else ""
            return "other section"
        if len(texts) <= max(2, self._width // 2) and headers.is_total(texts):
            return "total"
        if len(texts) == 1 < self._width and texts[0].startswith(_COMMENT):
            return "comment"
        if self._is_first and len(cells) <= self._width and is_second_header(texts):
            return "repeated header"
        if len(texts) > 1 and headers.is_all_words(texts):
            return "repeated header"
        return ""

    def _end_titles(self) -> None:
        self._count("other section", self._titles + self._odd_rows)
        self._titles = self._odd_rows = 0
        self._odd = None

    def _is_header(self, cells: Sequence[str]) -> bool:
        names = [_normalize(cell) for cell in cells]
        while len(names) > self._least and not names[-1]:
            names.pop()
        return names == self._names[: max(self._least, len(names))]

    def _is_other_header(self, cells: Sequence[str], texts: Sequence[str]) -> bool:
        """Tell whether another table begins here: words of headers, and it is set apart."""
        if not (self._titles or self._after_gap or len(cells) != self._width):
            return False
        if len(texts) < 2 or not headers.could_be_header(cells):
            return False
        words = headers.count_words(cells)
        is_of_others = bool(self._titles) and headers.judge_title(self._last_title) < 0
        return words >= 2 and (is_of_others or words * 2 >= len(texts))

    def _is_aside(self, row: Row, texts: Sequence[str]) -> bool:
        """Tell whether a row that is too short is a title or a footer."""
        is_apart = self._after_gap or bool(self._titles or self._odd_rows)
        if len(texts) == 1 and (is_apart or _is_about_file(texts[0])):
            self._titles += 1
            self._last_title = texts[0]
            return True
        is_short = len(row[1]) < self._least
        if is_apart and is_short and not self._allow_ragged and not self._is_first:
            self._odd = self._odd or row
            self._odd_rows += 1
            return True
        return False

    def _fit(self, row: Row) -> Row:
        """Return a row as wide as the header; raise UsageError for one that cannot be."""
        line, cells = row
        size = len(cells)
        if size == self._width:
            return row
        if size > self._width and not any(map(str.strip, cells[self._width :])):
            return line, cells[: self._width]
        if self._least <= size < self._width:
            return line, cells + [""] * (self._width - size)
        if self._allow_ragged:
            return row
        raise self._ragged(row)

    def _ragged(self, row: Row) -> UsageError:
        line, cells = row
        message = (
            f"{self._label}: the row of line {line} has {len(cells)} cells, "
            f"the header has {self._width}"
        )
        if len(cells) > self._width and '"' in "".join(cells):
            hint = f"double the quotes inside of the cells of line {line}, or leave them away"
            return UsageError(message, hint=hint)
        return UsageError(message, remedy=("allow_ragged", ""))


def _is_about_file(text: str) -> bool:
    """Tell whether a line says something about the file and not about somebody."""
    if text.endswith(":") or len(text.split()) > _NAME_WORDS or headers.judge_title(text):
        return True
    return row_words.says("about", text)


def _is_note(texts: Sequence[str]) -> bool:
    """Tell whether a line of several cells is a sentence about the file, with commas in it."""
    text = ", ".join(texts)
    is_sentence = len(text.split()) > _NAME_WORDS and len(texts[0].split()) > 2
    return is_sentence and "@" not in text and row_words.says("about", texts[0])


def is_second_header(texts: Sequence[str]) -> bool:
    """Tell whether a row says what the header has said, in other words or as units."""
    if len(texts) < 2 or any(map(headers.has_address, texts)):
        return False
    if sum(text[0] in "([{<" for text in texts) * 2 > len(texts):
        return True
    if any(map(headers.is_data, texts)):
        return False
    return headers.count_words(texts) * 2 > len(texts)


def _normalize(cell: str) -> str:
    return " ".join(cell.lstrip("\ufeff").split()).casefold()
