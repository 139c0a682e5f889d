"""Logins that cannot work fail early, say why, and leave nothing behind."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.harness import CLI, Finished, Running, Sandbox, wait_for
from tests.process import member
from tests.process.member import Member
from tests.process.recorder import Recorder
from tests.process.stub import Stub
from tests.replies import Reply

StartStub = Callable[..., Stub]
LIST = ("path", "channel", "list")
LOGIN = ("auth", "login", "--org", "org_harbor")
DEVICE_PATH = "/user_management/authorize/device"
GRANT = {
    "device_code": "device-code-that-is-secret",
    "user_code": "ABCD-EFGH",
    "verification_uri": "http://127.0.0.1:1/device",
    "verification_uri_complete": "http://127.0.0.1:1/device?user_code=ABCD-EFGH",
    "expires_in": 60,
    "interval": 1,
}
HTML = {"Content-Type": "text/html"}
PORTAL = Reply(b"<html>Welcome to the hotel</html>", 200, HTML)


@pytest.fixture(scope="module")
def waiting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A sandbox in which each sign-in waits for its approval, with short pauses."""
    options = ("--device-interval=0",)
    server = Sandbox(tmp_path_factory.mktemp("waiting"), *options)
    yield server
    server.stop()


def _files(who: Member) -> list[str]:
    return sorted(path.name for path in who.folder.rglob("*")) if who.folder.exists() else []


def _run_on_a_full_disk(who: Member, *args: str) -> Finished:
    """Run the program where no byte can be written to a file."""

    def forbid() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))

    done = subprocess.run(
        [*CLI, *args],
        env=who.environ,
        cwd=who.home,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=40,
        check=False,
        preexec_fn=forbid,
    )
    return Finished(done.returncode, done.stdout, done.stderr)


def test_without_a_terminal_the_organization_is_asked_for_before_the_browser(
    approving: Sandbox, ada: Member
) -> None:
    before = member.count(approving, path=DEVICE_PATH)
    done = ada.run("auth", "login")
    assert (done.code, done.out) == (2, "")
    assert done.error["message"] == "without a terminal the organization has to be named"
    assert done.error["hint"] == "--org NAME-OR-ID names it"
    assert member.count(approving, path=DEVICE_PATH) == before
    assert _files(ada) == []


def test_without_a_terminal_switch_names_its_argument(approving: Sandbox, ada: Member) -> None:
    ada.arrive()
    done = ada.run("auth", "switch", "--profile", "ada-baker")
    assert done.code == 2
    assert done.error["hint"].endswith("auth switch --profile ada-baker ORG names it")
    assert "--org" not in done.error["hint"]


@pytest.mark.parametrize(
    ("command", "token"),
    [("login --org=x", "one"), ("login --org=x", ""), ("switch x", "one"), ("logout", "one")],
)
def test_a_token_in_the_environment_is_in_the_way(ada: Member, command: str, token: str) -> None:
    ada.arrive()
    before = ada.config, ada.tokens
    done = ada.run("auth", *command.split(), TALKVALUE_TOKEN=token)
    assert (done.code, done.out) == (2, "")
    assert done.error["hint"] == "unset TALKVALUE_TOKEN, then run this again"
    assert (ada.config, ada.tokens) == before


def test_status_is_about_the_token_that_commands_use(ada: Member) -> None:
    ada.arrive("org_academy")
    status = ada.run("auth", "status", TALKVALUE_TOKEN="sandbox-token-of-the-tests").json["data"]
    assert status["loggedIn"] is True
    assert (status["orgName"], status["memberEmail"]) == ("Sandbox Events", None)


def test_an_unknown_profile_is_not_logged_out(ada: Member) -> None:
    ada.arrive()
    done = ada.run("auth", "logout", "--profile", "nobody")
    assert (done.code, done.out) == (2, "")
    assert done.error["message"] == "there is no profile 'nobody'"
    assert ada.run(*LIST).code == 0


