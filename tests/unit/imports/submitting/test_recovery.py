"""What a run does about earlier runs for the same file."""

from __future__ import annotations

from typing import Any

import pytest

from talkvalue_cli.imports.submitting import recovery
from talkvalue_cli.imports.submitting.journal import Attempt, Key
from talkvalue_cli.imports.submitting.recovery import NextStep

KEY = Key("https://api.test", "", "f" * 64, 7, "SKIP")
DAY_S = 86_400.0
#: 2026-11-23T10:00:00Z
TEN = 1_795_428_000.0


def attempt(step: str, **changes: Any) -> Attempt:
    """Return an attempt that sent its create request at ten o'clock and then fell silent."""
    made = Attempt(
        id=5,
        key=KEY,
        file_path="/data/a.csv",
        file_name="a.csv",
        step=step,
        job_id=None,
        record=None,
        began_at=TEN - 1,
        creating_at=TEN,
        updated_at=TEN,
    )
    return made._replace(**changes)


def job(job_id: int = 42, started: str | None = "2026-11-23T10:00:05.250Z", **more: Any) -> Any:
    """Return a job of a list that started five seconds after the attempt's request."""
    return {"id": job_id, "fileName": "a.csv", "mode": "SKIP", "processStartedAt": started, **more}


def test_without_an_earlier_attempt_it_creates() -> None:
    assert recovery.next_step(None, TEN, DAY_S) is NextStep.CREATE


@pytest.mark.parametrize("age_s", [0.0, DAY_S, 365 * DAY_S])
@pytest.mark.parametrize("again_after_s", [0.0, DAY_S])
@pytest.mark.parametrize(
    ("step", "decision"), [("creating", NextStep.FIND_ORPHAN), ("created", NextStep.ATTACH)]
)
def test_what_is_not_known_to_be_over_never_grows_too_old(
    step: str, decision: NextStep, age_s: float, again_after_s: float
) -> None:
    assert recovery.next_step(attempt(step), TEN + age_s, again_after_s) is decision


@pytest.mark.parametrize(
    ("age_s", "again_after_s", "decision"),
    [
        (0.0, DAY_S, NextStep.REPORT),
        (DAY_S - 1, DAY_S, NextStep.REPORT),
        (DAY_S, DAY_S, NextStep.CREATE),
        (0.0, 0.0, NextStep.CREATE),
    ],
)
@pytest.mark.parametrize("status", ["COMPLETED", "PARTIAL_SUCCESS", "FAILED"])
def test_a_finished_import_counts_for_a_while_however_it_ended(
    age_s: float, again_after_s: float, decision: NextStep, status: str
) -> None:
    record = {"id": 42, "status": status, "completedAt": "2026-11-23T10:00:00Z"}
    prior = attempt("finished", job_id=42, record=record, updated_at=TEN - 3600)
    assert recovery.next_step(prior, TEN + age_s, again_after_s) is decision


@pytest.mark.parametrize("completed", [{}, {"completedAt": None}, {"completedAt": "tomorrow"}])
def test_an_import_that_does_not_say_when_it_ended_ended_when_that_was_seen(
    completed: dict[str, Any],
) -> None:
    prior = attempt("finished", record={"id": 42, **completed}, updated_at=TEN + 7)
    assert recovery.ended_at(prior) == TEN + 7


def find(*jobs: Any, known_ids: set[int] | None = None, prior: Attempt | None = None) -> list[int]:
    found = recovery.find_candidates(prior or attempt("creating"), jobs, known_ids or set())
    return [each["id"] for each in found]


@pytest.mark.parametrize(
    ("found", "is_candidate"),
    [
        (job(), True),
        # not at work yet
        (job(started=None), True),
        # the Date header, by which the attempt is dated, is cut to whole seconds
        (job(started="2026-11-23T09:59:58.000Z"), True),
        (job(started="2026-11-23T09:59:57.999Z"), False),
        (job(started="2026-11-22T10:00:00Z"), False),
        # it failed before it was ever at work
        (job(started=None, completedAt="2026-11-22T10:00:00Z"), False),
        (job(started=None, completedAt="2026-11-23T10:00:09Z"), True),
        (job(started="2026-11-23T12:00:00Z"), True),
        (job(fileName="b.csv"), False),
        (job(fileName=None), False),
        (job(mode="UPDATE"), False),
    ],
)
def test_a_job_that_the_attempt_may_have_made(found: Any, is_candidate: bool) -> None:
    assert find(found) == ([42] if is_candidate else [])


def test_a_list_that_does_not_show_the_mode_is_no_obstacle() -> None:
    shown = job()
    del shown["mode"]
    assert find(shown) == [42]


def test_jobs_of_other_attempts_are_none_of_its_own() -> None:
    assert find(job(1), job(2), job(3), known_ids={1, 3}) == [2]


def test_all_that_it_may_be_are_returned() -> None:
    assert find(job(1), job(2)) == [1, 2]


@pytest.mark.parametrize(
    ("seconds_later", "left_s"),
    [
        (0.0, 60.0),
        (12.0, 48.0),
        (60.0, 0.0),
        (DAY_S, 0.0),
        # the clock was set back: never longer than that
        (-DAY_S, 60.0),
    ],
)
def test_a_request_settles_a_minute_after_the_last_sign_of_life(
    seconds_later: float, left_s: float
) -> None:
    assert recovery.settles_in_s(attempt("creating"), TEN + seconds_later) == left_s
