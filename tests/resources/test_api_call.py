"""`talkvalue api`."""

from __future__ import annotations

import json

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
