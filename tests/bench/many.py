"""Waiting for many jobs in one process, beside a shell loop of single GETs."""

from __future__ import annotations

import json
import math
import random
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from tests.bench.processes import TALKVALUE, Row, finish
from tests.csv_texts import people
from tests.harness import TOKEN, Sandbox

#: seconds that the jobs take: most are short, a few long
SHORTEST_S, LONGEST_S = 2.0, 90.0
ENDED = ("COMPLETED", "PARTIAL_SUCCESS", "FAILED")

#: what people write: look at each job that is not over, sleep, look again
LOOP = """
live="$*"
while [ -n "$live" ]; do
  rest=
  for id in $live; do
    echo get
    case $(curl -s -H "Authorization: Bearer $TALKVALUE_TOKEN" \
        "$TALKVALUE_API_URL/path/import/$id") in
      *'"status":"COMPLETED"'*|*'"status": "COMPLETED"'*) echo "end $id" ;;
      *) rest="$rest $id" ;;
    esac
  done
  live=$rest
  [ -z "$live" ] || sleep 5
done
"""


class Figures(NamedTuple):
    """Mean seconds from the end of a job to knowing it, requests, seconds of CPU and peak MB."""

    lag_s: float
    requests: int
    wall_s: float
    cpu_s: float
    peak_mb: float


def run(sandbox: Sandbox, pace: int, counts: Sequence[int]) -> Iterator[Row]:
    """Wait for so many jobs at once, for each of the counts; the loop for the first of them."""
    ours: dict[int, Figures] = {}
    for count in counts:
        ours[count] = _wait(sandbox, _start_jobs(sandbox, pace, count))
        yield from _describe(count, ours[count])
    loop = _loop(sandbox, _start_jobs(sandbox, pace, counts[0]))
    yield Row(
        f"the same {counts[0]} jobs, shell loop of GETs, sleep 5",
        f"{loop.requests} requests, mean lag {loop.lag_s:.2f} s",
    )
    few, many = ours[counts[0]], ours[counts[-1]]
    growth, share = many.requests / few.requests, counts[-1] / counts[0]
    yield Row(
        f"requests from {counts[0]} to {counts[-1]} jobs",
        f"x {growth:.1f} for x {share:.0f} jobs",
        "less than linear",
        growth < share,
    )


def _describe(count: int, figures: Figures) -> Iterator[Row]:
    lag = f"{figures.requests} requests, mean lag {figures.lag_s:.2f} s"
    is_hundred = count <= 100
    yield Row(
        f"{count} jobs, one process",
        lag,
        "< 500 requests, < 2 s" if is_hundred else "",
        figures.requests < 500 and figures.lag_s < 2 if is_hundred else None,
    )
    load = figures.cpu_s / figures.wall_s
    yield Row(
        f"{count} jobs: peak memory, CPU",
        f"{figures.peak_mb:.0f} MB, {100 * load:.1f} % of a core over {figures.wall_s:.0f} s",
        "< 100 MB, < 5 %",
        figures.peak_mb < 100 and load < 0.05,
    )


def _start_jobs(sandbox: Sandbox, pace: int, count: int) -> list[int]:
    lots = random.Random(count)
    spread = math.log(LONGEST_S / SHORTEST_S)
    lengths_s = [SHORTEST_S * math.exp(lots.uniform(0, spread)) for _ in range(count)]
    return [sandbox.create_import(people(int(pace * length_s))) for length_s in lengths_s]


def _ends(sandbox: Sandbox, job_ids: Sequence[int]) -> dict[int, float]:
    """Return when each job ended, in epoch seconds, by the server's clock, which is ours."""
    ends: dict[int, float] = {}
    page = 1
    while len(ends) < len(job_ids):
        answer = sandbox.ask("GET", f"/path/import?pageSize=100&pageNumber={page}").json()
        for job in answer["content"]:
            if job["id"] in job_ids:
                ended = job["completedAt"].replace("Z", "+00:00")
                ends[job["id"]] = datetime.fromisoformat(ended).timestamp()
        page += 1
    return ends


def _lag_s(sandbox: Sandbox, known_at: Mapping[int, float], began_at: float) -> float:
    ends = _ends(sandbox, list(known_at))
    return statistics.fmean(known - max(ends[job], began_at) for job, known in known_at.items())


def _wait(sandbox: Sandbox, job_ids: Sequence[int]) -> Figures:
    command = [TALKVALUE, "path", "import", "wait", "-", "--progress", "json", "--json"]
    began, began_at = time.perf_counter(), time.time()
    with tempfile.TemporaryFile() as document:
        process = subprocess.Popen(
            command,
            env=sandbox.environ(),
            stdin=subprocess.PIPE,
            stdout=document,
            stderr=subprocess.PIPE,
        )
        assert process.stdin is not None and process.stderr is not None
        process.stdin.write(" ".join(map(str, job_ids)).encode())
        process.stdin.close()
        known_at: dict[int, float] = {}
        for line in process.stderr:
            event = json.loads(line)
            if event.get("event") == "status" and event["status"] in ENDED:
                known_at[event["id"]] = time.time()
        cost = finish(process, began)
        document.seek(0)
        requests = json.load(document)["wait"]["requests"]
    assert cost.code == 0 and len(known_at) == len(job_ids), cost
    lag_s = _lag_s(sandbox, known_at, began_at)
    return Figures(lag_s, requests, cost.wall_s, cost.cpu_s, cost.peak_mb)


def _loop(sandbox: Sandbox, job_ids: Sequence[int]) -> Figures:
    began, began_at = time.perf_counter(), time.time()
    process = subprocess.Popen(
        ["sh", "-c", LOOP, "loop", *map(str, job_ids)],
        env=sandbox.environ(TALKVALUE_TOKEN=TOKEN),
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    known_at: dict[int, float] = {}
    requests = 0
    for line in process.stdout:
        word, *rest = line.decode().split()
        requests += word == "get"
        if word == "end":
            known_at[int(rest[0])] = time.time()
    cost = finish(process, began)
    lag_s = _lag_s(sandbox, known_at, began_at)
    return Figures(lag_s, requests, cost.wall_s, cost.cpu_s, cost.peak_mb)


def run_file(sandbox: Sandbox, path: Path) -> Iterator[Row]:
    """Check, hash, upload and create a large file."""
    began = time.perf_counter()
    process = subprocess.Popen(
        [
            *(TALKVALUE, "path", "import", "run", str(path)),
            *("--source-id", "1", "--mode", "SKIP", "--no-wait"),
        ],
        env=sandbox.environ(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    cost = finish(process, began)
    assert cost.code == 0, cost
    yield Row(
        f"run of {path.stat().st_size / (1 << 20):.0f} MB, without the wait: peak memory",
        f"{cost.peak_mb:.0f} MB in {cost.wall_s:.1f} s",
        "< 100 MB",
        cost.peak_mb < 100,
    )
