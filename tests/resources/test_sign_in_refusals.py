"""Logins that cannot work fail early, say why, and leave nothing behind."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import session_files
from tests.replies import HANG_UP, REFUSAL, Reply
from tests.world import Machine, MakeWorld, World

LIST = "path channel list"
LOGIN = "auth login --org org_harbor"
TOKEN_PATH = "/user_management/authenticate"
ORGANIZATION_PATH = "/auth/organization"
GRANT = {
    "device_code": "device-code-that-is-secret",
    "user_code": "ABCD-EFGH",
    "verification_uri": "http://127.0.0.1:1/device",
    "verification_uri_complete": "http://127.0.0.1:1/device?user_code=ABCD-EFGH",
    "expires_in": 60,
    "interval": 1,
}
JSON = {"Content-Type": "application/json"}
HTML = {"Content-Type": "text/html"}
PORTAL = Reply(b"<html>Welcome to the hotel</html>", 200, HTML)


def _files(who: Machine) -> list[str]:
    return (
        sorted(path.name for path in who.config_folder.rglob("*"))
        if who.config_folder.exists()
        else []
    )


LISTED = (
    "there are 3 organizations, and without a terminal one has to be named:\n"
    "  Harbor Meetups (org_harbor)\n"
    "  Northwind Academy (org_academy)\n"
    "  Sandbox Events (org_sandbox)"
)


def test_without_a_terminal_several_organizations_are_listed(ada: Machine) -> None:
    done = ada.run("auth login")
    assert (done.code, done.out) == (2, "")
    assert done.error["message"] == LISTED
    assert done.error["hint"] == "--org NAME-OR-ID names it"
    assert _files(ada) == []


def test_without_a_terminal_one_organization_is_taken(ada: Machine) -> None:
    only = {"id": "org_sandbox", "name": "Sandbox Events"}
    ada.world.answer(Reply({"data": [only]}), path=ORGANIZATION_PATH)
    done = ada.run("auth login")
    assert done.code == 0
    assert done.json["data"]["orgId"] == "org_sandbox"
    assert ada.run("auth switch").json["data"]["orgId"] == "org_sandbox"


def test_an_organization_whose_name_no_file_can_hold_is_signed_in_to(ada: Machine) -> None:
    odd = Reply(
        b'{"data": [{"id": "org_sandbox", "name": "Half \\ud800 \\u0000 name"}]}', 200, JSON
    )
    ada.world.answer(odd, path=ORGANIZATION_PATH)
    assert ada.run("auth login").code == 0
    assert ada.run(LIST).code == 0
    assert ada.config["profiles"]["ada-baker"]["org_name"] == "Half ? \0 name"


def test_without_a_terminal_switch_names_its_argument(ada: Machine) -> None:
    ada.arrive()
    done = ada.run("auth switch --profile ada-baker")
    assert done.code == 2
    assert done.error["message"] == LISTED
    assert done.error["hint"].endswith("auth switch --profile ada-baker ORG names it")
    assert "--org" not in done.error["hint"]


@pytest.mark.parametrize(
    ("command", "token"),
    [("login --org=x", "one"), ("login --org=x", ""), ("switch x", "one"), ("logout", "one")],
)
def test_a_token_in_the_environment_is_in_the_way(ada: Machine, command: str, token: str) -> None:
    ada.arrive()
    before = ada.config, ada.tokens
    done = ada.run("auth", command, TALKVALUE_TOKEN=token)
    assert (done.code, done.out) == (2, "")
    assert done.error["hint"] == "unset TALKVALUE_TOKEN, then run this again"
    assert (ada.config, ada.tokens) == before


def test_status_is_about_the_token_that_commands_use(ada: Machine) -> None:
    ada.arrive("org_academy")
    status = ada.run("auth status", TALKVALUE_TOKEN="sandbox-token-of-the-tests").json["data"]
    assert status["loggedIn"] is True
    assert (status["orgName"], status["memberEmail"]) == ("Sandbox Events", None)


def test_an_unknown_profile_is_not_logged_out(ada: Machine) -> None:
    ada.arrive()
    done = ada.run("auth logout --profile nobody")
    assert (done.code, done.out) == (2, "")
    assert done.error["message"] == "there is no profile 'nobody'"
    assert ada.run(LIST).code == 0


def test_a_name_is_compared_even_when_there_is_one_organization(ada: Machine) -> None:
    only = {"id": "org_sandbox", "name": "Sandbox Events"}
    ada.world.answer(Reply({"data": [only]}), path=ORGANIZATION_PATH)
    done = ada.run("auth login --org nomatch")
    assert (done.code, done.out) == (2, "")
    assert done.error["message"] == "there is no organization 'nomatch'"
    assert done.error["hint"] == "there are Sandbox Events (org_sandbox)"
    assert _files(ada) == []


@pytest.mark.parametrize(
    ("reply", "code", "said"),
    [
        (Reply(b"", 500), 1, "internal server error"),
        (Reply({"detail": "who?"}, 401), 3, "who?"),
        (Reply({"data": []}), 2, "this account belongs to no organization"),
        (Reply({"data": [{"id": 5}]}), 1, "no usable 'id'"),
    ],
)
def test_without_a_list_of_organizations_nothing_is_stored(
    ada: Machine, reply: Reply, code: int, said: str
) -> None:
    ada.arrive("org_academy")
    before = ada.config, ada.tokens
    ada.world.answer(reply, path=ORGANIZATION_PATH)
    done = ada.run(LOGIN)
    assert (done.code, done.out) == (code, "")
    assert said in done.error["message"]
    assert "TALKVALUE_TOKEN" not in done.err
    assert (ada.config, ada.tokens) == before


@pytest.mark.parametrize(
    ("replies", "code", "said"),
    [
        ([Reply(b"", 302, {"Location": "http://127.0.0.1:1/portal"})], 1, "a redirect"),
        ([Reply({"device_code": 1, "user_code": [], "verification_uri": None})], 1, "codes are"),
        ([Reply(b'{"a": "' + b"x" * 1_100_000 + b'"}')], 1, "larger than 1 MiB"),
        ([Reply(GRANT), Reply([1])], 1, "was not answered with an object"),
        ([Reply(GRANT), Reply({"error": 5}, 400)], 3, "it gives no reason"),
        ([Reply(GRANT), Reply({"error": "x", "error_description": "No.\nGo"}, 400)], 3, "No.\nGo"),
        ([Reply(GRANT), Reply({"error": "access_denied"}, 400)], 3, "refused in the browser"),
        ([Reply(GRANT), Reply({"error": "expired_token"}, 400)], 3, "the code expired"),
        ([Reply(GRANT), Reply({"access_token": "a\nb"})], 3, "without an access token"),
        ([Reply({**GRANT, "expires_in": 0}), Reply({"error": "no_quota"}, 400)], 3, "no_quota"),
    ],
)
def test_an_odd_sign_in_server_ends_in_one_message(
    ada: Machine, replies: list[Reply], code: int, said: str
) -> None:
    ada.world.answer(*replies)
    done = ada.run(LOGIN)
    assert (done.code, done.out) == (code, "")
    assert said in done.error["message"]
    assert "Traceback" not in done.err
    assert len(done.sent) == len(replies)
    assert _files(ada) == []


def test_what_a_server_says_is_shown_without_the_device_code_and_control_characters(
    ada: Machine,
) -> None:
    grant = {**GRANT, "user_code": "\x1b[31mRED", "verification_uri": "http://h/\x1b]0;x\x07"}
    refusal = {"error": "invalid_grant", "error_description": f"{GRANT['device_code']} is\x1b[2J"}
    ada.world.answer(Reply(grant), Reply(refusal, 400))
    done = ada.run(LOGIN, "--verbose")
    assert done.code == 3
    assert "***" in done.error["message"]
    assert "device-code-that-is-secret" not in done.err
    assert "\x1b" not in done.err


def test_lost_polls_do_not_end_a_login(world: World) -> None:
    ada = world.machine
    ada.forget_token()
    world.answer_next(HANG_UP, path=TOKEN_PATH)
    world.clock.at(20, lambda: approve(ada))
    done = ada.run(LOGIN)
    assert (done.code, done.json["data"]["orgName"]) == (0, "Harbor Meetups")
    assert "; still trying" in done.err
    assert "The connection is back." in done.err


def approve(machine: Machine) -> None:
    """Approve the sign-in whose code the machine shows."""
    lines = machine.said.splitlines()
    code = lines[lines.index("The page shows this code, or asks for it:") + 1].strip()
    form = {"user_code": code, "action": "approve"}
    assert machine.world.ask("POST", "/device", data=form).status_code == 200


def test_a_server_that_wants_no_pauses_is_not_asked_without_them(make_world: MakeWorld) -> None:
    world = make_world("--device-interval=0", "--device-life=30")
    world.machine.forget_token()
    done = world.run(LOGIN)
    assert (done.code, done.out) == (3, "")
    assert min(done.slept) >= 1
    assert len(done.sent) <= 32
    assert _files(world.machine) == []


def test_a_login_to_a_dead_server_says_so(ada: Machine) -> None:
    ada.world.answer(REFUSAL)
    done = ada.run(LOGIN)
    assert (done.code, done.out) == (1, "")
    assert done.error["message"].startswith(
        f"cannot reach {ada.world.url}/user_management/authorize/device: "
    )


def test_a_login_in_the_clear_is_warned_about(ada: Machine) -> None:
    ada.world.answer(REFUSAL)
    done = ada.run(LOGIN, TALKVALUE_AUTH_API_URL="http://sign-in.invalid")
    assert done.code == 1
    assert done.err.startswith(
        "Warning: http://sign-in.invalid is not https: the token is sent unencrypted\n"
    )


@pytest.mark.parametrize(
    "reply",
    [
        Reply(b"", 302, {"Location": "http://127.0.0.1:1/portal"}),
        PORTAL,
        Reply(b"", 503),
        REFUSAL,
    ],
)
def test_a_sign_in_server_that_does_not_work_does_not_cost_the_session(
    ada: Machine, reply: Reply
) -> None:
    ada.arrive()
    ada.expire()
    before = ada.tokens
    ada.world.answer(reply, path=TOKEN_PATH)
    done = ada.run("path import wait 1 --timeout=0")
    assert done.code not in (0, 3)
    assert "auth login" not in done.err
    assert ada.tokens == before
    ada.world.answer_as_ever()
    assert ada.run(LIST).code == 0


@pytest.mark.parametrize("text", ["{", "[1]", '{"talkvalue:ada-baker:access_token": 5}'])
def test_a_file_of_tokens_that_is_broken_is_left_alone(ada: Machine, text: str) -> None:
    ada.write_config()
    session_files.write_private(ada.tokens_path, text)
    done = ada.run(LIST)
    assert done.code in (1, 3)
    assert "Traceback" not in done.err
    assert ada.tokens_path.read_text() == text


def test_a_config_folder_behind_a_link_stays_one(ada: Machine, tmp_path: Path) -> None:
    real = tmp_path / "dotfiles"
    real.mkdir()
    (real / "config.yml").write_text("# mine\nversion: 1\n")
    ada.config_folder.mkdir()
    ada.config_path.symlink_to(real / "config.yml")
    ada.log_in()
    assert ada.config_path.is_symlink()
    assert (real / "config.yml").read_text().startswith("# mine\nversion: 1\n")
    assert ada.config["active_profile"] == "ada-baker"


def test_tokens_behind_a_link_are_renewed_and_removed_there(ada: Machine) -> None:
    ada.arrive()
    real = ada.home / "tokens.json"
    ada.tokens_path.rename(real)
    ada.tokens_path.symlink_to(real)
    old = ada.expire()
    assert ada.run(LIST).code == 0
    assert real.stat().st_mode & 0o777 == 0o600
    assert old not in real.read_text()
    assert ada.run("auth logout").code == 0
    assert json.loads(real.read_text()) == {}


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir])
def test_what_is_no_file_of_tokens_is_not_read(ada: Machine, make: Callable[[Path], None]) -> None:
    ada.write_config()
    make(ada.tokens_path)
    done = ada.run(LIST)
    assert (done.code, done.error["message"]) == (1, f"{ada.tokens_path} is not a file")


@pytest.mark.parametrize("is_file", [True, False])
def test_a_folder_that_cannot_be_made_matters_only_to_who_writes(
    ada: Machine, is_file: bool, tmp_path: Path
) -> None:
    (tmp_path / "a-file").write_text("")
    place = str(tmp_path / "a-file") if is_file else "/proc/nowhere"
    read = ada.run(LIST, XDG_CONFIG_HOME=place, TALKVALUE_TOKEN="sandbox-token-of-the-tests")
    assert (read.code, read.err) == (0, "")
    anonymous = ada.run(LIST, XDG_CONFIG_HOME=place)
    assert (anonymous.code, anonymous.error["message"]) == (3, "not logged in")
    for line in (LOGIN, "config set client_id client_x"):
        done = ada.run(line, XDG_CONFIG_HOME=place)
        assert (done.code, done.out) == (1, "")
        assert done.error["message"].startswith(f"cannot create {place}/talkvalue: ")
