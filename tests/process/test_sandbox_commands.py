"""`sandbox serve` and `sandbox run`: a server of one's own, gone when it is not needed."""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from tests.harness import (
    CLI,
    PATIENCE_S,
    Finished,
    Lines,
    Running,
    clean_environ,
    run_cli,
    run_shell,
    wait_for,
)


def _run(tmp_path: Path, *arguments: str, **more: str) -> Finished:
    environ = clean_environ(tmp_path, **more)
    return run_cli("sandbox", "run", *arguments, environ=environ, cwd=tmp_path)


def _start(tmp_path: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*CLI, "sandbox", *arguments],
        env=clean_environ(tmp_path),
        cwd=tmp_path,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _has_gone(url: str) -> bool:
    try:
        requests.get(url, timeout=PATIENCE_S)
    except requests.ConnectionError:
        return True
    except requests.RequestException:  # it goes just now, in the middle of its answer
        return False
    return False


def test_serve_prints_its_url_and_three_lines_to_paste(tmp_path: Path) -> None:
    with Running(_start(tmp_path, "serve", "--port=0")) as serving:
        assert serving.process.stdout is not None
        out = Lines(serving.process.stdout)
        out.wait_for("TALKVALUE_TOKEN=")
        url = out.seen[0].strip()
        assert out.seen == [
            f"{url}\n",
            f"export TALKVALUE_API_URL={url}\n",
            f"export TALKVALUE_AUTH_API_URL={url}\n",
            "export TALKVALUE_TOKEN=sandbox-token\n",
        ]
        (tmp_path / "exports").write_text("".join(out.seen[1:]))
        listed = run_shell(
            ". ./exports; $cli path channel list --format csv", clean_environ(tmp_path), tmp_path
        )
        assert (listed.code, listed.out.splitlines()[1].split(",")[1]) == (0, "Newsletter")
        serving.process.send_signal(signal.SIGINT)
        assert serving.process.wait(PATIENCE_S) == 130
    assert serving.err.text == ""
    assert _has_gone(url)


def test_run_sets_the_variables_and_passes_the_exit_code_on(tmp_path: Path) -> None:
    script = 'echo "$TALKVALUE_API_URL $TALKVALUE_AUTH_API_URL $TALKVALUE_TOKEN"; exit 7'
    done = _run(tmp_path, "--", "sh", "-c", script)
    url, auth_url, token = done.out.split()
    assert (done.code, done.err, token) == (7, "", "sandbox-token")
    assert auth_url == url
    assert url.startswith("http://127.0.0.1:")
    assert _has_gone(url)


def test_without_a_token_the_command_can_sign_in(tmp_path: Path) -> None:
    script = """
import os, requests
assert "TALKVALUE_TOKEN" not in os.environ
url = os.environ["TALKVALUE_AUTH_API_URL"] + "/user_management/"
form = {"client_id": "client_x", "scope": "openid"}
started = requests.post(url + "authorize/device", data=form).json()
form = {"client_id": "client_x", "device_code": started["device_code"]}
form["grant_type"] = "urn:ietf:params:oauth:grant-type:device_code"
print(requests.post(url + "authenticate", data=form).text)
"""
    done = _run(
        tmp_path,
        *("--no-token", "--auto-approve", "--token-life=3", "--", sys.executable, "-c", script),
        TALKVALUE_TOKEN="of somebody else",
    )
    assert (done.code, done.err) == (0, "")
    assert (done.json["expires_in"], done.json["user"]["id"]) == (3, "user_ada")


def test_a_command_that_is_to_sign_in_does_not_find_the_session_of_its_user(
    tmp_path: Path,
) -> None:
    folder = tmp_path / ".talkvalue"
    folder.mkdir()
    profile = "{org_id: o, org_name: Mine, member_email: a@b.c, auth_method: oauth}"
    config = f"active_profile: mine\nprofiles:\n  mine: {profile}\n"
    (folder / "config.yml").write_text(config)
    cli = shlex.join(CLI)
    script = f"{cli} auth login --org org_harbor --no-browser && {cli} auth list"
    done = _run(tmp_path, "--no-token", "--auto-approve", "--", "sh", "-c", script)
    assert done.code == 0
    assert [line for line in done.out.splitlines() if '"profile"' in line] == [
        '    "profile": "ada-baker"',
        '      "profile": "ada-baker",',
    ]
    assert (folder / "config.yml").read_text() == config
    assert [path.name for path in folder.iterdir()] == ["config.yml"]


def test_the_command_can_use_the_server(tmp_path: Path) -> None:
    done = _run(tmp_path, "--", *CLI, "path", "channel", "get", "1")
    assert (done.code, done.json["data"]["name"]) == (0, "Newsletter")


def test_a_proxy_of_the_environment_is_not_asked_for_the_server(tmp_path: Path) -> None:
    # port 1 is closed everywhere
    proxies = {"HTTP_PROXY": "http://127.0.0.1:1", "http_proxy": "http://127.0.0.1:1"}
    done = _run(tmp_path, "--", *CLI, "path", "channel", "list", **proxies)
    assert (done.code, done.err) == (0, "")
    done = _run(tmp_path, "--", "sh", "-c", "echo $no_proxy $NO_PROXY", NO_PROXY="a.example")
    assert done.out == "a.example,127.0.0.1 a.example,127.0.0.1\n"


def test_a_command_that_is_not_found_exits_127(tmp_path: Path) -> None:
    done = _run(tmp_path, "--", "no-such-command-anywhere")
    assert (done.code, done.out) == (127, "")
    assert done.error["message"] == (
        "cannot run no-such-command-anywhere: No such file or directory"
    )


