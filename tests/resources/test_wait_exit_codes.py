"""Each exit code of a wait that the sandbox can bring about, in each format."""

from __future__ import annotations

import pytest

from tests.csv_texts import rows
from tests.world import MakeWorld, Result, World

#: the ways to ask, and whether they wait
WAYS = {
    "wait": ("path import wait {} --timeout 0 --progress none", True),
    "get --wait": ("path import get {} --wait --timeout 0 --progress none", True),
    "get --exit-status": ("path import get {} --exit-status", False),
}
#: job → status, exit code, outcome, code of the error, beginning of its message
ENDS = {
    1: ("COMPLETED", 0, "completed", None, ""),
    2: (
        "PARTIAL_SUCCESS",
        6,
        "partial",
        "IMPORT_PARTIAL",
        "import 2 ended as PARTIAL_SUCCESS: 2 of 5 rows failed (2 INVALID_EMAIL)",
    ),
    3: ("FAILED", 7, "failed", "IMPORT_FAILED", "import 3 ended as FAILED"),
    4: ("PENDING", 8, "not-finished", "NOT_FINISHED", "import 4 is still PENDING (0 %)"),
    5: ("RUNNING", 8, "not-finished", "NOT_FINISHED", "import 5 is still RUNNING (50 %)"),
}


@pytest.fixture(scope="module")
def jobs(share_world: MakeWorld) -> World:
    """A world whose imports 1 to 5 are in the states of ENDS."""
    world = share_world(
        "--fault=fail=0.5,after=2,count=1",
        "--fault=queue=3600,after=3,count=1",
        "--fault=stall=0.5,after=4,count=1",
    )
    for text in (rows(3), rows(3, bad=2), rows(4), rows(4), rows(4)):
        world.create_import(text)
    world.clock.advance(10)
    return world


def _ask(world: World, way: str, job_id: int, *more: str) -> Result:
    return world.run(*WAYS[way][0].format(job_id).split(), *more)


@pytest.mark.parametrize("job_id", ENDS)
@pytest.mark.parametrize("way", WAYS)
def test_json_has_the_record_on_stdout_and_the_error_on_stderr(
    jobs: World, way: str, job_id: int
) -> None:
    status, code, outcome, error_code, message = ENDS[job_id]
    done = _ask(jobs, way, job_id)
    assert done.code == code
    assert (done.json["data"]["id"], done.json["data"]["status"]) == (job_id, status)
    is_live = code == 8
    resume = "path import wait" if is_live else None
    if WAYS[way][1]:
        assert list(done.json) == ["data", "wait"]
        facts = done.json["wait"]
        assert list(facts) == [
            "outcome",
            "exitCode",
            "elapsedSeconds",
            "requests",
            "resumeCommand",
        ]
        assert (facts["outcome"], facts["exitCode"], facts["requests"]) == (outcome, code, 1)
        assert facts["elapsedSeconds"] == 0
        assert (facts["resumeCommand"] is not None) == is_live
    else:
        assert list(done.json) == ["data"]
    if error_code is None:
        assert done.err == ""
        return
    error = done.error
    assert (error["code"], error["jobId"]) == (error_code, job_id)
    assert message in error["message"]
    if resume:
        assert error["resumeCommand"].endswith(f"talkvalue {resume} {job_id}")
    else:
        assert error["resumeCommand"] is None


@pytest.mark.parametrize("job_id", ENDS)
@pytest.mark.parametrize("way", ["wait", "get --exit-status"])
def test_a_table_and_csv_show_the_record_and_the_error_is_a_sentence(
    jobs: World, way: str, job_id: int
) -> None:
    status, code, _, _, message = ENDS[job_id]
    table = _ask(jobs, way, job_id, "--format=table")
    csv = _ask(jobs, way, job_id, "--format=csv")
    assert (table.code, csv.code) == (code, code)
    lines = table.out.splitlines()
    assert lines[0].split() == ["Field", "Value"]
    assert [line.split() for line in lines if line.startswith("Status")] == [["Status", status]]
    header, values = csv.out.splitlines()
    assert header.startswith("id,status,mode,fileName,totalRows,processedRows,newCount,")
    assert values.startswith(f"{job_id},{status},UPDATE,contacts.csv,")
    if not message:
        assert (table.err, csv.err) == ("", "")
        return
    assert table.err.startswith(f"Error: {message}")
    title, text = csv.err.splitlines()
    assert title == "error,message"
    assert text.replace('"', "").startswith(f"CliError,{message}")
    if code == 6:
        assert "Failed rows (2 of 2)" in table.out
        assert "failed-export 2 -o import-2-failed.csv" in table.err


@pytest.mark.parametrize("job_id", ENDS)
def test_a_plain_look_exits_0_whatever_the_status(jobs: World, job_id: int) -> None:
    done = jobs.run("path import get", str(job_id))
    assert (done.code, done.err) == (0, "")
    assert list(done.json) == ["data"]
    assert done.json["data"]["status"] == ENDS[job_id][0]
