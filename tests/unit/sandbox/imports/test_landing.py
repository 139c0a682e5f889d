"""Rows land when nothing can make their job fail any more: FAILED means that nothing landed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from talkvalue_cli.sandbox.faults.pace import JobFaults
from talkvalue_cli.sandbox.imports import landing

from ..bench import Bench, count
from .test_worker import make_people

Open = Callable[..., Bench]

KNOWN = ("ada.baker", "ben.costa", "ada.haas")
TARGETS = ("EMAIL", "JOB_TITLE", "JOINED_AT")
TABLES = ("people", "channel_people", "activity", "companies", "person_emails")


def make_mixed(number: int = 100) -> str:
    """Return a file of new and known people with new titles, of repeated and of failed rows."""
    lines = [f"{name}@example.com,Boss,2026-01-01" for name in KNOWN]
    lines += [f"new{index}@fresh{index}.example,Boss," for index in range(number)]
    lines += ["new0@fresh0.example,Again,", "broken,,"]
    return "Email,Title,Joined\n" + "\n".join(lines) + "\n"


def take_picture(bench: Bench) -> dict[str, list[tuple[Any, ...]]]:
    """Return all that imports could have changed."""
    return {
        table: [tuple(row) for row in bench.store.connect().execute(f"SELECT * FROM {table}")]
        for table in TABLES
    }


def show(bench: Bench, job_id: int) -> tuple[str, tuple[int, ...]]:
    """Return the status and the counters of a job."""
    job = bench.get(f"/path/import/{job_id}")
    return job["status"], count(job)


@pytest.mark.parametrize("mode", ["UPDATE", "SKIP"])
@pytest.mark.parametrize(("share", "processed"), [(0.25, 26), (1.0, 105)])
def test_a_job_that_was_made_to_fail_leaves_nothing(
    open_bench: Open, mode: str, share: float, processed: int
) -> None:
    bench = open_bench(rate=100.0, faults=JobFaults(fail_share=share))
    before = take_picture(bench)
    job = bench.run(make_mixed(), TARGETS, mode)
    failed = 1 if processed == 105 else 0
    assert (job["status"], count(job)) == ("FAILED", (processed, 0, 0, 0, 0, failed))
    assert tuple(job["failedRows"][0].values()) == (
        *(0, "INTERNAL_ERROR", "The import failed on the server.", None),
    )
    assert take_picture(bench) == before
    left = bench.store.connect().execute("SELECT COUNT(*) FROM import_batches")
    assert left.fetchone()[0] == 0


def test_a_job_that_fails_after_a_restart_leaves_nothing(open_bench: Open) -> None:
    faults = JobFaults(fail_share=0.5)
    bench = open_bench(rate=100.0, faults=faults)
    before = take_picture(bench)
    job_id = bench.queue(make_mixed(), TARGETS)
    bench.turn()
    bench.turn(0.3)
    status, counters = show(bench, job_id)
    assert (status, counters[:3]) == ("RUNNING", (30, 27, 3))
    bench = open_bench(rate=100.0, faults=faults)
    bench.work()
    assert show(bench, job_id) == ("FAILED", (52, 0, 0, 0, 0, 0))
    assert take_picture(bench) == before


def test_a_channel_that_is_deleted_half_way_gets_nobody(open_bench: Open) -> None:
    bench = open_bench(rate=100.0)
    job_id = bench.queue(make_mixed(), TARGETS)
    bench.turn()
    bench.turn(0.3)
    bench.send("DELETE", "/path/channel/4")
    before = take_picture(bench)
    bench.turn(0.1)
    assert show(bench, job_id) == ("FAILED", (30, 0, 0, 0, 0, 0))
    reason = bench.get(f"/path/import/{job_id}")["failedRows"][0]
    assert reason["errorCode"] == "SOURCE_DELETED"
    assert take_picture(bench) == before


def test_nobody_is_there_before_all_rows_were_checked(open_bench: Open) -> None:
    bench = open_bench(rate=100.0)
    job_id = bench.queue(make_people(100))
    bench.turn()
    for rows in (50, 99):
        bench.turn(0.5 if rows == 50 else 0.49)
        assert show(bench, job_id) == ("RUNNING", (rows, rows, 0, 0, 0, 0))
        assert bench.get("/path/channel")[3]["peopleCount"] == 0
    bench.turn(0.01)
    assert show(bench, job_id) == ("COMPLETED", (100, 100, 0, 0, 0, 0))
    assert bench.get("/path/channel")[3]["peopleCount"] == 100


def test_a_job_that_fails_takes_nothing_from_another_with_the_same_people(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        bench.worker,
        "_choose_faults",
        lambda job_id: JobFaults(fail_share=1.0) if job_id == 1 else JobFaults(),
    )
    first, second = bench.queue(make_people(50)), bench.queue(make_people(50))
    bench.work()
    assert show(bench, first) == ("FAILED", (50, 0, 0, 0, 0, 0))
    assert show(bench, second) == ("COMPLETED", (50, 50, 0, 0, 0, 0))
    assert bench.get("/path/channel")[3]["peopleCount"] == 50


@pytest.mark.parametrize(("mode", "counters"), [("UPDATE", (0, 50)), ("SKIP", (0, 0, 0, 50))])
def test_counters_tell_what_landed_when_another_job_was_quicker(
    bench: Bench, mode: str, counters: tuple[int, ...]
) -> None:
    first, second = bench.queue(make_people(50)), bench.queue(make_people(50), mode=mode)
    bench.work()
    assert show(bench, first) == ("COMPLETED", (50, 50, 0, 0, 0, 0))
    assert show(bench, second)[1][1:][: len(counters)] == counters


class Stumble:
    """Lands rows as it should until it was called so often, and then fails for ever."""

    def __init__(self, calls: int) -> None:
        self._left = calls
        self._land = landing.land_rows

    def __call__(self, *values: Any) -> int:
        """Land rows, or fail as with a full disk."""
        if self._left == 0:
            raise OSError("no space left")
        self._left -= 1
        return self._land(*values)


def test_landing_that_was_broken_off_is_taken_up_and_cannot_fail_any_more(
    open_bench: Open, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    bench = open_bench(rate=1000.0)
    job_id = bench.queue(make_mixed(1995), TARGETS)
    with monkeypatch.context() as patch:
        patch.setattr(landing, "land_rows", Stumble(2))
        for _ in range(30):
            bench.turn(0.1)
        assert show(bench, job_id) == ("RUNNING", (2000, 1995, 3, 1, 0, 1))
        assert 500 <= bench.get("/path/channel")[3]["peopleCount"] < 1998
    assert "no space left" in capsys.readouterr().err
    bench = open_bench(rate=1000.0, faults=JobFaults(fail_share=1.0))
    bench.work()
    assert show(bench, job_id) == ("PARTIAL_SUCCESS", (2000, 1995, 3, 1, 0, 1))
    assert bench.get("/path/channel")[3]["peopleCount"] == 1998


def test_a_worker_rests_before_it_tries_to_land_again(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    job_id = bench.queue(make_people(3))
    with monkeypatch.context() as patch:
        patch.setattr(landing, "land_rows", Stumble(0))
        assert bench.turn() == pytest.approx(0.1)
    for _ in range(9):
        bench.turn(0.1)
        assert show(bench, job_id)[0] == "RUNNING"
    bench.turn(0.2)
    assert show(bench, job_id)[0] == "COMPLETED"
    assert capsys.readouterr().err.count("OSError: no space left") == 1


def test_a_channel_that_is_deleted_while_rows_land_gets_no_members(
    open_bench: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = open_bench(rate=1000.0)
    job_id = bench.queue(make_people(1000))
    with monkeypatch.context() as patch:
        patch.setattr(landing, "land_rows", Stumble(1))
        for _ in range(12):
            bench.turn(0.1)
    bench.send("DELETE", "/path/channel/4")
    bench.work()
    assert show(bench, job_id) == ("COMPLETED", (1000, 1000, 0, 0, 0, 0))
    assert bench.find_person("p999@example.com") is not None