def test_a_name_is_compared_even_when_there_is_one_organization(
    start_stub: StartStub, ada: Member
) -> None:
    only = {"id": "org_sandbox", "name": "Sandbox Events"}
    stub = start_stub(Reply({"data": [only]}))
    done = ada.run("auth", "login", "--org", "nomatch", TALKVALUE_API_URL=stub.url)
    assert (done.code, done.out) == (2, "")
    assert done.error["message"] == "there is no organization 'nomatch'"
    assert done.error["hint"] == "there are Sandbox Events (org_sandbox)"
    assert _files(ada) == []


@pytest.mark.parametrize(
    ("reply", "code", "said"),
    [
        (Reply(b"", 500), 1, "HTTP 500"),
        (Reply({"detail": "who?"}, 401), 3, "who?"),
        (Reply({"data": []}), 2, "this account belongs to no organization"),
        (Reply({"data": [{"id": 5}]}), 1, "no usable 'id'"),
    ],
)
def test_without_a_list_of_organizations_nothing_is_stored(
    start_stub: StartStub, ada: Member, reply: Reply, code: int, said: str
) -> None:
    ada.arrive("org_academy")
    before = ada.config, ada.tokens
    stub = start_stub(reply)
    done = ada.run(*LOGIN, TALKVALUE_API_URL=stub.url)
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
        ([Reply(GRANT), Reply({"error": 5}, 400)], 3, "it gives no reason (HTTP 400"),
        ([Reply(GRANT), Reply({"error": "access_denied"}, 400)], 3, "refused in the browser"),
        ([Reply(GRANT), Reply({"error": "expired_token"}, 400)], 3, "the code expired"),
        ([Reply(GRANT), Reply({"access_token": "a\nb"})], 3, "without an access token"),
        ([Reply({**GRANT, "expires_in": 0}), Reply({"error": "x"}, 400)], 3, "HTTP 400"),
    ],
)
def test_an_odd_sign_in_server_ends_in_one_message(
    start_stub: StartStub, ada: Member, replies: list[Reply], code: int, said: str
) -> None:
    stub = start_stub(*replies)
    done = ada.run(*LOGIN, TALKVALUE_AUTH_API_URL=stub.url)
    assert (done.code, done.out) == (code, "")
    assert said in done.error["message"]
    assert "Traceback" not in done.err
    assert len(stub.requests) == len(replies)
    assert _files(ada) == []


def test_what_a_server_says_is_shown_without_the_device_code_and_control_characters(
    start_stub: StartStub, ada: Member
) -> None:
    grant = {**GRANT, "user_code": "\x1b[31mRED", "verification_uri": "http://h/\x1b]0;x\x07"}
    refusal = {"error": "invalid_grant", "error_description": f"{GRANT['device_code']} is\x1b[2J"}
    stub = start_stub(Reply(grant), Reply(refusal, 400))
    done = ada.run(*LOGIN, "--verbose", TALKVALUE_AUTH_API_URL=stub.url)
    assert done.code == 3
    assert "***" in done.error["message"]
    assert "device-code-that-is-secret" not in done.err
    assert "\x1b" not in done.err


def test_lost_polls_do_not_end_a_login(waiting: Sandbox, own_home: Path) -> None:
    recorder = Recorder(waiting)
    try:
        ada = Member(own_home, waiting, TALKVALUE_AUTH_API_URL=recorder.url)
        recorder.lost = 1
        with Running(ada.start(*LOGIN)) as running:
            code = running.err.wait_for("-").strip()
            running.err.wait_for("; still trying")
            member.decide(waiting, code, "approve")
            done = running.finish()
    finally:
        recorder.stop()
    assert (done.code, done.json["data"]["orgName"]) == (0, "Harbor Meetups")
    assert "The connection is back." in done.err


