"""Runs of `path import run` that meet each other on one machine, and what only pipes show."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path

from tests.csv_texts import rows, without_tag
from tests.harness import PATIENCE_S, Sandbox, wait_for
from tests.process.workspace import Workspace

StartSandbox = Callable[..., Sandbox]


def run_at_once(
    workspace: Workspace, lines: list[tuple[str, ...]]
) -> list[tuple[int, dict[str, str]]]:
    """Start runs all at the same moment; return their codes and what they did."""
    ended = []
    with ExitStack() as stack:
        running = [stack.enter_context(workspace.watch(*line)) for line in lines]
        for each in running:
            done = each.finish(50)
            ended.append((done.code, json.loads(done.out)["run"]))
    return ended


def test_runs_of_one_file_at_once_make_one_import(
    start_sandbox: StartSandbox, tmp_path: Path
) -> None:
    workspace = Workspace(start_sandbox("--rows-per-second=5"), tmp_path)
    name = workspace.write("a.csv", rows(16, bad=1))
    ended = run_at_once(workspace, [(name, "--interval=1s", "--no-failed-rows")] * 4)
    assert [code for code, _ in ended] == [6] * 4
    actions = sorted(done["action"] for _, done in ended)
    assert actions.count("created") == 1
    assert set(actions) <= {"attached", "created", "known"}
    assert "attached" in actions
    assert len(workspace.jobs) == 1
    assert workspace.new_people == 16


def test_different_files_do_not_wait_for_each_other(
    start_sandbox: StartSandbox, tmp_path: Path
) -> None:
    # the first upload hangs; the second file must not
    sandbox = start_sandbox("--fault=latency=20,path=/path/import/analyze,count=1")
    workspace = Workspace(sandbox, tmp_path)
    first, second = workspace.write("a.csv", rows(2, "x")), workspace.write("b.csv", rows(2, "y"))
    with workspace.watch(first, "--verbose") as held:
        held.err.wait_for("/path/import/analyze\n")
        wait_for(lambda: workspace.steps == ["uploading"], "the first upload")
        assert workspace.run(second, "--interval=1s").code == 0
        assert held.process.poll() is None
        assert [without_tag(job["fileName"]) for job in workspace.jobs] == ["b.csv"]


def test_who_waits_for_another_upload_gives_up_at_the_deadline(
    start_sandbox: StartSandbox, tmp_path: Path
) -> None:
    workspace = Workspace(
        start_sandbox("--fault=latency=20,path=/path/import/analyze,count=1"), tmp_path
    )
    name = workspace.write("a.csv", rows(2))
    with workspace.watch(name) as held:
        workspace.wait_for_step("uploading")
        done = workspace.run(name, "--timeout=1s")
        assert held.process.poll() is None
    assert (done.code, done.error["code"]) == (124, "WAIT_TIMEOUT")
    assert done.error["message"] == (
        "the deadline passed while another run was sending the same file"
    )


def test_a_missing_token_is_told_before_standard_input_is_read(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    workspace = Workspace(sandbox, tmp_path)
    environ = workspace.environ()
    del environ["TALKVALUE_TOKEN"]
    # nobody ever writes into this pipe, and nobody closes it
    process = workspace.start("-", environ=environ, stdin=-1)
    assert process.wait(PATIENCE_S) == 3
    with process:
        assert process.stderr is not None
        assert "not logged in" in process.stderr.read()


def test_a_file_that_changes_while_it_is_sent_makes_no_import(
    start_sandbox: Callable[..., Sandbox], tmp_path: Path
) -> None:
    # the wait for the journal's lock lies between the check and the upload
    workspace = Workspace(
        start_sandbox("--fault=latency=2,path=/path/import/analyze,count=1"), tmp_path
    )
    name = workspace.write("a.csv", rows(3))
    with workspace.watch(name) as first:
        workspace.wait_for_step("uploading")
        with workspace.watch(name, "--again") as second:
            wait_for(lambda: len(list(workspace.state.glob("locks/*"))) == 1, "a lock")
            wait_for(
                lambda: _has_open(second.process.pid, "journal.db"), "the second run at the lock"
            )
            workspace.write("a.csv", rows(4))
            assert first.finish().code == 0
            done = second.finish()
    assert (done.code, done.error["code"]) == (1, "FILE_CHANGED")
    assert done.error["message"] == "a.csv has changed since it was checked; nothing was imported"
    assert len(workspace.jobs) == 1


def _has_open(pid: int, name: str) -> bool:
    for link in Path(f"/proc/{pid}/fd").glob("*"):
        with suppress(FileNotFoundError):  # it has been closed meanwhile
            if str(link.readlink()).endswith(name):
                return True
    return False
