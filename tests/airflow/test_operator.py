"""The operator and the sensor against a sandbox, as a worker runs them."""

from __future__ import annotations

import inspect
import json
import shutil
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import fsspec
import pytest
from airflow.providers.common.compat.sdk import (
    AirflowException,
    AirflowFailException,
    AirflowSensorTimeout,
    TaskDeferred,
)
from airflow.sdk import ObjectStoragePath
from airflow.sdk.io import attach
from airflow.sdk.lineage import HookLineageCollector

from talkvalue_cli.airflow.links import XCOM_KEY, TalkValueImportLink
from talkvalue_cli.airflow.operator import TalkValueImportOperator
from talkvalue_cli.airflow.sensor import TalkValueImportSensor
from talkvalue_cli.airflow.trigger import TalkValueImportTrigger
from talkvalue_cli.imports.waiting.limits import WaitSettings
from tests.airflow.conftest import CONN_ID, Task
from tests.csv_texts import people
from tests.harness import Sandbox, list_jobs, wait_for

START = Callable[..., Sandbox]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file with two rows that cannot be imported."""
    path = tmp_path / "people.csv"
    path.write_text(people(20, bad=2))
    return path


@pytest.fixture
def bucket() -> Iterator[ObjectStoragePath]:
    """A folder of an object storage, which is in memory."""
    memory = fsspec.filesystem("memory")
    attach(protocol="memory", fs=memory)
    yield ObjectStoragePath("memory://bucket/imports")
    memory.rm("/bucket", recursive=True)


def make(file: Any, **more: Any) -> TalkValueImportOperator:
    settings = {"source_id": 1, "mode": "SKIP", **more}
    return TalkValueImportOperator(task_id="load", file=file, **settings)


def defer(operator: TalkValueImportOperator | TalkValueImportSensor, task: Task) -> TaskDeferred:
    """Execute a task until it is deferred."""
    with pytest.raises(TaskDeferred) as caught:
        operator.execute(task.context)
    return caught.value


def arguments(deferred: TaskDeferred) -> dict[str, Any]:
    """Return what the triggerer is told."""
    found: dict[str, Any] = deferred.trigger.serialize()[1]
    return found


def event(sandbox: Sandbox, job_id: int, outcome: str = "completed") -> dict[str, Any]:
    """Return what a trigger says of an import as it is."""
    job = sandbox.job(job_id)
    return {
        "jobId": job_id,
        "outcome": outcome,
        "job": job,
        "error": None,
        "told": {"action": "created"},
    }


# The way of an import


def test_a_file_is_imported_in_the_worker(server: START, file: Path, tmp_path: Path) -> None:
    sandbox, task = server(), Task()
    done = make(file, allow_partial=True, failed_rows=tmp_path / "out").execute(task.context)
    assert (done["importJobId"], done["action"], done["job"]["newCount"]) == (1, "created", 20)
    assert done["failedRows"] == str(tmp_path / "out" / "import-1-failed.csv")
    assert "INVALID_EMAIL" in Path(done["failedRows"]).read_text()
    assert task.xcoms == {XCOM_KEY: f"{sandbox.url}/path/import/1"}
    assert "not-an-address" not in json.dumps(done)


def test_a_deferred_one_is_created_in_the_worker_and_judged_there(
    server: START, file: Path, tmp_path: Path
) -> None:
    sandbox, task = server(), Task()
    operator = make(file, deferrable=True, max_failed="20%", failed_rows=str(tmp_path), timeout=60)
    before = time.time()
    deferred = defer(operator, task)
    told = arguments(deferred)
    assert (told["job_id"], told["conn_id"], told["is_new"]) == (1, CONN_ID, True)
    assert told["told"] == {"action": "created"}
    # epoch seconds, and Airflow's own patience outlasts them by two polls
    assert before + 60 <= told["deadline"] <= time.time() + 60
    assert deferred.method_name == "execute_complete" and not deferred.kwargs
    assert timedelta(seconds=60 + 100) < deferred.timeout <= timedelta(seconds=60 + 104)
    wait_for(lambda: sandbox.job(1)["completedAt"], "its end")
    # in another process: nothing but the event is known
    resumed = make(file, deferrable=True, max_failed="20%", failed_rows=str(tmp_path))
    done = resumed.execute_complete(task.context, event(sandbox, 1))
    assert (done["action"], done["failedRows"]) == ("created", f"{tmp_path}/import-1-failed.csv")


def test_without_a_deadline_airflow_waits_for_ever(server: START, file: Path) -> None:
    server()
    deferred = defer(make(file, deferrable=True, timeout=None), Task())
    assert (arguments(deferred)["deadline"], deferred.timeout) == (None, None)


def test_what_no_triggerer_can_be_told_fails_before_there_is_an_import(
    server: START, file: Path
) -> None:
    sandbox = server()
    operator = make(file, deferrable=True, stall_timeout_s=timedelta(minutes=5))
    with pytest.raises(TypeError, match="timedelta"):
        operator.execute(Task().context)
    assert list_jobs(sandbox) == []


# Once


def test_a_retry_attaches(server: START, file: Path) -> None:
    sandbox = server("--fault=stall=0.5")
    actions = []
    for _ in range(3):
        told = arguments(defer(make(file, deferrable=True), Task()))
        actions.append((told["job_id"], told["told"]["action"]))
    assert actions == [(1, "created"), (1, "attached"), (1, "attached")]
    assert len(list_jobs(sandbox)) == 1


def test_a_retry_on_a_worker_with_an_empty_disk_attaches(
    server: START, file: Path, own_home: Path
) -> None:
    sandbox = server("--fault=stall=0.5")
    defer(make(file, deferrable=True), Task())
    shutil.rmtree(own_home / ".local")
    told = arguments(defer(make(file, deferrable=True), Task()))
    assert (told["job_id"], told["told"]["action"]) == (1, "attached")
    assert len(list_jobs(sandbox)) == 1


def test_a_worker_that_dies_between_create_and_defer_loses_nothing(
    server: START, file: Path
) -> None:
    class Dying(Task):
        def xcom_push(self, key: str, value: Any) -> None:
            raise SystemExit(137)

    sandbox = server("--fault=stall=0.5")
    with pytest.raises(SystemExit):
        make(file, deferrable=True).execute(Dying().context)
    assert len(list_jobs(sandbox)) == 1
    told = arguments(defer(make(file, deferrable=True), Task()))
    assert (told["job_id"], told["told"]["action"]) == (1, "attached")
    assert len(list_jobs(sandbox)) == 1


def test_a_task_that_is_cleared_after_the_end_creates_nothing(server: START, file: Path) -> None:
    sandbox = server()
    due_long_ago = Task(due_s_ago=3600)
    settings = {"allow_partial": True, "again_after_s": 0}
    make(file, **settings).execute(due_long_ago.context)
    done = make(file, **settings).execute(due_long_ago.context)
    assert (done["action"], done["importJobId"]) == ("known", 1)
    assert len(list_jobs(sandbox)) == 1


def test_with_no_memory_each_run_of_the_dag_imports_the_file_once(
    server: START, file: Path
) -> None:
    sandbox = server()
    for job_id in (1, 2):
        # the server dates the end of an import in whole seconds; this run is due after it
        task = Task(due_s_ago=-2)
        done = make(file, allow_partial=True, again_after_s=0).execute(task.context)
        assert (done["action"], done["importJobId"]) == ("created", job_id)
    assert len(list_jobs(sandbox)) == 2


def test_an_answer_that_was_lost_makes_no_second_import(server: START, file: Path) -> None:
    sandbox = server("--fault=cut-before,method=POST,path=/path/import,count=1,processed=yes")
    done = make(file, allow_partial=True).execute(Task().context)
    assert (done["importJobId"], done["action"]) == (1, "adopted")
    assert len(list_jobs(sandbox)) == 1


# How it ends


def test_failed_is_for_good(server: START, file: Path) -> None:
    server("--fault=fail=0.5")
    with pytest.raises(AirflowFailException, match="import 1 ended as FAILED"):
        make(file).execute(Task().context)


def test_a_failed_import_is_made_again_when_the_task_is_cleared(server: START, file: Path) -> None:
    server("--fault=fail=0.5,count=1")
    with pytest.raises(AirflowFailException):
        make(file).execute(Task().context)
    done = make(file, allow_partial=True).execute(Task().context)
    assert (done["importJobId"], done["action"]) == (2, "created")


@pytest.mark.parametrize("tolerance", [{}, {"max_failed": 1}, {"max_failed": "5%"}])
def test_too_many_failed_rows_are_for_good_and_it_says_where_they_are(
    tolerance: dict[str, Any], server: START, file: Path, tmp_path: Path
) -> None:
    server()
    with pytest.raises(AirflowFailException) as caught:
        make(file, failed_rows=tmp_path, **tolerance).execute(Task().context)
    said = str(caught.value)
    assert "2 of 22 rows failed (2 INVALID_EMAIL)" in said
    assert said.endswith(f"the failed rows are in {tmp_path}/import-1-failed.csv")


def test_the_deadline_is_worth_a_retry(server: START, file: Path) -> None:
    server("--fault=stall=0.5")
    with pytest.raises(AirflowException, match="still RUNNING") as caught:
        make(file, timeout=timedelta(seconds=1)).execute(Task().context)
    assert not isinstance(caught.value, AirflowFailException)


def test_after_the_event_the_record_counts_and_not_the_clock(server: START, file: Path) -> None:
    sandbox = server()
    operator = make(file, deferrable=True, allow_partial=True)
    defer(operator, Task())
    wait_for(lambda: sandbox.job(1)["completedAt"], "its end")
    late = event(sandbox, 1, "timeout")
    late["job"] = {**late["job"], "status": "RUNNING", "completedAt": None}
    done = operator.execute_complete(Task().context, late)
    assert done["job"]["status"] == "PARTIAL_SUCCESS"


def test_a_deferred_deadline_is_worth_a_retry(server: START, file: Path) -> None:
    sandbox = server("--fault=stall=0.5")
    operator = make(file, deferrable=True)
    defer(operator, Task())
    wait_for(lambda: sandbox.job(1)["status"] == "RUNNING", "its begin")
    with pytest.raises(AirflowException, match="the deadline passed") as caught:
        operator.execute_complete(Task().context, event(sandbox, 1, "timeout"))
    assert not isinstance(caught.value, AirflowFailException)
    assert "a retry waits for it and creates nothing" in str(caught.value)


def test_an_error_of_the_wait_is_worth_a_retry(server: START, file: Path) -> None:
    server()
    told = {
        "jobId": 1,
        "outcome": "error",
        "job": None,
        "error": {"message": "the token was refused", "code": "AUTHENTICATION"},
        "told": {},
    }
    with pytest.raises(AirflowException, match="import 1: the token was refused") as caught:
        make(file).execute_complete(Task().context, told)
    assert not isinstance(caught.value, AirflowFailException)


def test_failed_rows_that_cannot_be_saved_are_worth_a_retry(
    server: START, file: Path, tmp_path: Path
) -> None:
    sandbox = server("--fault=503,path=/path/import/1/failed/export,count=3")
    operator = make(file, allow_partial=True, failed_rows=tmp_path)
    with pytest.raises(AirflowException, match="503") as caught:
        operator.execute(Task().context)
    assert not isinstance(caught.value, AirflowFailException)
    done = make(file, allow_partial=True, failed_rows=tmp_path).execute(Task().context)
    assert Path(done["failedRows"]).is_file()
    assert len(list_jobs(sandbox)) == 1


def test_a_file_that_is_not_there_yet_is_worth_a_retry(server: START, tmp_path: Path) -> None:
    server()
    with pytest.raises(AirflowException, match="file not found") as caught:
        make(tmp_path / "late.csv").execute(Task().context)
    assert not isinstance(caught.value, AirflowFailException)


def test_a_kill_says_that_the_import_keeps_running(
    server: START, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sandbox = server("--fault=stall=0.5")
    operator = make(file, deferrable=True)
    operator.on_kill()
    assert "keeps running" not in capsys.readouterr().out
    defer(operator, Task())
    operator.on_kill()
    assert "Import 1 keeps running: it cannot be cancelled" in capsys.readouterr().out
    assert sandbox.job(1)["status"] in ("PENDING", "RUNNING")


# Object storage


def local_object(path: Path) -> ObjectStoragePath:
    """Return a file of this machine as an object."""
    return ObjectStoragePath(f"file://{path}")


def test_file_and_failed_rows_may_be_objects(
    server: START, file: Path, bucket: ObjectStoragePath
) -> None:
    sandbox = server()
    source = bucket / "people.csv"
    source.write_bytes(file.read_bytes())
    operator = make(str(source), failed_rows=bucket / "failed", allow_partial=True)
    done = operator.execute(Task().context)
    assert done["failedRows"] == "memory://bucket/imports/failed/import-1-failed.csv"
    assert b"INVALID_EMAIL" in ObjectStoragePath(done["failedRows"]).read_bytes()
    assert list_jobs(sandbox)[0]["fileName"].startswith("people.tv-")
    # what somebody has corrected meanwhile stays
    ObjectStoragePath(done["failedRows"]).write_bytes(b"corrected")
    again = make(source, failed_rows=bucket / "failed", allow_partial=True)
    assert again.execute(Task().context)["action"] == "known"
    assert ObjectStoragePath(done["failedRows"]).read_bytes() == b"corrected"


def test_rows_that_somebody_has_corrected_stay(server: START, file: Path, tmp_path: Path) -> None:
    server()
    settings = {"failed_rows": tmp_path, "allow_partial": True}
    saved = Path(make(file, **settings).execute(Task().context)["failedRows"])
    saved.write_text("corrected")
    done = make(file, **settings).execute(Task().context)
    assert (done["failedRows"], saved.read_text()) == (str(saved), "corrected")


@pytest.mark.parametrize("kind", ["{}".format, "file://{}".format, local_object])
def test_a_path_on_this_machine_may_be_written_in_three_ways(
    kind: Callable[[Path], Any], server: START, file: Path, tmp_path: Path
) -> None:
    server()
    operator = make(kind(file), failed_rows=kind(tmp_path / "out"), allow_partial=True)
    assert operator.execute(Task().context)["failedRows"] == f"{tmp_path}/out/import-1-failed.csv"


# As Airflow sees it


def test_settings_that_make_no_sense_are_refused_in_the_dag() -> None:
    with pytest.raises(ValueError, match="a number of rows, or a share"):
        make("a.csv", max_failed="-3")


def test_the_operator_takes_what_a_wait_takes() -> None:
    arguments = set(inspect.signature(TalkValueImportOperator.__init__).parameters)
    # one file, and `timeout`, which may be a timedelta
    assert set(WaitSettings.__annotations__) - arguments == {"fail_fast", "timeout_s"}


def test_what_else_a_run_takes_for_files_are_options(server: START, file: Path) -> None:
    sandbox = server()
    options = {"plain_name": True, "file_name": "{{ ds }}.csv"}
    operator = make(file, allow_partial=True, options=options)
    context: Any = {"ds": "2026-11-27"}
    operator.render_template_fields(context)
    operator.execute(Task().context)
    assert [job["fileName"] for job in list_jobs(sandbox)] == ["2026-11-27.csv"]


@pytest.mark.parametrize("name", ["again", "parallel", "keep_going", "save_mapping", "colour"])
def test_an_option_that_is_none_of_a_task_is_refused_in_the_dag(name: str) -> None:
    # with `again` each retry would import the file once more
    with pytest.raises(ValueError, match=f"no option '{name}' for a task"):
        make("a.csv", options={name: True})
    with pytest.raises(ValueError, match="'mapping' is an argument of its own"):
        make("a.csv", options={"mapping": {}})


def test_a_trigger_does_not_carry_the_whole_dag() -> None:
    # `start_from_trigger` puts it into each of them
    assert not TalkValueImportOperator.start_from_trigger


def test_fields_are_templates() -> None:
    fields = {"file", "source_id", "mode", "mapping", "options", "failed_rows"}
    assert fields < {*TalkValueImportOperator.template_fields}
    channel = "{{ params.channel }}"
    operator = make("/in/{{ ds }}.csv", source_id=channel, failed_rows="/out/{{ ds }}")
    context: Any = {"ds": "2026-11-27", "params": {"channel": 7}}
    operator.render_template_fields(context)
    assert (operator.file, operator.source_id) == ("/in/2026-11-27.csv", "7")
    assert operator.failed_rows == "/out/2026-11-27"


def test_the_link_is_what_the_task_left(monkeypatch: pytest.MonkeyPatch) -> None:
    found = {XCOM_KEY: "https://example.com/imports/7"}
    monkeypatch.setattr(
        "talkvalue_cli.airflow.links.XCom.get_value", lambda key, ti_key: found.get(key)
    )
    link = TalkValueImportLink()
    key: Any = None
    assert link.get_link(make("a.csv"), ti_key=key) == "https://example.com/imports/7"
    found.clear()
    assert link.get_link(make("a.csv"), ti_key=key) == ""


def test_lineage_names_the_file_and_the_channel(
    server: START, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sandbox, collector = server(), HookLineageCollector()
    monkeypatch.setattr(
        "talkvalue_cli.airflow.lineage.get_hook_lineage_collector", lambda: collector
    )
    make(file, allow_partial=True).execute(Task().context)
    collected = collector.collected_assets
    host = sandbox.url.removeprefix("http://")
    assert [each.asset.uri for each in collected.inputs] == [f"file://{file}"]
    assert [each.asset.uri for each in collected.outputs] == [f"talkvalue://{host}/channel/1"]


# The sensor


def sense(job_id: Any, **more: Any) -> TalkValueImportSensor:
    return TalkValueImportSensor(task_id="wait", job_id=job_id, **more)


def test_a_sensor_waits_for_an_import(server: START) -> None:
    sandbox, task = server(), Task()
    job_id = sandbox.create_import(people(5))
    done = sense(str(job_id), poke_interval=0.1).execute(task.context)
    assert (done["importJobId"], done["job"]["newCount"]) == (job_id, 5)
    assert task.xcoms[XCOM_KEY].endswith(f"/path/import/{job_id}")


def test_a_sensor_defers_to_the_same_trigger(server: START) -> None:
    sandbox = server()
    job_id = sandbox.finish_import(people(5))
    deferred = defer(sense(job_id, deferrable=True, timeout=60), Task())
    assert isinstance(deferred.trigger, TalkValueImportTrigger)
    done = sense(job_id).execute_complete(Task().context, event(sandbox, job_id))
    assert done["job"]["status"] == "COMPLETED"


def test_a_sensor_fails_as_the_operator_does(server: START) -> None:
    sandbox = server("--fault=stall=0.5,after=1")
    partial, alive = sandbox.finish_import(people(5, bad=1)), sandbox.create_import(people(50))
    with pytest.raises(AirflowFailException, match="1 of 6 rows failed"):
        sense(partial).execute(Task().context)
    assert sense(partial, allow_partial=True).execute(Task().context)["importJobId"] == partial
    with pytest.raises(AirflowSensorTimeout, match="the deadline passed"):
        sense(alive).execute_complete(Task().context, event(sandbox, alive, "timeout"))
    with pytest.raises(AirflowException, match="999"):
        sense(999).execute(Task().context)
