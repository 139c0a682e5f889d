"""Sessions of several processes: renewed by whoever comes first, and never lost on the way."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.harness import PATIENCE_S, Running, Sandbox, start_cli, wait_for
from tests.process import user
from tests.process.stub_server import StubServer
from tests.process.user import User
from tests.replies import SILENCE

LIST = ("path", "channel", "list")
TOKEN_PATH = "/user_management/authenticate"
#: two exchanges of `User.arrive` come before
THIRD_IS_SLOW = f"--fault=latency=1.5,path={TOKEN_PATH},after=2,count=1"


def _count_renewals(server: Sandbox, status: int = 200) -> int:
    return user.count(server, grant_type="refresh_token", status=status)


@pytest.mark.parametrize("is_visible", [True, False], ids=["expired", "refused"])
def test_commands_at_once_renew_it_once(
    start_sandbox: Callable[..., Sandbox], own_home: Path, is_visible: bool
) -> None:
    # the one renewal lasts until all want one
    sandbox = start_sandbox("--auto-approve", THIRD_IS_SLOW)
    ada = User(own_home, sandbox)
    ada.arrive()
    if is_visible:
        ada.expire()
    else:
        ada.change_token("opaque-token-that-the-server-refuses")
    before = _count_renewals(sandbox)
    processes = [ada.start(*LIST) for _ in range(3)]
    answers = [process.communicate(timeout=PATIENCE_S) for process in processes]
    assert [process.returncode for process in processes] == [0] * 3, answers
    assert {len(json.loads(out)["data"]) for out, _ in answers} == {4}
    assert (_count_renewals(sandbox) - before, _count_renewals(sandbox, 400)) == (1, 0)
    # a token whose end is known is not even sent when it is over
    refusals = user.count(sandbox, status=401)
    assert refusals == 0 if is_visible else refusals > 0
    assert ada.run("auth", "status").json["data"]["loggedIn"] is True


def test_a_signal_during_a_renewal_does_not_lose_the_session(
    start_sandbox: Callable[..., Sandbox], own_home: Path
) -> None:
    sandbox = start_sandbox("--auto-approve", THIRD_IS_SLOW)
    ada = User(own_home, sandbox)
    ada.arrive()
    old = ada.expire()
    with Running(ada.start(*LIST, "--verbose")) as running:
        running.err.wait_for("> POST")
        done, slept_s = running.stop(signal.SIGTERM)
    assert (done.code, done.out) == (143, "")
    assert slept_s < 5
    assert ada.tokens["talkvalue:ada-baker:access_token"] != old
    assert ada.run(*LIST).code == 0
    assert _count_renewals(sandbox, 400) == 0


def test_a_signal_during_a_switch_leaves_a_session_of_one_organization(
    start_sandbox: Callable[..., Sandbox], own_home: Path
) -> None:
    sandbox = start_sandbox("--auto-approve", THIRD_IS_SLOW)
    ada = User(own_home, sandbox)
    ada.arrive()
    with Running(ada.start("auth", "switch", "org_academy", "--verbose")) as running:
        running.err.wait_for("> POST")
        done, _ = running.stop(signal.SIGINT)
    assert done.code == 130
    assert ada.config["profiles"]["ada-baker"]["org_id"] == "org_academy"
    listed = ada.run(*LIST)
    assert [each["name"] for each in listed.json["data"]] == ["Students", "Alumni"]


def test_a_command_that_is_killed_while_it_has_the_lock_blocks_nobody(
    start_stub: Callable[..., StubServer], ada: User
) -> None:
    stub = start_stub(SILENCE)
    ada.arrive()
    ada.expire()
    with Running(ada.start(*LIST, TALKVALUE_AUTH_API_URL=stub.url)) as running:
        wait_for(lambda: stub.requests, "the renewal")
        running.stop(signal.SIGKILL)
    assert ada.run(*LIST).code == 0


def test_changes_at_once_are_all_kept(ada: User) -> None:
    members = [f"member{number}" for number in range(3)]
    processes = [
        start_cli("auth", "login", "--org=org_harbor", f"--profile={name}", environ=ada.environ)
        for name in members
    ]
    for process in processes:
        _, said = process.communicate(timeout=PATIENCE_S)
        assert process.returncode == 0, said
    assert set(ada.config["profiles"]) == {*members}
    assert len(json.loads(ada.tokens_path.read_text())) == 4 * len(members)
