"""The trigger: what it is made of, and how it fires."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from airflow.sdk.serde import deserialize, serialize

from talkvalue_cli.airflow import waiters
from talkvalue_cli.airflow.hook import TalkValueHook
from talkvalue_cli.airflow.trigger import TalkValueImportTrigger
from tests.airflow.conftest import CONN_ID, count_requests
from tests.csv_texts import people
from tests.harness import TOKEN, Sandbox, wait_for
from tests.process.stub_server import StubServer
from tests.replies import Reply

START = Callable[..., Sandbox]
CLASS = "talkvalue_cli.airflow.trigger.TalkValueImportTrigger"


def make(job_id: int = 1, deadline: float | None = None, **more: Any) -> TalkValueImportTrigger:
    return TalkValueImportTrigger(job_id, CONN_ID, deadline, **more)


def fire(*triggers: TalkValueImportTrigger) -> list[dict[str, Any]]:
    """Run triggers in one loop, and return the payloads of their events."""

    async def first_event(trigger: TalkValueImportTrigger) -> dict[str, Any]:
        async for event in trigger.run():
            payload: dict[str, Any] = event.payload
            return payload
        raise AssertionError("it fired nothing")

    async def run_all() -> list[dict[str, Any]]:
        return await asyncio.gather(*map(first_event, triggers))

    return asyncio.run(run_all())


def test_it_is_json_and_comes_back_as_it_was() -> None:
    trigger = make(
        7, 1_764_000_000.5, is_new=True, stall_timeout_s=60.0, told={"action": "created"}
    )
    path, arguments = trigger.serialize()
    assert (path, json.loads(json.dumps(arguments))) == (CLASS, arguments)
    assert arguments == {
        "job_id": 7,
        "conn_id": CONN_ID,
        "deadline": 1_764_000_000.5,
        "is_new": True,
        "stall_timeout_s": 60.0,
        "retry_for_s": 300.0,
        "interval_s": None,
        "told": {"action": "created"},
    }
    # as a task hands it over, and the triggerer takes it up
    there: Any = deserialize(json.loads(json.dumps(serialize(arguments))))
    assert TalkValueImportTrigger(**there).serialize() == (path, arguments)


def test_secrets_stay_where_they_are(connect_to: Callable[[str], None]) -> None:
    connect_to("http://127.0.0.1:9")
    trigger = make()
    assert TOKEN not in json.dumps(trigger.serialize()) + repr(trigger)


def test_the_event_has_the_record_and_what_was_told(server: START) -> None:
    sandbox = server()
    job_id = sandbox.create_import(people(3, bad=1))
    [event] = fire(make(job_id, told={"action": "created"}))
    assert (event["jobId"], event["outcome"]) == (job_id, "partial")
    assert (event["job"]["newCount"], event["told"]) == (3, {"action": "created"})
    assert json.loads(json.dumps(event)) == event
    assert "not-an-address" not in json.dumps(event)


def test_a_deadline_is_in_epoch_seconds_and_the_record_counts(server: START) -> None:
    sandbox = server("--fault=stall=0.5,after=1")
    ended, alive = sandbox.finish_import(people(3)), sandbox.create_import(people(9))
    past = time.time() - 3600
    first, second = fire(make(ended, past), make(alive, past))
    assert first["outcome"] == "completed"
    assert (second["outcome"], second["job"]["id"]) == ("timeout", alive)


def test_the_slack_is_two_polls() -> None:
    past = time.time() - 3600
    assert make(deadline=past).patience == timedelta(seconds=104)
    assert make(deadline=past, interval_s=60.0).patience == timedelta(seconds=180)
    assert make().patience is None


def test_triggers_that_start_together_have_one_waiter_and_one_connection(
    server: START, monkeypatch: pytest.MonkeyPatch
) -> None:
    sandbox = server()
    ids = [sandbox.create_import(people(3)) for _ in range(40)]
    resolved = []
    resolve = TalkValueHook.aget_conn

    async def count(hook: TalkValueHook) -> Any:
        resolved.append(hook.talkvalue_conn_id)
        return await resolve(hook)

    monkeypatch.setattr(TalkValueHook, "aget_conn", count)
    wait_for(lambda: all(sandbox.job(job_id)["completedAt"] for job_id in ids), "their ends")
    before = count_requests(sandbox, "GET")
    events = fire(*map(make, ids))
    assert [event["jobId"] for event in events] == ids
    assert resolved == [CONN_ID]
    # a page of the list, not 40 records
    assert count_requests(sandbox, "GET") - before <= 3


def test_a_trigger_that_runs_again_creates_nothing(server: START) -> None:
    sandbox = server()
    trigger = make(sandbox.finish_import(people(3)))
    before = count_requests(sandbox, "POST")
    for _ in range(3):
        path, arguments = trigger.serialize()
        assert path == CLASS
        fire(TalkValueImportTrigger(**arguments))
    assert count_requests(sandbox, "POST") == before


def test_nothing_blocks_the_loop(tmp_path: Path, connect_to: Callable[[str], None]) -> None:
    # one answer takes as long as it is let: the loop goes on meanwhile
    released = threading.Event()

    class Slow(StubServer):
        def take(self, request: Any) -> Reply:
            released.wait(20)
            return super().take(request)

    record = {"id": 1, "status": "COMPLETED", "totalRows": 1, "processedRows": 1}
    stub = Slow(tmp_path, Reply(record))
    connect_to(stub.url)

    async def run() -> str:
        async def first() -> str:
            async for event in make().run():
                return str(event.payload["outcome"])
            return ""

        waiting = asyncio.create_task(first())
        for _ in range(1000):  # the loop turns while the question is asked
            await asyncio.sleep(0)
        assert not waiting.done()
        released.set()
        return await waiting

    try:
        assert asyncio.run(run()) == "completed"
    finally:
        released.set()
        stub.stop()


def test_a_trigger_that_is_stopped_leaves_the_others_alone(
    server: START, monkeypatch: pytest.MonkeyPatch
) -> None:
    sandbox = server()
    job_id = sandbox.finish_import(people(3))
    entered = asyncio.Event()
    resolve = TalkValueHook.aget_conn
    calls = []

    async def resolve_slowly(hook: TalkValueHook) -> Any:
        calls.append(1)
        if len(calls) == 1:
            entered.set()
            await asyncio.sleep(3600)
        return await resolve(hook)

    monkeypatch.setattr(TalkValueHook, "aget_conn", resolve_slowly)

    async def run() -> dict[str, Any]:
        async def first(trigger: TalkValueImportTrigger) -> dict[str, Any]:
            async for event in trigger.run():
                payload: dict[str, Any] = event.payload
                return payload
            raise AssertionError("it fired nothing")

        stopped = asyncio.create_task(first(make(job_id)))
        await entered.wait()
        other = asyncio.create_task(first(make(job_id)))
        await asyncio.sleep(0)
        stopped.cancel()
        return await other

    assert asyncio.run(run())["outcome"] == "completed"
    assert len(calls) == 2


@pytest.mark.parametrize(
    ("connection", "says"),
    [
        (None, "isn't defined"),
        ('{"conn_type": "talkvalue", "host": "http://127.0.0.1:9"}', "has no API token"),
        ('{"conn_type": "talkvalue", "host": "ftp://x", "password": "t"}', "not a usable URL"),
    ],
)
def test_a_connection_that_is_none_is_told_to_all(
    connection: str | None, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = f"AIRFLOW_CONN_{CONN_ID.upper()}"
    if connection is None:
        monkeypatch.delenv(name, raising=False)
    else:
        monkeypatch.setenv(name, connection)
    for event in fire(make(1), make(2)):
        assert (event["outcome"], event["job"]) == ("error", None)
        assert says in event["error"]["message"]


def test_the_thread_ends_with_its_last_wait(server: START) -> None:
    sandbox = server()
    fire(make(sandbox.finish_import(people(3))))
    wait_for(
        lambda: not [each for each in threading.enumerate() if each.name == "talkvalue"], "its end"
    )


def test_a_kill_says_that_the_import_keeps_running(capsys: pytest.CaptureFixture[str]) -> None:
    asyncio.run(make(7).on_kill())
    assert "Import 7 keeps running: it cannot be cancelled" in capsys.readouterr().out


def test_a_key_stands_for_settings() -> None:
    limits = make(interval_s=9.0, stall_timeout_s=60.0).key.limits
    assert (limits.timeout_s, limits.interval_s, limits.stall_timeout_s) == (None, 9.0, 60.0)
    assert waiters.Key(CONN_ID).limits.retry_for_s == 300.0
