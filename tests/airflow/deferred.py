"""Deferred tasks in Airflow's database, as a worker leaves them, and what became of them.

python -m tests.airflow.deferred RUN defer DEADLINE FIRST COUNT   a task for each of some imports
python -m tests.airflow.deferred RUN events                       {import: event}, where resumed
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


def defer(run_id: str, deadline: float, job_ids: range) -> None:
    """Add a run of the DAG, with a deferred task for each import."""
    now = datetime.now(timezone.utc)
    with create_session() as session:
        dag = DBDagBag().get_latest_version_of_dag("waits", session=session)
        assert dag is not None
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


def read_events(run_id: str) -> dict[int, Any]:
    """Return the event of each task of a run that was resumed, by its import."""
    found = {}
    with create_session() as session:
        query = select(TaskInstance).where(
            TaskInstance.run_id == run_id, TaskInstance.state == TaskInstanceState.SCHEDULED
        )
        for task in session.scalars(query):
            arguments: Any = deserialize(task.next_kwargs)
            found[arguments["event"]["jobId"]] = arguments["event"]
    return found


if __name__ == "__main__":
    _, run, verb, *rest = sys.argv
    if verb == "defer":
        first, count = int(rest[1]), int(rest[2])
        defer(run, float(rest[0]), range(first, first + count))
    else:
        sys.stdout.write(f"\n{json.dumps(read_events(run))}\n")
