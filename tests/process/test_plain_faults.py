"""What a plain command does when the server or the way to it is bad."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from email.utils import formatdate

import pytest

from tests.harness import Finished, Running, Sandbox, people
from tests.process.stub import Stub
from tests.replies import SILENCE, Reply

StartStub = Callable[..., Stub]
CHANNELS = Reply([{"id": 3, "name": "Fair"}])


def test_a_read_is_sent_again_until_it_is_answered(
    start_sandbox: Callable[..., Sandbox],
) -> None:
    faults = ("500", "502", "503", "429,retry-after=1", "cut-before", "cut-middle", "html", "empty")
    for fault, done in _get_imports(start_sandbox, faults, ",count=1").items():
        assert (done.code, done.err) == (0, ""), fault
        assert done.json["data"]["fileName"] == "contacts.csv"


def _get_imports(
    start_sandbox: Callable[..., Sandbox], faults: Sequence[str], when: str = ""
) -> dict[str, Finished]:
    """Ask for as many imports, at the same time; the answers to each meet a fault of their own."""
    sandbox = start_sandbox(
        *(
            f"--fault={fault},path=/path/import/{job_id}{when}"
            for job_id, fault in enumerate(faults, start=1)
        )
    )
    ids = {fault: str(sandbox.create_import(people(1))) for fault in faults}
    asked = {f: Running(sandbox.start("path", "import", "get", id)) for f, id in ids.items()}
    done = {}
    for fault, asking in asked.items():
        with asking:
            done[fault] = asking.finish()
    return done


#: fault → code of the error, and a part of its message
LASTING = {
    "500": ("HTTP_ERROR", "HTTP 500"),
    "cut-before": ("NETWORK", "the server closed the connection without an answer"),
    "cut-middle": ("NETWORK", "the answer was cut off"),
    "html": ("UNEXPECTED_ANSWER", "something that is not JSON (text/html; charset=utf-8)"),
    "empty": ("UNEXPECTED_ANSWER", "an empty body"),
    "html,status=502": ("HTTP_ERROR", "bad gateway (HTTP 502, GET /path/import/6)"),
}


def test_a_fault_that_stays_exits_1_and_names_the_cause(
    start_sandbox: Callable[..., Sandbox],
) -> None:
    for fault, done in _get_imports(start_sandbox, list(LASTING)).items():
        code, message = LASTING[fault]
        assert (done.code, done.out, done.error["code"]) == (1, "", code), fault
        assert message in done.error["message"]


def test_a_revoked_token_exits_3(start_sandbox: Callable[..., Sandbox]) -> None:
    done = start_sandbox("--fault=revoke").run("path", "import", "list")
    assert (done.code, done.out, done.error["code"]) == (3, "", "AUTHENTICATION")
    assert done.error["hint"] == "check TALKVALUE_TOKEN; it may be wrong, expired or revoked"


def test_latency_is_waited_for(start_sandbox: Callable[..., Sandbox]) -> None:
    began_at = time.monotonic()
    done = start_sandbox("--fault=latency=1").run("path", "channel", "list")
    assert done.code == 0
    assert time.monotonic() - began_at >= 1


def test_retry_after_in_seconds_is_obeyed(start_stub: StartStub) -> None:
    stub = start_stub(Reply({}, 503, {"Retry-After": "2"}), CHANNELS)
    began_at = time.monotonic()
    assert stub.run("path", "channel", "list").code == 0
    assert time.monotonic() - began_at >= 2


def test_retry_after_as_a_date_is_obeyed(start_stub: StartStub) -> None:
    later = formatdate(time.time() + 3, usegmt=True)
    stub = start_stub(Reply({}, 429, {"Retry-After": later}), CHANNELS)
    began_at = time.monotonic()
    assert stub.run("path", "channel", "list").code == 0
    assert time.monotonic() - began_at >= 1.5


def test_a_server_that_asks_for_more_than_a_minute_is_not_waited_for(
    start_stub: StartStub,
) -> None:
    stub = start_stub(Reply({}, 429, {"Retry-After": "3600"}))
    done = stub.run("path", "channel", "list")
    assert (done.code, len(stub.requests)) == (1, 1)


#: the program with shorter limits than a person would like to have, to see that there are some
IMPATIENT = """
import sys
from talkvalue_cli import cli, transport
transport.CONNECT_TIMEOUT_S = 0.3
transport.READ_TIMEOUT_S = transport.UPLOAD_READ_TIMEOUT_S = 0.5
transport.EXCHANGE_LIMIT_S = 1.0
sys.argv[0] = "talkvalue"
cli.run()
"""


def _start_impatient(stub: Stub, arguments: str) -> Running:
    process = subprocess.Popen(
        [sys.executable, "-c", IMPATIENT, *arguments.split()],
        env=stub.environ(),
        cwd=stub.folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    return Running(process)


def test_nothing_hangs_when_the_server_never_answers(start_stub: StartStub) -> None:
    reads = ("path channel list", "path import list", "path import get 7")
    writes = (
        "path channel create --name x",
        "path import analyze --file contacts.csv",
        "path import create --file-key k --source-id 1 --mode SKIP --mapping 0:EMAIL",
    )
    export = "path import failed-export 7"
    stubs = {arguments: start_stub(SILENCE) for arguments in (*reads, *writes, export)}
    (stubs[export].folder / "contacts.csv").write_text(people(2))
    asked = {arguments: _start_impatient(stub, arguments) for arguments, stub in stubs.items()}
    for arguments, asking in asked.items():
        with asking:
            done = asking.finish()
        assert (done.code, done.out) == (1, ""), arguments
        assert "no answer in time" in done.err
        assert len(stubs[arguments].requests) == (1 if arguments in writes else 3), arguments


def test_a_connection_that_is_never_made_is_given_up(start_stub: StartStub) -> None:
    stub = start_stub(SILENCE)
    with contextlib.ExitStack() as full, socket.create_server(("127.0.0.1", 0), backlog=0) as door:
        address = door.getsockname()
        full.enter_context(socket.create_connection(address))  # nobody else gets in
        stub.url = f"http://127.0.0.1:{address[1]}"
        with _start_impatient(stub, "path import wait 7 --retry-for 0") as waiting:
            done = waiting.finish()
    assert (done.code, done.error["code"]) == (8, "WAIT_LOST")
    assert "no connection within 0.3 s" in done.error["message"]


def test_an_export_that_stops_in_the_middle_ends_too(start_stub: StartStub) -> None:
    stub = start_stub(Reply(b"Email\n" * 20000, length=1 << 30, holds=True))
    with _start_impatient(stub, "path import failed-export 7") as exporting:
        done = exporting.finish()
    assert done.code == 1
    assert done.out.startswith("Email\n")
    assert "no answer in time" in done.error["message"]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_of_a_read_is_followed_and_of_a_write_refused(
    start_stub: StartStub, status: int
) -> None:
    target = start_stub(CHANNELS)
    stub = start_stub(Reply({}, status, {"Location": f"{target.url}/path/channel"}))
    done = stub.run("path", "channel", "list")
    assert done.code == 0
    # another port is another host: it gets no token
    assert "Authorization" not in target.requests[0].headers
    assert "Authorization" in stub.requests[0].headers
    done = stub.run("path", "channel", "create", "--name=Fair")
    assert (done.code, done.out) == (1, "")
    assert f"redirected to {target.url}/path/channel; only reads follow" in done.error["message"]
    assert len(target.requests) == 1


def test_a_redirect_in_circles_ends(start_stub: StartStub) -> None:
    stub = start_stub(Reply({}, 302, {"Location": "/path/channel"}))
    done = stub.run("path", "channel", "list")
    assert (done.code, done.error["code"]) == (1, "NETWORK")
    assert done.error["message"].endswith("redirects in circles")
    assert len(stub.requests) == 6


def test_netrc_never_replaces_the_token(start_stub: StartStub) -> None:
    stub = start_stub(CHANNELS)
    (stub.folder / ".netrc").write_text("machine 127.0.0.1 login joe password secret\n")
    assert stub.run("path", "channel", "list").code == 0
    assert stub.requests[0].headers["Authorization"] == "Bearer sandbox-token-of-the-tests"


def test_a_proxy_of_the_environment_is_used(start_stub: StartStub) -> None:
    proxy = start_stub(CHANNELS)
    environ = proxy.environ(TALKVALUE_API_URL="http://talkvalue.test", http_proxy=proxy.url)
    done = proxy.run("path", "channel", "list", environ=environ)
    assert done.code == 0, done.err
    assert proxy.requests[0].path == "http://talkvalue.test/path/channel"
    assert done.err == (
        "Warning: http://talkvalue.test is not https: the token travels in the clear\n"
    )