def test_a_server_that_wants_no_pauses_is_not_asked_without_them(
    waiting: Sandbox, own_home: Path
) -> None:
    ada = Member(own_home, waiting)
    before = member.count(waiting, status=400)
    with Running(ada.start(*LOGIN)) as running:
        wait_for(lambda: member.count(waiting, status=400) > before, "the first poll")
        with pytest.raises(subprocess.TimeoutExpired):
            running.process.wait(0.9)
        done, took_s = running.stop(signal.SIGTERM)
    assert (done.code, done.out) == (143, "")
    assert took_s < 1
    assert member.count(waiting, status=400) - before <= 2
    assert _files(ada) == []


def test_a_login_to_a_dead_server_says_so(ada: Member) -> None:
    done = ada.run(*LOGIN, TALKVALUE_AUTH_API_URL="http://127.0.0.1:1")
    assert (done.code, done.out) == (1, "")
    assert done.error["message"].startswith(
        "cannot reach http://127.0.0.1:1/user_management/authorize/device: "
    )


def test_a_login_in_the_clear_is_warned_about(ada: Member) -> None:
    done = ada.run(
        *LOGIN, TALKVALUE_AUTH_API_URL="http://sign-in.invalid", http_proxy="http://127.0.0.1:1"
    )
    assert done.code == 1
    assert done.err.startswith(
        "Warning: http://sign-in.invalid is not https: the token travels in the clear\n"
    )


def test_a_full_disk_is_found_before_the_browser_is_opened(approving: Sandbox, ada: Member) -> None:
    before = member.count(approving, path=DEVICE_PATH)
    done = _run_on_a_full_disk(ada, *LOGIN)
    assert (done.code, done.out) == (1, "")
    assert done.error["message"] == f"cannot write {ada.config_path}: File too large"
    assert member.count(approving, path=DEVICE_PATH) == before
    assert _files(ada) == []


@pytest.mark.parametrize("arguments", [LIST, ("auth", "switch", "org_harbor")])
def test_a_full_disk_does_not_cost_the_session(ada: Member, arguments: tuple[str, ...]) -> None:
    ada.arrive()
    ada.expire()
    done = _run_on_a_full_disk(ada, *arguments)
    assert (done.code, done.out) == (1, "")
    assert done.error["message"].endswith(": File too large")
    assert ada.run(*LIST).code == 0


@pytest.mark.parametrize("fault", ["redirect", "portal", "unavailable", "dead"])
def test_a_sign_in_server_that_does_not_work_does_not_cost_the_session(
    start_stub: StartStub, ada: Member, fault: str
) -> None:
    replies: dict[str, Any] = {
        "redirect": Reply(b"", 302, {"Location": "http://127.0.0.1:1/portal"}),
        "portal": PORTAL,
        "unavailable": Reply(b"", 503),
    }
    ada.arrive()
    ada.expire()
    before = ada.tokens
    url = start_stub(replies[fault]).url if fault in replies else "http://127.0.0.1:1"
    done = ada.run("path", "import", "wait", "1", "--timeout=0", TALKVALUE_AUTH_API_URL=url)
    assert done.code not in (0, 3)
    assert "auth login" not in done.err
    assert ada.tokens == before
    assert ada.run(*LIST).code == 0


@pytest.mark.parametrize("text", ["{", "[1]", '{"talkvalue:ada-baker:access_token": 5}'])
def test_a_file_of_tokens_that_is_broken_is_left_alone(ada: Member, text: str) -> None:
    ada.write_config()
    member.write_private(ada.tokens_path, text)
    done = ada.run(*LIST)
    assert done.code in (1, 3)
    assert "Traceback" not in done.err
    assert ada.tokens_path.read_text() == text


def test_a_config_folder_behind_a_link_stays_one(ada: Member, tmp_path: Path) -> None:
    real = tmp_path / "dotfiles"
    real.mkdir()
    (real / "config.yml").write_text("# mine\nversion: 1\n")
    ada.folder.mkdir()
    ada.config_path.symlink_to(real / "config.yml")
    ada.log_in()
    assert ada.config_path.is_symlink()
    assert (real / "config.yml").read_text().startswith("# mine\nversion: 1\n")
    assert ada.config["active_profile"] == "ada-baker"


