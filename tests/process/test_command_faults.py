"""A few of the failures of tests/test_failure_matrix.py, seen from outside of the process."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.harness import TOKEN
from tests.process.stub import Stub
from tests.replies import HANG_UP, Reply

StartStub = Callable[..., Stub]


def test_a_delete_that_reaches_nobody_is_no_success(start_stub: StartStub) -> None:
    stub = start_stub(Reply(b""))
    stub.stop()
    done = stub.run("path", "person", "delete", "7", "--confirm", "--format", "csv")
    assert (done.code, done.out, stub.requests) == (1, "", [])
    assert done.err.startswith("error,message\nCliError,cannot reach http://127.0.0.1:")


def test_a_delete_without_an_answer_is_sent_once_and_may_have_happened(
    start_stub: StartStub,
) -> None:
    stub = start_stub(HANG_UP)
    done = stub.run("path", "tag", "detach", "1", "--tag-id", "2")
    assert (done.code, done.out, done.error["code"]) == (1, "", "NETWORK")
    assert [request[:2] for request in stub.requests] == [("DELETE", "/path/tag/2/source/1")]
    assert "it may have happened all the same" in done.error["hint"]


def test_a_merge_is_not_sent_where_a_redirect_leads(start_stub: StartStub) -> None:
    target = start_stub(Reply({"id": 8, "name": "Ada"}))
    stub = start_stub(Reply({}, 307, {"Location": f"{target.url}/path/person/7/merge/8"}))
    done = stub.run("path", "person", "merge", "7", "8", "--confirm")
    assert (done.code, done.out, done.error["status"]) == (1, "", 307)
    assert (len(stub.requests), target.requests) == (1, [])


def test_an_export_that_is_cut_leaves_what_was_there(start_stub: StartStub, tmp_path: Path) -> None:
    stub = start_stub(Reply(b"id,name\n" * 20000, length=1 << 30))
    (tmp_path / "people.csv").write_text("yesterday's\n")
    done = stub.run("path", "person", "export", "-o", "people.csv", "--force")
    assert (done.code, done.out, done.error["code"]) == (1, "", "NETWORK")
    assert [path.name for path in tmp_path.glob("*people*")] == ["people.csv"]
    assert (tmp_path / "people.csv").read_text() == "yesterday's\n"


def test_a_session_that_is_gone_is_exit_3_and_the_token_is_not_shown(
    start_stub: StartStub,
) -> None:
    problem = {"status": 404, "detail": f"{TOKEN} was revoked", "errorCode": 1200}
    stub = start_stub(Reply(problem, 404))
    done = stub.run("api", "GET", "/path/company")
    assert (done.code, done.out, done.error["code"]) == (3, "", "AUTHENTICATION")
    assert done.error["message"] == "*** was revoked (HTTP 404, GET /path/company)"
