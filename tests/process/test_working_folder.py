"""A working folder that is removed while the program works."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.csv_texts import rows
from tests.harness import Running, Sandbox


def test_a_run_ends_with_its_document_when_its_folder_is_gone(
    start_sandbox: Callable[..., Sandbox], tmp_path: Path
) -> None:
    sandbox = start_sandbox("--rows-per-second=10")
    job_id = sandbox.create_import(rows(15, bad=1))
    folder = tmp_path / "work"
    folder.mkdir()
    # called by a relative path, as out of a clone: what to type next depends on the folder
    (tmp_path / "talkvalue").write_text("from talkvalue_cli.__main__ import run\n\nrun()\n")
    words = ["../talkvalue", "path", "import", "wait", str(job_id), "--progress", "plain"]
    process = subprocess.Popen(
        [sys.executable, *words],
        cwd=folder,
        env=sandbox.environ(),
        text=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    with Running(process) as running:
        running.err.wait_for("import 1")
        folder.rmdir()
        done = running.finish()
    assert done.error["hint"].startswith(
        "this saves the failed rows:\n../talkvalue path import failed-export"
    )
    assert (done.code, json.loads(done.out)["data"]["status"]) == (6, "PARTIAL_SUCCESS")
