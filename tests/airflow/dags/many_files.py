"""Several files at once, each a task of its own; and sensors that wait for the same imports."""

from __future__ import annotations

import os

from airflow.sdk import DAG

from talkvalue_cli.airflow.operator import TalkValueImportOperator
from talkvalue_cli.airflow.sensor import TalkValueImportSensor

FILES = [f"{os.environ['EXPORTS']}/{name}.csv" for name in ("a", "b", "c")]

with DAG("many_files", schedule=None) as dag:
    imported = TalkValueImportOperator.partial(
        task_id="load", source_id=1, mode="UPDATE", deferrable=True, allow_partial=True
    ).expand(file=FILES)
    TalkValueImportSensor.partial(task_id="wait", deferrable=True, allow_partial=True).expand(
        job_id=imported.output.map(lambda result: result["importJobId"])
    )
