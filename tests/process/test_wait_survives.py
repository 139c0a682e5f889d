"""A wait whose server is killed meanwhile."""

from __future__ import annotations

from pathlib import Path

from tests.csv_texts import people
from tests.harness import Running, Sandbox, wait_for


def test_a_wait_survives_a_server_that_is_killed_and_started_again(tmp_path: Path) -> None:
    sandbox = Sandbox(tmp_path, "--db", str(tmp_path / "data.db"), "--rows-per-second=30")
    try:
        job_id = sandbox.create_import(people(100, bad=5))
        with Running(
            sandbox.start("path", "import", "wait", str(job_id), "--interval=1s", "--allow-partial")
        ) as waiting:
            waiting.err.wait_for("RUNNING")
            wait_for(lambda: sandbox.job(job_id)["processedRows"], "a row")
            before = sandbox.job(job_id)
            sandbox.kill()
            waiting.err.wait_for("retrying in")
            sandbox.restart()
            waiting.err.wait_for("contact is back")
            done = waiting.finish()
        assert 0 < before["processedRows"] < 105
        assert done.code == 0, done.err
        record = done.json["data"]
        assert record["status"] == "PARTIAL_SUCCESS"
        assert (record["totalRows"], record["processedRows"]) == (105, 105)
        assert (record["newCount"], record["failedCount"]) == (100, 5)
        assert (record["updatedCount"], record["duplicatedCount"], record["skipCount"]) == (0, 0, 0)
        # the sample data has 141 people in this channel
        channel = sandbox.run("path", "channel", "get", "1")
        assert channel.json["data"]["peopleCount"] == 141 + 100
    finally:
        sandbox.stop()
