"""A real triggerer: restarted in the middle, and with a thousand waits."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.airflow.conftest import FIGURES, count_requests, describe_connection
from tests.csv_texts import rows
from tests.harness import Sandbox, wait_for

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
DAGS = Path(__file__).parent / "dags"
MANY, MOST_REQUESTS_A_S, MOST_CPU = 1000, 6.0, 0.05
#: for so long the triggerer is watched while all imports run, in seconds
WATCHED_S = 30.0


class Triggerer:
    """Airflow's triggerer, and tasks that wait for it."""

    def __init__(self, home: Path, sandbox: Sandbox) -> None:
        self._environ = {
            **os.environ,
            "AIRFLOW_CONN_TALKVALUE_DEFAULT": describe_connection(sandbox.url),
            "AIRFLOW__TRIGGERER__CAPACITY": "2000",
            "PYTHONWARNINGS": "ignore",
        }
        (home / "dags").mkdir(exist_ok=True)
        shutil.copy(DAGS / "waits.py", home / "dags")
        # others have used the database before
        self._run_id = uuid.uuid4().hex
        self.process: subprocess.Popen[bytes] | None = None
        self._log = home / "triggerer.log"
        self.run("airflow", "dags", "reserialize")

    def run(self, *words: str) -> str:
        """Run a module to its end, and return what it prints."""
        done = subprocess.run(
            [sys.executable, "-m", *words],
            cwd=ROOT,
            env=self._environ,
            capture_output=True,
            text=True,
            timeout=200,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def defer(self, deadline: float, first: int, count: int = 1) -> None:
        """Leave deferred tasks, as a worker does."""
        arguments = map(str, (deadline, first, count))
        self.run("tests.airflow.deferred", self._run_id, "defer", *arguments)

    @property
    def events(self) -> dict[str, Any]:
        """What tasks were resumed with, by their import."""
        found: dict[str, Any] = json.loads(
            self.run("tests.airflow.deferred", self._run_id, "events").splitlines()[-1]
        )
        return found

    def start(self) -> None:
        """Start the process, with its children in a group of their own."""
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "airflow", "triggerer"],
                cwd=ROOT,
                env=self._environ,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill(self) -> None:
        """End it as a power cut would."""
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(20)

    def cpu_s(self) -> float:
        """Return the processor time of all its processes so far, in seconds (proc_pid_stat)."""
        assert self.process is not None, "it was started"
        ticks = 0
        for path in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = path.read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[3]) == self.process.pid:  # the session
                ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")


@pytest.fixture
def make_triggerer(database: Path) -> Iterator[Callable[[Sandbox], Triggerer]]:
    """Return a function that makes one; it is killed in the end."""
    made: list[Triggerer] = []

    def make(sandbox: Sandbox) -> Triggerer:
        made.append(Triggerer(database, sandbox))
        return made[-1]

    yield make
    for each in made:
        each.kill()


@pytest.mark.timeout(300)
def test_a_triggerer_that_dies_in_the_middle_waits_on_and_creates_nothing(
    start_sandbox: Callable[..., Sandbox], make_triggerer: Callable[[Sandbox], Triggerer]
) -> None:
    sandbox = start_sandbox("--fault=stall=0.5,seconds=90")
    job_id = sandbox.create_import(rows(20))
    polls, posts = count_requests(sandbox, "GET"), count_requests(sandbox, "POST")
    triggerer = make_triggerer(sandbox)
    triggerer.defer(time.time() + 3600, job_id)
    triggerer.start()
    wait_for(lambda: count_requests(sandbox, "GET") > polls, "a poll", 90)
    triggerer.kill()
    polls = count_requests(sandbox, "GET")
    assert triggerer.events == {}
    triggerer.start()
    wait_for(lambda: count_requests(sandbox, "GET") > polls, "a poll after the restart", 120)
    wait_for(lambda: sandbox.job(job_id)["completedAt"], "its end", 120)
    event = wait_for(lambda: triggerer.events.get(str(job_id)), "the event", 60)
    assert (event["outcome"], event["job"]["newCount"]) == ("completed", 20)
    assert count_requests(sandbox, "POST") == posts
    assert len(sandbox.ask("GET", "/path/import").json()["content"]) == 1


@pytest.mark.timeout(900)
def test_a_thousand_waits_are_one_waiter(
    start_sandbox: Callable[..., Sandbox],
    make_triggerer: Callable[[Sandbox], Triggerer],
    tmp_path: Path,
) -> None:
    # no import ends while they are watched; the sandbox has 200 of them at work at a time
    options = ("--db", str(tmp_path / "sandbox.db"), "--rows-per-second")
    sandbox = start_sandbox(*options, "0.01")
    first = sandbox.create_import(rows(5))
    for _ in range(MANY - 1):
        sandbox.create_import(rows(5))
    triggerer = make_triggerer(sandbox)
    triggerer.defer(time.time() + 3600, first, MANY)
    polls = count_requests(sandbox, "GET")
    triggerer.start()
    # a thousand imports are ten pages
    wait_for(lambda: count_requests(sandbox, "GET") >= polls + 30, "polls of all", 200)
    polls, cpu_s, began_at = count_requests(sandbox, "GET"), triggerer.cpu_s(), time.monotonic()
    time.sleep(WATCHED_S)
    seconds = time.monotonic() - began_at
    requests_a_s = (count_requests(sandbox, "GET") - polls) / seconds
    cpu = (triggerer.cpu_s() - cpu_s) / seconds
    figures = f"{requests_a_s:.1f} requests/s, {100 * cpu:.1f} % of a core"
    FIGURES.append(f"{MANY} deferred waits: {figures}")
    assert triggerer.events == {}, "they were watched while there was something to wait for"
    assert requests_a_s <= MOST_REQUESTS_A_S
    assert cpu <= MOST_CPU
    # an outage, and then all end at once
    sandbox.kill()
    sandbox.options = (*options, "1000")
    sandbox.restart()
    wait_for(lambda: len(triggerer.events) == MANY, "all events", 400)
    assert {event["outcome"] for event in triggerer.events.values()} == {"completed"}
