"""The sensor: waits for an import that something else has started."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from airflow.providers.common.compat.sdk import (
    AirflowSensorTimeout,
    BaseSensorOperator,
    PokeReturnValue,
    conf,
)

from talkvalue_cli import imports
from talkvalue_cli.airflow import outcome, waiters
from talkvalue_cli.airflow.hook import DEFAULT_CONN_ID, TalkValueHook
from talkvalue_cli.airflow.links import XCOM_KEY, TalkValueImportLink
from talkvalue_cli.airflow.trigger import TalkValueImportTrigger, find_deadline
from talkvalue_cli.errors import TalkValueError
from talkvalue_cli.imports import MaxFailed

if TYPE_CHECKING:
    from airflow.providers.common.compat.sdk import Context

    from talkvalue_cli.transport.client import Client


class TalkValueImportSensor(BaseSensorOperator):
    """Waits until an import has ended, and fails as `TalkValueImportOperator` does.

    job_id: the import. allow_partial, max_failed, deferrable: as for the operator.
    `timeout`, `poke_interval` and `mode` are those of every sensor; a deferred one
    is polled at the pace of its import.

    Returns importJobId, action (None), failedRows (None) and job.
    """

    template_fields: Sequence[str] = ("job_id", "talkvalue_conn_id")
    operator_extra_links = (TalkValueImportLink(),)

    def __init__(
        self,
        *,
        job_id: int | str,
        allow_partial: bool = False,
        max_failed: MaxFailed | int | str | None = None,
        deferrable: bool = conf.getboolean("operators", "default_deferrable", fallback=False),
        talkvalue_conn_id: str = DEFAULT_CONN_ID,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.job_id, self.allow_partial, self.max_failed = job_id, allow_partial, max_failed
        outcome.read_max_failed(max_failed)
        self.deferrable, self.talkvalue_conn_id = deferrable, talkvalue_conn_id

    def execute(self, context: Context) -> Any:
        """Poke until the import has ended, or defer."""
        page = TalkValueHook(self.talkvalue_conn_id).find_page(int(self.job_id))
        context["ti"].xcom_push(key=XCOM_KEY, value=page)
        if self.deferrable:
            deadline = find_deadline(self.timeout)
            trigger = TalkValueImportTrigger(int(self.job_id), self.talkvalue_conn_id, deadline)
            self.defer(trigger=trigger, method_name="execute_complete", timeout=trigger.patience)
        return super().execute(context)

    def poke(self, context: Context) -> PokeReturnValue:
        """Ask once."""
        client = self._connect()
        seen = imports.wait(client, int(self.job_id), timeout_s=0)
        if seen.job is not None and seen.is_finished:
            return PokeReturnValue(True, self._conclude(client, dict(seen.job)))
        if seen.error is not None and not seen.can_resume:
            outcome.fail(seen.error)
        return PokeReturnValue(False)

    def execute_complete(self, context: Context, event: dict[str, Any]) -> dict[str, Any]:
        """Go on where the trigger has fired."""
        client = self._connect()
        job = outcome.find_job(client, event)
        if job is None or not imports.is_finished(job):
            if event["outcome"] == waiters.TIMEOUT:
                raise AirflowSensorTimeout(outcome.describe_timeout(event))
            outcome.fail_by_event(event)
        return self._conclude(client, job)

    def _connect(self) -> Client:
        try:
            return TalkValueHook(self.talkvalue_conn_id).get_conn()
        except TalkValueError as error:
            outcome.fail(error)

    def _conclude(self, client: Client, job: dict[str, Any]) -> dict[str, Any]:
        tolerated = outcome.read_max_failed(self.max_failed)
        result = imports.conclude(
            client, job, allow_partial=self.allow_partial, max_failed=tolerated
        )
        if not result.is_success:
            outcome.fail_by_result(result, None)
        return outcome.make_value(result, None)
