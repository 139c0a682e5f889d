"""What is said of an import that is no success."""

from __future__ import annotations

from typing import Any

import pytest

from talkvalue_cli.imports import result

ROW = {
    "rowNum": 2,
    "errorCode": "INVALID_EMAIL",
    "errorMessage": "not an\n address",
    "rawValue": "x",
}


def failed(**more: Any) -> dict[str, Any]:
    """Return an ImportJob that FAILED."""
    return {"id": 7, "status": "FAILED", "totalRows": 40, "failedCount": 40, **more}


def message_of(job: dict[str, Any]) -> str:
    error = result.judge(job).error
    assert error is not None
    return error.message


@pytest.mark.parametrize(
    ("more", "said"),
    [
        # the job says it itself
        (
            {"failedCount": 0, "errorMessage": " The file\nis empty. "},
            "import 7 ended as FAILED: The file is empty.",
        ),
        ({"failedCount": None, "message": "no space"}, "import 7 ended as FAILED: no space"),
        # all rows of the sample do
        (
            {"failedRows": [ROW, ROW]},
            "import 7 ended as FAILED: not an address; 40 of 40 rows failed "
            "(2 INVALID_EMAIL in a sample of 2)",
        ),
        (
            {"failedCount": 1, "failedRows": [{"errorCode": "X", "errorMessage": None}]},
            "import 7 ended as FAILED: X; 1 of 40 rows failed (1 X)",
        ),
        # nobody does
        (
            {"failedCount": 2, "failedRows": [ROW, {**ROW, "errorMessage": "twice"}]},
            "import 7 ended as FAILED: 2 of 40 rows failed (2 INVALID_EMAIL)",
        ),
        ({"failedCount": 0}, "import 7 ended as FAILED"),
    ],
)
def test_a_failed_import_is_told_in_the_words_of_the_server(
    more: dict[str, Any], said: str
) -> None:
    assert message_of(failed(**more)) == said


ODD: list[Any] = [
    None,
    "",
    "x",
    [],
    {},
    [[]],
    True,
    -1,
    10**400,
    1.5,
    float("nan"),
    float("inf"),
    [None, 7],
]


@pytest.mark.parametrize(
    "key", ["failedCount", "totalRows", "processedRows", "failedRows", "message"]
)
@pytest.mark.parametrize("value", ODD, ids=lambda value: repr(value)[:20])
@pytest.mark.parametrize("status", ["FAILED", "PARTIAL_SUCCESS", "RUNNING", "PENDING"])
def test_whatever_a_counter_holds_there_is_a_sentence(key: str, value: object, status: str) -> None:
    assert message_of(failed(**{"status": status, key: value})).startswith("import 7 ")


@pytest.mark.parametrize("key", ["errorCode", "errorMessage"])
@pytest.mark.parametrize("value", ODD, ids=lambda value: repr(value)[:20])
def test_whatever_a_failed_row_holds_there_is_a_sentence(key: str, value: object) -> None:
    assert message_of(failed(failedRows=[{key: value}])).startswith("import 7 ended as FAILED")
