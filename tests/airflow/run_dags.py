"""Run DAGs of the folder of DAGs without a scheduler, and print how their tasks ended as JSON.

python -m tests.airflow.run_dags FOLDER DAG_ID...
"""

from __future__ import annotations

import json
import sys
from datetime import datetime, timezone

from airflow.dag_processing.dagbag import DagBag

DAY = datetime(2026, 11, 27, tzinfo=timezone.utc)


def main(folder: str, dag_ids: list[str]) -> None:
    """Run them one after the other."""
    bag = DagBag(folder)
    assert not bag.import_errors, bag.import_errors
    states = {}
    for dag_id in dag_ids:
        run = bag.dags[dag_id].test(logical_date=DAY)
        assert run is not None
        for task in run.get_task_instances():
            states[f"{dag_id}.{task.task_id}[{task.map_index}]"] = str(task.state)
    sys.stdout.write(f"\n{json.dumps(states)}\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
