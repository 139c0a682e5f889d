"""Import each day's file, and keep the rows that could not be imported.

Copy it into the folder of the DAGs. It needs `talkvalue-cli[airflow]` on workers and
triggerers, and a connection `talkvalue_default` of type TalkValue with an API token.
EXPORTS is the folder of the files, or a URL such as s3://aws_default@bucket/exports.

Nothing here can import a file twice: a task that is retried, cleared, or resumed
finds its import. The retries are for waiting: files that come late, deadlines, networks.
"""

from __future__ import annotations

import os
from datetime import datetime, timedelta, timezone
from typing import Any

from airflow.sdk import DAG, task

from talkvalue_cli.airflow.operator import TalkValueImportOperator

EXPORTS = os.environ.get("EXPORTS", "/srv/exports")

with DAG(
    "talkvalue_daily_import",
    schedule="@daily",
    start_date=datetime(2026, 11, 1, tzinfo=timezone.utc),
    catchup=False,
    default_args={"retries": 5, "retry_delay": timedelta(minutes=10)},
    params={"channel": 1},
) as dag:
    imported = TalkValueImportOperator(
        task_id="import_people",
        file=EXPORTS + "/people-{{ ds }}.csv",
        source_id="{{ params.channel }}",
        mode="SKIP",
        # more failed rows than this fail the task for good, and its log says where they are
        max_failed="5%",
        failed_rows=EXPORTS + "/failed-rows/{{ ds }}",
        timeout=timedelta(hours=6),
        # wait in the triggerer, which takes no worker
        deferrable=True,
    )

    @task
    def report(result: dict[str, Any]) -> None:
        """Say what there is to correct; put here what tells your people."""
        job = result["job"]
        print(f"import {result['importJobId']}: {job['newCount']} new")
        if result["failedRows"] is not None:
            print(f"{job['failedCount']} rows to correct: {result['failedRows']}")

    report(imported.output)
