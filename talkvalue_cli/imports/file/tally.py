"""What was done with a file so far: counted, with the line of each row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from talkvalue_cli.imports.file.date_order import OrderFinder
from talkvalue_cli.imports.file.lines import LineMap


class Tally:
    """What a conversion has done so far.

    finders: see all dates of their column, so that none in another order goes unnoticed.
    in_doubt: rows of people who may not take part, by what their column says.
    """

    def __init__(self, finders: Mapping[int, OrderFinder] | None = None) -> None:
        self.finders = finders or {}
        self.rows = 0
        self.left_out: Counter[str] = Counter()
        self.changed: Counter[str] = Counter()
        self.in_doubt: Counter[str] = Counter()
        self.lines = LineMap()
