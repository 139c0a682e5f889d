"""`create`: what is checked before anything is sent, and what nobody can know after a failure."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.harness import TOKEN, Running, Sandbox, clean_environ, people, run_cli, wait_for
from tests.process.stub import Stub
from tests.replies import SILENCE, Reply

StartStub = Callable[..., Stub]
CREATE = ("path", "import", "create", "--file-key=k", "--source-id=1", "--mode=SKIP")
CREATED = Reply({"importJobId": 7, "status": "PENDING"})


@pytest.mark.parametrize(
    ("flags", "part"),
    [
        ("--mapping=0:EMAIL --mode=MERGE", "'MERGE' is not one of UPDATE, SKIP"),
        ("--mapping=0:EMAIL --file-key=", "'--file-key': it is empty"),
        ("--mapping=0:EMAIL --source-id=7xyz", "'7xyz' is not a whole positive number"),
        ("--mapping=0:EMAIL --source-id=0", "'0' is not a whole positive number"),
        ("--mapping=0:EMAIL --source-id=9223372036854775808", "is not a whole positive number"),
        ("--mapping=0:FOO", "'0:FOO': 'FOO' is not a field; there are EMAIL, FIRST_NAME"),
        ("--mapping=EMAIL", "'EMAIL' is not INDEX:FIELD, such as 0:EMAIL"),
        ("--mapping=0:EMAIL:x", "'0:EMAIL:x' is not INDEX:FIELD"),
        ("--mapping=-1:EMAIL", "'-1:EMAIL': '-1' is not a column number"),
        ("--mapping=1.9:EMAIL", "'1.9:EMAIL': '1.9' is not a column number"),
        ("--mapping=1e3:EMAIL", "'1e3:EMAIL': '1e3' is not a column number"),
        ("--mapping=12abc:EMAIL", "'12abc' is not a column number"),
        ("", "Missing option '--mapping'"),
        ("--mapping=0:EMAIL --wait --interval=0.5s", "'0.5s' is shorter than 1 s"),
        ("--mapping=0:EMAIL --wait --max-failed=some", "'some' is not a number of rows"),
        ("--mapping=0:EMAIL --timeout=5m", "--timeout only makes sense when the command waits"),
    ],
)
def test_a_local_mistake_is_reported_before_the_login_check(
    tmp_path: Path, flags: str, part: str
) -> None:
    # no token, and a server that does not exist: neither is missed
    environ = clean_environ(tmp_path, TALKVALUE_API_URL="http://127.0.0.1:9")
    done = run_cli(*CREATE, *flags.split(), environ=environ)
    assert (done.code, done.out, done.error["code"]) == (2, "", "USAGE")
    assert part in done.error["message"]


def test_a_file_key_of_blanks_is_empty(tmp_path: Path) -> None:
    done = run_cli(*CREATE, "--mapping=0:EMAIL", "--file-key= ", environ=clean_environ(tmp_path))
    assert done.code == 2
    assert "'--file-key': it is empty" in done.error["message"]


def test_mode_and_fields_are_taken_in_any_case_with_blanks_around_them(
    start_stub: StartStub,
) -> None:
    stub = start_stub(CREATED)
    done = stub.run(
        *("path", "import", "create", "--file-key=u/k", "--source-id=4", "--mode", " update "),
        *("--mapping", " 0 : email ", "--mapping", "12:linkedin_url"),
    )
    assert (done.code, done.err) == (0, "")
    assert done.json == {"data": {"importJobId": 7, "status": "PENDING"}}
    assert json.loads(stub.requests[0].body) == {
        "columnMappings": [
            {"csvIndex": 0, "targetField": "EMAIL"},
            {"csvIndex": 12, "targetField": "LINKEDIN_URL"},
        ],
        "fileKey": "u/k",
        "mode": "UPDATE",
        "sourceId": 4,
    }


@pytest.mark.parametrize(
    ("mappings", "warning"),
    [
        ("0:EMAIL 0:NAME", "column 0 is mapped more than once"),
        ("0:EMAIL 1:EMAIL", "EMAIL is mapped more than once"),
        ("0:PHONE", "no column is mapped to EMAIL, by which people are recognized"),
    ],
)
def test_a_doubt_is_a_warning_and_the_import_is_created(
    start_stub: StartStub, mappings: str, warning: str
) -> None:
    stub = start_stub(CREATED)
    done = stub.run(*CREATE, *(f"--mapping={mapping}" for mapping in mappings.split()))
    assert (done.code, done.err) == (0, f"Warning: {warning}\n")
    assert len(stub.requests) == 1


@pytest.mark.parametrize(
    "reply",
    [
        Reply({}, 500),
        Reply({}, 502),
        Reply({}, 503, {"Retry-After": "1"}),
        Reply({}, 504),
        Reply({}, 408),
        Reply(b"<html>"),
        Reply(b""),
        Reply({"status": "PENDING"}),
        Reply({"importJobId": 7, "status": "PENDING"}, length=999),
    ],
)
def test_a_failure_after_which_nobody_knows_says_so_and_sends_nothing_again(
    start_stub: StartStub, reply: Reply
) -> None:
    stub = start_stub(reply)
    done = stub.run(*CREATE, "--mapping=0:EMAIL", "--wait")
    assert (done.code, done.out, done.error["code"]) == (1, "", "CREATE_UNCERTAIN")
    assert done.error["message"].startswith("the import may or may not have been created: ")
    assert "path import list   shows it if it was created" in done.error["hint"]
    assert len(stub.requests) == 1


@pytest.mark.parametrize("fault", ["cut-before", "cut-middle", "502", "html", "empty"])
def test_a_create_whose_answer_was_lost_is_there_once(
    start_sandbox: Callable[..., Sandbox], fault: str
) -> None:
    processed = "" if fault == "cut-middle" else ",processed=yes"
    sandbox = start_sandbox(f"--fault={fault},method=POST,path=/path/import{processed}")
    files = {"file": ("contacts.csv", people(2).encode(), "text/csv")}
    key = sandbox.ask("POST", "/path/import/analyze", files=files).json()["fileKey"]
    done = sandbox.run(*CREATE, "--mapping=0:EMAIL", f"--file-key={key}")
    assert (done.code, done.error["code"]) == (1, "CREATE_UNCERTAIN")
    listed = sandbox.run("path", "import", "list").json
    assert listed["pagination"]["totalElements"] == 1
    assert listed["data"][0]["fileName"] == "contacts.csv"


def test_a_server_that_goes_away_without_an_answer_is_uncertain_too(start_stub: StartStub) -> None:
    stub = start_stub(SILENCE)
    with Running(stub.start(*CREATE, "--mapping=0:EMAIL")) as creating:
        wait_for(lambda: stub.requests, "the request")
        # nobody waits 30 s in a test: the server goes away instead
        stub.closing.set()
        done = creating.finish()
    assert (done.code, done.error["code"]) == (1, "CREATE_UNCERTAIN")


def test_a_refused_connection_is_tried_again_and_is_not_uncertain(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    environ = clean_environ(tmp_path, TALKVALUE_API_URL=url, TALKVALUE_TOKEN=TOKEN)
    done = run_cli(*CREATE, "--mapping=0:EMAIL", "--verbose", environ=environ)
    assert (done.code, done.error["code"]) == (1, "NETWORK")
    assert done.error["message"] == f"cannot reach {url}/path/import: connection refused"
    assert done.err.count("> POST ") == 3


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (301, "HTTP_ERROR"),
        (302, "HTTP_ERROR"),
        # "see other" is what a server says that has done what it was asked
        (303, "CREATE_UNCERTAIN"),
        (307, "HTTP_ERROR"),
        (308, "HTTP_ERROR"),
    ],
)
def test_a_redirect_is_refused(start_stub: StartStub, status: int, code: str) -> None:
    target = start_stub(CREATED)
    stub = start_stub(Reply({}, status, {"Location": f"{target.url}/path/import"}))
    done = stub.run(*CREATE, "--mapping=0:EMAIL")
    assert (done.code, done.out, done.error["code"]) == (1, "", code)
    assert f"redirected to {target.url}/path/import" in done.error["message"]
    assert target.requests == []


@pytest.mark.parametrize(("status", "code"), [(400, 1), (401, 3), (403, 5), (404, 4), (409, 1)])
def test_a_refusal_is_certain_and_shows_the_fields(
    start_stub: StartStub, status: int, code: int
) -> None:
    errors = [{"field": "sourceId", "message": "is no channel"}]
    stub = start_stub(Reply({"detail": "Not so.", "errors": errors}, status))
    done = stub.run(*CREATE, "--mapping=0:EMAIL")
    assert (done.code, done.error["errors"]) == (code, errors)
    assert done.error["message"] == (
        f"Not so. (HTTP {status}, POST /path/import)\n  sourceId: is no channel"
    )