def test_tokens_behind_a_link_are_renewed_and_removed_there(ada: Member) -> None:
    ada.arrive()
    real = ada.home / "tokens.json"
    ada.tokens_path.rename(real)
    ada.tokens_path.symlink_to(real)
    old = ada.expire()
    assert ada.run(*LIST).code == 0
    assert real.stat().st_mode & 0o777 == 0o600
    assert old not in real.read_text()
    assert ada.run("auth", "logout").code == 0
    assert json.loads(real.read_text()) == {}


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir])
def test_what_is_no_file_of_tokens_is_not_read(ada: Member, make: Callable[[Path], None]) -> None:
    ada.write_config()
    make(ada.tokens_path)
    done = ada.run(*LIST)
    assert (done.code, done.error["message"]) == (1, f"{ada.tokens_path} is not a file")


@pytest.mark.parametrize("is_file", [True, False])
def test_a_folder_that_cannot_be_made_matters_only_to_who_writes(
    ada: Member, is_file: bool, tmp_path: Path
) -> None:
    (tmp_path / "a-file").write_text("")
    place = str(tmp_path / "a-file") if is_file else "/proc/nowhere"
    read = ada.run(*LIST, XDG_CONFIG_HOME=place, TALKVALUE_TOKEN="sandbox-token-of-the-tests")
    assert (read.code, read.err) == (0, "")
    anonymous = ada.run(*LIST, XDG_CONFIG_HOME=place)
    assert (anonymous.code, anonymous.error["message"]) == (3, "not logged in")
    for arguments in (LOGIN, ("config", "set", "client_id", "client_x")):
        done = ada.run(*arguments, XDG_CONFIG_HOME=place)
        assert (done.code, done.out) == (1, "")
        assert done.error["message"].startswith(f"cannot create {place}/talkvalue: ")


@pytest.mark.parametrize("has_opener", [True, False])
def test_a_display_without_a_program_that_opens_pages_is_no_obstacle(
    ada: Member, has_opener: bool
) -> None:
    tools = ada.home / "bin"
    tools.mkdir()
    if has_opener:  # one that cannot be started
        (tools / "xdg-open").write_bytes(b"\x7fELF-not-really")
        (tools / "xdg-open").chmod(0o755)
    done = ada.log_in("org_harbor", DISPLAY=":0", PATH=str(tools))
    assert done.err.startswith("Open this page in a browser, on this machine or another:\n")


@pytest.mark.parametrize(
    ("arguments", "variables", "is_opened"),
    [
        ((), {"DISPLAY": ":0"}, True),
        ((), {"WAYLAND_DISPLAY": "wayland-0"}, True),
        ((), {}, False),
        ((), {"SSH_CONNECTION": "1 2 3 4"}, False),
        ((), {"DISPLAY": ":0", "TALKVALUE_DISABLE_BROWSER_OPEN": "1"}, False),
        (("--no-browser",), {"DISPLAY": ":0"}, False),
    ],
)
def test_the_page_is_opened_where_somebody_sees_it(
    approving: Sandbox,
    ada: Member,
    arguments: tuple[str, ...],
    variables: dict[str, str],
    is_opened: bool,
) -> None:
    tools, opened = ada.home / "bin", ada.home / "opened"
    tools.mkdir()
    (tools / "xdg-open").write_text(f'#!/bin/sh\necho "$@" >{opened}\necho noise; echo noise >&2\n')
    (tools / "xdg-open").chmod(0o755)
    path = f"{tools}:{ada.environ['PATH']}"
    done = ada.log_in("org_harbor", *arguments, PATH=path, **variables)
    assert "noise" not in done.out + done.err
    if not is_opened:
        assert not opened.exists()
        return
    wait_for(lambda: opened.exists() and opened.read_text(), "the page")
    assert opened.read_text().startswith(f"{approving.url}/device?user_code=")
