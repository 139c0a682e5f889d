"""The operator: imports a file, once, however often its task runs."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from airflow.providers.common.compat.sdk import BaseOperator, conf

from talkvalue_cli import imports
from talkvalue_cli.airflow import lineage, outcome, storage, waiters
from talkvalue_cli.airflow.hook import DEFAULT_CONN_ID, TalkValueHook
from talkvalue_cli.airflow.links import XCOM_KEY, TalkValueImportLink
from talkvalue_cli.airflow.listener import TaskLog
from talkvalue_cli.airflow.storage import StoragePath
from talkvalue_cli.airflow.trigger import TalkValueImportTrigger, find_deadline
from talkvalue_cli.errors import TalkValueError
from talkvalue_cli.imports import MaxFailed

if TYPE_CHECKING:
    from airflow.providers.common.compat.sdk import Context

    from talkvalue_cli.imports import ImportResult, Submission
    from talkvalue_cli.transport.client import Client

#: what `imports.run` does when it is told nothing else
_RUN, _LIMITS = imports.RunOptions(0, ""), imports.WaitLimits()
_ARGUMENTS = ("mapping", "again_after_s", "force")
#: one file has none at its side, and a worker keeps no files; with `again` each retry would
#: import the file once more, which `again_after_s=0` does for each run of the DAG
_OF_NO_USE = ("again", "parallel", "keep_going", "save_mapping")


class TalkValueImportOperator(BaseOperator):
    """Imports a CSV file into a channel and waits for it.

    A task that is tried again, cleared, or resumed after whatever died finds the
    import that it has made, and waits for that one. Only a FAILED import, of
    which nothing landed, is made again.

    file: path, URL of an object storage (`s3://aws_default@bucket/people.csv`), or
        ObjectStoragePath. source_id: the channel. mode: UPDATE or SKIP.
    mapping: field of each column, by its header or its number from 0.
    again_after_s: an import of the same content that finished longer ago does not
        count, unless it finished after this run of the DAG was due: with 0 each
        run imports the file, once.
    failed_rows: folder, or ObjectStoragePath or URL of one, for import-ID-failed.csv.
        force: replace a file that is there.
    allow_partial: failed rows are no failure. max_failed: no more than so many are
        none, such as 5 or "2%".
    timeout: for the wait, in seconds or as a timedelta; None for none. The task then
        fails, and a retry waits on. An `execution_timeout` has to be longer.
    deferrable: wait in the triggerer instead of a worker.
    stall_timeout_s, retry_for_s, interval_s: as `imports.run` takes them.
    options: all else that it takes for files, by name, such as {"encoding": "latin-1"}.

    Returns importJobId, action, failedRows (where they are, or None) and job.
    """

    template_fields: Sequence[str] = (
        "file",
        "source_id",
        "mode",
        "mapping",
        "options",
        "failed_rows",
        "talkvalue_conn_id",
    )
    operator_extra_links = (TalkValueImportLink(),)

    def __init__(
        self,
        *,
        file: StoragePath,
        source_id: int | str,
        mode: str,
        mapping: Mapping[Any, str] | None = None,
        again_after_s: float = _RUN.again_after_s,
        failed_rows: StoragePath | None = None,
        force: bool = False,
        options: Mapping[str, Any] | None = None,
        allow_partial: bool = False,
        max_failed: MaxFailed | int | str | None = None,
        timeout: timedelta | float | None = _LIMITS.timeout_s,
        stall_timeout_s: float | None = None,
        retry_for_s: float = _LIMITS.retry_for_s,
        interval_s: float | None = None,
        deferrable: bool = conf.getboolean("operators", "default_deferrable", fallback=False),
        talkvalue_conn_id: str = DEFAULT_CONN_ID,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.file, self.source_id, self.mode, self.mapping = file, source_id, mode, mapping
        self.again_after_s = again_after_s
        self.failed_rows, self.force = failed_rows, force
        self.options = options
        _check_options(options or {})
        self.allow_partial = allow_partial
        self.max_failed = max_failed
        outcome.read_max_failed(max_failed)
        self.timeout = timeout
        self.stall_timeout_s, self.retry_for_s = stall_timeout_s, retry_for_s
        self.interval_s, self.deferrable = interval_s, deferrable
        self.talkvalue_conn_id = talkvalue_conn_id
        self._job_id: int | None = None

    def execute(self, context: Context) -> dict[str, Any]:
        """Find or create the import; wait for it, or defer."""
        hook = TalkValueHook(self.talkvalue_conn_id)
        try:
            client = hook.get_conn()
            if self.deferrable:
                # what no triggerer could be told is a TypeError before there is an import
                json.dumps(self._make_trigger(0).serialize())
            submission = self._submit(client, context)
        except TalkValueError as error:
            outcome.fail(error)
        if submission.error is not None:
            outcome.fail(submission.error)
        assert submission.job_id is not None
        self._job_id = submission.job_id
        self.log.info("Import %s of %s: %s", self._job_id, self.file, submission.action)
        context["ti"].xcom_push(key=XCOM_KEY, value=hook.find_page(self._job_id))
        if submission.action == "known":
            return self._conclude(client, dict(submission.job or {}), submission.action)
        if self.deferrable:
            trigger = self._make_trigger(self._job_id, submission)
            self.defer(trigger=trigger, method_name="execute_complete", timeout=trigger.patience)
        event = waiters.make_event(self._wait(client, self._job_id))
        return self._finish(client, {**event, "told": {"action": submission.action}})

    def execute_complete(self, context: Context, event: dict[str, Any]) -> dict[str, Any]:
        """Go on where the trigger has fired; all that is to be known is in the event."""
        try:
            return self._finish(TalkValueHook(self.talkvalue_conn_id).get_conn(), event)
        except TalkValueError as error:
            outcome.fail(error)

    def on_kill(self) -> None:
        """Say that the import keeps running: it cannot be cancelled."""
        if self._job_id is not None:
            self.log.warning(
                "Import %s keeps running: it cannot be cancelled. A task that is cleared or "
                "retried waits for it.",
                self._job_id,
            )

    def _submit(self, client: Client, context: Context) -> Submission:
        with storage.fetched(self.file) as path:
            [submission] = imports.submit(
                client,
                [path],
                source_id=int(self.source_id),
                mode=self.mode,
                listener=TaskLog(self.log),
                mapping=self.mapping or {},
                again_after_s=max(self.again_after_s, _age_of(context)),
                **self.options or {},
            )
        return submission

    def _make_trigger(
        self, job_id: int, submission: Submission | None = None
    ) -> TalkValueImportTrigger:
        return TalkValueImportTrigger(
            job_id,
            self.talkvalue_conn_id,
            find_deadline(self._timeout_s),
            is_new=submission is not None and submission.is_new,
            stall_timeout_s=self.stall_timeout_s,
            retry_for_s=self.retry_for_s,
            interval_s=self.interval_s,
            told={} if submission is None else {"action": submission.action},
        )

    @property
    def _timeout_s(self) -> float | None:
        given = self.timeout
        return given.total_seconds() if isinstance(given, timedelta) else given

    def _wait(self, client: Client, job_id: int) -> ImportResult:
        return imports.wait(
            client,
            job_id,
            listener=TaskLog(self.log),
            timeout_s=self._timeout_s,
            stall_timeout_s=self.stall_timeout_s,
            retry_for_s=self.retry_for_s,
            interval_s=self.interval_s,
        )

    def _finish(self, client: Client, event: dict[str, Any]) -> dict[str, Any]:
        job = outcome.find_job(client, event)
        if job is None or not imports.is_finished(job):
            outcome.fail_by_event(event)
        return self._conclude(client, job, event["told"].get("action"))

    def _conclude(self, client: Client, job: dict[str, Any], action: str | None) -> dict[str, Any]:
        """Save failed rows, and return or raise what became of the import."""

        def conclude(folder: Path | None) -> tuple[ImportResult, Path | None]:
            ended = imports.conclude(
                client,
                job,
                failed_rows=folder,
                force=self.force,
                action=action,
                allow_partial=self.allow_partial,
                max_failed=outcome.read_max_failed(self.max_failed),
            )
            return ended, ended.failed_rows

        saved = None
        if self.failed_rows is None:
            result, _ = conclude(None)
        else:
            result, saved = storage.save_into(self.failed_rows, conclude, force=self.force)
        lineage.report(self, client.base_url, self.file, self.source_id)
        if not result.is_success:
            outcome.fail_by_result(result, saved)
        return outcome.make_value(result, saved)


def _check_options(options: Mapping[str, Any]) -> None:
    """Raise ValueError for an option that there is not, or that makes no sense for a task."""
    for name in options:
        if name in _ARGUMENTS:
            raise ValueError(f"{name!r} is an argument of its own, and none of the options")
        if name in _OF_NO_USE or name not in imports.FileSettings.__annotations__:
            raise ValueError(f"there is no option {name!r} for a task")


def _age_of(context: Context) -> float:
    """Return for how many seconds the run of the DAG has been due: a run that is cleared later
    is to find what it has imported."""
    due_at: float = context["dag_run"].run_after.timestamp()
    return max(0.0, time.time() - due_at)
