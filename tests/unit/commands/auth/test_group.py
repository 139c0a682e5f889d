"""`auth status`, `list`, `use`, `logout` and `token`, through main()."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import responses
import yaml

from talkvalue_cli.auth.tokens import Tokens
from talkvalue_cli.config import edit
from talkvalue_cli.errors import LocalFileError
from tests.harness import clean_environ
from tests.unit.auth.sessions import AUTH
from tests.unit.commands.signed_in import ADA, API, BOB, ONE, TWO, Home, SignIn, access_of

TOKEN = "tok-3f9a1c77e2"
OVERVIEW = {"teamMemberCount": 4, "memberFirstName": "Ada"}


def status_of(home: Home, *argv: str, **environ: str) -> Any:
    """Return the record of `auth status`, which must succeed."""
    ran = home.run("auth", "status", *argv, environ=environ)
    assert ran.code == 0, ran.err
    return ran.data


def test_the_status_without_a_profile_is_short_and_no_failure(home: Home) -> None:
    assert [*status_of(home).items()][:2] == [("profile", None), ("loggedIn", False)]
    assert home.run("auth", "status", "--exit-status").code == 3
    assert not home.path.parent.exists()


def test_the_status_has_the_keys_of_the_existing_cli(
    home: Home, http: responses.RequestsMock
) -> None:
    tokens = home.add(ADA)
    http.get(f"{API}/auth/overview", json=OVERVIEW)
    ran = home.run("auth", "status", "--exit-status")
    assert ran.code == 0
    # what is new stands behind them
    assert [*ran.data.items()][:7] == [
        ("profile", "ada"),
        ("loggedIn", True),
        ("memberEmail", "ada@example.org"),
        ("orgId", "org_1"),
        ("orgName", "One"),
        ("memberFirstName", "Ada"),
        ("teamMemberCount", 4),
    ]
    assert http.calls[0].request.headers["Authorization"] == f"Bearer {tokens.access_token}"


@pytest.mark.parametrize(("status", "code"), [(401, "AUTHENTICATION"), (403, "FORBIDDEN")])
def test_a_session_that_the_server_refuses_is_no_sign_in(
    home: Home, http: responses.RequestsMock, status: int, code: str
) -> None:
    home.add(ADA, refresh="")
    for _ in range(2):
        http.get(f"{API}/auth/overview", status=status)
    ran = home.run("auth", "status")
    assert (ran.code, ran.data["loggedIn"], ran.data["orgName"]) == (0, False, "One")
    assert f"(HTTP {status}, GET /auth/overview)" in ran.err
    assert home.run("auth", "status", "--exit-status").code == 3


def test_a_session_that_cannot_be_renewed_is_no_sign_in(
    home: Home, http: responses.RequestsMock
) -> None:
    home.add(ADA, life_s=-10)
    SignIn(http).refuse("invalid_grant")
    ran = home.run("auth", "status")
    assert (ran.code, ran.data["loggedIn"]) == (0, False)
    assert "the session of profile 'ada' is over" in ran.err


def test_a_profile_without_tokens_is_no_sign_in(home: Home) -> None:
    home.add(ADA)
    home.store.delete("ada")
    ran = home.run("auth", "status")
    assert (ran.code, ran.data["loggedIn"]) == (0, False)
    assert ran.err == "the session of profile 'ada' is over\n"


def test_a_server_that_does_not_work_tells_nothing_about_the_session(
    home: Home, http: responses.RequestsMock
) -> None:
    home.add(ADA)
    for _ in range(3):
        http.get(f"{API}/auth/overview", status=500)
    ran = home.run("auth", "status")
    assert (ran.code, ran.out) == (1, "")


def test_the_status_with_a_token_is_about_the_token(
    home: Home, http: responses.RequestsMock
) -> None:
    home.add(ADA)
    http.get(f"{API}/auth/overview", json=OVERVIEW)
    http.get(f"{API}/auth/organization", json={"data": [TWO]})
    found = status_of(home, TALKVALUE_TOKEN=TOKEN)
    assert dict([*found.items()][:7]) == {
        "profile": None,
        "loggedIn": True,
        "memberEmail": None,
        "orgId": "org_2",
        "orgName": "Two",
        "memberFirstName": "Ada",
        "teamMemberCount": 4,
    }
    sent = {call.request.headers["Authorization"] for call in http.calls}
    assert sent == {f"Bearer {TOKEN}"}


@pytest.mark.parametrize("status", [401, 403])
def test_a_token_that_may_not_list_organizations_is_a_sign_in(
    home: Home, http: responses.RequestsMock, status: int
) -> None:
    http.get(f"{API}/auth/overview", json=OVERVIEW)
    http.get(f"{API}/auth/organization", status=status)
    found = status_of(home, TALKVALUE_TOKEN=TOKEN)
    assert (found["loggedIn"], found["orgName"]) == (True, None)


def test_an_empty_token_is_no_sign_in_even_beside_a_profile(home: Home) -> None:
    home.add(ADA)
    found = status_of(home, TALKVALUE_TOKEN="")
    assert (found["profile"], found["loggedIn"], found["memberEmail"]) == (None, False, None)


def test_a_missing_name_of_the_organization_is_filled_in_for_good(
    home: Home, http: responses.RequestsMock
) -> None:
    home.add(BOB)
    home.add(ADA._replace(org_name=""))
    edit.set_value(home.path, "active_profile", "bob")
    http.get(f"{API}/auth/overview", json=OVERVIEW)
    http.get(f"{API}/auth/organization", json={"data": [TWO, ONE]})
    assert status_of(home, "--profile", "ada")["orgName"] == "One"
    config = yaml.safe_load(home.path.read_text())
    assert config["profiles"]["ada"]["org_name"] == "One"
    assert config["active_profile"] == "bob"


def test_a_status_that_cannot_be_stored_is_shown_all_the_same(
    home: Home, http: responses.RequestsMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*arguments: object, **settings: object) -> None:
        raise LocalFileError("cannot write config.yml")

    home.add(ADA._replace(org_name=""))
    monkeypatch.setattr(edit, "save_profile", refuse)
    http.get(f"{API}/auth/overview", json=OVERVIEW)
    http.get(f"{API}/auth/organization", json={"data": [ONE]})
    assert status_of(home)["orgName"] == "One"


def test_profiles_are_listed_without_a_server(home: Home) -> None:
    home.add(ADA)
    home.add(BOB)
    keys = ("profile", "orgName", "memberEmail", "active", "apiUrl")
    assert [[*each.items()] for each in home.run("auth", "list").data] == [
        [*zip(keys, ("ada", "One", "ada@example.org", False, None), strict=True)],
        [*zip(keys, ("bob", "Two", "bob@example.org", True, None), strict=True)],
    ]
    assert home.run("auth", "list", "--format", "csv").out == (
        "Profile,Organization,Email,Active\n"
        "ada,One,ada@example.org,false\n"
        "bob,Two,bob@example.org,true\n"
    )
    table = home.run("auth", "list", "--format", "table").out.splitlines()
    assert [line.split() for line in table[2:]] == [
        ["ada", "One", "ada@example.org"],
        ["bob", "Two", "bob@example.org", "*"],
    ]


def test_without_profiles_the_list_is_empty(home: Home) -> None:
    ran = home.run("auth", "list", "--format", "table")
    assert ran.err == "Nobody is signed in. `talkvalue auth login` does it.\n"
    assert home.run("auth", "list").data == []


def test_another_profile_can_be_made_the_active_one(home: Home) -> None:
    home.add(BOB)
    home.add(ADA)
    ran = home.run("auth", "use", "bob")
    assert ran.data == {"profile": "bob", "orgId": "org_2", "orgName": "Two", "active": True}
    assert yaml.safe_load(home.path.read_text())["active_profile"] == "bob"


@pytest.mark.parametrize("name", ["ghost", ""])
def test_only_a_profile_that_exists_can_be_made_the_active_one(home: Home, name: str) -> None:
    home.add(ADA)
    before = home.path.read_text()
    ran = home.run("auth", "use", name)
    assert (ran.code, ran.error["message"]) == (2, f"there is no profile {name!r}")
    assert ran.error["hint"] == "there are ada"
    assert home.path.read_text() == before


def test_signing_out_removes_session_and_profile(home: Home) -> None:
    home.add(BOB)
    home.add(ADA)
    ran = home.run("auth", "logout")
    assert ran.data == {"loggedOut": True, "profile": "ada"}
    config = yaml.safe_load(home.path.read_text())
    assert (list(config["profiles"]), config["active_profile"]) == (["bob"], "")
    assert set(home.accounts) == {
        "talkvalue:bob:access_token",
        "talkvalue:bob:refresh_token",
    }
    assert home.run("auth", "logout").data == {
        "loggedIn": False,
        "message": "No active session to log out from",
    }


def test_signing_out_of_another_profile_leaves_the_active_one(home: Home) -> None:
    home.add(BOB)
    home.add(ADA)
    home.run("auth", "logout", "--profile", "bob")
    assert yaml.safe_load(home.path.read_text())["active_profile"] == "ada"


def test_signing_out_of_everything_leaves_no_token(home: Home) -> None:
    home.add(BOB)
    home.add(ADA)
    home.store.save("forgotten", Tokens("access", "refresh"))
    ran = home.run("auth", "logout", "--all")
    assert ran.data == {"loggedOut": True, "profile": None, "profiles": ["bob", "ada"]}
    assert home.accounts == {}
    assert yaml.safe_load(home.path.read_text())["profiles"] == {}
    assert home.run("auth", "logout", "--all").data["profiles"] == []


@pytest.mark.parametrize(
    ("argv", "is_terminal", "is_json"),
    [
        ([], False, False),
        ([], True, False),
        (["--json"], True, True),
        (["--format", "JSON"], False, True),
        (["--format", "table"], False, False),
    ],
)
def test_the_token_is_printed_as_it_is(
    home: Home, argv: list[str], is_terminal: bool, is_json: bool
) -> None:
    access = home.add(ADA).access_token
    ran = home.run("auth", "token", *argv, is_terminal=is_terminal)
    assert ran.code == 0
    assert ran.out == (
        f'{{\n  "data": {{\n    "token": "{access}"\n  }}\n}}\n' if is_json else f"{access}\n"
    )
    assert ran.err == ""


def test_the_token_is_renewed_before_it_is_printed(
    home: Home, http: responses.RequestsMock
) -> None:
    home.add(ADA, life_s=-10)
    SignIn(http).give("2", "org_1")
    assert home.run("auth", "token").out == f"{access_of('2', org_id='org_1')}\n"
    assert home.accounts["talkvalue:ada:refresh_token"] == "refresh-2"
    body = http.calls[0].request.body
    assert body is not None
    assert json.loads(body)["organization_id"] == "org_1"


def test_the_token_of_the_environment_is_printed_too(home: Home) -> None:
    assert home.run("auth", "token", environ={"TALKVALUE_TOKEN": TOKEN}).out == f"{TOKEN}\n"


def test_without_a_session_there_is_no_token(home: Home) -> None:
    ran = home.run("auth", "token")
    assert (ran.code, ran.error["message"]) == (3, "not logged in")


def test_verbose_output_has_no_secrets(home: Home, http: responses.RequestsMock) -> None:
    home.add(ADA, life_s=-10)
    SignIn(http).give("2", "org_1")
    http.get(f"{API}/auth/overview", json={**OVERVIEW, "memberFirstName": "refresh-2"})
    ran = home.run("--verbose", "auth", "status")
    assert ran.code == 0
    assert f"> POST {AUTH}/user_management/authenticate (the body is secret)" in ran.err
    for secret in ("refresh-1", "refresh-2", access_of("2", org_id="org_1")):
        assert secret not in ran.out + ran.err


TOUCHING_NOTHING = """
import os, sys
from talkvalue_cli import cli
from talkvalue_cli.context import AppContext
argv = ["path", "channel", "list"]
context = AppContext(argv, os.environ, sys.stdin, sys.stdout, sys.stderr)
context.clock.sleep = lambda seconds: None
code = cli.main(argv, context)
loaded = [name for name in ("keyring", "ruamel") if name in sys.modules]
print(int(code), loaded, os.listdir(os.environ["HOME"]))
"""


def test_with_a_token_neither_keyring_nor_config_folder_is_touched(tmp_path: Path) -> None:
    """In a fresh process: nobody listens at this address, so that nothing is sent either."""
    home = tmp_path / "empty"
    home.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", TOUCHING_NOTHING],
        capture_output=True,
        text=True,
        env=clean_environ(home, TALKVALUE_TOKEN=TOKEN, TALKVALUE_API_URL="http://127.0.0.1:1"),
        check=True,
    )
    assert done.stdout == "1 [] []\n", done.stderr
