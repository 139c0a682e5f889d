"""Lag and requests of a wait, beside a shell loop that sleeps five seconds."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import NamedTuple

from tests.bench.processes import TALKVALUE, Row, finish
from tests.csv_texts import people
from tests.harness import Sandbox

#: rows a second of each job; the server's other work stays small beside it
PACE = 50
#: seconds that the jobs take
LENGTHS_S = (3, 8, 15, 30, 45, 60, 90, 120)
CPU_WAIT_S = 600

LOOP = """
n=0
while :; do
  n=$((n + 1))
  case $(talkvalue path import get "$1" --json) in
    *'"status": "COMPLETED"'*) break ;;
  esac
  sleep 5
done
echo "$n"
"""


class Wait(NamedTuple):
    """How a wait for one job went: seconds from the end of the job to knowing it, and requests."""

    lag_s: float
    requests: int


def run(sandbox: Sandbox, lengths_s: tuple[int, ...]) -> Iterator[Row]:
    """Wait for jobs of several lengths, both ways at once, each process for a job of its own."""
    with ThreadPoolExecutor(2 * len(lengths_s)) as pool:
        ours = [pool.submit(_wait, sandbox, seconds) for seconds in lengths_s]
        loops = [pool.submit(_loop, sandbox, seconds) for seconds in lengths_s]
        pairs = [(a.result(), b.result()) for a, b in zip(ours, loops, strict=True)]
    for seconds, (wait, loop) in zip(lengths_s, pairs, strict=True):
        yield Row(
            f"import of {seconds} s",
            f"lag {wait.lag_s:.1f} s, {wait.requests} requests; "
            f"loop: {loop.lag_s:.1f} s, {loop.requests} requests",
        )
    waits, loop_waits = zip(*pairs, strict=True)
    lag, loop_lag = (statistics.fmean(w.lag_s for w in many) for many in (waits, loop_waits))
    sent, loop_sent = (sum(w.requests for w in many) for many in (waits, loop_waits))
    yield Row(
        "all of them: mean lag, requests",
        f"{lag:.2f} s, {sent}; loop with sleep 5: {loop_lag:.2f} s, {loop_sent}",
        "both less",
        lag < loop_lag and sent < loop_sent,
    )


def run_long(sandbox: Sandbox, seconds: int) -> Iterator[Row]:
    """Wait for one long job with the bar's redrawing and with plain lines, and count the CPU."""
    with ThreadPoolExecutor(2) as pool:
        plain = pool.submit(_cpu_of_wait, sandbox, seconds, "plain")
        bar = pool.submit(_cpu_of_wait, sandbox, seconds, "bar")
        for name, future in (("plain", plain), ("bar", bar)):
            cpu_s = future.result()
            yield Row(
                f"CPU of a wait of {seconds} s, {name} progress",
                f"{cpu_s:.2f} s",
                "< 0.5 s",
                cpu_s < 0.5,
            )


def _start_job(sandbox: Sandbox, seconds: float) -> int:
    return sandbox.create_import(people(int(PACE * seconds)))


def _ended_at(sandbox: Sandbox, job_id: int) -> float:
    record = sandbox.ask("GET", f"/path/import/{job_id}").json()
    assert record["status"] == "COMPLETED", record
    return datetime.fromisoformat(record["completedAt"].replace("Z", "+00:00")).timestamp()


def _wait(sandbox: Sandbox, seconds: float) -> Wait:
    job_id = _start_job(sandbox, seconds)
    done = subprocess.run(
        [TALKVALUE, "path", "import", "wait", str(job_id), "--json"],
        env=sandbox.environ(),
        capture_output=True,
        check=True,
    )
    lag_s = time.time() - _ended_at(sandbox, job_id)
    return Wait(lag_s, json.loads(done.stdout)["wait"]["requests"])


def _loop(sandbox: Sandbox, seconds: float) -> Wait:
    job_id = _start_job(sandbox, seconds)
    environ = sandbox.environ()
    environ["PATH"] = os.path.dirname(TALKVALUE) + os.pathsep + environ["PATH"]
    done = subprocess.run(
        ["sh", "-c", LOOP, "loop", str(job_id)], env=environ, capture_output=True, check=True
    )
    return Wait(time.time() - _ended_at(sandbox, job_id), int(done.stdout))


def _cpu_of_wait(sandbox: Sandbox, seconds: float, progress: str) -> float:
    job_id = _start_job(sandbox, seconds)
    command = [TALKVALUE, "path", "import", "wait", str(job_id), "--progress", progress]
    # the bar wants a terminal
    ours, theirs = os.openpty()
    began_at = time.perf_counter()
    with tempfile.TemporaryFile() as nothing:
        process = subprocess.Popen(
            command, env=sandbox.environ(TERM="xterm"), stdout=nothing, stderr=theirs
        )
        os.close(theirs)
        with ThreadPoolExecutor(1) as reader:
            reader.submit(_drain, ours)
            cost = finish(process, began_at)
    assert cost.code == 0, cost
    return cost.cpu_s


def _drain(terminal: int) -> None:
    """Read a terminal until its last writer is gone, which Linux reports as an error."""
    try:
        while os.read(terminal, 65536):
            pass
    except OSError:
        pass
    finally:
        os.close(terminal)
