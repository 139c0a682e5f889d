"""What `POST /path/import/analyze` finds out about a file (section 5.1)."""

from __future__ import annotations

import csv
import itertools
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from . import csv_file
from .csv_file import Layout, refuse_file
from .suggestions import PATTERNS

PREVIEW_ROWS = 5
SUGGESTION_ROWS = 50


@dataclass(frozen=True)
class Analysis:
    """The layout of a file, its header, its number of data rows and the first of them."""

    layout: Layout
    headers: list[str]
    rows: list[list[str]]
    total_rows: int


def analyze_file(path: Path) -> Analysis:
    """Read a staged file once from end to end; memory does not grow with it.

    Raises the 400.
    """
    encoding = csv_file.detect_encoding(path)
    layout = Layout(encoding, csv_file.detect_delimiter(path, encoding))
    counter = itertools.count()
    with csv_file.open_rows(path, layout) as reader:
        try:
            headers = next(reader, None)
            check_header(headers)
            sample = list(itertools.islice(reader, SUGGESTION_ROWS))
            # zip() asks the reader first, so that the counter counts whole rows; a deque of
            # length 0 uses them up without a step of Python for each.
            deque(zip(reader, counter, strict=False), maxlen=0)
        except csv.Error as error:
            raise refuse_file(f"The file cannot be read as CSV: {error}.") from None
    assert headers is not None
    return Analysis(layout, headers, sample, len(sample) + next(counter))


def check_header(headers: Sequence[str] | None) -> None:
    """Raise the 400 when the first row is no header."""
    if headers is None:
        raise refuse_file("The file is empty.")
    if not any(header.strip() for header in headers):
        raise refuse_file("The first row must be a header row, but it is blank.")
    if any(PATTERNS["EMAIL"].fullmatch(header.strip()) for header in headers):
        raise refuse_file("The first row must be a header row, but it holds an e-mail address.")
    if len(headers) > csv_file.MAX_COLUMNS:
        raise refuse_file(f"The file has more than {csv_file.MAX_COLUMNS} columns.")
