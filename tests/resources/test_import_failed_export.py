"""`failed-export`: every failed row, to standard output or whole into a file."""

from __future__ import annotations

import stat

import pytest

from tests.csv_texts import people
from tests.replies import Reply
from tests.world import MakeWorld, World

ROWS = (
    "Email,Name,rowNum,errorCode,errorMessage\r\n"
    "not-an-address-0,Nobody 0,4,INVALID_EMAIL,EMAIL is not a valid e-mail address\r\n"
)


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    """A world: import 1 has one failed row, import 2 is pending."""
    world = make_world("--fault=queue=3600,after=1")
    world.finish_import(people(3, bad=1))
    world.create_import(people(3))
    return world


@pytest.mark.parametrize("target", ["", "-o -", "--output=-"])
def test_it_prints_the_rows_as_the_server_sends_them(world: World, target: str) -> None:
    assert world.run("path import failed-export 1", target).told == (0, ROWS, "")


def test_it_saves_them_for_the_owner_only(world: World) -> None:
    done = world.run("path import failed-export 1 -o rows.csv")
    assert done.told == (0, "", "")
    assert (world.folder / "rows.csv").read_bytes() == ROWS.encode()
    assert stat.S_IMODE((world.folder / "rows.csv").stat().st_mode) == 0o600


def test_the_saved_rows_can_be_corrected_and_imported_again(world: World) -> None:
    rows = world.run("path import failed-export 1").out
    mended = rows.replace("not-an-address-0", "nobody0@example.org")
    analysis = world.run("path import analyze --file=-", stdin=mended).json["data"]
    assert analysis["headers"][:2] == ["Email", "Name"]
    assert analysis["preview"] == [
        [
            "nobody0@example.org",
            "Nobody 0",
            "4",
            "INVALID_EMAIL",
            "EMAIL is not a valid e-mail address",
        ]
    ]


def test_another_file_is_replaced_only_with_force(world: World) -> None:
    (world.folder / "rows.csv").write_text("mine")
    export = "path import failed-export 1 -o rows.csv"
    done = world.run(export)
    assert (done.code, done.error["code"]) == (2, "FILE_EXISTS")
    assert done.error["hint"] == "--force replaces it"
    assert (world.folder / "rows.csv").read_text() == "mine"
    assert world.run(export, "--force").code == 0
    assert (world.folder / "rows.csv").read_bytes() == ROWS.encode()


def test_a_format_changes_nothing_and_is_told_so(world: World) -> None:
    done = world.run("path import failed-export 1 --format=csv")
    assert (done.code, done.out) == (0, ROWS)
    assert done.err == "Warning: an export is always CSV; --format and --json change nothing\n"


def test_a_format_that_does_not_exist_is_refused_here_too(world: World) -> None:
    done = world.run("path import failed-export 1 --format=xml")
    assert (done.code, done.out) == (2, "")
    assert done.error["message"] == "unsupported output format: xml"


@pytest.mark.parametrize(("job_id", "code", "status"), [(2, 1, 400), (99, 4, 404)])
def test_what_cannot_be_exported_says_why(
    world: World, job_id: int, code: int, status: int
) -> None:
    done = world.run("path import failed-export", str(job_id))
    assert (done.code, done.out, done.error["status"]) == (code, "", status)


@pytest.mark.parametrize("length", [1 << 20, 60])
def test_a_stream_that_is_cut_leaves_no_file(world: World, length: int) -> None:
    csv = {"Content-Type": "text/csv"}
    world.answer(Reply(b"Email\nx\n", headers=csv, length=length))
    done = world.run("path import failed-export 7 -o rows.csv")
    assert (done.code, done.error["code"]) == (1, "NETWORK")
    assert done.error["message"].endswith("/path/import/7/failed/export: the answer was cut off")
    assert list(world.folder.glob("*rows*")) == []


@pytest.mark.parametrize(
    ("reply", "what"),
    [
        (Reply({"data": []}), "application/json"),
        (Reply(b"<html>", headers={"Content-Type": "text/html; charset=utf-8"}), "text/html"),
        (Reply(b"{}", headers={"Content-Type": "application/problem+json"}), "problem+json"),
        (Reply(b""), "nothing"),
    ],
)
def test_an_answer_that_is_no_csv_is_refused(world: World, reply: Reply, what: str) -> None:
    world.answer(reply)
    done = world.run("path import failed-export 7 -o rows.csv")
    assert (done.code, done.error["code"]) == (1, "UNEXPECTED_ANSWER")
    assert "should answer with CSV, not " in done.error["message"]
    assert what in done.error["message"]
    assert list(world.folder.glob("*rows*")) == []


@pytest.mark.parametrize("format", ["json", "table", "csv"])
@pytest.mark.parametrize("flags", ["", "-o rows.csv --force"])
def test_without_failed_rows_nothing_is_written(world: World, flags: str, format: str) -> None:
    world.answer(Reply(b"", 204))
    world.write("rows.csv", "mine")
    done = world.run("path import failed-export 7", flags, f"--format={format}")
    assert (done.code, done.out) == (0, "")
    assert done.err.endswith("Import 7 has no failed rows.\n")
    assert (world.folder / "rows.csv").read_text() == "mine"


def test_bytes_are_passed_on_whatever_they_mean(world: World) -> None:
    odd = b"\xef\xbb\xbfE-Mail\r\nm\xfcller\x00\n"
    headers = {"Content-Type": "text/csv; charset=iso-8859-1"}
    world.answer(Reply(odd, headers=headers))
    assert world.run("path import failed-export 7 -o rows.csv").code == 0
    assert (world.folder / "rows.csv").read_bytes() == odd
