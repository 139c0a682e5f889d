"""Prepared: what was decided about a file, as it is told to people and to scripts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from talkvalue_cli.errors import UsageError

if TYPE_CHECKING:
    from talkvalue_cli.imports.file.choice import ChosenColumn, UnusedColumn
    from talkvalue_cli.imports.file.date_order import DateOrder

#: what separators are called
_NAMES = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars", ":": "colons"}
_ORDERS = {"dmy": "day, month, year", "mdy": "month, day, year", "ymd": "year, month, day"}
#: so many columns or reasons are named in one line
SHOWN = 12


class Prepared(NamedTuple):
    """How a file was read, and what of it is imported.

    encoding: Python's name of it. header_line: from 1.
    rows: how many are sent. left_out: lines that are no rows of people, by reason.
    changed: values that were changed, by what was done to them.
    in_doubt: rows that are sent of people who may not take part, by what their column says.
    is_unchanged: the file is sent byte for byte.
    date_order: of its dates, and how that is known; None where nothing depends on it.
    sheet: of a workbook; None for every other file. other_sheets: those that are not read.
    """

    encoding: str
    separator: str
    header_line: int
    rows: int
    used: Sequence[ChosenColumn] = ()
    unused: Sequence[UnusedColumn] = ()
    left_out: Mapping[str, int] = {}
    changed: Mapping[str, int] = {}
    is_unchanged: bool = True
    date_order: DateOrder | None = None
    sheet: str | None = None
    other_sheets: Sequence[str] = ()
    in_doubt: Mapping[str, int] = {}

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON has it under `run.prepared`."""
        return {
            "encoding": self.encoding,
            "separator": self.separator,
            "headerLine": self.header_line,
            "sheet": self.sheet,
            "otherSheets": [*self.other_sheets],
            "rows": self.rows,
            "columns": [
                {"column": c.index, "header": c.header, "field": c.field, "why": c.why}
                for c in self.used
            ],
            "unusedColumns": [
                {"column": c.index, "header": c.header, "why": c.why} for c in self.unused
            ],
            "rowsLeftOut": dict(self.left_out),
            "valuesChanged": dict(self.changed),
            "rowsInDoubt": dict(self.in_doubt),
            "dateOrder": self.date_order and self.date_order._asdict(),
            "sentAsItIs": self.is_unchanged,
        }

    def describe(self, *, names_unused: bool = True) -> list[str]:
        """Return what a person has to know beside the mapping: lines, none when all is plain.

        names_unused: with the columns that are not imported.
        """
        how, lines = self._describe_reading(), []
        if how:
            lines.append(f"read as {how}")
        if self.date_order is not None:
            order, why = self.date_order
            lines.append(f"dates read as {_ORDERS[order]}: {why}")
        if self.in_doubt:
            lines.append(f"imported, though it is in doubt: {_count(self.in_doubt, 'rows')}")
        return lines + self._describe_losses(names_unused=names_unused)

    def _describe_losses(self, *, names_unused: bool = True) -> list[str]:
        lines = []
        if self.left_out:
            lines.append(f"left out: {_count(self.left_out, 'rows')}")
        if self.changed:
            lines.append(f"changed: {_count(self.changed, 'values')}")
        if self.other_sheets:
            lines.append(f"sheets not read: {', '.join(self.other_sheets)}")
        if self.unused and names_unused:
            lines.append(f"not imported: {name_columns(self.unused)}")
        return lines

    def render_remarks(self) -> str:
        """Return the same as comments of a mapping file."""
        return "".join(f"# {line}\n" for line in self.describe())

    def _describe_reading(self) -> str:
        parts = []
        if self.sheet is not None:
            parts.append(f"the sheet {self.sheet!r}")
        elif self.encoding != "utf-8":
            parts.append(self.encoding)
        if self.separator != ",":
            parts.append(f"separated by {_NAMES.get(self.separator, repr(self.separator))}")
        if self.header_line != 1:
            parts.append(f"header in line {self.header_line}")
        return ", ".join(parts)

    def refuse_losses(self, label: str) -> None:
        """Raise UsageError when anything is not imported, changed or left out: `strict`.

        Why a row has failed, in a file of failed rows, is nobody's data.
        """
        from talkvalue_cli.imports import failed_rows

        headers = [column.header for column in self.used]
        headers += [column.header for column in self.unused]
        is_ours = failed_rows.find_origin(label, headers) is not None
        ours = failed_rows.REASONS if is_ours else ()
        unused = [column for column in self.unused if column.header not in ours]
        losses = self._replace(unused=unused)._describe_losses()
        if losses:
            listed = "".join(f"\n  {line}" for line in losses)
            raise UsageError(f"{label} is not imported whole:{listed}", remedy=("strict", ""))


def name_columns(columns: Sequence[UnusedColumn]) -> str:
    """Return the names of columns in one line; the number for one without a header."""
    names = [
        " ".join(column.header.split()) or f"column {column.index}" for column in columns[:SHOWN]
    ]
    more = f" and {len(columns) - SHOWN} more" if len(columns) > SHOWN else ""
    return f"{', '.join(names)}{more}"


def _count(counts: Mapping[str, int], what: str) -> str:
    total = sum(counts.values())
    listed = ", ".join(f"{reason} {count:,}" for reason, count in counts.items())
    return f"{total:,} {what[:-1] if total == 1 else what} ({listed})"
