"""Deferred tasks in Airflow's database, as a worker leaves them, and what became of them.

python -m tests.airflow.deferred defer DEADLINE FIRST COUNT    a task for each import of a range
python -m tests.airflow.deferred events                        {import: event}, for those resumed
"""

from __future__ import annotations

import json
import sys
from datetime import datetime, timezone
from typing import Any

from airflow.models.dagbag import DBDagBag
from airflow.models.taskinstance import TaskInstance
from airflow.models.trigger import Trigger
from airflow.sdk.serde import deserialize
from airflow.utils.session import create_session
from airflow.utils.state import DagRunState, TaskInstanceState
from airflow.utils.types import DagRunTriggeredByType, DagRunType
from sqlalchemy import select

from talkvalue_cli.airflow.trigger import TalkValueImportTrigger
from tests.airflow.conftest import CONN_ID


def defer(deadline: float, job_ids: range) -> None:
    """Add a deferred task for each import."""
    now = datetime.now(timezone.utc)
    with create_session() as session:
        dag = DBDagBag().get_latest_version_of_dag("waits", session=session)
        assert dag is not None
        run_id = f"run-{job_ids.start}"
        run = dag.create_dagrun(
            run_id=run_id,
            run_after=now,
            logical_date=now,
            data_interval=(now, now),
            run_type=DagRunType.MANUAL,
            triggered_by=DagRunTriggeredByType.TEST,
            state=DagRunState.RUNNING,
            session=session,
        )
        version = run.created_dag_version_id
        for index, job_id in enumerate(job_ids):
            path, arguments = TalkValueImportTrigger(job_id, CONN_ID, deadline).serialize()
            trigger = Trigger(classpath=path, kwargs=arguments)
            session.add(trigger)
            session.flush()
            task = TaskInstance(dag.get_task("wait"), version, run_id=run_id, map_index=index)
            task.state = TaskInstanceState.DEFERRED
            task.trigger_id, task.next_method = trigger.id, "execute_complete"
            session.add(task)


def read_events() -> dict[int, Any]:
    """Return the event of each task that was resumed, by its import."""
    found = {}
    with create_session() as session:
        query = select(TaskInstance).where(TaskInstance.state == TaskInstanceState.SCHEDULED)
        for task in session.scalars(query):
            arguments: Any = deserialize(task.next_kwargs)
            found[arguments["event"]["jobId"]] = arguments["event"]
    return found


if __name__ == "__main__":
    if sys.argv[1] == "defer":
        first, count = int(sys.argv[3]), int(sys.argv[4])
        defer(float(sys.argv[2]), range(first, first + count))
    else:
        sys.stdout.write(f"\n{json.dumps(read_events())}\n")
