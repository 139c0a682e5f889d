"""How imports and analyses look in tables."""

from __future__ import annotations

from typing import Any

import pytest

from talkvalue_cli.commands.path.import_ import tables
from talkvalue_cli.output.style import Style
from talkvalue_cli.output.table import render_record, render_rows

JOB: dict[str, Any] = {
    "id": 4218,
    "status": "PARTIAL_SUCCESS",
    "mode": "UPDATE",
    "fileName": "contacts.csv",
    "totalRows": 12000,
    "processedRows": 12000,
    "newCount": 11000,
    "updatedCount": 900,
    "duplicatedCount": 90,
    "skipCount": 0,
    "failedCount": 10,
    "failedRows": [
        {
            "rowNum": 17,
            "errorCode": "INVALID_EMAIL",
            "errorMessage": "not an\naddress",
            "rawValue": "a@",
        },
        {"rowNum": 90, "errorCode": None},
    ],
    "processStartedAt": "2026-11-23T08:00:00.5Z",
    "completedAt": "2026-11-23T08:01:05Z",
}


def show(record: dict[str, Any], *, is_coloured: bool = False) -> list[str]:
    text = render_record(record, tables.JOB_LAYOUT, Style(is_coloured), 80)
    return text.rstrip("\n").split("\n")


def fields(record: dict[str, Any]) -> dict[str, str]:
    """Return the lines of label and value."""
    lines = show(record)
    end = lines.index("") if "" in lines else len(lines)
    return {line[:10].strip(): line[10:].strip() for line in lines[2:end]}


def test_an_import_is_read_at_a_glance() -> None:
    assert show(JOB) == [
        "Field       Value",
        "----------  ------------------------",
        "ID          4218",
        "Status      PARTIAL_SUCCESS",
        "File        contacts.csv",
        "Mode        UPDATE",
        "Rows        12,000 of 12,000 (100 %)",
        "New         11,000",
        "Updated     900",
        "Duplicated  90",
        "Skipped     0",
        "Failed      10",
        "Started     2026-11-23T08:00:00Z",
        "Completed   2026-11-23T08:01:05Z",
        "Duration    1m04s",
        "",
        "Failed rows (2 of 10)",
        "  Row    Line  Error          Message          Value",
        "-----  ------  -------------  ---------------  -------",
        "   17      18  INVALID_EMAIL  not an\\naddress  a@",
        "   90      91",
    ]


@pytest.mark.parametrize(
    ("status", "painted"),
    [
        ("COMPLETED", "\x1b[32mCOMPLETED\x1b[0m"),
        ("FAILED", "\x1b[31mFAILED\x1b[0m"),
        ("RUNNING", "\x1b[36mRUNNING\x1b[0m"),
        ("ARCHIVED", "ARCHIVED"),
    ],
)
def test_the_status_is_coloured_alone_and_in_a_list(status: str, painted: str) -> None:
    record = {**JOB, "status": status}
    assert painted in "\n".join(show(record, is_coloured=True))
    assert painted in render_rows(tables.LIST_COLUMNS, [record], Style(True))


def test_failed_rows_catch_the_eye_only_when_there_are_any() -> None:
    assert "Failed      \x1b[31m10\x1b[0m" in "\n".join(show(JOB, is_coloured=True))
    clean = show({**JOB, "status": "RUNNING", "failedCount": 0}, is_coloured=True)
    assert "Failed      0" in clean


@pytest.mark.parametrize(
    ("changes", "label", "value"),
    [
        ({"totalRows": 0, "processedRows": 0}, "Rows", "0"),
        ({"totalRows": 1000, "processedRows": 333}, "Rows", "333 of 1,000 (33 %)"),
        ({"totalRows": None}, "Rows", "12,000"),
        ({"processedRows": None}, "Rows", ""),
        ({"completedAt": None}, "Completed", ""),
        ({"completedAt": None}, "Duration", ""),
        ({"processStartedAt": "2026-11-23T09:00:00+01:00"}, "Started", "2026-11-23T08:00:00Z"),
        ({"processStartedAt": "yesterday"}, "Started", "yesterday"),
        ({"processStartedAt": "yesterday"}, "Duration", ""),
        ({"processStartedAt": "2026-11-23T09:00:00Z"}, "Duration", "0s"),
        ({"fileName": None}, "File", ""),
        ({"newCount": "many"}, "New", "many"),
        ({"newCount": ["many"]}, "New", '["many"]'),
        ({"newCount": 10**400}, "New", f"{10**400:,}"),
        ({"fileName": "a\x1b[2J.csv"}, "File", "a\\x1b[2J.csv"),
    ],
)
def test_odd_values_are_shown_as_well_as_they_can_be(
    changes: dict[str, Any], label: str, value: str
) -> None:
    assert fields({**JOB, **changes})[label] == value


