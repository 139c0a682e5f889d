"""Programs that use the engine: those of examples/python, and those that topics show."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.csv_texts import people
from tests.harness import PATIENCE_S, Sandbox
from tests.test_examples import ROOT, find_blocks

EXAMPLES = ROOT / "examples" / "python"


def run(sandbox: Sandbox, folder: Path, *words: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a program in a folder, as a user with a token would."""
    return subprocess.run(
        [sys.executable, *map(str, words)],
        cwd=folder,
        env=sandbox.environ(),
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
    )


def test_a_file_is_imported_once(sandbox: Sandbox, tmp_path: Path) -> None:
    (tmp_path / "once.csv").write_text(people(4, bad=1))
    told = []
    for _ in range(2):
        done = run(sandbox, tmp_path, EXAMPLES / "import_file.py", "once.csv", "1")
        assert (done.returncode, done.stderr) == (0, "")
        told.append(done.stdout)
    [saved] = tmp_path.glob("import-*-failed.csv")
    assert "(created): PARTIAL_SUCCESS, 4 new\n" in told[0]
    assert told[0].endswith(f"1 rows failed: {saved.name}\n")
    assert "(known): PARTIAL_SUCCESS, 4 new\n" in told[1]
    assert b"INVALID_EMAIL" in saved.read_bytes()


def test_a_file_that_cannot_be_imported_is_an_error(sandbox: Sandbox, tmp_path: Path) -> None:
    done = run(sandbox, tmp_path, EXAMPLES / "import_file.py", "none.csv", "1")
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "file not found: none.csv\n")


def test_several_are_waited_for_with_a_listener(sandbox: Sandbox, tmp_path: Path) -> None:
    ids = [sandbox.create_import(people(40)) for _ in range(2)]
    done = run(sandbox, tmp_path, EXAMPLES / "wait_for_several.py", *map(str, ids))
    assert (done.returncode, done.stderr) == (0, "")
    for job_id in ids:
        assert f"import {job_id}: 100 %\n" in done.stdout
        assert f"import {job_id}: completed\n" in done.stdout


def test_a_scheduler_polls(sandbox: Sandbox, tmp_path: Path) -> None:
    for name, count in (("a.csv", 11), ("b.csv", 12)):
        (tmp_path / name).write_text(people(count))
    done = run(sandbox, tmp_path, EXAMPLES / "poll_scheduler.py", "1", "a.csv", "b.csv")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0] == "other work goes on meanwhile"
    assert [line.partition(": ")[2] for line in lines[1:]] == ["completed", "completed"]


@pytest.mark.parametrize("name", find_blocks("python"))
def test_programs_of_the_documents_run(sandbox: Sandbox, tmp_path: Path, name: str) -> None:
    shutil.copy(ROOT / "examples" / "contacts.csv", tmp_path)
    (tmp_path / "block.py").write_text(find_blocks("python")[name])
    done = run(sandbox, tmp_path, "block.py")
    assert (done.returncode, done.stderr) == (0, "")
