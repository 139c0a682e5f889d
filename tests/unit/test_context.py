"""What a command works with, built when it is first used."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
import responses

from talkvalue_cli import context
from talkvalue_cli.errors import AuthError, UsageError
from talkvalue_cli.exit_codes import code_of
from tests.fakes import FakeRuntime

TOKEN = "tok-3f9a1c77e2"


def make_runtime(*, is_terminal: bool = False, **environ: str) -> FakeRuntime:
    return FakeRuntime(environ={"HOME": os.devnull, **environ}, is_terminal=is_terminal)


@pytest.mark.parametrize("token", [None, "", "  "])
def test_without_a_token_nobody_is_logged_in(
    token: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["talkvalue"])
    made = FakeRuntime(environ={} if token is None else {"TALKVALUE_TOKEN": token})
    with pytest.raises(AuthError) as caught:
        _ = made.client
    assert caught.value.message == "not logged in"
    assert caught.value.hint == (
        "set TALKVALUE_TOKEN to an API token from the dashboard settings, or sign in:\n"
        "talkvalue auth login"
    )
    assert code_of(caught.value) == 3


def test_the_flags_go_before_the_environment() -> None:
    made = make_runtime(TALKVALUE_API_URL="http://env", TALKVALUE_TOKEN=TOKEN)
    made.flags.api_url, made.flags.profile = "http://127.0.0.1:1/", "work"
    assert made.settings == ("http://127.0.0.1:1", "work", TOKEN)


def test_a_bad_url_is_told_before_a_missing_token() -> None:
    made = make_runtime(TALKVALUE_API_URL="nowhere")
    with pytest.raises(UsageError):
        _ = made.client


@pytest.mark.parametrize(
    ("url", "warning"),
    [
        (
            "http://api.test",
            "Warning: http://api.test is not https: the token is sent unencrypted\n",
        ),
        ("https://api.test", ""),
        ("http://127.0.0.1:8787", ""),
        ("http://localhost:8787", ""),
    ],
)
def test_a_token_in_the_clear_is_warned_about(url: str, warning: str) -> None:
    made = make_runtime(TALKVALUE_API_URL=url, TALKVALUE_TOKEN=TOKEN)
    assert made.client is made.client
    assert (made.fake_stdout.text, made.fake_stderr.text) == ("", warning)


def test_the_sign_in_server_is_the_one_of_the_environment_and_warned_about_in_the_clear() -> None:
    made = make_runtime(TALKVALUE_AUTH_API_URL="http://auth.test/")
    assert made.oauth_server is made.oauth_server
    assert made.fake_stderr.text == (
        "Warning: http://auth.test is not https: the token is sent unencrypted\n"
    )
    with pytest.raises(UsageError, match="TALKVALUE_AUTH_API_URL is not a usable URL"):
        _ = make_runtime(TALKVALUE_AUTH_API_URL="").oauth_server
    assert make_runtime().oauth_server is not None


@pytest.mark.parametrize(
    ("is_terminal", "is_verbose", "is_told"),
    [(True, False, True), (False, False, False), (False, True, True)],
)
def test_a_repetition_is_told_to_people_and_to_the_verbose_only(
    http: responses.RequestsMock, is_terminal: bool, is_verbose: bool, is_told: bool
) -> None:
    http.get("https://api.test/a", status=503, headers={"Retry-After": "2"})
    http.get("https://api.test/a", json={"token": TOKEN})
    made = make_runtime(
        is_terminal=is_terminal, TALKVALUE_API_URL="https://api.test", TALKVALUE_TOKEN=TOKEN
    )
    made.flags.verbose = is_verbose
    made.client.get("/a")
    told = "service unavailable (HTTP 503, GET /a); trying again in 2s\n"
    assert (told in made.fake_stderr.text) is is_told
    assert made.fake_clock.slept == [2.0]
    assert TOKEN not in made.fake_stderr.text
    assert made.fake_stdout.text == ""


@pytest.mark.parametrize(
    ("api_url", "profile", "rest"),
    [
        (None, None, ""),
        ("http://h/a b", None, " --api-url 'http://h/a b'"),
        (None, "work", " --profile work"),
        ("http://h", "", " --api-url http://h --profile ''"),
    ],
)
def test_a_command_to_paste_names_server_and_profile_where_they_were_named(
    api_url: str | None, profile: str | None, rest: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["talkvalue"])
    made = make_runtime()
    made.flags.api_url, made.flags.profile = api_url, profile
    found = made.command_line("path", "import", "wait", "7", "--failed-rows=a b.csv")
    assert found == f"talkvalue path import wait 7 '--failed-rows=a b.csv'{rest}"


def test_the_program_is_called_as_the_shell_finds_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "my tools"
    folder.mkdir()
    script = folder / "talkvalue"
    script.write_text("#!/bin/sh\n")
    script.chmod(0o755)
    monkeypatch.setattr(sys, "argv", [str(script)])
    monkeypatch.setenv("PATH", str(folder))
    assert context.program_name() == "talkvalue"
    monkeypatch.setenv("PATH", "/nonexistent")
    assert context.program_name() == f"'{script}'"
    monkeypatch.chdir(folder)
    monkeypatch.setattr(sys, "argv", [os.path.join(".", "talkvalue")])
    assert context.program_name() == f"'{script}'"


def test_a_program_whose_folder_was_removed_is_called_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    monkeypatch.setattr(sys, "argv", ["../bin/talk value"])
    assert context.program_name() == "'../bin/talk value'"


def test_a_module_is_called_as_a_module(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["/x/talkvalue_cli/__main__.py"])
    monkeypatch.setattr(sys, "executable", "/opt/my python/bin/python")
    assert context.program_name() == "'/opt/my python/bin/python' -m talkvalue_cli"
