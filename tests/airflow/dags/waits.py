"""A task to which tests of the triggerer tie triggers; it never runs."""

from __future__ import annotations

from airflow.sdk import DAG

from talkvalue_cli.airflow.operator import TalkValueImportOperator

with DAG("waits", schedule=None) as dag:
    TalkValueImportOperator(task_id="wait", file="none.csv", source_id=1, mode="SKIP")
