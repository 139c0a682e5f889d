"""Hosts with disks of their own and one journal: real processes, real deaths, one import a file."""

from __future__ import annotations

import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.csv_texts import rows
from tests.harness import Finished, Running, Sandbox, wait_for
from tests.postgres.database import Database
from tests.process.workspace import Workspace

StartSandbox = Callable[..., Sandbox]
CREATE, ANALYZE = "method=POST,path=/path/import", "path=/path/import/analyze"
NAME = "contacts.csv"
#: longer than a request takes to arrive in a busy sandbox
FLAGS = (NAME, "--interval=1s", "--settle=5s", "--timeout=5m")
HOSTS = 8
#: at each of these one process is killed: half of eight
STEPS = ("nothing", "uploading", "creating", "created")


class Host(NamedTuple):
    """A machine: a folder with a home, in which the program runs."""

    workspace: Workspace
    url: str

    def watch(self) -> Running:
        """Start `path import run`."""
        return self.workspace.watch(
            *FLAGS, environ=self.workspace.environ(TALKVALUE_JOURNAL=self.url)
        )


def make_hosts(sandbox: Sandbox, folder: Path, url: str, count: int) -> list[Host]:
    """Return machines with empty disks."""
    hosts = []
    for number in range(count):
        (folder / f"host{number}").mkdir()
        hosts.append(Host(Workspace(sandbox, folder / f"host{number}"), url))
    return hosts


def find_worker(place: Database, step: str) -> int | None:
    """Return the process that has brought the newest attempt to this step."""
    found = place.ask("SELECT step, run FROM talkvalue_attempts ORDER BY began_at DESC LIMIT 1")
    return int(found[0][1].partition("-")[0]) if found and found[0][0] == step else None


def kill_at_every_step(
    place: Database, running: list[Running], before: int, dice: random.Random
) -> tuple[list[Running], Counter[str]]:
    """Kill one process at each step; return those that live, and at what the others died."""
    alive = {each.process.pid: each for each in running}
    died: Counter[str] = Counter()
    for step in STEPS:
        if step == "nothing":
            victim: int | None = dice.choice(list(alive))
        else:
            victim = wait_for_worker(place, step, alive, before)
        if victim is not None:
            alive[victim].process.send_signal(signal.SIGKILL)
            assert alive.pop(victim).process.wait(10) == -signal.SIGKILL
            died[step] += 1
    return list(alive.values()), died


def wait_for_worker(
    place: Database, step: str, alive: dict[int, Running], before: int
) -> int | None:
    """Return who is at a step, as soon as somebody is; None when that has passed."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        worker = find_worker(place, step)
        is_new = place.ask("SELECT count(*) FROM talkvalue_attempts")[0][0] > before
        if is_new and worker in alive:
            return worker
        if is_new and find_worker(place, "finished") is not None:
            return None
        time.sleep(0.01)
    raise AssertionError(f"nobody ever came to {step}")


def import_at_once(
    hosts: list[Host], place: Database, number: int, dice: random.Random
) -> Counter[str]:
    """Have all hosts import the same new file, half of which are killed; count and try again."""
    workspace = hosts[0].workspace
    people, jobs = workspace.people_in_channel, len(workspace.jobs)
    for host in hosts:
        host.workspace.write(NAME, rows(4, f"round{number}x"))
    [[before]] = place.ask("SELECT count(*) FROM talkvalue_attempts") if number else [[0]]
    with ExitStack() as stack:
        running = [stack.enter_context(host.watch()) for host in hosts]
        if not number:
            wait_for(lambda: has_tables(place), "the tables")
        alive, died = kill_at_every_step(place, running, before, dice)
        ended = [each.finish(100) for each in alive]
        again = [stack.enter_context(host.watch()) for host in hosts[:3]]
        check(ended, "created")
        check([each.finish(60) for each in again], "known")
    assert len(workspace.jobs) == jobs + 1
    assert workspace.people_in_channel == people + 4
    return died


def has_tables(place: Database) -> bool:
    """Tell whether some process has made the tables."""
    return bool(place.ask("SELECT to_regclass('talkvalue_attempts') IS NOT NULL")[0][0])


def check(ended: list[Finished], most: str) -> None:
    """All have succeeded, and at most one of them has created anything."""
    for done in ended:
        assert done.code == 0, done.err
    actions = Counter(done.json["run"]["action"] for done in ended)
    assert actions["created"] + actions["adopted"] <= (most == "created"), actions


def run_rounds(
    start_sandbox: StartSandbox, folder: Path, place: Database, rounds: int
) -> Counter[str]:
    """Have eight hosts import a file a round; return at what the processes died."""
    sandbox = start_sandbox(
        "--rows-per-second=2",
        f"--fault=latency=0.5,{ANALYZE}",
        f"--fault=latency=0.3,{CREATE}",
        f"--fault=delay-answer=0.5,{CREATE}",
    )
    hosts = make_hosts(sandbox, folder, place.url, HOSTS)
    dice, died = random.Random(rounds), Counter[str]()
    for number in range(rounds):
        died += import_at_once(hosts, place, number, dice)
    assert not list(folder.glob("host*/home/.local"))
    return died


@pytest.mark.timeout(180)
def test_eight_hosts_of_which_half_are_killed_make_one_import(
    start_sandbox: StartSandbox, tmp_path: Path, place: Database
) -> None:
    died = run_rounds(start_sandbox, tmp_path, place, 1)
    assert died.total() >= 3, died


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_eight_hosts_make_one_import_a_file_in_twenty_rounds(
    start_sandbox: StartSandbox,
    tmp_path: Path,
    place: Database,
    record_property: Callable[..., None],
) -> None:
    died = run_rounds(start_sandbox, tmp_path, place, 20)
    record_property("kills", f"{died.total()} kills at {dict(died)}")
    assert died.total() >= 60, died


@pytest.mark.parametrize("count", [2, 5])
def test_hosts_that_create_the_same_content_in_the_same_second_make_one_import(
    start_sandbox: StartSandbox, tmp_path: Path, place: Database, count: int
) -> None:
    hosts = make_hosts(start_sandbox(), tmp_path, place.url, count)
    with ExitStack() as stack:
        for host in hosts:
            host.workspace.write(NAME, rows(4))
        running = [stack.enter_context(host.watch()) for host in hosts]
        ended = [each.finish(50) for each in running]
    check(ended, "created")
    assert sum(done.json["run"]["action"] == "created" for done in ended) == 1
    assert len(hosts[0].workspace.jobs) == 1
