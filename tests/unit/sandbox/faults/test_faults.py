"""The grammar of faults, when they happen, and what they do to real connections."""

from __future__ import annotations

import http.client
from collections.abc import Callable
from typing import Any

import pytest
import requests

from talkvalue_cli.sandbox.faults import grammar
from talkvalue_cli.sandbox.faults.faulty_app import CutConnectionError
from talkvalue_cli.sandbox.faults.grammar import FaultSpecError, parse_fault
from talkvalue_cli.sandbox.faults.pace import JobFaults
from talkvalue_cli.sandbox.faults.plan import HttpFaultPlan, JobFaultPlan

from ..bench import Bench
from ..process import AUTH, ServerProcess

Start = Callable[..., ServerProcess]


@pytest.mark.parametrize(
    ("spec", "reason"),
    [
        ("", "unknown fault ''"),
        ("404", "unknown fault '404'"),
        ("500=2", "500=2: must be between 0 and 1"),
        ("500=-0.1", "500=-0.1: must be a number that is not negative"),
        ("500=nan", "500=nan: must be a number that is not negative"),
        ("500=half", "500=half: must be a number"),
        ("latency", "latency: needs a value (SECONDS: wait before handling)"),
        ("silent=1", "silent=1: takes no value"),
        ("batch=0", "batch=0: must be a whole number of at least 1"),
        ("500,colour=red", "500: unknown key 'colour'"),
        ("500,count", "500: count needs a value"),
        ("500,count=1,count=2", "500: count is given twice"),
        ("500,count=-1", "500: count=-1: must be a whole number"),
        ("html,status=99", "html: status=99: must be an HTTP status from 200 to 599"),
        ("html,method=get", "html: method=get: must be one of GET, POST, PUT, PATCH, DELETE"),
        ("html,path=x", "html: path=x: must begin with / or *"),
        ("queue=1,path=/x", "queue: unknown key 'path'"),
        ("rename", "rename: needs a value (MODE: store a file under another name)"),
        ("rename=upper", "rename=upper: must be one of clean, truncate, replace"),
        ("rename=truncate,characters=4", "rename: characters=4: must be a whole number from 5"),
        ("list-late=1,get=never", "list-late: get=never: must be one of now, late"),
    ],
)
def test_a_wrong_fault_is_refused_with_its_reason(spec: str, reason: str) -> None:
    with pytest.raises(FaultSpecError) as caught:
        parse_fault(spec)
    assert str(caught.value).startswith(reason)


def test_every_fault_is_described() -> None:
    listed = [line.split()[0] for line in grammar.describe_faults().splitlines()[1:]]
    assert listed == [
        "latency", "delay-answer", "403", "429", "500", "502", "503", "cut-before", "cut-middle",
        "html", "empty", "hang", "drip", "revoke", "removed-member", "expired-workspace",
        "expired-key", "slow_down", "access_denied", "expired_token", "invalid_grant",
        "stall", "fail", "finalize", "queue", "batch", "silent",
        "rename", "list-late",
    ]  # fmt: skip


def draw(specs: list[str], seed: int, requests: int, path: str = "/path/import") -> list[str]:
    """Return the names of the faults of a row of GETs, joined per request."""
    plan = HttpFaultPlan([parse_fault(spec) for spec in specs], seed)
    return ["+".join(fault.name for fault in plan.choose("GET", path)) for _ in range(requests)]


def test_a_share_is_met_and_the_same_for_the_same_seed() -> None:
    first = draw(["500=0.3"], 1, 1000)
    assert 250 < first.count("500") < 350
    assert first == draw(["500=0.3"], 1, 1000)
    assert first != draw(["500=0.3"], 2, 1000)


def test_after_and_count_choose_the_requests() -> None:
    assert draw(["503,after=2,count=2"], 1, 6) == ["", "", "503", "503", "", ""]


def test_the_first_fault_wins_and_delays_add_up() -> None:
    assert draw(["latency=1", "500,count=1", "502", "delay-answer=1"], 1, 2) == [
        "latency+delay-answer+500",
        "latency+delay-answer+502",
    ]


