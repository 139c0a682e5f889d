"""`failed-export --summary`: why rows failed, and how often."""

from __future__ import annotations

import csv
import io

import pytest

from tests.replies import Reply
from tests.world import MakeWorld, Result, World


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    """A world: import 1 has failed rows of two kinds, 2 has none, 3 is pending."""
    world = make_world("--fault=queue=3600,after=2")
    world.finish_import("Email,Name\nbad,A\nx@example.org,B\nworse,C\n,D\n")
    world.finish_import("Email,Name\ny@example.org,B\n")
    world.create_import("Email,Name\ny@example.org,B\n")
    return world


def _summary(world: World, job_id: int, *arguments: str) -> Result:
    return world.run("path import failed-export", str(job_id), "--summary", *arguments)


def test_json_has_a_record_for_each_reason(world: World) -> None:
    done = _summary(world, 1)
    assert (done.code, done.err) == (0, "")
    assert list(done.json) == ["data"]
    first, second = done.json["data"]
    assert first == {
        "count": 2,
        "errorCode": "INVALID_EMAIL",
        "errorMessage": "EMAIL is not a valid e-mail address",
        "rowNum": "1",
        "example": "bad,A",
    }
    assert (second["count"], second["rowNum"], second["example"]) == (1, "4", ",D")
    assert second["errorCode"] not in ("", "INVALID_EMAIL")


def test_csv_has_a_line_for_each_reason(world: World) -> None:
    done = _summary(world, 1, "--format=csv")
    rows = list(csv.reader(io.StringIO(done.out)))
    assert (done.code, done.err) == (0, "")
    assert rows[0] == ["Count", "Error", "Message", "Row", "Example"]
    assert rows[1] == ["2", "INVALID_EMAIL", "EMAIL is not a valid e-mail address", "1", "bad,A"]
    assert len(rows) == 3


def test_a_table_has_a_line_for_each_reason(world: World) -> None:
    done = _summary(world, 1, "--format=table")
    lines = done.out.splitlines()
    assert (done.code, done.err, len(lines)) == (0, "", 4)
    assert lines[0].split() == ["Count", "Error", "Message", "Row", "Line", "Example"]
    assert lines[2].split()[:2] == ["2", "INVALID_EMAIL"]


def test_an_import_without_failed_rows_has_no_reasons(world: World) -> None:
    assert _summary(world, 2).json == {"data": []}
    table = _summary(world, 2, "--format=table")
    assert (table.code, table.err) == (0, "Import 2 has no failed rows.\n")


@pytest.mark.parametrize(("job_id", "code"), [(3, 1), (999, 4)])
def test_an_export_that_there_is_not_is_an_error(world: World, job_id: int, code: int) -> None:
    done = _summary(world, job_id)
    assert (done.code, done.out) == (code, "")


def test_a_server_that_has_no_rows_to_give_has_no_reasons(world: World) -> None:
    world.answer(Reply(b"", 204))
    assert _summary(world, 7).json == {"data": []}
    table = _summary(world, 7, "--format=table")
    assert (table.code, table.err) == (0, "Import 7 has no failed rows.\n")


def test_a_summary_is_not_saved_in_a_file(world: World) -> None:
    done = _summary(world, 1, "-o", "rows.csv")
    assert (done.code, done.out) == (2, "")
    assert done.error["message"] == "--summary and --output exclude each other"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"Email,Name\nbad,A\n", "the export has no column errorCode: Email, Name"),
        (b"errorCode,x\nBAD,a\rb\n", "the export is not CSV: "),
    ],
)
def test_an_export_that_cannot_be_read_is_an_error_and_no_traceback(
    world: World, body: bytes, message: str
) -> None:
    done = _summary(world.answer(Reply(body, headers={"Content-Type": "text/csv"})), 7)
    assert (done.code, done.out, done.error["code"]) == (1, "", "UNEXPECTED_ANSWER")
    assert done.error["message"].startswith(message)


def test_an_export_that_is_cut_off_has_no_summary(world: World) -> None:
    world.answer(Reply(b"Email,errorCode\nbad,BAD\n", length=1000))
    done = _summary(world, 7)
    assert (done.code, done.out, done.error["code"]) == (1, "", "NETWORK")
