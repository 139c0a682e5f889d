"""The trigger: waits for one import, in a waiter that it shares with its like."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

from airflow.providers.common.compat.sdk import AirflowException
from airflow.triggers.base import BaseTrigger, TriggerEvent

from talkvalue_cli import imports
from talkvalue_cli.airflow import waiters
from talkvalue_cli.airflow.hook import TalkValueHook
from talkvalue_cli.errors import TalkValueError

#: of the waiter's pauses the longest, with its jitter, and the longest that an answer may
#: take, in seconds
LONGEST_PAUSE_S, LONGEST_ANSWER_S = 22.0, 30.0


def find_deadline(timeout_s: float | None) -> float | None:
    """Return when a wait that begins now is over, in epoch seconds: other machines see it too."""
    return None if timeout_s is None else time.time() + timeout_s


class TalkValueImportTrigger(BaseTrigger):
    """Fires when an import has ended, or at the deadline. It creates nothing.

    A triggerer may be restarted, and a trigger run again in another one, at any
    moment: all that it knows is in its arguments, which are plain JSON.

    job_id: the import. conn_id: names the connection; it is resolved where the trigger runs.
    deadline: epoch seconds, None for none.
    is_new: the import was created just now, and the server may not show it yet.
    stall_timeout_s, retry_for_s, interval_s: as in `imports.WaitLimits`.
    told: JSON that comes back in the event; what `defer(kwargs=…)` says gets lost in `dag.test()`.
    """

    def __init__(
        self,
        job_id: int,
        conn_id: str,
        deadline: float | None,
        *,
        is_new: bool = False,
        stall_timeout_s: float | None = None,
        retry_for_s: float = 300.0,
        interval_s: float | None = None,
        told: dict[str, Any] | None = None,
    ) -> None:
        super().__init__()  # type: ignore[no-untyped-call] # it has no types
        self.job_id, self.deadline, self.is_new = job_id, deadline, is_new
        self.key = waiters.Key(conn_id, stall_timeout_s, retry_for_s, interval_s)
        self.told = told or {}

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """Return the class and its arguments."""
        return f"{type(self).__module__}.{type(self).__qualname__}", {
            "job_id": self.job_id,
            "deadline": self.deadline,
            "is_new": self.is_new,
            **self.key._asdict(),
            "told": self.told,
        }

    @property
    def patience(self) -> timedelta | None:
        """How long Airflow is to wait for the event, which comes two polls after the deadline.

        When Airflow's own time is over, nobody looks at the import any more.
        """
        if self.deadline is None:
            return None
        slack_s = 2 * (max(LONGEST_PAUSE_S, self.key.interval_s or 0.0) + LONGEST_ANSWER_S)
        return timedelta(seconds=max(0.0, self.deadline - time.time()) + slack_s)

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Wait, and yield how it ended: the import as it is, and what was told."""
        event = None
        while event is None:
            event = await self._wait()
        yield TriggerEvent({**event, "jobId": self.job_id, "told": self.told})

    async def on_kill(self) -> None:
        """Say that the import keeps running."""
        self.log.warning(
            "Import %s keeps running: it cannot be cancelled. A task that is cleared waits for it.",
            self.job_id,
        )

    async def _wait(self) -> waiters.Event | None:
        """Return the event; None when another trigger was stopped before it had a client."""
        wait = waiters.Wait(self.job_id, self.deadline, is_new=self.is_new)
        # before anything is awaited
        shared, is_ours = waiters.join(self.key, wait)
        try:
            if is_ours:
                await self._start(shared)
            return await wait.future
        finally:
            shared.remove(wait)

    async def _start(self, shared: waiters.SharedWaiter) -> None:
        """Let a new waiter begin, or tell all that wait for it why it cannot."""
        event = None
        try:
            client = await TalkValueHook(self.key.conn_id).aget_conn()
            shared.start(imports.Waiter(client, limits=self.key.limits, listener=shared))
        except TalkValueError as error:
            event = waiters.make_error(error.text, error.code)
        except AirflowException as error:
            event = waiters.make_error(str(error))
        finally:
            # without an event, as when this trigger is stopped, one of the others starts another
            if not shared.has_started:
                shared.close(event)
