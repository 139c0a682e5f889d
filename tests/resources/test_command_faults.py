"""A few of the failures of tests/test_failure_matrix.py, looked at more closely."""

from __future__ import annotations

from tests.replies import HANG_UP, REFUSAL, Reply
from tests.world import TOKEN, World


def test_a_delete_that_reaches_nobody_is_no_success(world: World) -> None:
    world.answer(REFUSAL)
    done = world.run("path person delete 7 --confirm --format csv")
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith(f"error,message\nCliError,cannot reach {world.url}/path/person/7: ")


def test_a_delete_without_an_answer_is_sent_once_and_may_have_happened(world: World) -> None:
    world.answer(HANG_UP)
    done = world.run("path tag detach 1 --tag-id 2")
    assert (done.code, done.out, done.error["code"]) == (1, "", "NETWORK")
    assert done.lines == ["DELETE /path/tag/2/source/1"]
    assert "it may have happened all the same" in done.error["hint"]


def test_a_merge_is_not_sent_where_a_redirect_leads(world: World) -> None:
    world.answer(Reply({}, 307, {"Location": "https://elsewhere.test/path/person/7/merge/8"}))
    done = world.run("path person merge 7 8 --confirm")
    assert (done.code, done.out, done.error["status"]) == (1, "", 307)
    assert len(done.sent) == 1


def test_an_export_that_is_cut_leaves_what_was_there(world: World) -> None:
    world.answer(Reply(b"id,name\n" * 20000, length=1 << 30))
    world.write("people.csv", "yesterday's\n")
    done = world.run("path person export -o people.csv --force")
    assert (done.code, done.out, done.error["code"]) == (1, "", "NETWORK")
    assert [path.name for path in world.folder.glob("*people*")] == ["people.csv"]
    assert (world.folder / "people.csv").read_text() == "yesterday's\n"


def test_a_session_that_is_gone_is_exit_3_and_the_token_is_not_shown(world: World) -> None:
    problem = {"status": 404, "detail": f"{TOKEN} was revoked", "errorCode": 1200}
    world.answer(Reply(problem, 404))
    done = world.run("api GET /path/company")
    assert (done.code, done.out, done.error["code"]) == (3, "", "AUTHENTICATION")
    assert done.error["message"] == "*** was revoked"
