"""Where a command line leads to: which server, organization, token and file, and why."""

from __future__ import annotations

import shlex
from typing import Any

import pytest
import yaml

from tests.csv_texts import rows
from tests.replies import Reply
from tests.world import Machine, MakeWorld, World

NEW = {
    "profileOrigin",
    "apiUrl",
    "apiUrlOrigin",
    "isSandbox",
    "tokenOrigin",
    "configFile",
    "configFileOrigin",
}
ELSEWHERE = "https://elsewhere.test"


def test_status_says_where_each_thing_comes_from(world: World) -> None:
    status = world.run("auth status").data
    assert {key: status[key] for key in NEW} == {
        "profileOrigin": None,
        "apiUrl": "https://sandbox.test",
        "apiUrlOrigin": "TALKVALUE_API_URL",
        "isSandbox": True,
        "tokenOrigin": "TALKVALUE_TOKEN",
        "configFile": f"{world.machine.home}/.talkvalue/config.yml",
        "configFileOrigin": "HOME",
    }
    assert (status["loggedIn"], status["orgOrigin"]) == (True, "server")


def test_status_of_a_session_names_profile_and_file(ada: Machine) -> None:
    ada.log_in("org_harbor")
    status = ada.run("auth status").data
    assert status["orgOrigin"] == "profile ada-baker"
    assert (status["profile"], status["profileOrigin"]) == ("ada-baker", "config file")
    assert status["tokenOrigin"] == str(ada.tokens_path)
    flagged = ada.run("auth status --profile ada-baker --api-url https://sandbox.test/").data
    assert (flagged["profileOrigin"], flagged["apiUrlOrigin"]) == ("--profile", "--api-url")


def test_status_of_nobody_has_the_server_all_the_same(ada: Machine) -> None:
    assert ada.run("auth status", TALKVALUE_API_URL=None).data == {
        "profile": None,
        "loggedIn": False,
        "profileOrigin": None,
        "apiUrl": "https://api.trytalkvalue.com",
        "apiUrlOrigin": "default",
        "isSandbox": None,
        "tokenOrigin": None,
        "configFile": f"{ada.home}/.talkvalue/config.yml",
        "configFileOrigin": "HOME",
    }


def test_status_for_people_names_origins_beside_the_values(world: World) -> None:
    shown = world.run("auth status", is_terminal=True, columns=300)
    assert shown.code == 0
    lines = [" ".join(line.split()) for line in shown.out.splitlines()]
    assert "API URL https://sandbox.test (TALKVALUE_API_URL)" in lines
    assert "Token from TALKVALUE_TOKEN" in lines
    assert "Sandbox yes, its data is made up" in lines
    assert any(line.startswith("Config file /") and line.endswith("(HOME)") for line in lines)


def test_settings_in_force_are_listed_with_their_origins(ada: Machine) -> None:
    ada.log_in()
    found = {
        each["key"]: (each["value"], each["origin"])
        for each in ada.run(
            "config list --origins", TALKVALUE_API_URL=None, TALKVALUE_AUTH_API_URL=None
        ).data
    }
    assert found == {
        "api_url": ("https://sandbox.test", "profile ada-baker"),
        "auth_api_url": ("https://sandbox.test", "profile ada-baker"),
        "profile": ("ada-baker", "config file"),
        "token": ("***", "profile ada-baker"),
        "client_id": ("client_01KCTNX7YWPXTWN1AAY74TQC14", "config file"),
        "wait_timeout": ("24h", "default"),
        "config_file": (f"{ada.home}/.talkvalue/config.yml", "HOME"),
    }


def test_token_of_the_environment_is_said_to_be_there_and_not_shown(world: World) -> None:
    done = world.run("config list --origins", TALKVALUE_WAIT_TIMEOUT="2h")
    found = {each["key"]: each for each in done.data}
    assert found["token"] == {"key": "token", "value": "***", "origin": "TALKVALUE_TOKEN"}
    assert found["wait_timeout"]["value"] == "2h"
    assert found["wait_timeout"]["origin"] == "TALKVALUE_WAIT_TIMEOUT"
    assert found["profile"] == {"key": "profile", "value": None, "origin": "TALKVALUE_TOKEN"}
    assert world.machine.environ["TALKVALUE_TOKEN"] not in done.out


def test_value_of_the_config_file_is_bare_on_a_terminal(world: World) -> None:
    url = "https://api.trytalkvalue.com\n"
    assert world.run("config get api_url", is_terminal=True).told == (0, url, "")
    assert world.run("config get version", is_terminal=True).out == "1\n"
    assert world.run("config get active_profile", is_terminal=True).out == "\n"
    assert world.run("config get api_url").json == {
        "data": {"key": "api_url", "value": "https://api.trytalkvalue.com"}
    }
    assert "Key" not in world.run("config get api_url --query value", is_terminal=True).out
    assert world.run("config get api_url --format csv", is_terminal=True).out == (
        f"key,value\napi_url,{url}"
    )


def test_profile_remembers_the_server_it_was_made_at(ada: Machine) -> None:
    alone: dict[str, Any] = {"TALKVALUE_API_URL": None, "TALKVALUE_AUTH_API_URL": None}
    done = ada.run(
        "auth login --org org_sandbox --profile here --api-url https://sandbox.test",
        TALKVALUE_API_URL=None,
    )
    assert done.code == 0, done.err
    listed = ada.run("path channel list", **alone)
    assert (listed.code, listed.sent[0].host) == (0, "sandbox.test")
    assert ada.run("config get profiles.here.api_url --query value", **alone).out == (
        "https://sandbox.test\n"
    )
    [profile] = ada.run("auth list", **alone).data
    assert profile["apiUrl"] == "https://sandbox.test"
    # a session that is renewed is renewed where it was made
    ada.world.clock.advance(400)
    later = ada.run("path channel list", **alone)
    assert (later.code, {request.host for request in later.sent}) == (0, {"sandbox.test"})
    assert "POST /user_management/authenticate" in " ".join(later.lines)


