"""How imports look in tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from talkvalue_cli import times
from talkvalue_cli.counts import read_count
from talkvalue_cli.imports.submitting.tags import hide_tag
from talkvalue_cli.output.columns import (
    Column,
    Field,
    Layout,
    Record,
    Section,
    list_items,
    list_objects,
    make_field,
    to_text,
)
from talkvalue_cli.output.formats import format_count, format_day, format_timestamp
from talkvalue_cli.output.style import style_of_status


def _rows(record: Record) -> str:
    total, processed = read_count(record.get("totalRows")), read_count(record.get("processedRows"))
    if not total or processed is None:
        return format_count(record.get("processedRows"))
    return f"{processed:,} of {total:,} ({100 * processed // total} %)"


def _duration(record: Record) -> str:
    began = times.parse_timestamp(record.get("processStartedAt"))
    ended = times.parse_timestamp(record.get("completedAt"))
    if began is None or ended is None:
        return ""
    return times.format_duration((ended - began).total_seconds())


def _own_name(name: Any) -> str:
    """Return a file's name as its owner knows it."""
    return hide_tag(to_text(name))


def _status_style(record: Record) -> str:
    return style_of_status(str(record.get("status")))


def _failed_title(record: Record) -> str:
    shown = len(list_objects(record, "failedRows"))
    return f"Failed rows ({shown} of {format_count(record.get('failedCount'))})"


LIST_COLUMNS = (
    Column("ID", "id"),
    Column("Status", "status", style=lambda status: style_of_status(str(status))),
    Column("Mode", "mode", can_go=True),
    Column("File Name", "fileName", can_shrink=True, format=_own_name),
    Column("Total", "totalRows", is_right=True),
    Column("Processed", "processedRows", is_right=True),
    Column("New", "newCount", is_right=True),
    Column("Failed", "failedCount", is_right=True),
    Column("Completed At", "completedAt", short=format_day, can_go=True),
)

_FAILED_COLUMNS = (
    Column("Row", "rowNum", is_right=True),
    Column("Error", "errorCode"),
    Column("Message", "errorMessage", can_shrink=True),
    Column("Value", "rawValue", can_shrink=True),
)


def _failed_section(columns: Sequence[Column]) -> Section:
    return Section(_failed_title, lambda record: list_objects(record, "failedRows"), columns)


JOB_LAYOUT = Layout(
    (
        make_field("ID", "id"),
        Field("Status", lambda record: record.get("status"), _status_style),
        Field("File", lambda record: _own_name(record.get("fileName"))),
        make_field("Mode", "mode"),
        Field("Rows", _rows),
        make_field("New", "newCount", format_count),
        make_field("Updated", "updatedCount", format_count),
        make_field("Duplicated", "duplicatedCount", format_count),
        make_field("Skipped", "skipCount", format_count),
        make_field("Failed", "failedCount", format_count, style="bad"),
        make_field("Started", "processStartedAt", format_timestamp),
        make_field("Completed", "completedAt", format_timestamp),
        Field("Duration", _duration),
    ),
    (_failed_section(_FAILED_COLUMNS),),
)


def layout_with_lines(find_line: Callable[[int], int | None]) -> Layout:
    """Return the layout of a job with the line of the user's file for each failed row.

    find_line: returns the line of a row, None where it is not known.
    """

    def show(row: Any) -> Any:
        number = read_count(row)
        return None if number is None else find_line(number)

    row, *others = _FAILED_COLUMNS
    line = Column("Line", "rowNum", is_right=True, format=show)
    return JOB_LAYOUT._replace(sections=(_failed_section((row, line, *others)),))


def _suggestions(record: Record) -> list[Record]:
    """Return one row for each column of the file: number, header, field, and a value."""
    first: Any = next(iter(list_items(record, "preview")), None)
    rows: list[Record] = []
    for column in list_items(record, "columnMappings"):
        if isinstance(column, dict):
            index = read_count(column.get("csvIndex"))
            is_shown = isinstance(first, list) and index is not None and index < len(first)
            rows.append({**column, "value": first[index] if is_shown else None})
    return rows


def _format_confidence(value: Any) -> Any:
    return f"{value:.2f}" if isinstance(value, float) else value


ANALYSIS_LAYOUT = Layout(
    (
        make_field("File key", "fileKey"),
        make_field("Rows", "totalRows", format_count),
        Field("Missing", lambda record: ", ".join(map(str, list_items(record, "missingRequired")))),
    ),
    (
        Section(
            lambda record: "Columns, and the fields they seem to hold",
            _suggestions,
            (
                Column("Index", "csvIndex", is_right=True),
                Column("Header", "csvHeader", can_shrink=True),
                Column("Field", "suggestedField"),
                Column("Confidence", "confidence", is_right=True, format=_format_confidence),
                Column("First value", "value", can_shrink=True),
            ),
        ),
    ),
)