@pytest.mark.parametrize(
    ("spec", "path", "happens"),
    [
        ("500,path=/path/import", "/path/import", True),
        ("500,path=/path/import", "/path/import/1", False),
        ("500,path=/path/import/*", "/path/import/1", True),
        ("500,path=/path/import/*", "/path/import", False),
        ("500,path=*/failed/export", "/path/import/1/failed/export", True),
        ("500,method=POST", "/path/import", False),
        ("500,method=GET", "/path/import", True),
    ],
)
def test_method_and_path_choose_the_requests(spec: str, path: str, happens: bool) -> None:
    assert draw([spec], 1, 1, path) == (["500"] if happens else [""])


def test_what_the_application_alters_goes_with_any_other_fault() -> None:
    specs = ["list-late=9", "rename=clean", "503,count=1", "500"]
    assert draw(specs, 1, 2) == ["list-late+503", "list-late+500"]
    assert draw(specs[:2], 1, 1, "/path/import/7") == ["list-late"]
    assert draw(specs[:2], 1, 1, "/path/channel") == [""]


def test_a_revoked_token_stays_revoked_on_all_paths() -> None:
    plan = HttpFaultPlan([parse_fault("revoke,after=1,path=/path/import/1"), parse_fault("500")], 1)
    paths = ["/path/import/1", "/path/channel", "/path/import/1", "/path/channel"]
    chosen = [[fault.name for fault in plan.choose("GET", path, "Bearer x")] for path in paths]
    assert chosen == [["500"], ["500"], ["revoke"], ["revoke"]]


def test_only_the_token_that_was_sent_is_revoked() -> None:
    plan = HttpFaultPlan([parse_fault("revoke,after=1,count=1")], 1)
    sent = ["Bearer old", "", "Bearer old", "", "Bearer new", "Bearer old"]
    chosen = [bool(plan.choose("GET", "/path/channel", bearer)) for bearer in sent]
    assert chosen == [False, False, True, False, False, True]


def test_job_faults_go_by_job_number() -> None:
    plan = JobFaultPlan([parse_fault("stall=0.5,after=1,count=2,seconds=3"), parse_fault("silent")])
    stalled = JobFaults(stall_share=0.5, stall_s=3.0, silent=True)
    plain = JobFaults(silent=True)
    assert [plan.choose(job_id) for job_id in (1, 2, 3, 4)] == [plain, stalled, stalled, plain]


def test_a_connection_cut_before_the_answer_sends_no_byte(start_server: Start) -> None:
    server = start_server("--fault=cut-before,after=1,count=1")
    connection = server.connect()
    connection.request("GET", "/path/channel", headers=AUTH)
    assert len(connection.getresponse().read()) > 100
    connection.request("GET", "/path/channel", headers=AUTH)  # on the same connection
    with pytest.raises(http.client.RemoteDisconnected):
        connection.getresponse()
    connection.close()
    assert len(server.get("/path/channel")) == 4


def test_a_connection_cut_in_the_middle_has_announced_more(start_server: Start) -> None:
    server = start_server("--fault=cut-middle,path=/path/channel*")
    assert server.get("/auth/organization")
    head, _, body = server.read_raw("GET /path/channel HTTP/1.1").partition(b"\r\n\r\n")
    lines = head.decode().splitlines()
    announced = next(int(line[16:]) for line in lines if line.startswith("Content-Length"))
    assert len(body) == announced // 2 > 100
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        server.ask("DELETE", "/path/channel/1")


def test_a_streamed_answer_cut_in_the_middle_lacks_its_last_chunk(start_server: Start) -> None:
    server = start_server("--fault=cut-middle,path=*/export")
    job_id = server.finish_import("Email\nbad\n")
    raw = server.read_raw(f"GET /path/import/{job_id}/failed/export HTTP/1.1")
    assert b"Transfer-Encoding: chunked" in raw
    assert not raw.endswith(b"0\r\n\r\n")
    assert raw.partition(b"\r\n\r\n")[2].startswith(b"12\r\nEmail,rowNum,error\r\n")


