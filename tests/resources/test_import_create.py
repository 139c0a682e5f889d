"""`create`: what is checked before anything is sent, and what nobody can know after a failure."""

from __future__ import annotations

import json

import pytest

from tests.csv_texts import rows
from tests.replies import HANG_UP, REFUSAL, SILENCE, Reply
from tests.world import MakeWorld, World

CREATE = "path import create --file-key=k --source-id=1 --mode=SKIP"
CREATED = Reply({"importJobId": 7, "status": "PENDING"})


@pytest.mark.parametrize(
    ("flags", "part"),
    [
        ("--mapping=0:EMAIL --mode=MERGE", "'MERGE' is not one of UPDATE, SKIP"),
        ("--mapping=0:EMAIL '--file-key= '", "'--file-key': it is empty"),
        ("--mapping=0:EMAIL --source-id=7.5", "'7.5' must be a positive integer"),
        ("--mapping=0:EMAIL --source-id=0", "'0' must be a positive integer"),
        ("--mapping=0:EMAIL --source-id=9223372036854775808", "must be a positive integer"),
        ("--mapping=0:FOO", "'0:FOO': 'FOO' is not a field; there are EMAIL, FIRST_NAME"),
        ("--mapping=EMAIL", "'EMAIL' is not INDEX:FIELD, such as 0:EMAIL"),
        ("--mapping=0:EMAIL:x", "'0:EMAIL:x' is not INDEX:FIELD"),
        ("--mapping=-1:EMAIL", "'-1:EMAIL': '-1' is not a column number"),
        ("--mapping=1.9:EMAIL", "'1.9:EMAIL': '1.9' is not a column number"),
        ("--mapping=1e3:EMAIL", "'1e3:EMAIL': '1e3' is not a column number"),
        ("--mapping=12abc:EMAIL", "'12abc' is not a column number"),
        ("--mapping=0:null --mapping=1:NULL", "no column is mapped to a field"),
        ("", "Missing option '--mapping'"),
        ("--mapping=0:EMAIL --wait --interval=0.5s", "'0.5s' is shorter than 1 s"),
        ("--mapping=0:EMAIL --wait --max-failed=some", "'some' is not a number of rows"),
        ("--mapping=0:EMAIL --timeout=5m", "--timeout only makes sense when the command waits"),
    ],
)
def test_a_local_mistake_is_reported_before_the_login_check(
    world: World, flags: str, part: str
) -> None:
    done = world.run(CREATE, flags, TALKVALUE_TOKEN=None)
    assert (done.code, done.out, done.error["code"]) == (2, "", "USAGE")
    assert done.sent == []
    assert part in done.error["message"]


def test_mode_and_fields_are_taken_in_any_case_with_blanks_around_them(
    world: World,
) -> None:
    world.answer(CREATED)
    done = world.run(
        "path import create --file-key=u/k --source-id=4 --mode ' update '",
        "--mapping ' 0 : email ' --mapping 12:linkedin_url",
    )
    assert (done.code, done.err) == (0, "")
    assert done.json == {"data": {"importJobId": 7, "status": "PENDING", "id": 7}}
    assert json.loads(world.requests[0].body) == {
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
    world: World, mappings: str, warning: str
) -> None:
    world.answer(CREATED)
    done = world.run(CREATE, *(f"--mapping={mapping}" for mapping in mappings.split()))
    assert (done.code, done.err) == (0, f"Warning: {warning}\n")
    assert len(world.requests) == 1


@pytest.mark.parametrize(
    "reply",
    [
        Reply({}, 503, {"Retry-After": "1"}),
        Reply({}, 408),
        Reply({"status": "PENDING"}),
        Reply({"importJobId": 7, "status": "PENDING"}, length=999),
    ],
)
def test_a_failure_after_which_nobody_knows_says_so_and_sends_nothing_again(
    world: World, reply: Reply
) -> None:
    world.answer(reply)
    done = world.run(CREATE, "--mapping=0:EMAIL", "--wait")
    assert (done.code, done.out, done.error["code"]) == (1, "", "CREATE_UNCERTAIN")
    assert done.error["message"].startswith("the import may or may not have been created: ")
    assert "before you create it again:\ntalkvalue path import list" in done.error["hint"]
    assert len(world.requests) == 1


@pytest.mark.parametrize("fault", ["cut-before", "cut-middle", "502", "html"])
def test_a_create_whose_answer_was_lost_is_there_once(make_world: MakeWorld, fault: str) -> None:
    processed = "" if fault == "cut-middle" else ",processed=yes"
    world = make_world(f"--fault={fault},method=POST,path=/path/import{processed}")
    key = world.analyze(rows(2))
    done = world.run(CREATE, "--mapping=0:EMAIL", f"--file-key={key}")
    assert (done.code, done.error["code"]) == (1, "CREATE_UNCERTAIN")
    listed = world.run("path import list").json
    assert listed["pagination"]["totalElements"] == 1
    assert listed["data"][0]["fileName"] == "contacts.csv"


@pytest.mark.parametrize(("reply", "took_s"), [(SILENCE, 30.0), (HANG_UP, 0.0)])
def test_a_server_that_never_answers_is_uncertain_too(
    world: World, reply: Reply, took_s: float
) -> None:
    world.answer(reply)
    done = world.run(CREATE, "--mapping=0:EMAIL")
    assert (done.code, done.error["code"]) == (1, "CREATE_UNCERTAIN")
    assert (len(done.sent), done.took_s) == (1, took_s)


def test_a_refused_connection_is_tried_again_and_is_not_uncertain(world: World) -> None:
    world.answer(REFUSAL)
    done = world.run(CREATE, "--mapping=0:EMAIL", "--verbose")
    assert (done.code, done.error["code"]) == (1, "NETWORK")
    assert done.error["message"] == f"cannot reach {world.url}/path/import: connection refused"
    assert done.err.count("> POST ") == 3


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (302, "HTTP_ERROR"),
        # "see other" is what a server says that has done what it was asked
        (303, "CREATE_UNCERTAIN"),
        (307, "HTTP_ERROR"),
    ],
)
def test_a_redirect_is_refused(world: World, status: int, code: str) -> None:
    world.answer(Reply({}, status, {"Location": "https://elsewhere.test/path/import"}))
    done = world.run(CREATE, "--mapping=0:EMAIL")
    assert (done.code, done.out, done.error["code"]) == (1, "", code)
    assert "redirected to https://elsewhere.test/path/import" in done.error["message"]
    assert len(done.sent) == 1


def test_a_refusal_is_certain_and_shows_the_fields(world: World) -> None:
    errors = [{"field": "sourceId", "message": "is no channel"}]
    world.answer(Reply({"detail": "Not so.", "errors": errors}, 409))
    done = world.run(CREATE, "--mapping=0:EMAIL")
    assert (done.code, done.error["errors"]) == (1, errors)
    done = world.run(CREATE, "--mapping=0:EMAIL", "--format=table")
    text = "Error: Not so. (HTTP 409, POST /path/import)\n  sourceId: is no channel\n"
    assert done.err.startswith(text)
