"""The device flow: start, poll, and every way in which it ends."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from talkvalue_cli.sandbox.sign_in.devices import SignInRules

from ..bench import Bench
from ..program import CLIENT_ID, DEVICE_GRANT, DEVICE_PATH, TOKEN_PATH, Program, error_of

Open = Callable[..., Bench]
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"


def test_the_start_has_all_six_fields(program: Program) -> None:
    started = program.start()
    code = started["user_code"]
    assert re.fullmatch(r"[A-Z]{4}-[A-Z]{4}", code)
    assert len(started.pop("device_code")) >= 40
    assert started == {
        "user_code": code,
        "verification_uri": "http://localhost/device",
        "verification_uri_complete": f"http://localhost/device?user_code={code}",
        "expires_in": 600,
        "interval": 5,
    }


def test_an_approved_code_gives_tokens_once(program: Program) -> None:
    started = program.start()
    assert error_of(program.poll(started)) == "authorization_pending"
    program.decide(started["user_code"])
    answer: Any = program.poll(started)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    assert set(answer.json) == {
        "access_token", "refresh_token", "id_token", "token_type", "expires_in", "user",
    }  # fmt: skip
    assert answer.json["expires_in"] == 300
    assert answer.json["user"]["email"] == "ada.baker@example.com"
    assert error_of(program.poll(started)) == "invalid_grant"


def test_codes_are_decided_one_by_one(program: Program) -> None:
    first, second = program.start(), program.start()
    program.decide(second["user_code"])
    assert error_of(program.poll(first)) == "authorization_pending"
    assert program.poll(second).status_code == 200


def test_each_poll_that_is_too_early_makes_the_interval_longer(program: Program) -> None:
    started = program.start()
    heard = []
    for pause_s in (0, 5, 4, 9, 15, 14, 20):
        program.bench.wall.seconds += pause_s
        heard.append(error_of(program.poll(started)))
    assert heard == [
        "authorization_pending",
        "authorization_pending",
        "slow_down",  # 10 from now on
        "slow_down",  # 15
        "authorization_pending",
        "slow_down",  # 20
        "authorization_pending",
    ]


def test_an_interval_of_0_allows_any_pace(open_bench: Open) -> None:
    program = Program(open_bench(rules=SignInRules(device_interval_s=0)))
    started = program.start()
    assert started["interval"] == 0
    assert [error_of(program.poll(started)) for _ in range(3)] == ["authorization_pending"] * 3


def test_auto_approve_lets_the_first_poll_succeed(open_bench: Open) -> None:
    program = Program(open_bench(rules=SignInRules(auto_approve=True)))
    started = program.start()
    page = program.bench.client.get(started["verification_uri_complete"])
    assert (page.status_code, "Approved already" in page.text) == (200, True)
    assert program.poll(started).status_code == 200


def test_a_code_is_for_the_program_that_has_started_it(program: Program) -> None:
    started = program.start()
    program.decide(started["user_code"])
    assert error_of(Program(program.bench, "client_other").poll(started)) == "invalid_grant"
    assert program.poll(started).status_code == 200


POLL = {"client_id": CLIENT_ID, "device_code": "x", "grant_type": DEVICE_GRANT}
REFRESH = {"client_id": CLIENT_ID, "refresh_token": "x", "grant_type": "refresh_token"}
HALF_A_PAIR = json.dumps({**REFRESH, "refresh_token": "\ud800"})


@pytest.mark.parametrize(
    ("path", "body", "error"),
    [
        (DEVICE_PATH, {"data": {"client_id": CLIENT_ID}}, "invalid_request"),
        (DEVICE_PATH, {"data": {"scope": "openid"}}, "invalid_request"),
        (DEVICE_PATH, {"data": {"client_id": "", "scope": "openid"}}, "invalid_request"),
        (DEVICE_PATH, {"data": {"client_id": "nobody", "scope": "openid"}}, "invalid_client"),
        (DEVICE_PATH, {"json": {"client_id": CLIENT_ID, "scope": "openid"}}, "invalid_request"),
        (DEVICE_PATH, {"data": b"\xff", "content_type": FORM}, "invalid_request"),
        (DEVICE_PATH, {"data": b"x" * 20_000, "content_type": FORM}, "invalid_request"),
        (TOKEN_PATH, {}, "invalid_request"),
        (TOKEN_PATH, {"data": POLL}, "invalid_grant"),
        (TOKEN_PATH, {"json": POLL}, "invalid_request"),
        (TOKEN_PATH, {"data": {**POLL, "client_secret": "x"}}, "invalid_request"),
        (TOKEN_PATH, {"data": {**POLL, "client_id": "nobody"}}, "invalid_client"),
        (TOKEN_PATH, {"data": {**POLL, "grant_type": "password"}}, "unsupported_grant_type"),
        (TOKEN_PATH, {"data": {**POLL, "device_code": ["x", "y"]}}, "invalid_request"),
        (TOKEN_PATH, {"json": REFRESH}, "invalid_grant"),
        (TOKEN_PATH, {"data": REFRESH}, "invalid_request"),
        (TOKEN_PATH, {"json": {**REFRESH, "refresh_token": 7}}, "invalid_request"),
        (TOKEN_PATH, {"data": HALF_A_PAIR, "content_type": JSON}, "invalid_request"),
        (TOKEN_PATH, {"json": {**REFRESH, "organization_id": None}}, "invalid_request"),
        (TOKEN_PATH, {"json": {**REFRESH, "scope": "openid"}}, "invalid_request"),
        (TOKEN_PATH, {"json": {**REFRESH, "grant_type": []}}, "unsupported_grant_type"),
        (TOKEN_PATH, {"data": b"{", "content_type": JSON}, "invalid_request"),
    ],
)
def test_a_request_that_is_not_as_described_is_refused(
    bench: Bench, path: str, body: dict[str, Any], error: str
) -> None:
    assert error_of(bench.client.post(path, **body)) == error


def test_requests_are_counted_with_their_grant(program: Program) -> None:
    started = program.start()
    program.poll(started)
    program.decide(started["user_code"])
    tokens: Any = program.poll(started).json
    for _ in range(2):
        tokens = program.refresh(tokens, "org_harbor")
    program.get(tokens["access_token"], "/path/channel")
    program.send(tokens["access_token"], "GET", "/path/import/7")
    program.send(tokens["access_token"], "GET", "/nowhere")
    answer = program.bench.client.get("/sandbox/requests")
    keys = ("method", "path", "status", "grant_type", "count")
    assert answer.json is not None
    assert [tuple(entry[key] for key in keys) for entry in answer.json] == [
        ("POST", DEVICE_PATH, 200, None, 1),
        ("POST", TOKEN_PATH, 400, DEVICE_GRANT, 1),
        ("POST", "/device", 200, None, 1),
        ("POST", TOKEN_PATH, 200, DEVICE_GRANT, 1),
        ("POST", TOKEN_PATH, 200, "refresh_token", 2),
        ("GET", "/path/channel", 200, None, 1),
        ("GET", "/path/import/{id}", 404, None, 1),
        ("GET", None, 404, None, 1),
    ]


@pytest.mark.parametrize("life_s", [600, 7])
def test_a_code_expires_when_it_says_whether_or_not_it_was_approved(
    open_bench: Open, life_s: int
) -> None:
    program = Program(open_bench(rules=SignInRules(device_life_s=life_s)))
    waiting, approved = program.start(), program.start()
    program.decide(approved["user_code"])
    assert waiting["expires_in"] == life_s
    program.bench.wall.seconds += life_s - 0.1
    assert error_of(program.poll(waiting)) == "authorization_pending"
    program.bench.wall.seconds += 0.1
    assert [error_of(program.poll(each)) for each in (waiting, approved)] == ["expired_token"] * 2
