"""How many failed rows are acceptable, and statuses that this version does not know."""

from __future__ import annotations

import pytest

from tests.replies import Reply, job
from tests.world import World


def _job(status: str, failed: int) -> Reply:
    return Reply(job(status, totalRows=1000, processedRows=1000, failedCount=failed))


@pytest.mark.parametrize(
    ("status", "failed", "flags", "code"),
    [
        ("PARTIAL_SUCCESS", 5, "", 6),
        ("PARTIAL_SUCCESS", 5, "--allow-partial", 0),
        ("PARTIAL_SUCCESS", 5, "--max-failed 0", 6),
        ("PARTIAL_SUCCESS", 5, "--max-failed 5", 0),
        ("PARTIAL_SUCCESS", 6, "--max-failed 5", 6),
        ("PARTIAL_SUCCESS", 10, "--max-failed 1%", 0),
        ("PARTIAL_SUCCESS", 11, "--max-failed 1%", 6),
        ("PARTIAL_SUCCESS", 11, "--max-failed 1.1%", 0),
        ("PARTIAL_SUCCESS", 6, "--max-failed 5 --allow-partial", 6),
        ("COMPLETED", 3, "", 0),
        ("COMPLETED", 3, "--max-failed 0", 6),
        ("COMPLETED", 3, "--max-failed 3", 0),
        ("COMPLETED", 0, "--max-failed 0", 0),
        ("FAILED", 1000, "--allow-partial --max-failed 100%", 7),
    ],
)
def test_the_exit_code_follows_the_number_of_failed_rows(
    world: World, status: str, failed: int, flags: str, code: int
) -> None:
    world.answer(_job(status, failed))
    done = world.run("path import wait 7 --progress=none", flags)
    assert done.code == done.json["wait"]["exitCode"] == code
    assert done.json["data"]["failedCount"] == failed
    if code == 6:
        assert done.error["code"] == "IMPORT_PARTIAL"
        assert done.error["message"] == (
            f"import 7 ended as {status}: {failed} of 1,000 rows failed"
        )
    if code == 0 and failed:
        assert "failed-export 7 -o import-7-failed.csv" in done.err


@pytest.mark.parametrize("flags", ["--max-failed 0", "--allow-partial --max-failed 4"])
def test_a_plain_look_can_be_judged_by_the_same_rule(world: World, flags: str) -> None:
    world.answer(_job("COMPLETED", 5))
    done = world.run("path import get 7 --exit-status", flags)
    assert (done.code, done.error["code"]) == (6, "IMPORT_PARTIAL")


def test_the_resume_command_keeps_what_shapes_the_exit_code(world: World) -> None:
    world.answer(Reply(job("RUNNING")))
    wait = "path import wait 7 --timeout 0 --allow-partial --max-failed 5% --failed-rows"
    done = world.run(wait, "--api-url", world.url, "--progress=none", "--interval=3s")
    assert done.code == 8
    assert done.json["wait"]["resumeCommand"].endswith(
        "talkvalue path import wait 7 --allow-partial --max-failed 5% --failed-rows "
        f"--api-url {world.url}"
    )


def test_the_first_three_reasons_are_named_with_their_counts(world: World) -> None:
    codes = ["A"] * 2 + ["B"] * 4 + ["C"] * 3 + ["D"]
    rows = [{"rowNum": 1, "errorCode": c, "errorMessage": "", "rawValue": ""} for c in codes]
    world.answer(Reply(job("PARTIAL_SUCCESS", failedCount=10, totalRows=40, failedRows=rows)))
    done = world.run("path import wait 7 --format=table --progress=none")
    assert done.err.splitlines()[0] == (
        "Error: import 7 ended as PARTIAL_SUCCESS: 10 of 40 rows failed (4 B, 3 C, 2 A)"
    )
    assert done.err.splitlines()[2].endswith("path import failed-export 7 -o import-7-failed.csv")


def test_an_unknown_status_with_an_end_exits_1(world: World) -> None:
    world.answer(Reply(job("ARCHIVED", completedAt="2026-05-01T10:00:00Z")))
    done = world.run("path import wait 7 --progress=none")
    assert done.code == 1
    assert done.json["data"]["status"] == "ARCHIVED"
    assert done.error["message"] == "import 7: status ARCHIVED is unknown to this version"
    assert len(world.requests) == 1


def test_an_unknown_status_without_an_end_is_waited_for_and_warned_of_once(
    world: World,
) -> None:
    verifying = Reply(job("VERIFYING", completedAt=None))
    world.answer(verifying, verifying, Reply(job("COMPLETED")))
    done = world.run("path import wait 7 --progress=none --interval=1s")
    assert done.code == 0
    assert done.json["wait"]["requests"] == len(world.requests) == 3
    warning = "Warning: import 7: status VERIFYING is unknown to this version; still waiting\n"
    assert done.err == warning
