"""Signing in, and working with profiles and organizations: the program, the sandbox, the files."""

from __future__ import annotations

import json
import re
import stat
from pathlib import Path
from typing import Any

import pytest

from tests import session_files
from tests.world import Machine

LIST = "path channel list"
CHANNELS = {
    "org_sandbox": ["Newsletter", "Community", "Conference", "Customers"],
    "org_harbor": ["Newsletter", "Speakers", "Volunteers"],
    "org_academy": ["Students", "Alumni"],
}


def _list_channels(who: Machine, *args: str, **more: Any) -> Any:
    done = who.run(LIST, *args, **more)
    assert done.code == 0, done.err
    return [channel["name"] for channel in done.json["data"]]


def _modes(folder: Path) -> dict[str, str]:
    return {path.name: oct(stat.S_IMODE(path.stat().st_mode)) for path in folder.iterdir()}


def test_a_login_writes_the_files_that_the_existing_cli_reads(ada: Machine) -> None:
    done = ada.log_in("Harbor Meetups")
    assert done.json["data"] == {
        "email": "ada.baker@example.com",
        "loggedIn": True,
        "orgId": "org_harbor",
        "orgName": "Harbor Meetups",
        "profile": "ada-baker",
    }
    assert ada.config == {
        "version": 1,
        "api_url": "https://api.trytalkvalue.com",
        "client_id": session_files.CLIENT_ID,
        "active_profile": "ada-baker",
        "profiles": {
            "ada-baker": {
                "org_id": "org_harbor",
                "org_name": "Harbor Meetups",
                "member_email": "ada.baker@example.com",
                "auth_method": "oauth",
            }
        },
        # keys of the top level that it does not know are ignored by the existing CLI
        "profile_servers": {
            "ada-baker": {
                "api_url": "https://sandbox.test",
                "auth_api_url": "https://sandbox.test",
            }
        },
    }
    text = ada.tokens_path.read_text()
    prefix = "talkvalue:ada-baker:"
    assert {account.removeprefix(prefix) for account in ada.tokens} == {
        "access_token",
        "refresh_token",
        "id_token",
        "expires_at",
    }
    assert text.startswith('{\n  "talkvalue:ada-baker:')
    ends = re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
    assert ends.fullmatch(ada.tokens[f"{prefix}expires_at"])
    modes = _modes(ada.config_folder)
    assert modes.pop("keyring.json") == "0o600"
    assert modes.pop("config.yml") == "0o600"
    assert set(modes.values()) == {"0o600"}
    assert _modes(ada.home)[".talkvalue"] == "0o700"


def test_a_login_tells_where_the_tokens_are_and_later_commands_do_not(ada: Machine) -> None:
    done = ada.log_in()
    assert (
        f"The session is in a file that only you can read, {ada.tokens_path}: "
        "cannot use the keyring: No recommended backend was available\n"
    ) in done.err
    assert done.err.endswith("✓ Logged in as ada.baker@example.com (Sandbox Events)\n")
    listed = ada.run(LIST)
    assert (listed.code, listed.err) == (0, "")


def test_files_of_the_existing_cli_sign_ours_in(ada: Machine) -> None:
    ada.arrive("org_academy")
    before = ada.config_path.read_bytes(), ada.tokens_path.read_bytes()
    status = ada.run("auth status").json["data"]
    assert dict([*status.items()][:7]) == {
        "profile": "ada-baker",
        "loggedIn": True,
        "memberEmail": "ada.baker@example.com",
        "orgId": "org_academy",
        "orgName": "Northwind Academy",
        "memberFirstName": "Ada",
        "teamMemberCount": 1,
    }
    assert _list_channels(ada) == CHANNELS["org_academy"]
    assert (ada.config_path.read_bytes(), ada.tokens_path.read_bytes()) == before


def test_a_renewed_session_is_one_that_the_existing_cli_can_renew_again(ada: Machine) -> None:
    ada.arrive()
    ada.expire()
    assert _list_channels(ada) == CHANNELS["org_sandbox"]
    kept = ada.tokens["talkvalue:ada-baker:refresh_token"]
    answer = session_files.refresh(ada.post, kept, organization_id="org_sandbox")
    ada.write_tokens(answer)
    assert ada.run("auth token").out == f"{answer['access_token']}\n"