@pytest.mark.parametrize("rows", [None, [], "text", 5, [None, "x"], {}])
def test_without_a_sample_there_is_no_section(rows: Any) -> None:
    assert show({**JOB, "failedRows": rows})[-1] == "Duration    1m04s"


def test_a_record_with_nothing_in_it_is_still_shown() -> None:
    assert set(fields({}).values()) == {""}


def test_a_list_has_the_columns_of_the_existing_cli() -> None:
    text = render_rows(tables.LIST_COLUMNS, [JOB], Style(False))
    assert text.split("\n")[0].split("  ")[0] == "ID"
    # what is computed is in tables only, and CSV has what it always had
    assert [column.header for column in tables.LIST_COLUMNS if column.compute is None] == [
        *("ID", "Status", "Mode", "File Name", "Total", "Processed", "New", "Failed"),
        "Completed At",
    ]
    assert text.split("\n")[2].split() == [
        *("4218", "PARTIAL_SUCCESS", "UPDATE", "contacts.csv", "12000", "12000", "100%", "11000"),
        *("10", "2026-11-23T08:00:00Z", "2026-11-23T08:01:05Z"),
    ]


ANALYSIS: dict[str, Any] = {
    "fileKey": "u/2026/11/3f-contacts.csv",
    "totalRows": 1234,
    "headers": ["Email", "Note"],
    "preview": [["a@b.c", "x\ty"]],
    "columnMappings": [
        {"csvIndex": 0, "csvHeader": "Email", "suggestedField": "EMAIL", "confidence": 0.98},
        {"csvIndex": 1, "csvHeader": "Note", "confidence": None},
    ],
    "missingRequired": [],
}


def analyze(**changes: Any) -> list[str]:
    layout = tables.ANALYSIS_LAYOUT
    text = render_record({**ANALYSIS, **changes}, layout, Style(False), 100)
    return text.rstrip("\n").split("\n")


def test_an_analysis_has_a_line_for_each_column_of_the_file() -> None:
    assert analyze() == [
        "Field     Value",
        "--------  -------------------------",
        "File key  u/2026/11/3f-contacts.csv",
        "Rows      1,234",
        "Missing",
        "",
        "Columns, and the fields they seem to hold",
        "  Index  Header    Field      Confidence  First value",
        "-------  --------  -------  ------------  -------------",
        "      0  Email     EMAIL            0.98  a@b.c",
        "      1  Note                             x\\ty",
    ]


def test_missing_fields_are_named() -> None:
    assert "Missing   EMAIL, NAME" in analyze(missingRequired=["EMAIL", "NAME"])


@pytest.mark.parametrize(
    "changes",
    [
        {"missingRequired": None},
        {"missingRequired": 5},
        {"missingRequired": "EMAIL"},
        {"preview": None},
        {"preview": []},
        {"preview": ["text"]},
        {"preview": [[]]},
        {"columnMappings": [*ANALYSIS["columnMappings"], None, "x"]},
    ],
)
def test_members_that_are_not_what_they_should_be_are_left_out(changes: dict[str, Any]) -> None:
    lines = analyze(**changes)
    assert "Missing" in lines
    assert len(lines) == 11
    assert lines[9].split()[:4] == ["0", "Email", "EMAIL", "0.98"]


def test_a_column_that_the_preview_does_not_have_shows_no_value() -> None:
    lines = analyze(columnMappings=[{"csvIndex": -1}, {"csvIndex": 9}, {"csvIndex": "2"}])
    assert [line.split() for line in lines[9:]] == [["-1"], ["9"], ["2"]]
