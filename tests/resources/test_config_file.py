"""`talkvalue config`, and a config file that somebody else has written."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import session_files
from tests.world import Machine

LIST = "path channel list"
HAND_WRITTEN = """\
# the team's settings
version: 1
api_url: https://api.trytalkvalue.com   # do not change
theme: dark
profiles:
  sam:   # another way to sign in
    org_id: org_x
    org_name: X
    member_email: sam@example.com
    auth_method: saml
  half:
    org_id: org_y
active_profile: ''
client_id: client_01KCTNX7YWPXTWN1AAY74TQC14
"""


@pytest.fixture
def path(ada: Machine) -> Path:
    """A config file that was written by hand."""
    path = ada.config_path
    path.parent.mkdir()
    session_files.write_private(path, HAND_WRITTEN)
    return path


def test_a_change_keeps_comments_unknown_keys_and_foreign_profiles(
    ada: Machine, path: Path
) -> None:
    done = ada.run("config set api_url https://api.example.com/")
    assert done.json["data"] == {"key": "api_url", "value": "https://api.example.com"}
    expected = HAND_WRITTEN.replace("https://api.trytalkvalue.com ", "https://api.example.com")
    assert path.read_text().replace(" ", "") == expected.replace(" ", "")
    ada.log_in("org_harbor")
    assert path.read_text().startswith("# the team's settings\n")
    assert "sam:   # another way to sign in" in path.read_text()
    assert list(ada.config["profiles"]) == ["sam", "half", "ada-baker"]
    assert ada.config["profiles"]["half"] == {"org_id": "org_y"}
    assert ada.config["theme"] == "dark"
    ada.run("auth logout")
    assert list(ada.config["profiles"]) == ["sam", "half"]


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b"version: 1\nprofiles: [1\n", " is not YAML (line 3, column 1)"),
        (b"api_url: a\napi_url: b\n", " is not YAML (line 2, column 1)"),
        (b"\x00\xff", " is not YAML"),
        (b"- 1\n", " must hold keys and values"),
    ],
)
def test_a_broken_file_is_never_overwritten(
    ada: Machine, path: Path, content: bytes, place: str
) -> None:
    path.write_bytes(content)
    for line in (LIST, "config set client_id client_x", "auth login --org=x"):
        done = ada.run(line)
        assert (done.code, done.out, done.error["code"]) == (1, "", "CONFIG")
        assert done.error["message"] == f"{path}{place}"
        assert done.sent == []
    assert path.read_bytes() == content
    assert not list(path.parent.glob("*.bak"))


def test_a_folder_in_its_place_is_called_one(ada: Machine, path: Path) -> None:
    path.unlink()
    path.mkdir()
    for line in (LIST, "config set client_id client_x"):
        done = ada.run(line)
        assert (done.code, done.error["message"]) == (1, f"{path} is not a file")
        assert "Backup" not in done.err


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("profiles", "profiles is kept by the program"),
        ("__proto__", "unknown config key '__proto__'"),
    ],
)
def test_a_key_that_nobody_may_set_is_refused(
    ada: Machine, path: Path, key: str, said: str
) -> None:
    done = ada.run(f"config set {key} x")
    assert (done.code, done.out, done.error["message"]) == (2, "", said)
    assert path.read_text() == HAND_WRITTEN


def test_reading_creates_nothing(ada: Machine) -> None:
    assert ada.run("config list").json["data"] == {
        "version": 1,
        "api_url": "https://api.trytalkvalue.com",
        "client_id": "client_01KCTNX7YWPXTWN1AAY74TQC14",
        "active_profile": "",
        "profiles": {},
    }
    assert ada.run("config path").out == f"{ada.config_path}\n"
    assert ada.run("auth list").json == {"data": []}
    assert ada.run("auth logout").json["data"] == {
        "loggedIn": False,
        "message": "No active session to log out from",
    }
    assert not ada.config_folder.exists()
