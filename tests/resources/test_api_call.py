"""`talkvalue api`."""

from __future__ import annotations

import json

import pytest

from tests.replies import Reply
from tests.world import TOKEN, World


def test_integration_import_from_its_candidates_to_its_end(world: World) -> None:
    found = world.run("api GET /path/integration/1/import/candidates")
    assert (found.code, found.err) == (0, "")
    external_id = json.loads(found.out)[0]["externalId"]
    fields = f"-f externalEventId={external_id} -f mode=UPDATE"
    made = world.run("api POST /path/integration/1/import", fields)
    assert (made.code, made.err) == (0, "")
    job = world.run("api GET", f"/path/integration/1/import/{made.json['jobId']}")
    assert (job.code, job.json["id"], job.json["mode"]) == (0, made.json["jobId"], "UPDATE")


def test_what_the_sandbox_refuses_is_an_error_as_everywhere(world: World) -> None:
    done = world.run("api GET /path/person -f bogus=1")
    assert (done.code, done.out, done.error["status"]) == (1, "", 400)
    assert world.run("api DELETE /path/tag/999999").code == 4


def test_body_is_the_file_byte_for_byte_with_its_length(world: World) -> None:
    world.answer(Reply({"ok": True}))
    body = bytes(range(256)) * 4096
    (world.folder / "body.bin").write_bytes(body)
    for arguments, stdin in (("--input body.bin", b""), ("--input -", body)):
        done = world.run("api post upload", arguments, stdin=stdin)
        assert (done.code, done.json) == (0, {"ok": True})
    for request in world.requests:
        assert (request.method, request.path, request.body) == ("POST", "/upload", body)
        assert request.headers["Content-Length"] == str(len(body))
        assert "Transfer-Encoding" not in request.headers
        assert request.headers["Authorization"] == f"Bearer {TOKEN}"


def test_answer_that_is_cut_off_leaves_no_file(world: World) -> None:
    world.answer(Reply(b"half of it", length=1000))
    done = world.run("api GET /x -o answer")
    assert (done.code, done.out, done.error["code"]) == (1, "", "NETWORK")
    assert not (world.folder / "answer").exists()


def test_get_is_the_method_where_none_is_named(world: World) -> None:
    done = world.run("api /path/channel")
    assert (done.code, done.out) == (0, world.run("api GET /path/channel").out)
    assert [request.line for request in done.sent] == ["GET /path/channel"]


def test_method_is_named_by_an_option_too(world: World) -> None:
    made = world.run("api -X post /path/tag -f name=Winners")
    assert (made.code, made.json["name"]) == (0, "Winners")
    deleted = world.run(f"api /path/tag/{made.json['id']} --method DELETE")
    assert (deleted.code, deleted.lines) == (0, [f"DELETE /path/tag/{made.json['id']}"])
    assert world.run("api -X PUT PUT /path/tag/1 -f name=x").code == 0


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("api", "Missing argument '[METHOD] PATH'."),
        ("api get", "Missing argument 'PATH'."),
        ("api FETCH /x", "Invalid value for 'METHOD': 'FETCH' is not one of GET, POST"),
        ("api GET /x /y", "Got unexpected extra argument (/y)"),
        ("api -X POST GET /x", "the method is GET before the path, and POST behind -X"),
        ("api GET https://evil.test/x", "Invalid value for 'PATH': name the path alone"),
        ("api -X POST /path/tag --paginate", "--paginate is for a GET"),
        ("api /path/person --paginate -f pageNumber=2", "leave pageNumber and cursor out"),
        ("api /x --paginate --include", "--include and --paginate exclude each other"),
        ("api /x --query a --include", "--include and --query exclude each other"),
        ("api /x --query a -o f", "--output and --query exclude each other"),
    ],
)
def test_wrong_call_says_what_is_wrong_before_it_sends(world: World, line: str, told: str) -> None:
    done = world.run(line)
    assert (done.code, done.out, done.sent) == (2, "", [])
    assert told in done.error["message"]


def test_part_of_an_answer_is_selected(world: World) -> None:
    assert world.run("api /path/person -f pageSize=2 --query 'length(content)'").out == "2\n"
    world.answer(Reply(b"id,name\n", headers={"Content-Type": "text/csv"}))
    done = world.run("api /path/person/export --query id")
    assert (done.code, done.out, done.error["code"]) == (1, "", "QUERY")


def test_all_pages_of_a_list_are_one_array(world: World) -> None:
    people = world.run("path person list --all --json").json["data"]
    done = world.run("api /path/person --paginate -f pageSize=50")
    assert (done.code, done.err) == (0, "")
    assert [each["id"] for each in done.json] == [each["id"] for each in people]
    assert done.sent[0].path == "/path/person?pageSize=50"
    assert done.sent[1].path == "/path/person?pageSize=50&pageNumber=2"
    saved = world.run("api /path/person --paginate -f pageSize=50 -o people.json")
    assert (saved.code, (world.folder / "people.json").read_text()) == (0, done.out)
    count = world.run("api /path/person --paginate -f pageSize=50 --query 'length(@)'")
    assert count.out == f"{len(people)}\n"


def test_pages_with_cursors_are_followed(world: World) -> None:
    entries = world.run("path person activity 1 --all --json").json["data"]
    done = world.run("api /path/person/1/activity --paginate -f pageSize=2 --query '[].id'")
    assert done.out.split() == [str(entry["id"]) for entry in entries]
    assert len(done.sent) == -(-len(entries) // 2) > 1


def test_list_without_pages_is_one_and_a_record_is_none(world: World) -> None:
    channels = world.run("api /path/channel --paginate")
    assert (channels.json, len(channels.sent)) == (world.run("api /path/channel").json, 1)
    done = world.run("api /path/person/1 --paginate")
    assert (done.code, done.out, done.error["code"]) == (1, "", "UNEXPECTED_ANSWER")
    assert done.error["hint"] == "without --paginate it is printed as it comes"


def test_pages_that_never_end_are_given_up(world: World) -> None:
    page = {"content": [{"id": 1}], "totalPages": 9, "pageNumber": 1}
    world.answer(Reply(page))
    done = world.run("api /path/person --paginate")
    assert (done.code, done.error["code"]) == (1, "UNEXPECTED_ANSWER")
    world.answer_as_ever()
    world.answer(Reply({"content": [{"id": 1}], "hasNext": True, "nextCursor": 7}))
    done = world.run("api /path/person/1/activity --paginate")
    assert (done.code, done.error["message"]) == (
        1,
        "the server repeats itself: cursor 7 was there",
    )
