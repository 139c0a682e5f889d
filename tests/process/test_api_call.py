"""`talkvalue api` and `talkvalue update` as processes."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from pathlib import Path

from tests.harness import TOKEN, Sandbox, clean_environ, run_cli
from tests.process.stub import Stub
from tests.replies import Reply

StartStub = Callable[..., Stub]


def test_integration_import_from_its_candidates_to_its_end(sandbox: Sandbox) -> None:
    found = sandbox.run("api", "GET", "/path/integration/1/import/candidates")
    assert (found.code, found.err) == (0, "")
    external_id = json.loads(found.out)[0]["externalId"]
    fields = ("-f", f"externalEventId={external_id}", "-f", "mode=UPDATE")
    made = sandbox.run("api", "POST", "/path/integration/1/import", *fields)
    assert (made.code, made.err) == (0, "")
    job = sandbox.run("api", "GET", f"/path/integration/1/import/{made.json['jobId']}")
    assert (job.code, job.json["id"], job.json["mode"]) == (0, made.json["jobId"], "UPDATE")


def test_what_the_sandbox_refuses_is_an_error_as_everywhere(sandbox: Sandbox) -> None:
    done = sandbox.run("api", "GET", "/path/person", "-f", "bogus=1")
    assert (done.code, done.out, done.error["status"]) == (1, "", 400)
    assert sandbox.run("api", "DELETE", "/path/tag/999999").code == 4


def test_body_is_the_file_byte_for_byte_with_its_length(start_stub: StartStub) -> None:
    stub = start_stub(Reply({"ok": True}))
    body = bytes(range(256)) * 4096
    (stub.folder / "body.bin").write_bytes(body)
    for arguments, stdin in ((("--input", "body.bin"), None), (("--input", "-"), body)):
        done = stub.run("api", "post", "upload", *arguments, stdin=stdin)
        assert (done.code, done.json) == (0, {"ok": True})
    for request in stub.requests:
        assert (request.method, request.path, request.body) == ("POST", "/upload", body)
        assert request.headers["Content-Length"] == str(len(body))
        assert "Transfer-Encoding" not in request.headers
        assert request.headers["Authorization"] == f"Bearer {TOKEN}"


def test_answer_that_is_cut_off_leaves_no_file(start_stub: StartStub) -> None:
    stub = start_stub(Reply(b"half of it", length=1000))
    done = stub.run("api", "GET", "/x", "-o", "answer")
    assert (done.code, done.out, done.error["code"]) == (1, "", "NETWORK")
    assert not (stub.folder / "answer").exists()


def test_update_asks_the_index_without_the_token(start_stub: StartStub, tmp_path: Path) -> None:
    files = [{"filename": "talkvalue_cli-99.0-py3-none-any.whl"}]
    stub = start_stub(Reply({"files": files}))
    index = stub.url.replace("http://", "http://me:secret-of-index@")
    done = stub.run("update", "--verbose", environ=stub.environ(PIP_INDEX_URL=f"{index}/simple/"))
    assert (done.code, list(done.json["data"])) == (
        0,
        ["current", "installCommand", "latest", "outdated"],
    )
    assert done.json["data"]["installCommand"].endswith(" install --upgrade talkvalue-cli")
    [request] = stub.requests
    assert request.path == "/simple/talkvalue-cli/"
    assert request.headers["Accept"] == "application/vnd.pypi.simple.v1+json"
    assert request.headers["Authorization"].startswith("Basic ")
    assert TOKEN not in str(request.headers)
    assert "secret-of-index" not in done.out + done.err


def test_update_without_an_index_is_exit_1(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    environ = clean_environ(tmp_path, PIP_INDEX_URL=f"http://127.0.0.1:{port}/simple")
    done = run_cli("update", environ=environ)
    assert (done.code, done.out) == (1, "")
    assert "connection refused" in done.error["message"]
