"""What an import's end means for a task: a value, a failure for good, or one worth a retry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from airflow.providers.common.compat.sdk import AirflowException, AirflowFailException

from talkvalue_cli import imports
from talkvalue_cli.errors import TalkValueError
from talkvalue_cli.imports import ImportResult, MaxFailed

if TYPE_CHECKING:
    from talkvalue_cli.transport.client import Client


def read_max_failed(value: MaxFailed | int | str | None) -> MaxFailed | None:
    """Return how many failed rows are tolerated, from 5, "5" or "2.5%". Raises ValueError."""
    if value is None or isinstance(value, MaxFailed):
        return value
    text = str(value).strip()
    limit = float(text.removesuffix("%"))
    if not 0 <= limit < float("inf"):
        raise ValueError(f"max_failed has to be a number of rows, or a share like 5%: {value!r}")
    return MaxFailed(limit, text.endswith("%"))


def find_job(client: Client, event: dict[str, Any]) -> dict[str, Any] | None:
    """Return the import as a trigger has last seen it, None when it never was.

    After the deadline there is a last poll: the event may be old, and what counts
    is the record, not the clock.
    """
    job: dict[str, Any] | None = event["job"]
    if event["outcome"] == imports.Outcome.TIMEOUT.value:
        seen = imports.wait(client, event["jobId"], timeout_s=0)
        job = job if seen.job is None else dict(seen.job)
    return job


def make_value(result: ImportResult, failed_rows: str | None) -> dict[str, Any]:
    """Return what the task gives to others: JSON, without the people's data."""
    assert result.job is not None
    return {
        "importJobId": result.job_id,
        "action": result.action,
        "failedRows": failed_rows,
        "job": imports.without_values(result.job),
    }


def fail(error: TalkValueError) -> NoReturn:
    """Raise a failure that a retry may get over."""
    raise AirflowException(_describe(error)) from error


def fail_by_result(result: ImportResult, failed_rows: str | None) -> NoReturn:
    """Raise the failure of an import that has ended: for good, where a retry would find the same.

    Failed rows that could not be saved are worth one.
    """
    error = result.error
    assert error is not None, "it is no success"
    if error is result.failed_rows_error:
        fail(error)
    where = "" if failed_rows is None else f"; the failed rows are in {failed_rows}"
    raise AirflowFailException(error.text + where) from error


def fail_by_event(event: dict[str, Any]) -> NoReturn:
    """Raise the failure of a wait that ended before the import did."""
    error = event.get("error")
    if error is not None:
        raise AirflowException(f"import {event['jobId']}: {error['message']}")
    raise AirflowException(
        f"{describe_timeout(event)}; it keeps running, and a retry waits for it and creates nothing"
    )


def describe_timeout(event: dict[str, Any]) -> str:
    """Return how far an import was when the deadline passed."""
    job = event.get("job")
    state = f"it is still {job['status']}, not failed" if job else "it was never seen"
    return f"import {event['jobId']}: the deadline passed; {state}"


def _describe(error: TalkValueError) -> str:
    return f"{error.text} ({error.hint})" if error.hint else error.text