def test_a_whole_line_in_quotes_is_said_to_need_none(tmp_path: Path) -> None:
    done = _run(tmp_path, "--", "talkvalue channel list")
    hint = "leave the quotes out: talkvalue sandbox run -- talkvalue channel list"
    assert (done.code, done.error["hint"]) == (127, hint)


def test_a_command_that_cannot_be_run_exits_126(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no program")
    done = _run(tmp_path, "--", "./notes.txt")
    assert (done.code, done.error["message"]) == (126, "cannot run ./notes.txt: Permission denied")


@pytest.mark.parametrize(("signum", "code"), [("TERM", 143), ("KILL", 137)])
def test_a_command_that_a_signal_ends_exits_128_plus_n(
    tmp_path: Path, signum: str, code: int
) -> None:
    assert _run(tmp_path, "--", "sh", "-c", f"kill -{signum} $$").code == code


def test_a_signal_is_passed_on_to_the_command(tmp_path: Path) -> None:
    script = "trap 'echo told; exit 9' TERM; echo ready; while :; do sleep 0.05; done"
    with Running(_start(tmp_path, "run", "--", "sh", "-c", script)) as running:
        assert running.process.stdout is not None
        out = Lines(running.process.stdout)
        out.wait_for("ready")
        running.process.send_signal(signal.SIGTERM)
        assert running.process.wait(PATIENCE_S) == 9
    assert out.text == "ready\ntold\n"


def test_the_server_goes_away_also_when_run_is_killed(tmp_path: Path) -> None:
    script = "echo $TALKVALUE_API_URL; echo $$; exec sleep 60"
    with Running(_start(tmp_path, "run", "--", "sh", "-c", script)) as running:
        assert running.process.stdout is not None
        url = running.process.stdout.readline().strip()
        command_pid = int(running.process.stdout.readline())
        assert not _has_gone(url)
        running.process.kill()
        running.process.wait(PATIENCE_S)
        wait_for(lambda: _has_gone(url), "the end of the server")
        os.kill(command_pid, signal.SIGKILL)


def test_options_behind_the_dashes_belong_to_the_command(tmp_path: Path) -> None:
    done = _run(tmp_path, "--", "echo", "--json", "--version", "--fault=nonsense", "-h")
    assert (done.code, done.out) == (0, "--json --version --fault=nonsense -h\n")


def test_the_dashes_may_be_left_out(tmp_path: Path) -> None:
    assert _run(tmp_path, "sh", "-c", "exit 3").code == 3


def test_run_without_a_command_is_a_usage_error(tmp_path: Path) -> None:
    done = _run(tmp_path)
    assert (done.code, done.out) == (2, "")


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("--fault=nonsense", "'--fault': unknown fault 'nonsense'; there are latency, "),
        ("--fault=503=2", "'--fault': 503=2: must be between 0 and 1."),
        ("--fault=503,when=now", "'--fault': 503: unknown key 'when'; it has "),
        ("--rows-per-second=0", "'--rows-per-second': '0.0' is not a number of rows above 0."),
        ("--port=70000", "'--port': '70000' must be a number from 0 to 65535"),
        (
            "--token-life=0",
            "'--token-life': '0' is not a whole number of seconds of at least 1.",
        ),
        ("--db=/", "'--db': / is a folder."),
        ("--db=no/data.db", "'--db': there is no folder no."),
        ("--host=", "'--host': '': Name or service not known."),
    ],
)
def test_an_option_that_makes_no_sense_exits_2(tmp_path: Path, option: str, said: str) -> None:
    done = _run(tmp_path, option, "--", "true")
    assert (done.code, done.out) == (2, "")
    # the whole of it is the program's own error: nothing of the server it has started
    error = json.loads(done.err)["error"]
    assert error["message"].startswith(f"Invalid value for {said}")
    assert (error["code"], error["hint"]) == (
        "USAGE",
        "talkvalue sandbox run --help shows how it is used",
    )


def test_who_opens_it_to_other_machines_is_warned(tmp_path: Path) -> None:
    done = _run(tmp_path, "--host=0.0.0.0", "--", "true")
    assert (done.code, done.out, done.err) == (
        0,
        "",
        "Warning: the sandbox listens on 0.0.0.0: other machines may reach it\n",
    )


def test_faults_and_speed_are_handed_over(tmp_path: Path) -> None:
    done = _run(tmp_path, "--fault=revoke", "--", *CLI, "path", "channel", "list")
    assert (done.code, done.error["code"]) == (3, "AUTHENTICATION")


def test_the_data_of_a_file_is_there_again(tmp_path: Path) -> None:
    create = [*CLI, "path", "channel", "create", "--name=Kept"]
    assert _run(tmp_path, "--db=data.db", "--", *create).code == 0
    done = _run(tmp_path, "--db=data.db", "--", *CLI, "path", "channel", "list")
    assert "Kept" in [channel["name"] for channel in done.json["data"]]


def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    with Running(_start(tmp_path, "serve", "--port=0")) as serving:
        assert serving.process.stdout is not None
        url = serving.process.stdout.readline().strip()
        port = url.rsplit(":", 1)[1]
        done = _run(tmp_path, f"--port={port}", "--", "true")
        assert done.code == 1
        taken = f"cannot listen on 127.0.0.1 port {port}: Address already in use"
        assert json.loads(done.err) == {"error": {"message": taken, "code": "SANDBOX"}}
        serving.process.terminate()
        assert serving.process.wait(PATIENCE_S) == 143
