"""--failed-rows where there is no room, or where nobody may write."""

from __future__ import annotations

from pathlib import Path

from tests.csv_texts import people
from tests.harness import NO_BYTECODE, Sandbox


def test_a_disk_that_fills_up_leaves_no_file(sandbox: Sandbox, tmp_path: Path) -> None:
    job_id = sandbox.finish_import(people(3, bad=20_000))
    done = sandbox.shell(
        f"ulimit -f 64; $cli path import wait {job_id} --failed-rows",
        environ=sandbox.environ(**NO_BYTECODE),
        cwd=tmp_path,
    )
    assert done.code == 6
    assert f"cannot write import-{job_id}-failed.csv: File too large" in done.err
    assert list(tmp_path.iterdir()) == [tmp_path / "home"]


def test_a_working_folder_that_cannot_be_written_is_no_harm(sandbox: Sandbox) -> None:
    job_id = sandbox.finish_import(people(3, bad=2))
    # nobody can make a file there, not even root
    done = sandbox.run("path", "import", "wait", str(job_id), "--failed-rows", cwd=Path("/proc"))
    assert done.code == 6
    assert f"cannot write import-{job_id}-failed.csv" in done.err
    assert done.json["data"]["status"] == "PARTIAL_SUCCESS"
