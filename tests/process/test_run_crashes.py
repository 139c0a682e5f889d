"""`run` is killed at each step of its life and run again: one import, whatever happened.

After each kill the same command is run to its end; then the imports and the people on the
server are counted. SIGKILL leaves a process no time for anything. Every single moment is tried
in tests/resources/test_run_kills.py, where time costs nothing.
"""

from __future__ import annotations

import contextlib
import random
import re
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import pytest
import requests

from tests.csv_texts import rows
from tests.harness import PATIENCE_S, Finished, Running, Sandbox, wait_for
from tests.process.recording_proxy import RecordingProxy
from tests.process.workspace import Workspace

StartSandbox = Callable[..., Sandbox]
MakeWorkspace = Callable[..., tuple[Workspace, RecordingProxy]]
CREATE = "method=POST,path=/path/import"
ANALYZE = "path=/path/import/analyze"
EXPORT = "path=/path/import/*/failed/export"
#: long enough to be killed meanwhile
HOLD_S = 30
#: the same for each byte of failed rows: what is saved begins when the header has come
BYTE_S = 0.05


def kill(running: Running) -> None:
    """Take the process away."""
    assert running.process.poll() is None, "it has ended before it could be killed"
    running.process.send_signal(signal.SIGKILL)
    assert running.process.wait(PATIENCE_S) == -signal.SIGKILL


@pytest.fixture
def make_workspace(
    start_sandbox: StartSandbox, tmp_path: Path
) -> Iterator[Callable[..., tuple[Workspace, RecordingProxy]]]:
    """Return a function that makes a workspace with a proxy before its sandbox."""
    proxies: list[RecordingProxy] = []

    def make(*options: str) -> tuple[Workspace, RecordingProxy]:
        sandbox = start_sandbox(*options)
        proxies.append(RecordingProxy(sandbox))
        return Workspace(sandbox, tmp_path, url=proxies[-1].url), proxies[-1]

    yield make
    for proxy in proxies:
        proxy.close()


def wait_until_held(proxy: RecordingProxy, path: str, times: int = 1) -> None:
    """Wait until the server has read so many requests, the last of which it holds."""
    wait_for(lambda: [each.path for each in proxy.requests].count(path) == times, f"POST {path}")
    wait_for(lambda: _has_read_all(proxy.sandbox.port), "a server that has read it")


