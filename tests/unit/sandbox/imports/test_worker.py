"""The worker's turns: invariants at every look, restarts, the throttle, job faults."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from talkvalue_cli.sandbox.faults.pace import JobFaults, Pace

from ..bench import Bench, count


def make_people(number: int, prefix: str = "p") -> str:
    """Return a file with that many distinct valid addresses."""
    return "Email\n" + "".join(f"{prefix}{index}@example.com\n" for index in range(number))


def make_adversarial() -> tuple[str, tuple[int, ...], tuple[int, ...]]:
    """Return a shuffled file, and its expected counts under UPDATE and under SKIP."""
    names = [f"fresh{index}" for index in range(700)]
    known = ["ada.abbott", "ben.baker", "chloe.costa", "tess.okafor"]
    lines = [f"{name}@example.com" for name in names + known]
    lines += [f"{name.upper()}@Example.COM" for name in names[:300] + known]
    lines += [f"Fresh{index}@example.com" for index in range(100)]
    lines += ["no-at-sign", "a@b", "@example.com", "two@@example.com", "sp ace@example.com"] * 40
    random.Random(5).shuffle(lines)
    return (
        "Email\n" + "\n".join(lines) + "\n",
        (1308, 700, 4, 404, 0, 200),
        (1308, 700, 0, 404, 4, 200),
    )


@pytest.mark.parametrize("mode", ["UPDATE", "SKIP"])
def test_counters_add_up_at_every_look_whatever_the_file(
    open_bench: Callable[..., Bench], mode: str
) -> None:
    bench = open_bench(rate=371.0)
    content, update_counts, skip_counts = make_adversarial()
    job_id = bench.queue(content, mode=mode)
    seen: list[int] = []
    for _ in range(200):
        bench.turn(0.1)
        job = bench.get(f"/path/import/{job_id}")
        processed, *parts = count(job)
        assert processed == sum(parts)
        assert len(job["failedRows"]) == min(job["failedCount"], 20)
        seen.append(processed)
        if job["completedAt"]:
            break
    assert job["status"] == "PARTIAL_SUCCESS"
    assert seen == sorted(seen)
    assert len(set(seen)) > 30
    assert count(job) == (update_counts if mode == "UPDATE" else skip_counts)


def test_a_job_goes_on_in_a_new_worker_without_counting_a_row_twice(
    open_bench: Callable[..., Bench],
) -> None:
    content, update_counts, _ = make_adversarial()
    bench = open_bench(rate=100.0)
    job_id = bench.queue(content)
    for restart in range(12):
        for _ in range(10):
            bench.turn(0.1)
        processed, *parts = count(bench.get(f"/path/import/{job_id}"))
        assert processed == sum(parts) > restart * 50
        bench = open_bench(rate=100.0)
    bench.work()
    job = bench.get(f"/path/import/{job_id}")
    assert count(job) == update_counts
    export = bench.send("GET", f"/path/import/{job_id}/failed/export").text
    assert len(export.splitlines()) == 201


def test_a_pending_job_starts_after_a_restart(open_bench: Callable[..., Bench]) -> None:
    job_id = open_bench().queue(make_people(3))
    bench = open_bench()
    assert bench.get(f"/path/import/{job_id}")["status"] == "PENDING"
    bench.work()
    assert bench.get(f"/path/import/{job_id}")["status"] == "COMPLETED"
    assert bench.get("/path/channel")[3]["peopleCount"] == 3


def test_jobs_run_side_by_side_each_at_its_own_pace(open_bench: Callable[..., Bench]) -> None:
    bench = open_bench(rate=10.0)
    for index in range(30):
        bench.queue(make_people(20, f"job{index}-"))
    bench.turn()
    for _ in range(5):
        bench.turn(0.2)
    records = bench.get("/path/import?pageSize=100")["content"]
    assert [record["processedRows"] for record in records] == [10] * 30
    for _ in range(5):
        bench.turn(0.2)
    records = bench.get("/path/import?pageSize=100")["content"]
    assert [record["status"] for record in records] == ["COMPLETED"] * 30


def test_two_jobs_over_the_same_people_do_not_disturb_each_other(
    open_bench: Callable[..., Bench],
) -> None:
    bench = open_bench(rate=100.0)
    content = make_people(50) + make_people(50).partition("\n")[2]
    first, second = bench.queue(content), bench.queue(content)
    bench.work()
    assert count(bench.get(f"/path/import/{first}"))[3] == 50
    new, updated, duplicated = count(bench.get(f"/path/import/{second}"))[1:4]
    assert (new + updated, duplicated) == (50, 50)


def test_the_addresses_seen_by_a_job_are_forgotten_when_it_has_ended(bench: Bench) -> None:
    bench.run(make_people(1000))
    for table in ("import_keys", "import_batches"):
        rows = bench.store.connect().execute(f"SELECT COUNT(*) FROM {table}")
        assert rows.fetchone()[0] == 0


def test_a_worker_with_nothing_to_do_asks_for_no_turn(bench: Bench) -> None:
    assert bench.turn() is None


def run_with(
    open_bench: Callable[..., Bench], faults: JobFaults, times_s: list[float]
) -> list[tuple[str, int]]:
    """Return status and processedRows of a job of 100 rows at those times since its start."""
    bench = open_bench(faults=faults)
    job_id = bench.queue(make_people(100))
    bench.turn()
    seen = []
    for step in [after - before for before, after in zip([0.0, *times_s], times_s, strict=False)]:
        bench.turn(step)
        bench.turn()
        job = bench.get(f"/path/import/{job_id}")
        seen.append((job["status"], job["processedRows"]))
    return seen


@pytest.mark.parametrize(
    ("faults", "expected"),
    [
        (JobFaults(stall_share=0.5), [("RUNNING", 50), ("RUNNING", 50), ("RUNNING", 50)]),
        (
            JobFaults(stall_share=0.5, stall_s=3.0),
            [("RUNNING", 50), ("RUNNING", 50), ("COMPLETED", 100)],
        ),
        (JobFaults(fail_share=0.25), [("FAILED", 25)] * 3),
        (JobFaults(fail_share=0.0), [("FAILED", 0)] * 3),
        (JobFaults(queue_s=2.0), [("PENDING", 0), ("COMPLETED", 100), ("COMPLETED", 100)]),
        (JobFaults(finalize_s=3.0), [("RUNNING", 100), ("RUNNING", 100), ("COMPLETED", 100)]),
        (
            JobFaults(finalize_s=3.0, silent=True),
            [("RUNNING", 0), ("RUNNING", 0), ("COMPLETED", 100)],
        ),
    ],
)
def test_job_faults_hold_jobs_up(
    open_bench: Callable[..., Bench], faults: JobFaults, expected: list[tuple[str, int]]
) -> None:
    assert run_with(open_bench, faults, [1.0, 2.0, 4.0]) == expected


def test_a_pace_is_a_function_of_time() -> None:
    pace = Pace(1000, 0, now=50.0, rows_per_second=100.0, faults=JobFaults())
    assert [pace.limit_rows(0, 50.0 + s) for s in (0, 0.1, 1.5, 9.99, 30)] == [
        0,
        10,
        150,
        999,
        1000,
    ]


def test_batches_move_in_whole_steps_but_reach_the_end() -> None:
    pace = Pace(105, 0, now=0.0, rows_per_second=10.0, faults=JobFaults(batch_rows=25))
    assert [pace.limit_rows(0, s) for s in (2.4, 2.5, 9.9, 10.4, 10.5)] == [0, 25, 75, 100, 105]


def test_a_stall_that_ends_is_not_made_up_for() -> None:
    pace = Pace(100, 0, 0.0, 10.0, JobFaults(stall_share=0.5, stall_s=100.0))
    assert pace.limit_rows(0, 60.0) == 50
    assert pace.limit_rows(50, 60.0) == 50
    assert pace.limit_rows(50, 159.0) == 50
    assert pace.limit_rows(50, 160.0) == 50
    assert pace.limit_rows(50, 161.0) == 60
