"""`config list`, `get`, `set` and `path`, through main()."""

from __future__ import annotations

import pytest

from tests.unit.commands.signed_in import ADA, Home

CLIENT_ID = "client_01KCTNX7YWPXTWN1AAY74TQC14"


def put(home: Home, text: str) -> None:
    home.path.parent.mkdir()
    home.path.write_text(text)


def test_without_a_file_the_defaults_are_listed_and_none_is_made(home: Home) -> None:
    ran = home.run("config", "list")
    assert list(ran.data.items()) == [
        ("version", 1),
        ("api_url", "https://api.trytalkvalue.com"),
        ("client_id", CLIENT_ID),
        ("active_profile", ""),
        ("profiles", {}),
    ]
    assert not home.path.parent.exists()


def test_the_list_shows_what_the_program_knows_of_the_file(home: Home) -> None:
    put(home, "api_url: http://h\ntheme: dark\nprofiles:\n  robot:\n    auth_method: api_key\n")
    home.add(ADA)
    assert home.run("config", "list").data == {
        "version": 1,
        "api_url": "http://h",
        "client_id": CLIENT_ID,
        "active_profile": "ada",
        "profiles": {
            "ada": {
                "org_id": "org_1",
                "org_name": "One",
                "member_email": "ada@example.org",
                "auth_method": "oauth",
            }
        },
    }


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("api_url", "https://api.trytalkvalue.com"),
        ("version", 1),
        ("active_profile", "a.b"),
        ("profiles.a.b.org_id", "org_1"),
    ],
)
def test_a_value_is_shown_by_its_path(home: Home, key: str, value: object) -> None:
    home.add(ADA._replace(name="a.b"))
    assert home.run("config", "get", key).data == {"key": key, "value": value}


@pytest.mark.parametrize(
    "key",
    ["theme", "profiles.constructor", "__proto__", "profiles.", "", "api_url.x", "version.real"],
)
def test_a_key_that_does_not_exist_is_no_value(home: Home, key: str) -> None:
    home.add(ADA)
    ran = home.run("config", "get", key)
    assert (ran.code, ran.error["message"]) == (2, f"unknown config key: {key}")


def test_a_value_is_shown_from_the_file_alone(home: Home) -> None:
    ran = home.run("config", "get", "api_url", "--api-url", "http://flag")
    assert ran.data["value"] == "https://api.trytalkvalue.com"


def test_a_value_is_set_and_shown_as_it_is_stored(home: Home) -> None:
    put(home, "# mine\napi_url: http://old  # here\n")
    ran = home.run("config", "set", "api_url", "HTTPS://New.example/")
    assert ran.data == {"key": "api_url", "value": "https://new.example"}
    assert home.path.read_text() == "# mine\napi_url: https://new.example # here\n"


def test_a_folder_that_cannot_be_written_matters_to_a_change_alone(home: Home) -> None:
    home.path.parent.write_text("a file")
    assert home.run("config", "get", "version").data["value"] == 1
    ran = home.run("config", "set", "client_id", "c")
    assert (ran.code, ran.error["code"]) == (1, "LOCAL_FILE")


def test_the_path_is_a_line_unless_a_format_is_asked_for(home: Home) -> None:
    for is_terminal in (True, False):
        assert home.run("config", "path", is_terminal=is_terminal).out == f"{home.path}\n"
    assert home.run("config", "path", "--json").data == {"path": str(home.path)}
    elsewhere = home.run("config", "path", environ={"XDG_CONFIG_HOME": "/x"})
    assert elsewhere.out == "/x/talkvalue/config.yml\n"