def test_after_a_switch_the_data_is_that_of_the_other_organization(ada: Machine) -> None:
    ada.arrive("org_sandbox")
    done = ada.run("auth switch 'harbor meetups'")
    assert done.json["data"] == {
        "orgId": "org_harbor",
        "orgName": "Harbor Meetups",
        "profile": "ada-baker",
    }
    assert done.err == "✓ Switched to Harbor Meetups\n"
    assert _list_channels(ada) == CHANNELS["org_harbor"]
    assert ada.config["profiles"]["ada-baker"]["org_id"] == "org_harbor"


def test_each_profile_has_its_own_organization(ada: Machine) -> None:
    ada.arrive("org_harbor", "harbor")
    ada.log_in("org_academy", "--profile", "academy")
    assert ada.config["active_profile"] == "academy"
    assert _list_channels(ada) == CHANNELS["org_academy"]
    assert _list_channels(ada, "--profile", "harbor") == CHANNELS["org_harbor"]
    used = ada.run("auth use harbor")
    assert used.json["data"] == {
        "profile": "harbor",
        "orgId": "org_harbor",
        "orgName": "Harbor Meetups",
        "active": True,
    }
    assert _list_channels(ada) == CHANNELS["org_harbor"]
    assert ada.run("auth list --format=csv").out.replace("\r\n", "\n") == (
        "Profile,Organization,Email,Active\n"
        "harbor,Harbor Meetups,ada.baker@example.com,true\n"
        "academy,Northwind Academy,ada.baker@example.com,false\n"
    )


def test_the_flag_goes_before_the_variable_and_that_before_the_active_profile(ada: Machine) -> None:
    ada.arrive("org_harbor", "harbor")
    ada.arrive("org_academy", "academy")
    ada.arrive("org_sandbox", "sandbox")
    assert _list_channels(ada) == CHANNELS["org_sandbox"]
    assert _list_channels(ada, TALKVALUE_PROFILE="harbor") == CHANNELS["org_harbor"]
    assert (
        _list_channels(ada, "--profile", "academy", TALKVALUE_PROFILE="harbor")
        == CHANNELS["org_academy"]
    )


def test_an_empty_profile_is_none(ada: Machine) -> None:
    ada.arrive()
    for done in (
        ada.run(LIST, TALKVALUE_PROFILE=""),
        ada.run(LIST, "--profile ''", TALKVALUE_PROFILE="ada-baker"),
    ):
        assert (done.code, done.out, done.error["message"]) == (3, "", "not logged in")
    status = ada.run("auth status", TALKVALUE_PROFILE="")
    assert status.code == 0
    assert [*status.json["data"].items()][:2] == [("profile", None), ("loggedIn", False)]


@pytest.mark.parametrize("arguments", [LIST, "auth switch x"])
def test_an_unknown_profile_is_told_with_those_there_are(ada: Machine, arguments: str) -> None:
    ada.write_config()
    for done in (
        ada.run(arguments, "--profile", "bob"),
        ada.run(arguments, TALKVALUE_PROFILE="bob"),
    ):
        assert (done.code, done.out) == (3, "")
        assert done.error["message"] == "there is no profile 'bob'; there are ada-baker"
        assert done.error["hint"].endswith("\ntalkvalue auth login --profile bob")


@pytest.mark.parametrize("name", ["1", "null", "2026-01-01", "../x: y"])
def test_a_profile_may_have_an_odd_name(ada: Machine, name: str) -> None:
    ada.log_in("org_academy", f"'--profile={name}'")
    assert _list_channels(ada) == CHANNELS["org_academy"]
    assert [*ada.config["profiles"], ada.config["active_profile"]] == [name, name]
    assert [path.name for path in ada.folder.iterdir()] == ["home"]


def test_the_token_is_printed_for_other_programs(ada: Machine) -> None:
    ada.arrive("org_harbor")
    expired = ada.expire()
    done = ada.run("auth token")
    token = done.out.removesuffix("\n")
    assert (done.code, done.err) == (0, "")
    assert token not in ("", expired)
    assert json.loads(ada.run("auth token --json").out) == {"data": {"token": token}}
    assert ada.tokens["talkvalue:ada-baker:access_token"] == token


def test_imports_go_where_the_profile_belongs(ada: Machine) -> None:
    ada.arrive("org_harbor")
    channel = ada.run(LIST).json["data"][0]["id"]
    ada.write("people.csv", "Email\nnew@example.org\n")
    done = ada.run(
        f"path import run people.csv --source-id {channel} --mode SKIP --mapping=0:EMAIL"
    )
    assert (done.code, done.json["data"]["newCount"]) == (0, 1)
    number = str(done.json["data"]["id"])
    assert ada.run("path import get", number).code == 0
    ada.run("auth switch org_sandbox")
    assert ada.run("path import get", number).code == 4
