"""What the operator and the sensor do alike: defer, and look at what the trigger found."""

from __future__ import annotations

import json
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from talkvalue_cli import imports
from talkvalue_cli.airflow.trigger import TalkValueImportTrigger
from talkvalue_cli.airflow.waiters import TIMEOUT

if TYPE_CHECKING:
    from talkvalue_cli.transport.client import Client


def find_deadline(timeout_s: float | None) -> float | None:
    """Return when a wait that begins now is over, in epoch seconds: other machines see it too."""
    return None if timeout_s is None else time.time() + timeout_s


def check_trigger(trigger: TalkValueImportTrigger) -> None:
    """Raise TypeError for what no triggerer could be told: before there is an import."""
    json.dumps(trigger.serialize())


def find_patience(trigger: TalkValueImportTrigger) -> timedelta | None:
    """Return how long Airflow is to wait for the event; it comes before that, if it comes.

    When Airflow's own time is over, nobody looks at the import any more.
    """
    if trigger.deadline is None:
        return None
    return timedelta(seconds=max(0.0, trigger.deadline - time.time()) + trigger.slack_s)


def find_job(client: Client, event: dict[str, Any]) -> dict[str, Any] | None:
    """Return the import as it was last seen, None when it never was.

    After the deadline there is a last poll: the event may be old, and what counts
    is the record, not the clock.
    """
    job: dict[str, Any] | None = event["job"]
    if event["outcome"] == TIMEOUT:
        seen = imports.wait(client, event["jobId"], timeout_s=0)
        job = job if seen.job is None else dict(seen.job)
    return job
