"""Whole DAGs, as Airflow runs them: tasks, triggers, and what they give to each other."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.airflow.conftest import describe_connection
from tests.csv_texts import people, rows
from tests.harness import Sandbox

ROOT = Path(__file__).parents[2]
DAGS = Path(__file__).parent / "dags"
RUN_DAGS = (sys.executable, "-m", "tests.airflow.run_dags")
EXAMPLE = ROOT / "examples" / "airflow" / "daily_import.py"


@pytest.mark.timeout(240)
def test_two_dags_run_from_file_to_failed_rows(
    start_sandbox: Callable[..., Sandbox], database: Path, tmp_path: Path
) -> None:
    # slow enough that the trigger has something to wait for
    sandbox = start_sandbox("--rows-per-second", "20")
    folder = database / "dags"
    folder.mkdir(exist_ok=True)
    for path in (EXAMPLE, DAGS / "many_files.py"):
        shutil.copy(path, folder)
    (tmp_path / "people-2026-11-27.csv").write_text(people(40, bad=2))
    for number, name in enumerate("abc"):
        (tmp_path / f"{name}.csv").write_text(rows(10 + number, name, bad=number))
    done = subprocess.run(
        [*RUN_DAGS, str(folder), "talkvalue_daily_import", "many_files"],
        cwd=ROOT,
        env={
            **os.environ,
            "AIRFLOW_CONN_TALKVALUE_DEFAULT": describe_connection(sandbox.url),
            "EXPORTS": str(tmp_path),
        },
        capture_output=True,
        text=True,
        timeout=230,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == {
        "talkvalue_daily_import.import_people[-1]": "success",
        "talkvalue_daily_import.report[-1]": "success",
        **{f"many_files.{task}[{n}]": "success" for task in ("load", "wait") for n in range(3)},
    }
    saved = tmp_path / "failed-rows" / "2026-11-27" / "import-1-failed.csv"
    assert saved.read_text().count("INVALID_EMAIL") == 2
    assert f"2 rows to correct: {saved}" in done.stdout
    jobs = sandbox.ask("GET", "/path/import").json()["content"]
    assert sorted(job["totalRows"] for job in jobs) == [10, 12, 14, 42]
