"""The program as a process: ready line, signals, standard input, the lock, kill -9."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import requests

from talkvalue_cli.sandbox import arguments
from talkvalue_cli.sandbox.__main__ import main
from tests.harness import PATIENCE_S, wait_for

from .bench import count
from .process import ServerProcess, start_process

Start = Callable[..., ServerProcess]


def list_folders(folder: Path) -> list[str]:
    """Return the temporary folders of sandboxes."""
    return [entry.name for entry in folder.glob("talkvalue-sandbox-*")]


def fail_to_start(folder: Path, *options: str) -> tuple[int, str, str]:
    """Run a server that cannot start; return exit code, stdout, stderr."""
    process = start_process(folder, *options)
    out, err = process.communicate(timeout=20)
    return process.returncode, out, err


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_at_once_and_leaves_nothing(
    start_server: Start, tmp_path: Path, number: signal.Signals
) -> None:
    server = start_server("--rows-per-second=1")
    server.create_import("Email\na@example.com\nb@example.com\n")
    assert len(list_folders(tmp_path)) == 1
    started = time.monotonic()
    server.process.send_signal(number)
    assert server.finish() == (0, "", "")
    assert time.monotonic() - started < 4
    assert list_folders(tmp_path) == []


#: a server whose main thread keeps the lock of whatever it waits for, which is otherwise a matter
#: of moments, and gets a signal then
LOCKED_WAIT = """
import os, signal, sys, threading, time
from talkvalue_cli.sandbox.__main__ import main
real, main_id = threading.Condition.wait, threading.get_ident()
def wait(self, timeout=None):
    if timeout and threading.get_ident() == main_id:
        time.sleep(timeout)
    return real(self, timeout)
threading.Condition.wait = wait
def find_caller_of_wait():
    frame = sys._current_frames()[main_id]
    name = ""
    while frame.f_code.co_name == "wait":
        frame = frame.f_back
        name = frame.f_code.co_name
    return name
def send_signal():
    while find_caller_of_wait() != "_run":
        time.sleep(0.01)
    os.kill(os.getpid(), signal.SIGTERM)
