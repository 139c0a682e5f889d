"""`auth login` and `auth switch`, through main()."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import responses
import yaml

from talkvalue_cli import files
from talkvalue_cli.config import edit
from talkvalue_cli.errors import LocalFileError
from tests.unit.auth.sessions import AUTH
from tests.unit.commands.signed_in import ADA, BOB, ONE, TWO, Home, SignIn, access_of


@pytest.fixture
def server(http: responses.RequestsMock) -> SignIn:
    return SignIn(http)


def test_a_sign_in_is_stored_and_told(home: Home, server: SignIn) -> None:
    server.whole(ONE, TWO, chosen="org_2")
    ran = home.run("auth", "login", "--org", "two")
    assert ran.code == 0, ran.err
    assert ran.data == {
        "email": "ada@example.org",
        "loggedIn": True,
        "orgId": "org_2",
        "orgName": "Two",
        "profile": "ada",
    }
    assert list(ran.data) == ["email", "loggedIn", "orgId", "orgName", "profile"]
    config = yaml.safe_load(home.path.read_text())
    assert config["active_profile"] == "ada"
    assert config["profiles"]["ada"]["org_id"] == "org_2"
    assert home.accounts["talkvalue:ada:access_token"] == access_of("scoped", org_id="org_2")
    assert home.accounts["talkvalue:ada:refresh_token"] == "refresh-scoped"


def test_a_sign_in_tells_people_page_and_code_and_where_the_session_is(
    home: Home, server: SignIn
) -> None:
    server.whole(ONE, chosen="org_1")
    ran = home.run("auth", "login", "--org", "org_1")
    assert ran.err.splitlines() == [
        "Open this page in a browser, on this machine or another:",
        f"  {AUTH}/device",
        "The page shows this code, or asks for it:",
        "  ABCD-EFGH",
        "Waiting for approval, for 5 min at the most. Ctrl-C stops it.",
        "The session is in a file that only you can read, "
        f"{home.path.with_name('keyring.json')}: "
        "cannot use the keyring: No recommended backend was available",
        "✓ Logged in as ada@example.org (One)",
    ]


def test_requests_use_the_new_tokens_in_order(home: Home, server: SignIn) -> None:
    server.begin()
    server.refuse("authorization_pending")
    server.refuse("slow_down")
    server.approve()
    server.organizations(ONE)
    server.give("scoped", "org_1")
    ran = home.run("auth", "login", "--org", "One")
    assert ran.code == 0
    assert ran.context.fake_clock.slept == [5.0, 10.0]
    (refresh,) = [json.loads(body) for body in server.bodies("authenticate")[3:]]
    assert refresh["refresh_token"] == "refresh-approved"
    assert refresh["organization_id"] == "org_1"
    (asked,) = [call.request for call in server.http.calls if "/auth/org" in str(call.request.url)]
    assert asked.headers["Authorization"] == f"Bearer {access_of('approved')}"


@pytest.mark.parametrize(
    ("found", "message"),
    [
        ((ONE,), "there is no organization 'nomatch'"),
        ((ONE, TWO), "there is no organization 'nomatch'"),
        ((), "this account belongs to no organization"),
    ],
)
def test_an_organization_that_does_not_exist_is_never_replaced_by_another(
    home: Home, server: SignIn, found: tuple[dict[str, str], ...], message: str
) -> None:
    server.begin()
    server.approve()
    server.organizations(*found)
    ran = home.run("auth", "login", "--org", "nomatch")
    assert (ran.code, ran.error["message"]) == (2, message)
    assert not home.path.exists()
    assert home.accounts == {}


def test_an_id_goes_before_a_name_and_a_name_that_two_have_is_told(
    home: Home, server: SignIn
) -> None:
    server.whole({"id": "org_9", "name": "org_1"}, ONE, chosen="org_1")
    assert home.run("auth", "login", "--org", "org_1").data["orgName"] == "One"
    server.begin()
    server.approve()
    server.organizations(ONE, {"id": "org_9", "name": "ONE"})
    ran = home.run("auth", "login", "--org", "one")
    assert ran.error["message"] == "2 organizations are called 'one'"
    assert ran.error["hint"] == "take the id: One (org_1), ONE (org_9)"


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("access_denied", "the sign-in was refused in the browser"),
        ("expired_token", "the code expired before it was approved"),
    ],
)
def test_a_sign_in_that_is_not_approved_is_an_error_of_authentication(
    home: Home, server: SignIn, word: str, message: str
) -> None:
    server.begin()
    server.refuse(word)
    ran = home.run("auth", "login", "--org", "One")
    assert (ran.code, ran.error["message"]) == (3, message)
    assert "secret-device-code" not in ran.err


def test_a_second_sign_in_of_the_same_user_takes_the_same_profile(
    home: Home, server: SignIn
) -> None:
    home.add(ADA._replace(name="work"))
    server.whole(ONE, TWO, chosen="org_2")
    assert home.run("auth", "login", "--org", "Two").data["profile"] == "work"
    assert list(yaml.safe_load(home.path.read_text())["profiles"]) == ["work"]


def test_a_second_sign_in_of_another_user_leaves_the_first(
    home: Home, http: responses.RequestsMock
) -> None:
    home.add(ADA)
    SignIn(http, "Ada@elsewhere.example").whole(TWO, chosen="org_2")
    ran = home.run("auth", "login", "--org", "Two")
    assert ran.data["profile"] == "ada-2"
    config = yaml.safe_load(home.path.read_text())
    assert config["active_profile"] == "ada-2"
    assert config["profiles"]["ada"]["member_email"] == "ada@example.org"
    assert home.accounts["talkvalue:ada:refresh_token"] == "refresh-1"


def test_a_profile_of_another_kind_keeps_its_name(home: Home, server: SignIn) -> None:
    home.path.parent.mkdir()
    home.path.write_text("profiles:\n  ada:\n    auth_method: api_key\n")
    server.whole(ONE, chosen="org_1")
    assert home.run("auth", "login", "--org", "One").data["profile"] == "ada-2"
    assert yaml.safe_load(home.path.read_text())["profiles"]["ada"] == {"auth_method": "api_key"}


@pytest.mark.parametrize(
    ("argv", "environ"),
    [(["--profile", "new"], {}), ([], {"TALKVALUE_PROFILE": "new"})],
)
def test_a_profile_that_is_named_is_the_one_that_is_made(
    home: Home, server: SignIn, argv: list[str], environ: dict[str, str]
) -> None:
    home.add(ADA)
    server.whole(ONE, chosen="org_1")
    ran = home.run("auth", "login", "--org", "One", *argv, environ=environ)
    assert ran.data["profile"] == "new"
    assert sorted(yaml.safe_load(home.path.read_text())["profiles"]) == ["ada", "new"]


@pytest.mark.parametrize("name", [" a", "a\nb", "x" * 101])
def test_a_name_that_no_profile_can_have_is_refused_at_once(
    home: Home, server: SignIn, name: str
) -> None:
    ran = home.run("auth", "login", "--org", "One", "--profile", name)
    assert (ran.code, ran.error["message"]) == (2, f"{name!r} cannot be the name of a profile")
    assert len(server.http.calls) == 0


@pytest.mark.parametrize(
    ("email", "name"),
    [("Alice.Kim+x@acme.com", "alice-kim-x"), ("", "default"), ("---@x", "default")],
)
def test_a_profile_is_named_after_the_address(
    home: Home, http: responses.RequestsMock, email: str, name: str
) -> None:
    SignIn(http, email).whole(ONE, chosen="org_1")
    assert home.run("auth", "login", "--org", "One").data["profile"] == name


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [("config.yml", "{", 1), ("keyring.json", "{", 1)],
)
def test_a_broken_file_is_told_before_the_browser_is_opened(
    home: Home, server: SignIn, name: str, content: str, code: int
) -> None:
    home.path.parent.mkdir()
    home.path.with_name(name).write_text(content)
    ran = home.run("auth", "login", "--org", "One")
    assert ran.code == code
    assert name in ran.error["message"]
    assert home.path.with_name(name).read_text() == content
    assert len(server.http.calls) == 0


def test_a_folder_that_cannot_be_written_is_told_before_the_browser_is_opened(
    home: Home, server: SignIn
) -> None:
    home.path.parent.write_text("a file")
    ran = home.run("auth", "login", "--org", "One")
    assert (ran.code, ran.error["code"]) == (1, "LOCAL_FILE")
    assert len(server.http.calls) == 0


def test_a_profile_that_cannot_be_stored_leaves_no_tokens(
    home: Home, server: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, profile: object) -> None:
        raise LocalFileError(f"cannot write {path}: no space")

    monkeypatch.setattr(edit, "save_profile", refuse)
    server.whole(ONE, chosen="org_1")
    assert home.run("auth", "login", "--org", "One").code == 1
    assert home.accounts == {}


def test_on_a_terminal_the_organization_is_picked_from_a_list(home: Home, server: SignIn) -> None:
    server.whole(ONE, TWO, chosen="org_2")
    ran = home.run("auth", "login", stdin="3\n\nthree\n 2 \n", is_terminal=True, can_type=True)
    assert ran.code == 0
    shown = ran.err[ran.err.index("Which") :].splitlines()
    assert shown[:3] == ["Which organization?", "  1  One (org_1)", "  2  Two (org_2)"]
    asked = "Number or name [1-2]: "
    assert shown[3] == f"{asked}'3' is none of them"
    assert shown[4] == f"{asked}'' is none of them"
    assert shown[5] == f"{asked}'three' is none of them"
    assert "✓ Logged in as ada@example.org (Two)" in ran.err


@pytest.mark.parametrize(
    ("typed", "chosen"), [("two\n", "org_2"), ("org_1\n", "org_1"), ("same\n3\n", "org_3")]
)
def test_a_name_or_id_can_be_typed_as_well(
    home: Home, server: SignIn, typed: str, chosen: str
) -> None:
    same = [{"id": "org_3", "name": "Same"}, {"id": "org_4", "name": "Same"}]
    server.whole(ONE, TWO, *same, chosen=chosen)
    ran = home.run("auth", "login", "--json", stdin=typed, is_terminal=True, can_type=True)
    assert ran.code == 0, ran.err
    assert ran.data["orgId"] == chosen
    assert ("2 organizations are called 'same'; type the number" in ran.err) == ("same" in typed)


def test_switching_renews_the_session_for_another_organization(home: Home, server: SignIn) -> None:
    home.add(BOB)
    home.add(ADA)
    home.run("auth", "use", "bob")
    server.organizations(ONE, TWO)
    server.give("scoped", "org_2")
    ran = home.run("auth", "switch", "TWO", "--profile", "ada")
    assert ran.data == {"orgId": "org_2", "orgName": "Two", "profile": "ada"}
    assert ran.err == "✓ Switched to Two\n"
    (refresh,) = [json.loads(body) for body in server.bodies("authenticate")]
    assert (refresh["refresh_token"], refresh["organization_id"]) == ("refresh-1", "org_2")
    config = yaml.safe_load(home.path.read_text())
    assert config["active_profile"] == "bob"
    assert config["profiles"]["ada"]["org_name"] == "Two"
    assert home.accounts["talkvalue:ada:refresh_token"] == "refresh-scoped"


def test_switching_needs_a_session(home: Home, server: SignIn) -> None:
    ran = home.run("auth", "switch", "Two")
    assert (ran.code, ran.error["message"]) == (3, "not logged in")
    home.add(ADA)
    ran = home.run("auth", "switch", "Two", "--profile", "nobody")
    assert (ran.code, ran.error["message"]) == (3, "there is no profile 'nobody'; there are ada")
    assert len(server.http.calls) == 0


def test_switching_to_what_does_not_exist_uses_nothing_up(home: Home, server: SignIn) -> None:
    home.add(ADA)
    before = home.path.read_text()
    server.organizations(ONE)
    ran = home.run("auth", "switch", "nomatch")
    assert ran.code == 2
    assert ran.error["hint"] == "there are One (org_1)"
    assert home.path.read_text() == before
    assert home.accounts["talkvalue:ada:refresh_token"] == "refresh-1"


def test_switching_where_nothing_can_be_written_uses_nothing_up(
    home: Home, server: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path) -> None:
        raise LocalFileError(f"cannot write {path}: no space")

    home.add(ADA)
    monkeypatch.setattr(files, "try_write", refuse)
    ran = home.run("auth", "switch", "Two")
    assert (ran.code, ran.error["code"]) == (1, "LOCAL_FILE")
    assert len(server.http.calls) == 0