def _has_read_all(port: int) -> bool:
    """Tell whether nothing that was sent to a port waits to be read (proc_net_tcp)."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    # 01 is ESTABLISHED; of the socket that listens it is the queue of those who knock
    mine = [row for row in rows if row[1].endswith(f":{port:04X}") and row[3] == "01"]
    return all(int(row[4].partition(":")[2], 16) == 0 for row in mine)


@contextlib.contextmanager
def stopped(sandbox: Sandbox) -> Iterator[None]:
    """Have a server that takes nothing in and gives nothing out."""
    sandbox.process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        sandbox.process.send_signal(signal.SIGCONT)


def check_end(workspace: Workspace, name: str, code: int, people: int) -> None:
    """Run it again, twice: one import and no person too few, and then nothing more to do."""
    done = workspace.run(name, "--interval=1s")
    assert done.code == code, done.err
    assert len(workspace.jobs) == 1
    assert workspace.new_people == people
    again = workspace.run(name)
    assert (again.code, again.json["run"]["action"]) == (code, "known")
    assert len(workspace.jobs) == 1


def test_killed_before_a_byte_was_answered(make_workspace: MakeWorkspace) -> None:
    workspace, proxy = make_workspace(f"--fault=latency={HOLD_S},{ANALYZE},count=1")
    name = workspace.write("a.csv", rows(5))
    with workspace.watch(name) as running:
        wait_until_held(proxy, "/path/import/analyze")
        assert workspace.steps == ["uploading"]
        kill(running)
    assert workspace.jobs == []
    check_end(workspace, name, 0, 5)
    assert workspace.steps == ["uploading", "finished"]


def test_killed_in_the_middle_of_the_upload(start_sandbox: StartSandbox, tmp_path: Path) -> None:
    sandbox = start_sandbox()
    workspace = Workspace(sandbox, tmp_path)
    text = "Email,Name\n" + "".join(f"big{n}@example.org,{'x' * 60_000}\n" for n in range(300))
    name = workspace.write("a.csv", text)
    # a server that reads no more: the upload comes to rest when all buffers are full
    with (
        stopped(sandbox),
        workspace.watch(name, "--verbose", "--no-server-check") as running,
    ):
        running.err.wait_for("/path/import/analyze\n")
        # a while, in which it fills the buffers; whenever it is killed, nothing has arrived
        time.sleep(0.5)
        assert workspace.steps == ["uploading"]
        kill(running)
    assert workspace.jobs == []
    done = workspace.run(name, "--interval=1s", "--no-failed-rows")
    assert done.json["data"]["totalRows"] == 300
    assert len(workspace.jobs) == 1


def test_killed_after_create_was_sent_but_before_it_was_processed(
    make_workspace: MakeWorkspace,
) -> None:
    workspace, proxy = make_workspace(f"--fault=latency={HOLD_S},{CREATE},count=1")
    name = workspace.write("a.csv", rows(5))
    with workspace.watch(name) as running:
        wait_until_held(proxy, "/path/import")
        assert (workspace.steps, workspace.jobs) == (["creating"], [])
        kill(running)
    # the server works on what it has read although nobody waits for it any more
    workspace.wait_for_jobs(1)
    check_end(workspace, name, 0, 5)
    assert workspace.steps == ["finished"]


def test_killed_while_nobody_knows_whether_the_create_will_arrive(
    make_workspace: MakeWorkspace,
) -> None:
    workspace, proxy = make_workspace(f"--fault=latency={HOLD_S},{CREATE},count=1")
    name = workspace.write("a.csv", rows(5))
    with workspace.watch(name) as running:
        wait_until_held(proxy, "/path/import")
        workspace.server.process.send_signal(signal.SIGSTOP)
        kill(running)
    # the next run is there before the server has gone on with what it has read
    asked = len(proxy.requests)
    with workspace.watch(name, "--interval=1s") as second:
        wait_for(lambda: len(proxy.requests) > asked, "the second run")
        workspace.server.process.send_signal(signal.SIGCONT)
        assert second.finish().code == 0
    assert len(workspace.jobs) == 1
    assert workspace.new_people == 5


def test_killed_after_create_was_processed_but_before_the_answer(
    start_sandbox: StartSandbox, tmp_path: Path
) -> None:
    workspace = Workspace(
        start_sandbox(f"--fault=delay-answer={HOLD_S},{CREATE},count=1"), tmp_path
    )
    name = workspace.write("a.csv", rows(5, bad=1))
    with workspace.watch(name) as running:
        workspace.wait_for_jobs(1)
        assert workspace.steps == ["creating"]
        kill(running)
    check_end(workspace, name, 6, 5)
    assert workspace.steps == ["finished"]


@pytest.mark.parametrize("options", [["--fault=queue=3"], ["--rows-per-second=20"]])
def test_killed_while_waiting(
    start_sandbox: StartSandbox, tmp_path: Path, options: list[str]
) -> None:
    workspace = Workspace(start_sandbox(*options), tmp_path)
    name = workspace.write("a.csv", rows(30))
    with workspace.watch(name, "--interval=1s") as running:
        running.err.wait_for("import 1 ")
        kill(running)
    check_end(workspace, name, 0, 30)


def test_killed_while_failed_rows_are_saved(start_sandbox: StartSandbox, tmp_path: Path) -> None:
    workspace = Workspace(start_sandbox(f"--fault=drip,pause={BYTE_S},{EXPORT},count=1"), tmp_path)
    name = workspace.write("a.csv", rows(5, bad=2))
    with workspace.watch(name, "--interval=1s") as running:
        wait_for(lambda: list(tmp_path.glob(".import-1-failed.csv.*.part")), "a file that grows")
        kill(running)
    assert not (tmp_path / "import-1-failed.csv").exists()
    check_end(workspace, name, 6, 5)
    assert (tmp_path / "import-1-failed.csv").read_text().count("\n") == 3


def test_killed_at_every_step_in_turn(make_workspace: MakeWorkspace, tmp_path: Path) -> None:
    workspace, proxy = make_workspace(
        f"--fault=latency={HOLD_S},{ANALYZE},count=2",
        f"--fault=delay-answer={HOLD_S},{CREATE},count=1",
        # on a busy machine a run may get that far before it is killed
        f"--fault=drip,pause={BYTE_S},{EXPORT},count=3",
        "--fault=queue=2",
    )
    name = workspace.write("a.csv", rows(5, bad=1))
    for attempts in (1, 2):
        with workspace.watch(name) as running:
            wait_until_held(proxy, "/path/import/analyze", attempts)
            assert workspace.steps == ["uploading"] * attempts
            kill(running)
    with workspace.watch(name) as running:
        workspace.wait_for_jobs(1)
        kill(running)
    for _ in range(2):
        with workspace.watch(name, "--interval=1s") as running:
            running.err.wait_for("import 1 ")
            kill(running)
    with workspace.watch(name, "--interval=1s") as running:
        wait_for(lambda: list(tmp_path.glob(".import-1-failed.csv.*.part")), "a file that grows")
        kill(running)
    check_end(workspace, name, 6, 5)
    assert workspace.steps == ["uploading", "uploading", "finished"]


NOTHING = "nothing written"
#: what everybody's file is called
NAME = "contacts.csv"
#: longer than a request takes to arrive in a busy sandbox
SETTLE = "--settle=5s"


class Tally(NamedTuple):
    """What came of kills: the step each one hit, and how the last runs ended."""

    kills: Counter[str]
    actions: Counter[str]
    settled: int


def sleep_into_a_step(
    workspace: Workspace, process: subprocess.Popen[str], before: int, dice: random.Random
) -> bool:
    """Sleep until a random step was written down, and then for a random time.

    before: how many attempts of earlier files the journal has.
    Returns whether the process is still there.
    """
    [step] = dice.choices((NOTHING, "uploading", "creating", "created"), (1, 3, 5, 5))
    longest_s = dice.choice((0.005, 0.4, 1.2))
    while step != NOTHING and process.poll() is None:
        steps = workspace.steps
        if len(steps) > before and steps[-1] == step:
            break
        time.sleep(0.005)
    time.sleep(dice.uniform(0, longest_s))
    return process.poll() is None


def import_as_a_stranger(workspace: Workspace, text: str) -> None:
    """Import a file of the same name without the program; a server that fails is put up with."""
    upload = {"file": (NAME, text, "text/csv")}
    answer = workspace.server.ask("POST", "/path/import/analyze", files=upload)
    order = {"sourceId": 1, "mode": "UPDATE", "fileKey": answer.json()["fileKey"]}
    mappings = [{"csvIndex": 0, "targetField": "EMAIL"}]
    with contextlib.suppress(requests.ConnectionError):
        workspace.server.ask("POST", "/path/import", json={**order, "columnMappings": mappings})


def run_to_the_end(workspace: Workspace, about: str) -> Finished:
    """Run it as a job does that comes again after a failure, until it has succeeded."""
    for _ in range(5):
        done = workspace.run(NAME, "--interval=1s", SETTLE, timeout_s=90)
        if done.code == 6:
            return done
        assert (done.code, done.error["code"]) == (1, "CREATE_UNCERTAIN"), (about, done.err)
    raise AssertionError((about, done.err))


def kill_at_random(workspace: Workspace, seed: str, files: int) -> Tally:
    """Kill the runs of several files, each once or twice after a random time, and end them."""
    dice = random.Random(seed)
    kills: Counter[str] = Counter()
    actions: Counter[str] = Counter()
    settled = 0
    for number in range(files):
        # a job every night: one name, and other people each time
        workspace.write(NAME, rows(4, f"{seed}n{number}x", bad=1))
        before = len(workspace.steps)
        for _ in range(dice.choice((1, 1, 2))):
            with workspace.start(NAME, "--interval=1s", SETTLE) as process:
                if sleep_into_a_step(workspace, process, before, dice):
                    process.send_signal(signal.SIGKILL)
                assert process.wait(PATIENCE_S) in (-signal.SIGKILL, 6, 1)
                if process.returncode < 0:
                    kills[workspace.steps[-1] if len(workspace.steps) > before else NOTHING] += 1
            if dice.random() < 0.3:
                import_as_a_stranger(workspace, rows(4, f"{seed}n{number}stranger", bad=1))
        done = run_to_the_end(workspace, f"{seed} {number}")
        actions[done.json["run"]["action"]] += 1
        settled += "looking for it" in done.err
        assert workspace.run(NAME).json["run"]["action"] == "known"
    return Tally(kills, actions, settled)


def add_up(tallies: list[Tally]) -> str:
    """Return all tallies as one line."""
    kills: Counter[str] = sum((tally.kills for tally in tallies), Counter())
    actions: Counter[str] = sum((tally.actions for tally in tallies), Counter())
    waits = sum(tally.settled for tally in tallies)
    return (
        f"{kills.total()} kills at {dict(kills)}; the runs after them: {dict(actions)}, "
        f"{waits} of them waited for a request to settle"
    )


def crash_at_random(
    start_sandbox: StartSandbox, folder: Path, *, seed: int, workspaces: int, files: int
) -> str:
    """Kill runs on several machines side by side, count, and return a summary."""
    sandbox = start_sandbox(
        "--rows-per-second=20",
        f"--fault=latency=0.15,{ANALYZE}",
        f"--fault=latency=0.15,{CREATE}",
        f"--fault=delay-answer=0.2,{CREATE}",
        f"--fault=latency=0.15,{EXPORT}",
        f"--fault=502=0.15,{CREATE},processed=yes",
        f"--fault=503=0.1,{CREATE},processed=no",
        f"--fault=cut-before=0.1,{CREATE},processed=yes",
        "--fault=rename=replace",
        f"--seed={seed}",
    )
    machines = []
    for number in range(workspaces):
        (folder / f"machine{number}").mkdir()
        machines.append(Workspace(sandbox, folder / f"machine{number}"))
    with ThreadPoolExecutor(workspaces) as pool:
        tallies = list(
            pool.map(
                lambda pair: kill_at_random(pair[1], f"s{seed}m{pair[0]}", files),
                enumerate(machines),
            )
        )
    summary = add_up(tallies)
    check_count(machines, files, summary)
    # what one has imported last, the next finds on the server
    (folder / "new").mkdir()
    new = Workspace(sandbox, folder / "new")
    new.write(NAME, (machines[0].folder / NAME).read_text())
    assert new.run(NAME, SETTLE).json["run"]["action"] == "known"
    check_count(machines, files, summary)
    return summary


def check_count(machines: list[Workspace], files: int, summary: str) -> None:
    """Each file is there exactly once, with all its people; nothing of strangers is ours."""
    jobs = machines[0].jobs
    keys = Counter(
        found[1] for job in jobs if (found := re.search("tv-([0-9a-f]{12})", job["fileName"]))
    )
    assert len(keys) == files * len(machines), summary
    assert set(keys.values()) == {1}, (keys, summary)
    strangers = [job for job in jobs if "tv-" not in job["fileName"]]
    wait_for(lambda: all(job["completedAt"] for job in machines[0].jobs), "the end of all")
    # a stranger's file can be there twice: nobody has looked for it
    people = machines[0].new_people - 4 * files * len(machines)
    assert 4 * len(strangers) >= people >= (4 if strangers else 0), summary


def test_killed_at_any_moment(start_sandbox: StartSandbox, tmp_path: Path) -> None:
    summary = crash_at_random(start_sandbox, tmp_path, seed=0, workspaces=2, files=2)
    assert int(summary.split()[0]) > 0, summary


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", range(1, 9))
def test_killed_at_any_moment_many_times(
    start_sandbox: StartSandbox, tmp_path: Path, seed: int, record_property: Callable[..., None]
) -> None:
    summary = crash_at_random(start_sandbox, tmp_path, seed=seed, workspaces=3, files=10)
    record_property("kills", summary)
    # eight of these make 200 at the least, beside the 540 of tests/resources/test_run_kills.py
    assert int(summary.split()[0]) >= 25, summary
