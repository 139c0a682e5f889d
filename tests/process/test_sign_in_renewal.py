"""Sessions are renewed in time, once, by whoever comes first, and never lost on the way."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.harness import Running, Sandbox, people, wait_for
from tests.process import member
from tests.process.member import Member
from tests.process.stub import Stub
from tests.replies import SILENCE

LIST = ("path", "channel", "list")
TOKEN_PATH = "/user_management/authenticate"
#: two exchanges of `Member.arrive` come before
THIRD_IS_SLOW = f"--fault=latency=1.5,path={TOKEN_PATH},after=2,count=1"


def _count_renewals(server: Sandbox, status: int = 200) -> int:
    return member.count(server, grant_type="refresh_token", status=status)


def test_an_import_goes_on_through_many_tokens(
    start_sandbox: Callable[..., Sandbox], own_home: Path
) -> None:
    sandbox = start_sandbox("--auto-approve", "--token-life=3", "--rows-per-second=50")
    ada = Member(own_home, sandbox)
    ada.log_in()
    after_login = _count_renewals(sandbox)
    (ada.home / "people.csv").write_text(people(480))
    done = ada.run(
        *("path", "import", "run", "people.csv", "--source-id=1", "--mode=UPDATE"),
        *("--mapping=0:EMAIL", "--interval=1s"),
    )
    assert (done.code, done.json["data"]["status"]) == (0, "COMPLETED"), done.err
    assert done.json["data"]["processedRows"] == 480
    assert _count_renewals(sandbox) - after_login >= 5
    assert _count_renewals(sandbox, 400) == 0


@pytest.mark.parametrize("is_visible", [True, False], ids=["expired", "refused"])
def test_ten_commands_at_once_renew_it_once(
    start_sandbox: Callable[..., Sandbox], own_home: Path, is_visible: bool
) -> None:
    # the one renewal lasts until all ten want one
    sandbox = start_sandbox("--auto-approve", THIRD_IS_SLOW)
    ada = Member(own_home, sandbox)
    ada.arrive()
    if is_visible:
        ada.expire()
    else:
        ada.change_token("opaque-token-that-the-server-refuses")
    before = _count_renewals(sandbox)
    processes = [ada.start(*LIST) for _ in range(10)]
    answers = [process.communicate(timeout=40) for process in processes]
    assert [process.returncode for process in processes] == [0] * 10, answers
    assert {len(json.loads(out)["data"]) for out, _ in answers} == {4}
    assert (_count_renewals(sandbox) - before, _count_renewals(sandbox, 400)) == (1, 0)
    # a token whose end is known is not even sent when it is over
    refusals = member.count(sandbox, status=401)
    assert refusals == 0 if is_visible else refusals > 0
    assert ada.run("auth", "status").json["data"]["loggedIn"] is True


@pytest.mark.parametrize(("signum", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_during_a_renewal_does_not_lose_the_session(
    start_sandbox: Callable[..., Sandbox], own_home: Path, signum: int, code: int
) -> None:
    sandbox = start_sandbox("--auto-approve", THIRD_IS_SLOW)
    ada = Member(own_home, sandbox)
    ada.arrive()
    old = ada.expire()
    with Running(ada.start(*LIST, "--verbose")) as running:
        running.err.wait_for("> POST")
        done, took_s = running.stop(signum)
    assert (done.code, done.out) == (code, "")
    assert took_s < 5
    assert ada.tokens["talkvalue:ada-baker:access_token"] != old
    assert ada.run(*LIST).code == 0
    assert _count_renewals(sandbox, 400) == 0


def test_a_signal_during_a_switch_leaves_a_session_of_one_organization(
    start_sandbox: Callable[..., Sandbox], own_home: Path
) -> None:
    sandbox = start_sandbox("--auto-approve", THIRD_IS_SLOW)
    ada = Member(own_home, sandbox)
    ada.arrive()
    with Running(ada.start("auth", "switch", "org_academy", "--verbose")) as running:
        running.err.wait_for("> POST")
        done, _ = running.stop(signal.SIGINT)
    assert done.code == 130
    assert ada.config["profiles"]["ada-baker"]["org_id"] == "org_academy"
    listed = ada.run(*LIST)
    assert [each["name"] for each in listed.json["data"]] == ["Students", "Alumni"]


def test_a_command_that_is_killed_while_it_has_the_lock_blocks_nobody(
    start_stub: Callable[..., Stub], ada: Member
) -> None:
    stub = start_stub(SILENCE)
    ada.arrive()
    ada.expire()
    with Running(ada.start(*LIST, TALKVALUE_AUTH_API_URL=stub.url)) as running:
        wait_for(lambda: stub.requests, "the renewal")
        running.stop(signal.SIGKILL)
    assert ada.run(*LIST).code == 0


def test_a_refused_renewal_in_a_wait_says_how_to_resume_and_how_to_sign_in(
    start_sandbox: Callable[..., Sandbox], own_home: Path
) -> None:
    sandbox = start_sandbox(
        *("--auto-approve", "--token-life=5", "--rows-per-second=5"),
        "--fault=invalid_grant,after=2",
    )
    number = str(sandbox.create_import(people(1000)))
    ada = Member(own_home, sandbox)
    ada.arrive()
    done = ada.run("path", "import", "wait", number, "--interval=1s")
    assert done.code == 3
    assert done.json["data"]["id"] == int(number)
    assert "the session of profile 'ada-baker' is over" in done.err
    assert "auth login --profile ada-baker signs in again" in done.err
    assert f"path import wait {number}" in done.err
    assert sandbox.job(int(number))["status"] == "RUNNING"


def test_another_token_that_is_refused_in_a_wait_has_the_hint_of_its_variable(
    start_sandbox: Callable[..., Sandbox], own_home: Path
) -> None:
    sandbox = start_sandbox("--rows-per-second=5", "--fault=revoke,path=/path/import/1,after=1")
    number = sandbox.create_import(people(1000))
    done = sandbox.run("path", "import", "wait", str(number), "--interval=1s")
    assert done.code == 3
    assert "check TALKVALUE_TOKEN; it may be wrong, expired or revoked" in done.err
    assert f"path import wait {number}" in done.err
    assert "auth login" not in done.err


def test_a_second_failed_renewal_names_the_login(ada: Member) -> None:
    ada.arrive()
    ada.expire()
    tokens = {**ada.tokens, "talkvalue:ada-baker:refresh_token": "used-up-already"}
    member.write_private(ada.tokens_path, json.dumps(tokens))
    done = ada.run(*LIST)
    assert (done.code, done.out) == (3, "")
    assert done.error["message"] == (
        "the session of profile 'ada-baker' is over: the sign-in server refuses: The refresh "
        "token is unknown to this client. (HTTP 400, POST /user_management/authenticate)"
    )
    assert done.error["hint"].endswith("auth login --profile ada-baker signs in again")
    status = ada.run("auth", "status", "--exit-status")
    assert (status.code, status.json["data"]["loggedIn"]) == (3, False)
    assert ada.run("auth", "status").code == 0


def test_a_wait_goes_on_in_its_organization_when_the_profile_is_switched(
    start_sandbox: Callable[..., Sandbox], own_home: Path
) -> None:
    sandbox = start_sandbox("--auto-approve", "--token-life=2", "--rows-per-second=15")
    ada = Member(own_home, sandbox)
    ada.arrive("org_sandbox")
    number = str(sandbox.create_import(people(60)))
    with Running(ada.start("path", "import", "wait", number, "--interval=1s")) as waiting:
        waiting.err.wait_for("import")
        assert ada.run("auth", "switch", "org_academy").code == 0
        while waiting.process.poll() is None:
            listed = ada.run(*LIST)
            assert [each["name"] for each in listed.json["data"]] == ["Students", "Alumni"]
        done = waiting.finish()
    assert (done.code, done.json["data"]["status"]) == (0, "COMPLETED"), done.err
    assert _count_renewals(sandbox, 400) == 0


def test_a_wait_ends_when_its_profile_is_logged_out(
    start_sandbox: Callable[..., Sandbox], own_home: Path
) -> None:
    sandbox = start_sandbox("--auto-approve", "--token-life=2", "--rows-per-second=1")
    ada = Member(own_home, sandbox)
    ada.arrive()
    number = str(sandbox.create_import(people(60)))
    with Running(ada.start("path", "import", "wait", number, "--interval=1s")) as waiting:
        waiting.err.wait_for("import")
        assert ada.run("auth", "logout").code == 0
        done = waiting.finish()
    assert done.code == 3
    assert "the session of profile 'ada-baker' is over: its tokens were removed" in done.err
    assert not ada.tokens_path.exists()