def test_session_is_not_sent_to_another_server(ada: Machine) -> None:
    ada.log_in()
    for line, url, origin in (
        (f"--api-url {ELSEWHERE}", None, "--api-url"),
        ("", ELSEWHERE, "TALKVALUE_API_URL"),
    ):
        done = ada.run("path channel list", line, TALKVALUE_API_URL=url)
        assert (done.code, done.out, done.sent) == (3, "", [])
        assert done.error["message"] == (
            "profile 'ada-baker' is logged in to https://sandbox.test, and its session is not "
            f"sent to {ELSEWHERE} ({origin})"
        )
        assert f"talkvalue auth login --api-url {ELSEWHERE}" in done.error["hint"]
    status = ada.run(f"auth status --api-url {ELSEWHERE}")
    assert (status.code, status.json["data"]["loggedIn"], status.sent) == (0, False, [])


def test_token_of_the_environment_goes_where_the_environment_says(ada: Machine) -> None:
    ada.log_in()
    ada.world.answer(Reply([]))
    done = ada.run(
        f"path channel list --profile ada-baker --api-url {ELSEWHERE}", TALKVALUE_TOKEN="tok-12345"
    )
    assert (done.code, done.sent[0].host) == (0, "elsewhere.test")
    done = ada.run(
        "path channel list --profile ada-baker", TALKVALUE_TOKEN="tok-12345", TALKVALUE_API_URL=None
    )
    assert done.sent[0].host == "api.trytalkvalue.com"


def test_login_at_another_server_makes_another_profile(make_world: MakeWorld) -> None:
    ada = make_world("--auto-approve").machine
    ada.forget_token()
    ada.log_in()
    config = ada.config
    config["profile_servers"]["ada-baker"]["api_url"] = ELSEWHERE
    ada.config_path.write_text(yaml.safe_dump(config))
    ada.log_in()
    assert ada.config["active_profile"] == "ada-baker-2"
    assert ada.config["profile_servers"] == {
        "ada-baker": {"api_url": ELSEWHERE, "auth_api_url": "https://sandbox.test"},
        "ada-baker-2": {
            "api_url": "https://sandbox.test",
            "auth_api_url": "https://sandbox.test",
        },
    }
    ada.run("auth logout --profile ada-baker")
    assert [*ada.config["profile_servers"]] == ["ada-baker-2"]
    ada.run("auth logout")
    assert "profile_servers" not in ada.config


@pytest.mark.parametrize("servers", ["7", "[a]", "{ada-baker: x}", "{ada-baker: {api_url: 3}}"])
def test_servers_that_make_no_sense_are_none(ada: Machine, servers: str) -> None:
    ada.log_in()
    config = {**ada.config, "profile_servers": yaml.safe_load(servers)}
    ada.config_path.write_text(yaml.safe_dump(config))
    assert ada.run("path channel list").code == 0


def test_import_of_another_server_is_resumed_there(make_world: MakeWorld) -> None:
    world = make_world("--rows-per-second=40")
    name = world.write("a.csv", rows(200))
    made = world.import_files(name, "--no-wait").json["data"]["id"]
    done = world.run(f"path import resume {made} --api-url {ELSEWHERE}")
    assert (done.code, done.sent) == (2, [])
    assert done.error["message"] == (
        f"import {made} was made by a run at https://sandbox.test, not at {ELSEWHERE} (--api-url)"
    )
    command = f"talkvalue path import resume {made} --api-url https://sandbox.test"
    assert done.error["hint"] == f"this waits for it:\n{command}"
    nothing = world.run(f"path import resume --api-url {ELSEWHERE}")
    assert (nothing.code, nothing.sent) == (0, [])
    assert nothing.err.splitlines()[-2:] == [
        "One is at https://sandbox.test; this waits for it:",
        command,
    ]
    assert world.run(words=shlex.split(command)[1:]).code == 0


def test_sandbox_is_spoken_of_once_in_a_session_of_a_shell(world: World) -> None:
    shell: dict[str, Any] = {"TALKVALUE_SANDBOX": None}
    note = "Note: a sandbox answers; its data is made up\n"
    assert world.run("path tag list", is_terminal=True, **shell).err == note
    assert world.run("path tag list", is_terminal=True, **shell).err == ""
    assert world.run("path tag list", **shell).err == ""
    world.clock.advance(13 * 3600)
    assert world.run("path tag list", is_terminal=True, **shell).err == note


def test_another_session_and_another_server_are_told_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell: dict[str, Any] = {"TALKVALUE_SANDBOX": None}
    for session in (4001, 4002):
        monkeypatch.setattr("os.getsid", lambda pid, session=session: session)
        assert "made up" in world.run("path tag list", is_terminal=True, **shell).err
    assert world.run("path tag list", is_terminal=True, **shell).err == ""


def test_note_needs_no_folder_to_be_remembered_in(world: World) -> None:
    shell: dict[str, Any] = {"TALKVALUE_SANDBOX": None, "HOME": "relative"}
    for _ in range(2):
        assert "made up" in world.run("path tag list", is_terminal=True, **shell).err
