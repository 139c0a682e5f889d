"""Faults on the way of signing in, and the options of the server as a process."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from talkvalue_cli.sandbox import arguments
from talkvalue_cli.sandbox.sign_in.devices import SignInRules

from ..bench import Bench
from ..process import ServerProcess
from ..program import CLIENT_ID, DEVICE_GRANT, DEVICE_PATH, TOKEN_PATH, Program


def add_faults(bench: Bench, *specs: str) -> Program:
    """Return a program whose requests meet faults."""
    bench.add_faults(*specs)
    return Program(bench)


def test_faults_of_the_api_happen_to_signing_in(bench: Bench) -> None:
    program = add_faults(bench, "503,path=/user_management/authenticate,count=1,retry-after=2")
    started = program.start()
    program.decide(started["user_code"])
    lost = program.poll(started)
    assert (lost.status_code, lost.headers["Retry-After"]) == (503, "2")
    assert program.poll(started).status_code == 200


def test_a_fault_says_what_the_sign_in_is_told(bench: Bench) -> None:
    program = add_faults(
        bench,
        "slow_down,after=1,count=1",
        "access_denied,after=1,count=1",
        "expired_token,after=1,count=1",
    )
    started = program.start()
    heard = [program.poll(started) for _ in range(5)]
    assert [answer.status_code for answer in heard] == [400] * 5
    assert [answer.json["error"] for answer in heard if answer.json] == [
        "authorization_pending",
        "slow_down",
        "access_denied",
        "expired_token",
        "slow_down",  # that one is the server's own: nobody has waited
    ]
    assert heard[1].content_type == "application/json"


def test_a_refresh_can_be_refused_and_its_answer_lost(bench: Bench) -> None:
    program = add_faults(
        bench,
        "invalid_grant,after=1,count=1",
        "502,path=/user_management/authenticate,after=1,count=1,processed=yes",
    )
    refresh_token = program.sign_in()["refresh_token"]
    assert "was asked to say so" in program.try_refresh(refresh_token).text
    assert program.try_refresh(refresh_token).status_code == 502
    # the answer was lost, but not what was done
    assert "used already" in program.try_refresh(refresh_token).text


def test_a_revoked_access_token_can_be_replaced(bench: Bench) -> None:
    program = add_faults(bench, "revoke,path=/path/channel,after=1,count=1")
    tokens = program.refresh(program.sign_in(), "org_harbor")
    asked = [program.send(tokens["access_token"], "GET", "/path/channel") for _ in range(3)]
    assert [answer.status_code for answer in asked] == [200, 401, 401]
    renewed = program.refresh(tokens)
    assert len(program.get(renewed["access_token"], "/path/channel")) == 3


def test_the_options_become_rules() -> None:
    assert arguments.parse_arguments([]).rules == SignInRules(300, 600, 5, False)
    given = ["--token-life=3", "--device-life=9", "--device-interval=0", "--auto-approve"]
    assert arguments.parse_arguments(given).rules == SignInRules(3, 9, 0, True)


def test_a_killed_server_keeps_sessions_and_a_token_is_used_once_also_in_a_race(
    start_server: Callable[..., ServerProcess], tmp_path: Path
) -> None:
    options = (f"--db={tmp_path / 'data.db'}", "--auto-approve", "--token-life=60")

    server = start_server(*options)
    form = {"client_id": CLIENT_ID, "scope": "openid"}
    started = server.ask("POST", DEVICE_PATH, data=form).json()
    assert started["verification_uri"] == f"{server.url}/device"
    poll = {"client_id": CLIENT_ID, "grant_type": DEVICE_GRANT}
    poll["device_code"] = started["device_code"]
    answer = server.ask("POST", TOKEN_PATH, data=poll)
    assert answer.headers["X-TalkValue-Sandbox"] == "1"
    tokens = answer.json()
    assert tokens["expires_in"] == 60
    server.process.kill()
    assert server.finish()[1:] == ("", "")

    server.restart()
    refresh = {"client_id": CLIENT_ID, "grant_type": "refresh_token"}
    refresh["refresh_token"] = tokens["refresh_token"]
    with ThreadPoolExecutor(8) as pool:
        answers = pool.map(
            lambda _: server.ask("POST", TOKEN_PATH, json=refresh).status_code, range(8)
        )
        assert sorted(answers) == [200] + [400] * 7
    server.process.terminate()
    assert server.finish() == (0, "", "")
