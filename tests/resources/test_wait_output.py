"""What stands on the two streams: with --quiet, and with each kind of --progress."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.replies import Reply, job
from tests.world import Result, World

STAMP = "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z "
#: a short life: waiting, half done, done
LIFE = (
    Reply(job("PENDING", processedRows=0)),
    Reply(job("RUNNING", processedRows=5)),
    Reply(job("COMPLETED")),
)
CREATED = Reply({"importJobId": 7, "status": "PENDING"})
CREATE = "path import create --file-key k --source-id 1 --mode SKIP --mapping 0:NAME --wait"


def _wait(world: World, *more: str) -> Result:
    return world.run("path import wait 7 --interval=1s", *more)


@pytest.mark.parametrize("format", ["json", "table", "csv"])
def test_quiet_says_nothing_when_all_is_well(world: World, format: str) -> None:
    done = _wait(world.answer(Reply(job("COMPLETED"))), "--quiet", f"--format={format}")
    assert done.told == (0, "", "")


def test_quiet_says_nothing_of_doubts_retries_and_accepted_rows(world: World) -> None:
    partial = Reply(job("PARTIAL_SUCCESS", failedCount=2))
    world.answer(CREATED, Reply({}, 503), partial)
    # no EMAIL is mapped, which is worth a warning
    done = world.run(CREATE, "-q", "--allow-partial", "--interval=1s")
    assert done.told == (0, "", "")


def test_quiet_says_nothing_of_failed_rows_that_were_saved(world: World) -> None:
    partial = Reply(job("PARTIAL_SUCCESS", failedCount=2))
    export = Reply(b"Email\nx\n", headers={"Content-Type": "text/csv"})
    world.answer(partial, export)
    assert _wait(world, "-q", "--allow-partial", "--failed-rows").told == (0, "", "")
    assert (world.folder / "import-7-failed.csv").read_bytes() == b"Email\nx\n"


def test_quiet_says_enough_when_it_is_not_well(world: World) -> None:
    failed = Reply(job("FAILED", failedCount=10))
    world.answer(CREATED, failed)
    done = world.run(CREATE, "-q", "--json")
    assert done.code == 7
    assert done.json["data"]["status"] == "FAILED"
    assert done.error["code"] == "IMPORT_FAILED"
    # what was held back comes with it
    assert done.err.splitlines()[:2] == [
        "Warning: no column is mapped to EMAIL, by which people are recognized",
        "import 7 created",
    ]


@pytest.mark.parametrize(
    ("flags", "is_json"),
    [("-q", False), ("-q --json", True), ("--json -q", True), ("--format=json -q", True)],
)
def test_quiet_speaks_to_people_unless_a_format_is_named(
    world: World, flags: str, is_json: bool
) -> None:
    world.answer(Reply(job("FAILED", failedCount=10, errorMessage="The file is empty")))
    done = _wait(world, flags)
    assert done.code == 7
    said = "import 7 ended as FAILED: The file is empty; 10 of 10 rows failed"
    if is_json:
        assert (done.json["data"]["status"], done.error["message"]) == ("FAILED", said)
    else:
        assert re.search(r"^Status +FAILED", done.out, re.MULTILINE)
        assert done.err.startswith(f"Error: {said}\n")


def test_quiet_look_says_nothing_or_enough(world: World) -> None:
    world.answer(Reply(job("COMPLETED")), Reply(job("RUNNING")))
    look = ("path", "import", "get", "7", "--exit-status", "--quiet")
    assert world.run(*look).told == (0, "", "")
    done = world.run(*look, "--json")
    assert (done.code, done.json["data"]["status"]) == (8, "RUNNING")
    assert done.error["code"] == "NOT_FINISHED"


def test_plain_has_a_line_with_the_time_for_each_status(world: World) -> None:
    done = _wait(world.answer(*LIFE), "--progress=plain")
    assert done.code == 0
    lines = done.err.splitlines()
    assert len(lines) == 3
    assert re.fullmatch(STAMP + r"import 7 PENDING \(for [0-9]s\)", lines[0])
    assert re.match(STAMP + r"import 7 RUNNING 50 % \(5/10 rows", lines[1])
    assert re.fullmatch(STAMP + r"import 7 COMPLETED 100 % \(10/10 rows\)", lines[2])


def test_auto_is_plain_where_there_is_no_terminal(world: World) -> None:
    done = _wait(world.answer(Reply(job("COMPLETED"))))
    assert re.fullmatch(STAMP + r"import 7 COMPLETED 100 % \(10/10 rows\)\n", done.err)


def test_json_has_an_object_for_each_event(world: World) -> None:
    moving = Reply(job("RUNNING", processedRows=7))
    done = _wait(world.answer(*LIFE[:2], Reply({}, 503), moving, LIFE[2]), "--progress=json")
    assert done.code == 0
    events: list[dict[str, Any]] = [json.loads(line) for line in done.err.splitlines()]
    assert [(event["event"], event["status"], event["processedRows"]) for event in events] == [
        ("status", "PENDING", 0),
        ("status", "RUNNING", 5),
        ("retry", "RUNNING", 5),
        ("progress", "RUNNING", 7),
        ("status", "COMPLETED", 10),
        ("done", "COMPLETED", 10),
    ]
    assert all(event["id"] == 7 and event["totalRows"] == 10 for event in events)
    assert all(re.fullmatch(STAMP.strip(), event["time"]) for event in events)
    assert events[-1]["outcome"] == "completed"
    assert "HTTP 503" in events[2]["message"]


def test_none_keeps_the_record_on_stdout(world: World) -> None:
    done = _wait(world.answer(*LIFE), "--progress=none")
    assert (done.code, done.err) == (0, "")
    assert done.json["data"]["status"] == "COMPLETED"


def test_a_bar_needs_a_terminal_and_says_so_before_anything_is_sent(world: World) -> None:
    world.answer(CREATED)
    done = world.run(CREATE, "--progress=bar")
    assert (done.code, world.requests) == (2, [])
    assert done.error["message"] == "--progress bar needs a terminal on standard error"