def test_a_hang_ends_with_the_client_and_blocks_nobody(start_server: Start) -> None:
    server = start_server("--fault=hang,path=/auth/overview")
    hanging = [server.connect(0.1) for _ in range(80)]
    for connection in hanging:
        connection.request("GET", "/auth/overview", headers=AUTH)
    with pytest.raises(TimeoutError):
        hanging[0].getresponse()
    for connection in hanging[20:]:
        connection.close()
    assert len(server.get("/path/channel")) == 4
    for connection in hanging[:20]:
        connection.close()


def test_statuses_come_as_problem_documents_with_retry_after(bench: Bench) -> None:
    bench.add_faults(
        "429,count=1,retry-after=7",
        "503,count=1,retry-after=60,retry-after-form=date",
        "502,count=1",
        "500,count=1",
    )
    answers = [bench.send("GET", "/path/channel") for _ in range(5)]
    assert [answer.status_code for answer in answers] == [429, 503, 502, 500, 200]
    assert [answer.headers["X-TalkValue-Sandbox"] for answer in answers] == ["1"] * 5
    for answer in answers[:4]:
        assert answer.content_type == "application/problem+json"
        assert answer.json is not None
        assert answer.json["status"] == answer.status_code
    retry_after = [answer.headers.get("Retry-After") for answer in answers]
    assert retry_after == ["7", "Mon, 21 Sep 2026 14:14:20 GMT", None, None, None]


def test_bodies_that_are_not_the_api(bench: Bench) -> None:
    bench.add_faults("html,count=1,status=502", "empty,count=1,status=520")
    page, nothing = (bench.send("GET", "/path/channel") for _ in range(2))
    assert (page.status_code, page.content_type) == (502, "text/html; charset=utf-8")
    assert page.data.startswith(b"<!DOCTYPE html>")
    assert (nothing.status_code, nothing.data) == (520, b"")


@pytest.mark.parametrize(("key", "channels"), [("", 4), (",processed=yes", 5)])
def test_a_lost_answer_leaves_the_request_done_or_not_as_told(
    bench: Bench, key: str, channels: int
) -> None:
    bench.add_faults(f"cut-before,method=POST{key}")
    with pytest.raises(CutConnectionError):
        bench.send("POST", "/path/channel", json={"name": "Once"})
    assert len(bench.get("/path/channel")) == channels


def test_delays_and_drips_take_their_time(bench: Bench) -> None:
    bench.add_faults(
        "latency=1.5,path=/path/channel",
        "delay-answer=2.5,path=/path/channel",
        "drip,path=/auth/overview,pause=0.5",
    )
    started = bench.time.seconds
    bench.get("/path/channel")
    assert bench.time.seconds - started == pytest.approx(4)
    overview = bench.send("GET", "/auth/overview")
    assert overview.json == {"teamMemberCount": 3, "memberFirstName": None}
    assert bench.time.seconds - started == pytest.approx(4 + len(overview.data) / 2)


def test_a_revoked_token_is_an_authentication_failure(bench: Bench) -> None:
    bench.add_faults("revoke,after=1")
    assert bench.send("GET", "/path/channel").status_code == 200
    answer: Any = bench.send("GET", "/path/channel")
    assert (answer.status_code, answer.json["errorCode"]) == (401, 1102)
    assert answer.content_type == "application/problem+json"


def test_a_fault_happens_to_every_path_and_leaves_the_request_undone(bench: Bench) -> None:
    bench.add_faults("503,path=/path/person/*,method=DELETE,count=1")
    statuses = [bench.send("DELETE", "/path/person/1").status_code for _ in range(3)]
    assert statuses == [503, 200, 404]


def test_every_answer_is_marked_and_dated(bench: Bench) -> None:
    bench.add_faults()
    for path, expected in (("/path/channel", 200), ("/nowhere", 404)):
        answer = bench.send("GET", path)
        assert (answer.status_code, answer.headers["X-TalkValue-Sandbox"]) == (expected, "1")
        assert answer.headers["Date"] == "Mon, 21 Sep 2026 14:13:20 GMT"
