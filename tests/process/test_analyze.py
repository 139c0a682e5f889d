"""`analyze`: where a file may come from, and what is no CSV file."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.harness import Running, Sandbox, clean_environ, people, run_cli
from tests.process.stub import Stub
from tests.replies import Reply

ANALYZE = ("path", "import", "analyze")
MEGABYTE = 1 << 20


def test_a_file_is_uploaded_under_its_own_name(sandbox: Sandbox, tmp_path: Path) -> None:
    (tmp_path / "guests.csv").write_text(people(3))
    done = sandbox.run(*ANALYZE, "--file", tmp_path / "guests.csv")
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


def test_standard_input_may_be_given_a_name(sandbox: Sandbox) -> None:
    done = sandbox.run(*ANALYZE, "--file=-", stdin=people(2))
    assert done.json["data"]["fileKey"].endswith("stdin.csv")
    done = sandbox.run(*ANALYZE, "--file=-", "--file-name=guests.csv", stdin=people(2))
    assert (done.code, done.json["data"]["totalRows"]) == (0, 2)
    assert done.json["data"]["fileKey"].endswith("guests.csv")


def test_a_named_pipe_is_read_to_its_end(sandbox: Sandbox, tmp_path: Path) -> None:
    pipe = tmp_path / "guests.csv"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_text, args=(people(4),))
    writer.start()
    done = sandbox.run(*ANALYZE, "--file", pipe)
    writer.join(10)
    assert (done.code, done.json["data"]["totalRows"]) == (0, 4)


def test_a_table_shows_each_column_with_its_suggestion(sandbox: Sandbox) -> None:
    done = sandbox.run(*ANALYZE, "--file=-", "--format=table", stdin=people(2))
    assert "Columns, and the fields they seem to hold" in done.out
    rows = [line.split() for line in done.out.splitlines()]
    assert ["0", "Email", "EMAIL"] in [row[:3] for row in rows]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"PK\x03\x04\x14\x00", "is a ZIP archive or an Excel workbook (.xlsx), not CSV"),
        (gzip.compress(b"Email\n", mtime=0), "is compressed with gzip, not CSV"),
        (b"Email\x00Name\n", "is not text: it holds NUL bytes"),
    ],
)
def test_what_is_no_csv_is_refused_before_the_login_check(
    tmp_path: Path, content: bytes, message: str
) -> None:
    (tmp_path / "guests.csv").write_bytes(content)
    # no token, and a server that does not exist: neither is missed
    environ = clean_environ(tmp_path, TALKVALUE_API_URL="http://127.0.0.1:9")
    done = run_cli(*ANALYZE, "--file=guests.csv", environ=environ, cwd=tmp_path)
    assert (done.code, done.out) == (2, "")
    assert done.error["message"] == f"guests.csv {message}"


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("nosuch.csv", "file not found: nosuch.csv"),
        ("home", "home is a folder; name a CSV file"),
    ],
)
def test_what_is_no_file_is_told_before_the_login_check(
    tmp_path: Path, path: str, message: str
) -> None:
    environ = clean_environ(tmp_path, TALKVALUE_API_URL="http://127.0.0.1:9")
    done = run_cli(*ANALYZE, "--file", path, environ=environ, cwd=tmp_path)
    assert (done.code, done.out, done.error["message"]) == (2, "", message)


def test_what_cannot_be_read_says_why(sandbox: Sandbox) -> None:
    # without a controlling terminal nobody can open it, not even root
    process = sandbox.start(*ANALYZE, "--file=/dev/tty", start_new_session=True)
    with Running(process) as analyzing:
        done = analyzing.finish()
    assert (done.code, done.out) == (2, "")
    assert done.error["message"] == "cannot read /dev/tty: No such device or address"


@pytest.mark.parametrize("content", ["", "PK\x03\x04"])
def test_standard_input_is_looked_at_too(sandbox: Sandbox, content: str) -> None:
    done = sandbox.run(*ANALYZE, "--file=-", stdin=content)
    assert (done.code, done.error["code"]) == (2, "USAGE")
    assert done.error["message"].startswith("standard input is ")


def test_a_large_file_is_streamed_with_flat_memory(sandbox: Sandbox, tmp_path: Path) -> None:
    line = b"someone@example.org," + b"x" * 2000 + b"\n"
    with (tmp_path / "large.csv").open("wb") as file:
        file.write(b"Email,Notes\n")
        file.writelines([line] * (50 * MEGABYTE // len(line)))
    code, peak = _measure(sandbox, tmp_path / "large.csv")
    assert code == 0
    # the interpreter and what it imports take about 40
    assert peak < 100 * MEGABYTE


#: says how much memory it took; what wait4() tells counts the process that forked it, too
MEASURED = r"""
import re, sys
from talkvalue_cli import cli
code = cli.main(sys.argv[1:])
print(re.search(r"VmHWM:\s+(\d+) kB", open("/proc/self/status").read())[1], file=sys.stderr)
sys.exit(code)
"""


def _measure(sandbox: Sandbox, path: Path) -> tuple[int, int]:
    """Analyze a file; return the exit code and the peak of resident memory in bytes."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, *ANALYZE, "--file", path],
        env={**sandbox.environ(), "PYTHONWARNINGS": "ignore"},
        capture_output=True,
        check=False,
    )
    return done.returncode, int(done.stderr.splitlines()[-1]) * 1024


def test_the_upload_announces_its_size_and_sends_the_bytes_unchanged(
    start_stub: Callable[..., Stub],
) -> None:
    stub = start_stub(Reply({"fileKey": "k", "headers": [], "columnMappings": []}))
    content = "\ufeffEmail\r\nmüller@example.org\r\n".encode()
    done = stub.run(*ANALYZE, "--file=-", "--file-name=gäste.csv", stdin=content)
    assert done.code == 0, done.err
    request = stub.requests[0]
    assert (request.method, request.path) == ("POST", "/path/import/analyze")
    assert int(request.headers["Content-Length"]) == len(request.body)
    assert b"\r\n\r\n" + content + b"\r\n--" in request.body
    assert 'name="file"; filename="gäste.csv"'.encode() in request.body
    assert b"Content-Type: text/csv" in request.body
