"""How imports look in tables."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from talkvalue_cli import times
from talkvalue_cli.commands.path.import_.shared_journal import FindChannel
from talkvalue_cli.counts import read_count
from talkvalue_cli.imports.status import (
    find_line,
    is_finished,
    read_row_number,
)
from talkvalue_cli.imports.submitting.tags import hide_tag
from talkvalue_cli.output.columns import (
    Column,
    Field,
    Layout,
    Reading,
    Record,
    Section,
    list_items,
    list_objects,
    make_field,
    to_text,
)
from talkvalue_cli.output.formats import format_count, read_time
from talkvalue_cli.output.progress.snapshot import round_duration
from talkvalue_cli.output.style import style_of_status
from talkvalue_cli.statuses import PENDING, RUNNING

#: returns the line of the user's file for the number of a row, None where there is none
FindLine = Callable[[int], int | None]


def _rows(record: Record) -> str:
    total, processed = read_count(record.get("totalRows")), read_count(record.get("processedRows"))
    if not total or processed is None:
        return format_count(record.get("processedRows"))
    return f"{processed:,} of {total:,} ({100 * processed // total} %)"


def line_column(find_line: FindLine = find_line) -> Column:
    """Return where a failed row of the server stands in the file, as a spreadsheet counts."""

    def compute(record: Record, reading: Reading) -> int | None:
        number = read_row_number(record.get("rowNum"))
        return None if number is None else find_line(number)

    return Column("Line", "", is_right=True, compute=compute)


def _percent(record: Record, reading: Reading) -> str:
    """Return how much is done, in percent; at most 99 until the import has finished."""
    total, processed = read_count(record.get("totalRows")), read_count(record.get("processedRows"))
    if not total or processed is None or record.get("status") == PENDING:
        return ""
    percent = min(100, 100 * processed // total)
    return f"{percent if is_finished(record) else min(99, percent)}%"


def _time_left(record: Record, reading: Reading) -> str:
    """Return how long an import may still take at the pace that it has had so far."""
    total, processed = read_count(record.get("totalRows")), read_count(record.get("processedRows"))
    began = times.parse_timestamp(record.get("processStartedAt"))
    if record.get("status") != RUNNING or not total or not processed or began is None:
        return ""
    age_s = reading.now - began.timestamp()
    left_s = age_s * (total - processed) / processed
    return f"~{round_duration(left_s)}" if age_s > 0 and left_s > 0 else ""


def _duration(record: Record) -> str:
    began = times.parse_timestamp(record.get("processStartedAt"))
    ended = times.parse_timestamp(record.get("completedAt"))
    if began is None or ended is None:
        return ""
    return times.format_duration((ended - began).total_seconds())


def _own_name(name: Any) -> str:
    """Return a file's name as its owner knows it."""
    return hide_tag(to_text(name))


def _failed_title(record: Record) -> str:
    shown = len(list_objects(record, "failedRows"))
    return f"Failed rows ({shown} of {format_count(record.get('failedCount'))})"


LIST_COLUMNS = (
    Column("ID", "id"),
    Column("Status", "status", style=lambda status: style_of_status(str(status))),
    Column("Mode", "mode", can_go=5),
    Column("File Name", "fileName", can_shrink=True, format=_own_name),
    Column("Total", "totalRows", is_right=True, can_go=6),
    Column("Processed", "processedRows", is_right=True, can_go=7),
    Column("Done", "", is_right=True, compute=_percent),
    Column("ETA", "", is_right=True, compute=_time_left, can_go=2),
    Column("New", "newCount", is_right=True, can_go=4),
    Column("Failed", "failedCount", is_right=True),
    Column("Started", "", compute=lambda r, _: r.get("processStartedAt"), is_time=True, can_go=1),
    Column("Completed At", "completedAt", is_time=True, can_go=8),
)


def list_columns(find_channel: FindChannel | None) -> list[Column]:
    """Return the columns of a list, with the channel behind the mode where it can be found."""
    if find_channel is None:
        return list(LIST_COLUMNS)
    channel = Column("Channel", "", compute=lambda record, reading: find_channel(record), can_go=3)
    return [*LIST_COLUMNS[:3], channel, *LIST_COLUMNS[3:]]


def _failed_section(find_line: FindLine) -> Section:
    return Section(
        _failed_title,
        lambda record: list_objects(record, "failedRows"),
        (
            Column("Row", "rowNum", is_right=True),
            line_column(find_line),
            Column("Error", "errorCode"),
            Column("Message", "errorMessage", can_shrink=True),
            Column("Value", "rawValue", can_shrink=True),
        ),
    )


JOB_LAYOUT = Layout(
    (
        make_field("ID", "id"),
        Field("Status", lambda r: r.get("status"), lambda r: style_of_status(str(r.get("status")))),
        Field("File", lambda record: _own_name(record.get("fileName"))),
        make_field("Mode", "mode"),
        Field("Rows", _rows),
        make_field("New", "newCount", format_count),
        make_field("Updated", "updatedCount", format_count),
        make_field("Duplicated", "duplicatedCount", format_count),
        make_field("Skipped", "skipCount", format_count),
        make_field("Failed", "failedCount", format_count, style="bad"),
        make_field("Started", "processStartedAt", read_time),
        make_field("Completed", "completedAt", read_time),
        Field("Duration", _duration),
    ),
    (_failed_section(find_line),),
)


def job_layout(
    find_channel: FindChannel | None, record: Record | None, find_line: FindLine = find_line
) -> Layout:
    """Return how a record is shown, with its channel below the mode where that is known.

    find_line: returns the line of the user's file for the number of a row.
    """
    fields, channel = list(JOB_LAYOUT.fields), find_channel and record and find_channel(record)
    if channel is not None:
        fields.insert(4, Field("Channel", lambda record: channel))
    return Layout(fields, (_failed_section(find_line),))


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
