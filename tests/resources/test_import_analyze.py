"""`analyze`: where a file may come from, and what is no CSV file."""

from __future__ import annotations

import gzip
import os
import threading

import pytest

from tests.csv_texts import rows
from tests.replies import Reply
from tests.world import World

ANALYZE = "path import analyze"


def test_a_file_is_uploaded_under_its_own_name(world: World) -> None:
    (world.folder / "guests.csv").write_text(rows(3))
    done = world.run(ANALYZE, "--file", world.folder / "guests.csv")
    assert (done.code, done.err) == (0, "")
    data = done.json["data"]
    assert list(data) == [
        "fileKey",
        "totalRows",
        "headers",
        "preview",
        "columnMappings",
        "missingRequired",
    ]
    assert data["totalRows"] == 3
    assert data["headers"] == ["Email", "Name"]
    assert data["columnMappings"][0]["suggestedField"] == "EMAIL"
    assert data["fileKey"].endswith("-guests.csv")


def test_standard_input_may_be_given_a_name(world: World) -> None:
    done = world.run(ANALYZE, "--file=-", stdin=rows(2))
    assert done.json["data"]["fileKey"].endswith("stdin.csv")
    done = world.run(ANALYZE, "--file=-", "--file-name=guests.csv", stdin=rows(2))
    assert (done.code, done.json["data"]["totalRows"]) == (0, 2)
    assert done.json["data"]["fileKey"].endswith("guests.csv")


def test_a_named_pipe_is_read_to_its_end(world: World) -> None:
    pipe = world.folder / "guests.csv"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_text, args=(rows(4),))
    writer.start()
    done = world.run(ANALYZE, "--file", pipe)
    writer.join(10)
    assert (done.code, done.json["data"]["totalRows"]) == (0, 4)


def test_a_table_shows_each_column_with_its_suggestion(world: World) -> None:
    done = world.run(ANALYZE, "--file=-", "--format=table", stdin=rows(2))
    assert "Columns, and the fields they seem to hold" in done.out
    lines = [line.split() for line in done.out.splitlines()]
    assert ["0", "Email", "EMAIL"] in [row[:3] for row in lines]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"PK\x03\x04\x14\x00", "is a ZIP archive, not CSV"),
        (gzip.compress(b"Email\n", mtime=0), "is compressed with gzip, not CSV"),
        (b"Email\x00Name\n", "is not text: it holds NUL bytes"),
    ],
)
def test_what_is_no_csv_is_refused_before_the_login_check(
    world: World, content: bytes, message: str
) -> None:
    world.write("guests.csv", content)
    done = world.run(ANALYZE, "--file=guests.csv", TALKVALUE_TOKEN=None)
    assert (done.code, done.out, done.sent) == (2, "", [])
    assert done.error["message"] == f"guests.csv {message}"


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("nosuch.csv", "file not found: nosuch.csv"),
        ("home", "home is a folder; name a CSV file"),
    ],
)
def test_what_is_no_file_is_told_before_the_login_check(
    world: World, path: str, message: str
) -> None:
    done = world.run(ANALYZE, "--file", path, TALKVALUE_TOKEN=None)
    assert (done.code, done.out, done.error["message"]) == (2, "", message)


@pytest.mark.parametrize("content", ["", "PK\x03\x04"])
def test_standard_input_is_looked_at_too(world: World, content: str) -> None:
    done = world.run(ANALYZE, "--file=-", stdin=content)
    assert (done.code, done.error["code"]) == (2, "USAGE")
    assert done.error["message"].startswith("standard input is ")


def test_the_upload_announces_its_size_and_sends_the_bytes_unchanged(
    world: World,
) -> None:
    world.answer(Reply({"fileKey": "k", "headers": [], "columnMappings": []}))
    content = "\ufeffEmail\r\nmüller@example.org\r\n".encode()
    done = world.run(ANALYZE, "--file=-", "--file-name=gäste.csv", stdin=content)
    assert done.code == 0, done.err
    request = world.requests[0]
    assert (request.method, request.path) == ("POST", "/path/import/analyze")
    assert int(request.headers["Content-Length"]) == len(request.body)
    assert b"\r\n\r\n" + content + b"\r\n--" in request.body
    assert 'name="file"; filename="gäste.csv"'.encode() in request.body
    assert b"Content-Type: text/csv" in request.body
