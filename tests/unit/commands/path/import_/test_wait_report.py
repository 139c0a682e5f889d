"""One document and one error for several imports."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import pytest

from talkvalue_cli.commands.path.import_.report import report_many
from talkvalue_cli.commands.path.import_.wait_options import WaitOptions
from talkvalue_cli.errors import AuthError, Interrupted, NotFoundError
from talkvalue_cli.exit_codes import worst_code
from talkvalue_cli.imports import result
from talkvalue_cli.imports.result import ImportResult, WaitStats, judge
from talkvalue_cli.imports.status import Tolerance
from tests.fakes import FakeRuntime

OPTIONS = WaitOptions(is_waiting=True)


def job(job_id: int, status: str, failed: int = 0) -> dict[str, Any]:
    return {"id": job_id, "status": status, "totalRows": 10, "failedCount": failed}


def completed(job_id: int) -> ImportResult:
    return judge(job(job_id, "COMPLETED"))


def partial(job_id: int, *, is_allowed: bool = False, path: str | None = None) -> ImportResult:
    found = judge(job(job_id, "PARTIAL_SUCCESS", 2), Tolerance(allow_partial=is_allowed))
    return found._replace(failed_rows=Path(path) if path else None)


def failed(job_id: int) -> ImportResult:
    return judge(job(job_id, "FAILED"))


def timed_out(job_id: int) -> ImportResult:
    return result.timed_out(job_id, job(job_id, "RUNNING"), 60)


def report(
    *results: ImportResult, format: str = "json", quiet: bool = False
) -> tuple[int, FakeRuntime, Any]:
    """Report; return the exit code, the streams, and the error in JSON."""
    context = FakeRuntime()
    context.flags.format = format
    if quiet:
        context.output.hold_notes()
    options = OPTIONS._replace(quiet=quiet)
    code = report_many(context, results, WaitStats(12.3456, 7), options)
    text = context.fake_stderr.text
    error = json.loads(text[text.index("{") :])["error"] if format == "json" and code else None
    return code, context, error


ORDER = [130, 143, 129, 3, 7, 4, 5, 1, 2, 124, 8, 6, 0]


@pytest.mark.parametrize(("worse", "better"), list(itertools.combinations(ORDER, 2)))
def test_the_worse_of_two_codes_decides_wherever_it_stands(worse: int, better: int) -> None:
    assert worst_code([worse, better, better]) == worse
    assert worst_code([better, worse]) == worse


def test_json_has_the_records_in_the_order_given_and_an_entry_for_each() -> None:
    code, context, _ = report(completed(3), partial(1, path="p.csv"), timed_out(2))
    assert code == 124
    document = json.loads(context.fake_stdout.text)
    assert document["data"] == [
        {"id": 3, "status": "COMPLETED", "totalRows": 10, "failedCount": 0},
        {"id": 1, "status": "PARTIAL_SUCCESS", "totalRows": 10, "failedCount": 2},
        {"id": 2, "status": "RUNNING", "totalRows": 10, "failedCount": 0},
    ]
    wait = document["wait"]
    resume = wait.pop("resumeCommand")
    assert resume.endswith("path import wait 2")
    assert wait == {
        "exitCode": 124,
        "elapsedSeconds": 12.346,
        "requests": 7,
        "jobs": [
            {"id": 3, "outcome": "completed", "exitCode": 0, "resumeCommand": None},
            {
                "id": 1,
                "outcome": "partial",
                "exitCode": 6,
                "resumeCommand": None,
                "error": {
                    "message": "import 1 ended as PARTIAL_SUCCESS: 2 of 10 rows failed",
                    "code": "IMPORT_PARTIAL",
                },
                "failedRowsFile": "p.csv",
            },
            {
                "id": 2,
                "outcome": "timeout",
                "exitCode": 124,
                "resumeCommand": resume,
                "error": {
                    "message": "timed out after 1m00s; import 2 is still RUNNING (0 %), not failed",
                    "code": "WAIT_TIMEOUT",
                },
            },
        ],
    }


def test_of_very_many_only_ten_are_named() -> None:
    _, _, error = report(*(failed(number) for number in range(1, 101)))
    lines = error["message"].splitlines()
    assert (len(lines), lines[10], lines[11]) == (
        *(12, "  import 10 ended as FAILED", "  … and 90 more"),
    )
    assert error["jobIds"] == list(range(1, 101))
    assert (error["resumeCommand"], "hint" in error) == (None, False)


def test_failed_rows_that_were_not_saved_can_be_fetched_with_what_is_printed() -> None:
    _, context, error = report(partial(1), partial(2, path="p.csv"))
    assert error["hint"].endswith("path import failed-export 1 -o import-1-failed.csv")
    assert "failed-export 2" not in error["hint"]
    assert context.fake_stderr.text.startswith("failed rows are in p.csv\n")


def test_failed_rows_that_are_allowed_can_be_fetched_too() -> None:
    code, context, _ = report(completed(1), partial(2, is_allowed=True))
    assert code == 0
    assert context.fake_stderr.text.endswith("path import failed-export 2 -o import-2-failed.csv\n")


def test_an_import_that_was_never_seen_is_null_and_its_id_stands_in_a_table() -> None:
    missing = result.refused(5, None, NotFoundError("no import 5"))
    code, context, error = report(completed(3), missing)
    assert (code, error["code"]) == (4, "NOT_FOUND")
    assert json.loads(context.fake_stdout.text)["data"][1] is None
    assert json.loads(context.fake_stdout.text)["wait"]["jobs"][1] == {
        "id": 5,
        "outcome": "error",
        "exitCode": 4,
        "resumeCommand": None,
        "error": {"message": "no import 5", "code": "NOT_FOUND"},
    }
    assert error["resumeCommand"] is None
    lines = report(completed(3), missing, format="csv")[1].fake_stdout.text.splitlines()
    assert lines == [
        "ID,Status,Mode,File Name,Total,Processed,New,Failed,Completed At",
        "3,COMPLETED,,,10,,,0,",
        "5,,,,,,,,",
    ]


def test_an_error_that_ends_the_wait_for_all_has_for_each_its_own_way_to_go_on() -> None:
    refused = AuthError("the token was revoked\n  for good", details={"status": 401})
    ended = [result.refused(number, None, refused) for number in (1, 2)]
    code, context, error = report(*ended)
    assert code == 3
    jobs = json.loads(context.fake_stdout.text)["wait"]["jobs"]
    resumed = [entry["resumeCommand"].rpartition("path ")[2] for entry in jobs]
    assert resumed == ["import wait 1", "import wait 2"]
    assert error["resumeCommand"].endswith("path import wait 1 2")
    # a line for each
    assert error["message"].splitlines()[1:] == ["  the token was revoked"] * 2
    assert refused.details == {"status": 401}


def test_a_signal_stands_above_everything() -> None:
    stopped = result.interrupted(2, job(2, "RUNNING"), Interrupted(15))
    code, _, error = report(failed(1), stopped, timed_out(3))
    assert (code, error["code"]) == (143, "INTERRUPTED")


@pytest.mark.parametrize("format", ["json", "table", "csv"])
def test_quiet_prints_nothing_when_all_is_well(format: str) -> None:
    ended = (completed(1), partial(2, is_allowed=True, path="p.csv"))
    code, context, _ = report(*ended, format=format, quiet=True)
    assert (code, context.fake_stdout.text, context.fake_stderr.text) == (0, "", "")


@pytest.mark.parametrize(
    ("format", "out", "err"),
    [
        ("csv", "ID,Status,Mode,File Name,Total,Processed,New,Failed,Completed At\n", ""),
        ("table", None, "No import is PENDING or RUNNING.\n"),
    ],
)
def test_nothing_to_wait_for_is_told_to_people(format: str, out: str | None, err: str) -> None:
    code, context, _ = report(format=format)
    assert code == 0
    assert out in (None, context.fake_stdout.text)
    assert context.fake_stderr.text == err
