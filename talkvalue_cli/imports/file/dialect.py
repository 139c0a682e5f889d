"""How the lines of a file are cut into cells, told by how even many of its rows become."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple, Protocol

#: what separates cells, the likelier ones first
DELIMITERS = (",", ";", "\t", "|", "^", "~", "\x1f", ":", "\uff0c", "\uff1b")
#: how many characters of a file are enough to tell
SAMPLE = 1 << 18
_ROWS = 400
_SEP_LINE = re.compile(r'\ufeff*"?sep=(\\t|[^\w\r\n"])"?[,;\t]*\r?(\n|\Z|\r)', re.IGNORECASE)
#: a cell in curly quotes, between the ends of a line and what may separate cells
_CURLY = re.compile(
    '(?:(?<=^)|(?<=[,;\\t|]))[\u201c\u201e]([^"\u201c\u201d\r\n]*)[\u201d\u201c](?=[,;\\t|\r\n]|$)'
)
_COLON_IN_VALUES = re.compile(r"mailto:|https?:|\d:\d\d", re.IGNORECASE)
_ADDRESS = r"[^@\s<>,;:|^~\"']+@[^@\s<>,;:|^~\"']+\.[^\W\d_]{2,}"
_ADDRESSES = re.compile(rf"['\s]*(?:[^<>@]*<{_ADDRESS}>|{_ADDRESS}(?:[\s;,/|:]+{_ADDRESS})*)['\s]*")


class CsvReader(Protocol):
    """What csv.reader returns: rows, and the number of the last line that was read."""

    @property
    def line_num(self) -> int:
        """How many lines were read."""

    def __iter__(self) -> Iterator[list[str]]:
        """Return the rows."""


class Dialect(NamedTuple):
    """How cells are written.

    delimiter: one character. quote: one character, empty when quotes mean nothing.
    escape: what comes before a quote inside a cell; None when it is doubled.
    has_sep_line: the first line is `sep=;`, as Excel writes and reads it.
    skip_space: a blank comes between delimiter and quote.
    strip: cells are padded with blanks, which are no part of them.
    is_wrapped: every line is in quotes as a whole, as if it were one cell.
    is_curly: the quotes are those of a word processor, and differ at both ends.
    """

    delimiter: str = ","
    quote: str = '"'
    escape: str | None = None
    has_sep_line: bool = False
    skip_space: bool = False
    strip: bool = False
    is_wrapped: bool = False
    is_curly: bool = False

    def reader(self, lines: Iterable[str], *, strict: bool = False) -> CsvReader:
        """Return the csv reader of this dialect."""
        return csv.reader(
            lines,
            delimiter=self.delimiter,
            quotechar=self.quote or None,
            quoting=csv.QUOTE_MINIMAL if self.quote else csv.QUOTE_NONE,
            escapechar=self.escape,
            skipinitialspace=self.skip_space,
            strict=strict,
        )


def find_dialect(sample: str, delimiter: str | None = None) -> Dialect:
    """Return how the file is written whose first characters are the sample.

    sample: SAMPLE characters are enough; a last line that is cut off does no harm.
    delimiter: what the caller says it is; None to find it.
    """
    sample = sample[:SAMPLE]
    sep_line = _SEP_LINE.match(sample)
    if sep_line:
        sample = sample[sep_line.end() :]
        delimiter = delimiter or sep_line[1].replace("\\t", "\t")
    lines = _whole_lines(sample)
    first = next((line for line in lines if line.strip()), "")
    is_curly = '"' not in first and (
        bool(_CURLY.search(first))
        or 2 * sum(bool(_CURLY.search(line)) for line in lines) > len(lines)
    )
    if is_curly:
        lines = list(straighten(lines))
        sample = "".join(lines)
    delimiters = (delimiter,) if delimiter else _list_delimiters(sample)
    choices = [
        (_judge(dialect, lines), -place, dialect)
        for place, mark in enumerate(delimiters or (",",))
        for dialect in _variants(mark, sample)
    ]
    score, _, best = max(choices, key=lambda choice: choice[:2])
    if score < 1 and not delimiter:
        best = _find_wrapped(lines) or best
    return best._replace(
        has_sep_line=bool(sep_line), strip=_is_padded(best, lines), is_curly=is_curly
    )


def straighten(lines: Iterable[str]) -> Iterator[str]:
    """Yield lines with plain quotes in place of curly ones around cells."""
    for line in lines:
        yield _CURLY.sub(lambda found: f'"{found[1]}"', line)


def unwrap(lines: Iterable[str]) -> Iterator[str]:
    """Yield what is in lines each of which is one cell in quotes."""
    for row in csv.reader(lines, delimiter="\x1e"):
        yield ("\x1e".join(row)) + "\n"


def _find_wrapped(lines: list[str]) -> Dialect | None:
    """Return how cells are written in lines that are in quotes as a whole, None if none are."""
    texts = [line.strip() for line in lines if line.strip()]
    if len(texts) < 2 or not all(text[0] == text[-1] == '"' for text in texts):
        return None
    inner = list(unwrap(lines))
    found = find_dialect("".join(inner))
    return found._replace(is_wrapped=True) if _judge(found, inner) > 1 else None


def _list_delimiters(sample: str) -> tuple[str, ...]:
    """Return what may separate cells; a colon that is part of a value does not."""
    bare = _COLON_IN_VALUES.sub("", sample)
    return tuple(mark for mark in DELIMITERS if mark in (bare if mark == ":" else sample))


def _whole_lines(sample: str) -> list[str]:
    """Return the lines of a text, without one that is cut off at its end if there are others."""
    # the end is matched as well: looking for one from each of its characters takes for ever
    *lines, last = re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z", sample.lstrip("\ufeff")) or [""]
    return [*lines, last] if last.endswith(("\r", "\n")) or not lines else lines


def _variants(mark: str, sample: str) -> list[Dialect]:
    """Return the ways of quoting that the sample may show for a delimiter."""
    edge = re.escape(mark)
    dialect = Dialect(mark)
    double, single = (
        len(
            re.findall(
                rf"(?:^|{edge}) *{quote}[^{quote}\r\n]*{quote} *(?=$|\r|{edge})", sample, re.M
            )
        )
        for quote in ('"', "'")
    )
    if single > 2 * double and single >= 2:
        dialect = dialect._replace(quote="'")
    quote = dialect.quote
    if mark not in " \t" and re.search(
        rf"{edge} +{quote}[^{quote}\r\n]*{quote} *(?={edge}|$|\r)", sample, re.M
    ):
        dialect = dialect._replace(skip_space=True)
    found = [dialect]
    if re.search(rf"\\{quote}(?! *(?:{edge}|\r|\n|\Z))", sample):
        found.insert(0, dialect._replace(escape="\\"))
    return found


def _judge(dialect: Dialect, lines: list[str]) -> float:
    """Return how well a dialect fits: rows as long as others, addresses alone in a cell."""
    rows: list[list[str]] = []
    try:
        for row in dialect.reader(lines):
            if any(map(str.strip, row)):
                rows.append(row)
            if len(rows) >= _ROWS:
                break
    except csv.Error:
        return -1.0
    if not rows:
        return 0.0
    counts = Counter(len(row) for row in rows)
    even = sum(count * count for size, count in counts.items() if size > 1) / len(rows) ** 2
    with_address = [row for row in rows if any("@" in cell for cell in row)]
    alone = sum(_has_address(row) for row in with_address)
    broken = sum(cell.count("\n") > 3 or cell.count('"') % 2 for row in rows for cell in row)
    split = min(1.0, max(counts) - 1)
    return even + 2 * split * alone / max(1, len(with_address)) - broken / len(rows)


def _has_address(row: list[str]) -> bool:
    """Tell whether a cell has an address and nothing else: one, several, or with a name."""
    return any("@" in cell and _ADDRESSES.fullmatch(cell) for cell in row)


def _is_padded(dialect: Dialect, lines: list[str]) -> bool:
    """Tell whether nearly every delimiter has a blank on the same side."""
    mark = dialect.delimiter
    text = "".join(lines[:_ROWS])
    if mark in " \t" or not text.count(mark):
        return False
    edge = re.escape(mark)
    behind, ahead = (len(re.findall(edge + side, text, re.M)) for side in ("(?!$|\r)", ""))
    inner = ahead - len(re.findall(f"^{edge}", text, re.M))
    is_before = inner > 0 and text.count(f" {mark}") >= 0.9 * inner
    return is_before or (behind > 0 and text.count(f"{mark} ") >= 0.9 * behind)
