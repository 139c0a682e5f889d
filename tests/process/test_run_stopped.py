"""`path import run` that is interrupted, or has no room for its journal."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.csv_texts import rows
from tests.harness import NO_BYTECODE, Sandbox, wait_for
from tests.process.workspace import Workspace

StartSandbox = Callable[..., Sandbox]
CREATE = "method=POST,path=/path/import"
#: 0.2 s is promised
AT_ONCE_S = 0.5


def test_stopped_while_a_file_is_checked_nothing_was_sent(
    start_sandbox: StartSandbox, tmp_path: Path
) -> None:
    workspace = Workspace(start_sandbox(), tmp_path)
    with workspace.watch("-", stdin=subprocess.PIPE) as running:
        stdin = running.process.stdin
        assert stdin is not None
        # far more than a pipe holds: when all of it is written, the program is reading
        stdin.write("Email\n" + "ada@example.org\n" * 100_000)
        stdin.flush()
        time.sleep(0.3)  # until it is blocked in the next read
        done, slept_s = running.stop(signal.SIGINT)
    assert (done.code, done.out) == (130, "")
    assert slept_s < AT_ONCE_S
    assert done.error["code"] == "INTERRUPTED"
    assert done.error["message"] == "interrupted (SIGINT) while - was checked; nothing was sent"
    assert workspace.jobs == []


def test_stopped_during_the_upload_nothing_exists(
    start_sandbox: StartSandbox, tmp_path: Path
) -> None:
    workspace = Workspace(
        start_sandbox("--fault=latency=9,path=/path/import/analyze,count=1"), tmp_path
    )
    name = workspace.write("a.csv", rows(3))
    with workspace.watch(name, "--verbose") as running:
        running.err.wait_for("/path/import/analyze\n")
        time.sleep(0.3)
        done, slept_s = running.stop(signal.SIGINT)
    assert (done.code, done.out) == (130, "")
    assert slept_s < AT_ONCE_S
    assert done.error["code"] == "INTERRUPTED"
    assert done.error["message"] == "interrupted (SIGINT) before the import was known to exist"
    assert done.error["hint"].startswith(
        "this goes on where the run has stopped:\n"
        "talkvalue path import run a.csv --verbose --source-id 1"
    )
    assert workspace.jobs == []
    assert workspace.run(name, "--interval=1s").code == 0


def test_stopped_while_the_import_is_created_the_next_run_finds_it(
    start_sandbox: StartSandbox, tmp_path: Path
) -> None:
    workspace = Workspace(start_sandbox(f"--fault=delay-answer=9,{CREATE},count=1"), tmp_path)
    name = workspace.write("a.csv", rows(3))
    with workspace.watch(name) as running:
        workspace.wait_for_jobs(1)
        done, slept_s = running.stop(signal.SIGINT)
    assert (done.code, done.out, done.error["code"]) == (130, "", "INTERRUPTED")
    assert slept_s < AT_ONCE_S
    assert workspace.steps == ["creating"]
    again = workspace.run(name, "--interval=1s")
    assert (again.code, again.json["run"]["action"]) == (0, "adopted")
    assert len(workspace.jobs) == 1


def test_stopped_while_waiting_the_document_tells_how_to_go_on(
    start_sandbox: StartSandbox, tmp_path: Path
) -> None:
    workspace = Workspace(start_sandbox("--rows-per-second=20"), tmp_path)
    name = workspace.write("a.csv", rows(40))
    with workspace.watch(name, "--interval=1h") as running:
        running.err.wait_for("import 1 ")
        done, slept_s = running.stop(signal.SIGTERM)
    assert done.code == done.json["wait"]["exitCode"] == 143
    assert slept_s < AT_ONCE_S
    assert done.json["data"]["id"] == 1
    assert (done.json["run"]["file"], done.json["run"]["action"]) == ("a.csv", "created")
    assert done.error["code"] == "INTERRUPTED"
    assert " path import wait 1 --failed-rows" in done.error["resumeCommand"]
    resumed = workspace.call("path", "import", "resume", "--interval=1s")
    assert (resumed.code, resumed.json["data"]["newCount"]) == (0, 40)
    assert workspace.run(name).json["run"]["action"] == "known"


def test_stopped_while_failed_rows_are_saved_the_next_run_saves_them(
    start_sandbox: StartSandbox, tmp_path: Path
) -> None:
    fault = "--fault=drip,pause=0.03,path=/path/import/*/failed/export,count=1"
    workspace = Workspace(start_sandbox(fault), tmp_path)
    name = workspace.write("a.csv", rows(3, bad=1))
    with workspace.watch(name, "--interval=1s") as running:
        wait_for(lambda: list(tmp_path.glob(".import-1-failed.csv.*.part")), "a file that grows")
        done, slept_s = running.stop(signal.SIGINT)
    assert done.code == 130
    assert slept_s < AT_ONCE_S
    assert done.json["data"]["status"] == "PARTIAL_SUCCESS"
    assert list(tmp_path.glob(".import*")) == []
    assert workspace.run(name, "--interval=1s").code == 6
    assert (tmp_path / "import-1-failed.csv").read_text().count("\n") == 2
    assert len(workspace.jobs) == 1


def test_stopped_between_two_files_both_are_told_of(
    start_sandbox: StartSandbox, tmp_path: Path
) -> None:
    workspace = Workspace(
        start_sandbox(
            "--rows-per-second=10", "--fault=latency=9,path=/path/import/analyze,after=1,count=1"
        ),
        tmp_path,
    )
    names = [workspace.write("a.csv", rows(40, "x")), workspace.write("b.csv", rows(3, "y"))]
    with workspace.watch(*names) as running:
        wait_for(lambda: workspace.steps == ["created", "uploading"], "the second upload")
        time.sleep(0.3)
        done, slept_s = running.stop(signal.SIGINT)
    assert done.code == 130
    assert slept_s < AT_ONCE_S
    first, second = done.json["wait"]["jobs"]
    assert (first["id"], first["outcome"], first["exitCode"]) == (1, "interrupted", 130)
    assert (second["id"], second["exitCode"]) == (None, 130)
    assert [each["action"] for each in done.json["runs"]] == ["created", "none"]
    assert done.json["data"][0]["status"] in ("PENDING", "RUNNING")
    assert done.json["data"][1] is None
    assert " path import wait 1 " in done.json["wait"]["resumeCommand"]
    again = workspace.run(*names, "--interval=1s")
    assert again.code == 0
    assert [each["action"] for each in again.json["runs"]] == ["attached", "created"]
    assert len(workspace.jobs) == 2


@pytest.mark.parametrize("kilobytes", [0, 8])
def test_a_full_disk_is_told_before_anything_is_created(
    sandbox: Sandbox, tmp_path: Path, kilobytes: int
) -> None:
    workspace = Workspace(sandbox, tmp_path)
    name = workspace.write("a.csv", rows(3, f"full{kilobytes}"))
    # a write beyond the limit fails as it does on a full disk
    done = workspace.server.shell(
        f"ulimit -f {2 * kilobytes}; $cli path import run {name} --source-id 1 --mode UPDATE",
        environ=workspace.environ(**NO_BYTECODE),
        cwd=tmp_path,
    )
    assert (done.code, done.out, done.error["code"]) == (1, "", "JOURNAL")
    assert done.error["message"].startswith(
        f"cannot use the journal {workspace.state}/journal.db: "
    )
    assert workspace.jobs == []
    assert workspace.run(name, "--interval=1s").code == 0
    assert len(workspace.jobs) == 1
