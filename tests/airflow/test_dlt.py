"""The recipe for dlt: each file of a load package is one import."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.harness import Sandbox, list_jobs

RECIPE = Path(__file__).parents[2] / "examples" / "dlt" / "people_to_talkvalue.py"


def load(sandbox: Sandbox, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the pipeline, in a folder of its own."""
    environ = sandbox.environ(
        DLT_DATA_DIR=str(folder / "dlt"), RUNTIME__DLTHUB_TELEMETRY="false", PYTHONWARNINGS="ignore"
    )
    command = [sys.executable, str(RECIPE)]
    return subprocess.run(
        command, env=environ, cwd=folder, capture_output=True, text=True, timeout=90
    )


def test_a_pipeline_loads_people(start_sandbox: Callable[..., Sandbox], tmp_path: Path) -> None:
    sandbox = start_sandbox()
    done = load(sandbox, tmp_path)
    assert done.returncode == 0, done.stderr
    assert "LOADED and contains no failed jobs" in done.stdout
    [job] = list_jobs(sandbox)
    assert (job["status"], job["newCount"]) == ("COMPLETED", 2)


def test_a_load_that_is_tried_again_finds_its_import(
    start_sandbox: Callable[..., Sandbox], tmp_path: Path
) -> None:
    # the first wait is refused, and dlt loads the file again
    sandbox = start_sandbox("--fault=403,path=/path/import/1,count=1", "--fault=queue=2")
    done = load(sandbox, tmp_path)
    assert done.returncode == 0, done.stderr
    assert len(list_jobs(sandbox)) == 1


def test_an_import_that_failed_fails_the_load(
    start_sandbox: Callable[..., Sandbox], tmp_path: Path
) -> None:
    sandbox = start_sandbox("--fault=fail=0.5")
    done = load(sandbox, tmp_path)
    assert done.returncode == 1 and "ended as FAILED" in done.stderr
    assert len(list_jobs(sandbox)) == 1
