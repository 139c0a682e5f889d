"""A signal is answered at once, whatever the program is at, and nothing half-done is left."""

from __future__ import annotations

import array
import contextlib
import fcntl
import os
import signal
import sqlite3
import subprocess
import sys
import termios
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.csv_texts import people
from tests.harness import CLI, Running, Sandbox, clean_environ, wait_for
from tests.process.stub_server import StubServer
from tests.replies import SILENCE, Reply, job

StartStub = Callable[..., StubServer]
SIGNALS = [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
#: 0.2 s is promised
AT_ONCE_S = 0.5


@pytest.fixture(scope="module")
def slow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A sandbox in which an import of a thousand rows outlasts every test."""
    server = Sandbox(tmp_path_factory.mktemp("slow"), "--rows-per-second=5")
    yield server
    server.stop()


@pytest.mark.parametrize(("signum", "code"), SIGNALS)
def test_in_the_middle_of_a_pause(slow: Sandbox, signum: int, code: int) -> None:
    job_id = slow.create_import(people(1000))
    with Running(slow.start("path", "import", "wait", str(job_id), "--interval=1h")) as waiting:
        waiting.err.wait_for(f"import {job_id}")
        done, slept_s = waiting.stop(signum)
    assert (done.code, done.json["wait"]["exitCode"]) == (code, code)
    assert slept_s < AT_ONCE_S
    assert done.json["data"]["id"] == job_id
    assert done.error["code"] == "INTERRUPTED"
    name = signal.Signals(signum).name
    assert done.error["message"].startswith(
        f"interrupted ({name}); the import keeps running on the server; import {job_id} is still "
    )
    assert done.error["message"].endswith(", not failed")
    assert slow.job(job_id)["status"] in ("PENDING", "RUNNING")


def test_in_the_middle_of_a_request_that_hangs(start_stub: StartStub) -> None:
    stub = start_stub(Reply(job("RUNNING", processedRows=4)), SILENCE)
    with Running(stub.start("path", "import", "wait", "7", "--interval=1s")) as waiting:
        wait_for(lambda: len(stub.requests) == 2, "the second look")
        done, slept_s = waiting.stop(signal.SIGTERM)
    assert done.code == 143
    assert slept_s < AT_ONCE_S
    assert done.json["data"]["processedRows"] == 4
    assert done.error["code"] == "INTERRUPTED"


def test_in_the_middle_of_many(slow: Sandbox) -> None:
    ended, goes_on = slow.finish_import(people(1, bad=1)), slow.create_import(people(1000))
    command = ("path", "import", "wait", str(goes_on), str(ended), "--interval=1h", "--failed-rows")
    with Running(slow.start(*command)) as waiting:
        waiting.err.wait_for(f"import {ended} PARTIAL_SUCCESS")
        done, slept_s = waiting.stop(signal.SIGINT)
    assert slept_s < AT_ONCE_S
    assert (done.code, done.error["code"]) == (130, "INTERRUPTED")
    assert [job["status"] for job in done.json["data"]] == ["RUNNING", "PARTIAL_SUCCESS"]
    assert [job["exitCode"] for job in done.json["wait"]["jobs"]] == [130, 6]
    _, resume, _, fetch = done.error["hint"].splitlines()
    assert f"path import wait {goes_on} --failed-rows" in resume
    # a download would have to be waited for, so it is left to the user
    assert f"path import failed-export {ended} -o" in fetch
    assert list(slow.folder.glob("*.csv")) == []


def test_after_an_import_was_created(start_stub: StartStub) -> None:
    stub = start_stub(Reply({"importJobId": 7, "status": "PENDING"}), Reply(job("RUNNING")))
    create = "path import create --file-key k --source-id 1 --mode SKIP --mapping 0:EMAIL --wait"
    with Running(stub.start(*create.split(), "--interval=1h")) as waiting:
        assert waiting.err.wait_for(" created") == "import 7 created\n"
        waiting.err.wait_for("RUNNING")
        done, _ = waiting.stop(signal.SIGHUP)
    assert (done.code, done.json["data"]["id"]) == (129, 7)
    assert (done.json["wait"]["outcome"], done.json["wait"]["exitCode"]) == ("interrupted", 129)
    assert done.error["code"] == "INTERRUPTED"


def test_before_the_first_answer(start_stub: StartStub) -> None:
    stub = start_stub(SILENCE)
    with Running(stub.start("path", "import", "wait", "7")) as waiting:
        wait_for(lambda: stub.requests, "the first look")
        done, slept_s = waiting.stop(signal.SIGINT)
    assert (done.code, done.json["data"]) == (130, None)
    assert slept_s < AT_ONCE_S
    assert "import 7 was never seen" in done.error["message"]


def test_nohup_keeps_it_waiting(start_stub: StartStub) -> None:
    stub = start_stub(Reply(job("RUNNING")), Reply(job("COMPLETED")))
    process = subprocess.Popen(
        ["nohup", *CLI, "path", "import", "wait", "7", "--interval=1s"],
        env=stub.environ(),
        cwd=stub.folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with Running(process) as waiting:
        waiting.err.wait_for("RUNNING")
        done, _ = waiting.stop(signal.SIGHUP)
    assert done.code == 0
    assert done.json["data"]["status"] == "COMPLETED"


def test_while_an_export_is_saved_no_partial_file_is_left(start_stub: StartStub) -> None:
    # more than one piece of what is read at a time
    stub = start_stub(Reply(b"Email\n" + b"x\n" * 100_000, length=1 << 30, holds=True))
    target = stub.folder / "rows.csv"
    with Running(stub.start("path", "import", "failed-export", "7", "-o", target)) as export:
        wait_for(lambda: list(stub.folder.glob(".rows.csv.*.part")), "a file that grows")
        done, slept_s = export.stop(signal.SIGINT)
    assert (done.code, done.out, done.err) == (130, "", "")
    assert slept_s < AT_ONCE_S
    assert [path.name for path in stub.folder.glob("*rows*")] == []


def test_while_failed_rows_are_saved_the_document_is_printed_all_the_same(
    start_sandbox: Callable[..., Sandbox],
) -> None:
    sandbox = start_sandbox("--fault=drip,pause=0.05,path=/path/import/1/failed/export")
    job_id = sandbox.create_import(people(3, bad=2))
    arguments = ("path", "import", "wait", str(job_id), "--failed-rows=rows.csv", "--verbose")
    with Running(sandbox.start(*arguments)) as waiting:
        waiting.err.wait_for("/failed/export")
        wait_for(lambda: _parts(sandbox.folder), "a file that grows")
        done, slept_s = waiting.stop(signal.SIGTERM)
    assert done.code == 143
    assert slept_s < AT_ONCE_S
    assert done.json["data"]["status"] == "PARTIAL_SUCCESS"
    assert done.json["wait"]["exitCode"] == 143
    assert done.error["code"] == "INTERRUPTED"
    assert _parts(sandbox.folder) == []


def test_while_rows_of_many_are_saved_the_rest_is_left_unsaved(
    start_sandbox: Callable[..., Sandbox],
) -> None:
    sandbox = start_sandbox("--fault=drip,pause=5,path=*/failed/export")
    for _ in range(3):
        sandbox.finish_import(people(1, bad=1))
    command = ("path", "import", "wait", "1", "2", "3", "--failed-rows", "--verbose")
    with Running(sandbox.start(*command)) as waiting:
        waiting.err.wait_for("/failed/export")
        done, slept_s = waiting.stop(signal.SIGINT)
    assert slept_s < AT_ONCE_S
    assert done.code == 130
    assert [job["exitCode"] for job in done.json["wait"]["jobs"]] == [130, 6, 6]
    assert [path.name for path in sandbox.folder.glob("*failed*")] == []


def _parts(folder: Path) -> list[str]:
    return [path.name for path in folder.glob("*rows.csv*")]


def test_a_plain_command_that_hangs_ends_at_once(start_stub: StartStub) -> None:
    stub = start_stub(SILENCE)
    with Running(stub.start("path", "channel", "list")) as asking:
        wait_for(lambda: stub.requests, "the request")
        done, slept_s = asking.stop(signal.SIGTERM)
    assert (done.code, done.out, done.err) == (143, "", "")
    assert slept_s < AT_ONCE_S


#: makes the program take a minute to load a library
SLOW_TO_LOAD = """
import os, sys, time
class Slow:
    def find_spec(self, name, path=None, target=None):
        if name == os.environ["SLOW_TO_LOAD"]:
            print("loading", file=sys.stderr, flush=True)
            time.sleep(60)
sys.meta_path.insert(0, Slow())
"""


@pytest.mark.parametrize(
    ("command", "signum", "code"),
    [
        *((CLI, *each) for each in SIGNALS),
        ((str(Path(sys.executable).with_name("talkvalue")),), signal.SIGINT, 130),
    ],
)
def test_while_the_program_is_loaded_it_ends_without_a_word(
    tmp_path: Path, command: tuple[str, ...], signum: int, code: int
) -> None:
    (tmp_path / "sitecustomize.py").write_text(SLOW_TO_LOAD)
    process = subprocess.Popen(
        [*command, "version"],
        env=clean_environ(tmp_path, PYTHONPATH=str(tmp_path), SLOW_TO_LOAD="click"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    _stop_while_loading(process, signum, code)


@pytest.mark.parametrize("library", ["requests", "talkvalue_cli.commands.path.channel"])
def test_while_a_library_is_loaded_a_command_ends_without_a_word(
    tmp_path: Path, start_stub: StartStub, library: str
) -> None:
    (tmp_path / "sitecustomize.py").write_text(SLOW_TO_LOAD)
    stub = start_stub()
    environ = stub.environ(PYTHONPATH=str(tmp_path), SLOW_TO_LOAD=library)
    _stop_while_loading(stub.start("path", "channel", "list", environ=environ), signal.SIGINT, 130)
    assert stub.requests == []


def _stop_while_loading(process: subprocess.Popen[str], signum: int, code: int) -> None:
    with Running(process) as loading:
        loading.err.wait_for("loading")
        done, took_s = loading.stop(signum)
    assert (done.code, done.out, done.err) == (code, "", "loading\n")
    assert took_s < AT_ONCE_S


def _has_open(process: subprocess.Popen[str], name: str) -> bool:
    """Tell whether a process has a file of this name open."""
    try:
        handles = list(Path(f"/proc/{process.pid}/fd").iterdir())
        return any(os.readlink(handle).endswith(name) for handle in handles)
    except OSError:  # one was closed meanwhile
        return False


@pytest.mark.parametrize(
    "arguments", ["path import run a.csv --source-id 1 --mode SKIP", "path import history"]
)
def test_while_another_process_has_the_journal(start_stub: StartStub, arguments: str) -> None:
    stub = start_stub()
    (stub.folder / "a.csv").write_text(people(1))
    assert stub.run("path", "import", "history").code == 0
    path = stub.folder / ".local/state/talkvalue/journal.db"
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with Running(stub.start(*arguments.split())) as waiting:
            wait_for(lambda: _has_open(waiting.process, "journal.db"), "the journal")
            done, took_s = waiting.stop(signal.SIGINT)
    assert (done.code, done.out) == (130, "")
    assert took_s < AT_ONCE_S
    assert stub.requests == []


def test_while_another_process_has_a_lock(start_stub: StartStub) -> None:
    stub = start_stub()
    lock = stub.folder / ".talkvalue" / "config.lock"
    lock.parent.mkdir()
    with lock.open("wb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with Running(stub.start("config", "set", "client_id", "x")) as waiting:
            wait_for(lambda: _has_open(waiting.process, "config.lock"), "the lock")
            done, took_s = waiting.stop(signal.SIGTERM)
    assert (done.code, done.out, done.err) == (143, "", "")
    assert took_s < AT_ONCE_S
    assert [path.name for path in lock.parent.iterdir()] == ["config.lock"]


@pytest.mark.parametrize(
    "arguments", ["path import failed-export 7", "path channel list --format csv"]
)
def test_while_nobody_reads_what_it_prints(start_stub: StartStub, arguments: str) -> None:
    rows = [{"id": n, "name": "x" * 100} for n in range(2000)]
    stub = start_stub(Reply(b"Email\n" * 50_000) if "export" in arguments else Reply(rows))
    with Running(stub.start(*arguments.split())) as printing:
        stdout = printing.process.stdout
        assert stdout is not None
        room = fcntl.fcntl(stdout, fcntl.F_GETPIPE_SZ)
        waiting = array.array("i", [0])

        def is_full() -> bool:
            fcntl.ioctl(stdout, termios.FIONREAD, waiting)
            return waiting[0] == room

        wait_for(is_full, "a pipe that is full")
        done, took_s = printing.stop(signal.SIGINT)
    assert (done.code, done.err) == (130, "")
    assert took_s < AT_ONCE_S


@pytest.mark.parametrize("is_open", [True, False])
def test_while_nobody_writes_into_a_named_pipe(start_stub: StartStub, is_open: bool) -> None:
    stub = start_stub()
    os.mkfifo(stub.folder / "pipe.csv")
    arguments = "path import run pipe.csv --source-id 1 --mode SKIP"
    with contextlib.ExitStack() as writer, Running(stub.start(*arguments.split())) as reading:
        if is_open:
            writer.enter_context((stub.folder / "pipe.csv").open("wb"))
            wait_for(lambda: _has_open(reading.process, "pipe.csv"), "the pipe")
        else:
            wchan = Path(f"/proc/{reading.process.pid}/wchan")
            wait_for(lambda: wchan.read_text() == "wait_for_partner", "the wait for a writer")
        done, took_s = reading.stop(signal.SIGINT)
    assert (done.code, done.out) == (130, "")
    assert took_s < AT_ONCE_S
    assert stub.requests == []


@pytest.mark.parametrize("quiet", [(), ("--quiet",)])
def test_while_an_import_is_created_it_says_that_nobody_knows(
    start_stub: StartStub, quiet: tuple[str, ...]
) -> None:
    stub = start_stub(SILENCE)
    create = "path import create --file-key k --source-id 1 --mode SKIP --mapping 0:EMAIL --wait"
    with Running(stub.start(*create.split(), "--json", *quiet)) as creating:
        wait_for(lambda: stub.requests, "the request")
        done, slept_s = creating.stop(signal.SIGINT)
    assert (done.code, done.out) == (130, "")
    assert slept_s < AT_ONCE_S
    assert done.error["code"] == "CREATE_UNCERTAIN"
    assert "before you create it again:\n" in done.error["hint"]