threading.Thread(target=send_signal, daemon=True).start()
sys.exit(main(["--port=0"]))
"""


def test_a_signal_at_the_worst_moment_of_its_wait_ends_it() -> None:
    process = subprocess.Popen([sys.executable, "-c", LOCKED_WAIT], stdout=subprocess.DEVNULL)
    try:
        assert process.wait(20) == 0
    finally:
        process.kill()
        process.wait()


def test_a_hanging_request_does_not_delay_the_end(start_server: Start) -> None:
    server = start_server("--fault=hang")
    connection = server.connect()
    connection.request("GET", "/path/channel")
    time.sleep(0.1)
    server.process.terminate()
    started = time.monotonic()
    assert server.finish()[0] == 0
    assert time.monotonic() - started < 4
    connection.close()


def test_it_dies_with_its_standard_input(start_server: Start, tmp_path: Path) -> None:
    server = start_server("--exit-with-stdin")
    assert server.process.stdin is not None
    server.process.stdin.write("anything\n")
    server.process.stdin.flush()
    assert len(server.get("/path/channel")) == 4
    server.process.stdin.close()
    assert server.finish() == (0, "", "")
    assert list_folders(tmp_path) == []


def test_a_host_that_is_not_here_is_said_in_one_line(tmp_path: Path) -> None:
    code, out, err = fail_to_start(tmp_path, "--port=0", "--host", "192.0.2.1")
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert err.startswith("sandbox: cannot listen on 192.0.2.1 port 0: ")
    assert list_folders(tmp_path) == []


@pytest.mark.parametrize(
    ("option", "reason"),
    [
        ("--rows-per-second=-5", "--rows-per-second: '-5' is not a number of rows above 0"),
        ("--rows-per-second=0", "--rows-per-second: '0' is not a number of rows above 0"),
        ("--rows-per-second=nan", "--rows-per-second: 'nan' is not a number of rows above 0"),
        ("--port=65536", "--port: '65536' is not a port from 0 to 65535"),
        ("--token-life=0", "--token-life: '0' is not a whole number of seconds of at least 1"),
        ("--token-life=2.5", "--token-life: '2.5' is not a whole number of seconds of at least 1"),
        ("--device-life=-1", "--device-life: '-1' is not a whole number of seconds of at least 1"),
        (
            "--device-interval=x",
            "--device-interval: 'x' is not a whole number of seconds of at least 0",
        ),
        ("--seed=x", "--seed: invalid int value: 'x'"),
        ("--fault=500=2", "--fault: 500=2: must be between 0 and 1"),
        ("--token=x", "unrecognized arguments: --token=x"),
        ("--db=/", "--db: / is a folder"),
        ("--db=no/data.db", "--db: there is no folder no"),
        ("--db=data.db", "--db: data.db: file is not a database"),
        ("--host=", "--host: '': Name or service not known"),
    ],
)
def test_a_wrong_option_is_said_in_one_line(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    option: str,
    reason: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(signal, "signal", lambda number, handler: None)
    (tmp_path / "data.db").write_text("not a database " * 100)
    assert main([option]) == 2
    assert capsys.readouterr() == ("", f"sandbox: {reason}\n")
    assert main([option, "--json"]) == 2
    captured = capsys.readouterr()
    name, _, rest = reason.partition(": ") if reason[0] == "-" else ("", "", reason)
    assert (json.loads(captured.out), captured.err) == ({"option": name, "error": rest}, "")
    assert [path.name for path in tmp_path.glob("no*")] == []


def test_an_unknown_fault_is_told_those_that_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(arguments.OptionError, match=r"unknown fault 'teapot'; there are .*hang"):
        arguments.parse_arguments(["--fault=teapot"])
    assert capsys.readouterr() == ("", "")


def test_a_database_in_use_is_refused_and_free_again_after_kill(
    start_server: Start, tmp_path: Path
) -> None:
    database = tmp_path / "data.db"
    first = start_server("--db", str(database))
    code, out, err = fail_to_start(tmp_path, "--port=0", "--db", str(database))
    assert (code, out) == (1, "")
    assert err == f"sandbox: {database} is in use by another sandbox\n"
    first.kill()
    assert len(start_server("--db", str(database)).get("/path/channel")) == 4


@pytest.mark.parametrize(
    ("host", "warning"),
    [
        ("localhost", None),
        ("0.0.0.0", "the sandbox listens on 0.0.0.0: other machines may reach it"),
    ],
)
def test_who_listens_for_other_machines_is_warned(
    tmp_path: Path, host: str, warning: str | None
) -> None:
    process = start_process(tmp_path, "--port=0", f"--host={host}", "--json", "--exit-with-stdin")
    assert process.stdout is not None
    said = json.loads(process.stdout.readline())
    assert process.communicate(timeout=20) == ("", "")
    assert said.pop("url").startswith(f"http://{host}:")
    assert said == ({} if warning is None else {"warning": warning})


def test_kill_9_in_the_middle_of_a_job_costs_and_repeats_no_row(
    start_server: Start, tmp_path: Path
) -> None:
    lines = []
    for number in range(2000):
        lines.append(f"p{number}@example.com")
        if number % 10 == 0:
            lines += [f"P{number}@example.com", f"bad{number}"]
    database = str(tmp_path / "data.db")
    server = start_server("--db", database, "--rows-per-second=1000")
    job_id = server.create_import("Email\n" + "\n".join(lines) + "\n", source_id=4)
    for part in (300, 900, 1500):
        wait_for(lambda part=part: server.job(job_id)["processedRows"] >= part, f"row {part}")  # type: ignore[misc]
        server.kill()
        server.restart()
        assert 300 <= server.job(job_id)["processedRows"] <= 2400
    wait_for(lambda: server.job(job_id)["completedAt"], "the end of the job")
    job = server.job(job_id)
    assert (job["status"], count(job)) == ("PARTIAL_SUCCESS", (2400, 2000, 0, 200, 0, 200))
    assert server.get("/path/channel")[3]["peopleCount"] == 2000
    export = server.ask("GET", f"/path/import/{job_id}/failed/export").text
    assert len(export.splitlines()) == 201


def test_foreign_hosts_and_what_is_no_http_are_refused_with_the_mark(start_server: Start) -> None:
    server = start_server()
    answers = []
    for host in ("127.0.0.1", "localhost", f"[::1]:{server.port}", "rebound.example", "10.0.0.1"):
        answer = requests.get(
            f"{server.url}/openapi.json", headers={"Host": host}, timeout=PATIENCE_S
        )
        answers.append(answer.status_code)
        assert answer.headers["X-TalkValue-Sandbox"] == "1"
    assert answers == [200, 200, 200, 421, 421]
    refusal = server.read_raw("GET / HTTP/1.1\r\nContent-Length: x")
    assert b"application/problem+json" in refusal
    assert b"x-talkvalue-sandbox: 1" in refusal.lower()
