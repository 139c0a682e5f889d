"""`sandbox serve` and `sandbox run`: a server of one's own, gone when it is not needed.

What `run` makes of its command, without a server: tests/resources/test_sandbox_run.py.
"""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
from pathlib import Path

import pytest
import requests

from tests import forks
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
    environ = clean_environ(tmp_path, cli=shlex.join(forks.command()), **more)
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


def test_serve_prints_its_url_and_three_lines_to_paste_and_has_its_port(tmp_path: Path) -> None:
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
        port = url.rsplit(":", 1)[1]
        taken = _run(tmp_path, f"--port={port}", "--", "true")
        message = f"cannot listen on 127.0.0.1 port {port}: Address already in use"
        assert taken.code == 1
        assert json.loads(taken.err) == {"error": {"message": message, "code": "SANDBOX"}}
        serving.process.send_signal(signal.SIGINT)
        assert serving.process.wait(PATIENCE_S) == 130
    assert serving.err.text == ""
    assert _has_gone(url)


def test_a_command_finds_the_server_in_its_environment_and_its_end_is_passed_on(
    tmp_path: Path,
) -> None:
    script = """
echo "$TALKVALUE_API_URL $TALKVALUE_AUTH_API_URL $TALKVALUE_TOKEN $no_proxy $NO_PROXY $*"
$cli path channel get 1 --query name
exit 7
"""
    # port 1 is closed everywhere: who asks the proxy gets no answer
    proxies = {"HTTP_PROXY": "http://127.0.0.1:1", "http_proxy": "http://127.0.0.1:1"}
    words = ("sh", "-c", script, "sh", "--json", "--version", "--fault=nonsense", "-h")
    done = _run(tmp_path, "--", *words, NO_PROXY="a.example", **proxies)
    (url, auth_url, token, *others), name = map(str.split, done.out.splitlines())
    assert (done.code, done.err, token, name) == (7, "", "sandbox-token", ["Newsletter"])
    assert auth_url == url
    assert url.startswith("http://127.0.0.1:")
    assert others == ["a.example,127.0.0.1"] * 2 + list(words[4:])
    assert _has_gone(url)


def test_a_command_that_is_to_sign_in_finds_neither_token_nor_session_of_its_user(
    tmp_path: Path,
) -> None:
    folder = tmp_path / ".talkvalue"
    folder.mkdir()
    profile = "{org_id: o, org_name: Mine, member_email: a@b.c, auth_method: oauth}"
    config = f"active_profile: mine\nprofiles:\n  mine: {profile}\n"
    (folder / "config.yml").write_text(config)
    script = (
        "$cli auth login --org org_harbor --no-browser && $cli auth list; "
        "test -z ${TALKVALUE_TOKEN+x}${TALKVALUE_PROFILE+x}"
    )
    mine = {"TALKVALUE_TOKEN": "of somebody else", "TALKVALUE_PROFILE": "mine"}
    done = _run(tmp_path, "--no-token", "--auto-approve", "--", "sh", "-c", script, **mine)
    assert done.code == 0
    assert [line for line in done.out.splitlines() if '"profile"' in line] == [
        '    "profile": "ada-baker"',
        '      "profile": "ada-baker",',
    ]
    assert (folder / "config.yml").read_text() == config
    assert [path.name for path in folder.iterdir()] == ["config.yml"]


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


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("--fault=nonsense", "'--fault': unknown fault 'nonsense'; there are latency, "),
        ("--host=", "'--host': '': Name or service not known."),
    ],
)
def test_an_option_that_the_server_does_not_take_exits_2(
    tmp_path: Path, option: str, said: str
) -> None:
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


def test_options_are_handed_over_and_the_data_of_a_file_is_there_again(tmp_path: Path) -> None:
    options = ("--db=data.db", "--fault=revoke,path=/path/tag", "--", "sh", "-c")
    assert _run(tmp_path, *options, "$cli path channel create --name=Kept").code == 0
    done = _run(tmp_path, *options, "$cli path channel list --query '[].name'; $cli path tag list")
    assert "Kept" in done.out.split()
    assert (done.code, done.error["code"]) == (3, "AUTHENTICATION")
