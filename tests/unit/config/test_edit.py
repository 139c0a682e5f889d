"""Changes of the config file, and what they leave alone."""

from __future__ import annotations

import errno
import os
import threading
from pathlib import Path

import pytest
import yaml

from talkvalue_cli import files
from talkvalue_cli.config import edit, file
from talkvalue_cli.config.file import Profile
from talkvalue_cli.errors import LocalFileError, TalkValueError, UsageError
from talkvalue_cli.exit_codes import code_of
from tests.unit.auth.sessions import mode_of

ADA = Profile("ada", "org_1", "One", "ada@example.org")
#: how that is stored
ADA_TEXT = """  ada:
    org_id: org_1
    org_name: One
    member_email: ada@example.org
    auth_method: oauth
"""

#: as the existing CLI leaves it
NODE_FILE = """version: 1
api_url: https://api.trytalkvalue.com
client_id: client_01KCTNX7YWPXTWN1AAY74TQC14
active_profile: alice-kim-x
profiles:
  alice-kim-x:
    org_id: org_01
    org_name: Sandbox Events
    member_email: Alice.Kim+x@acme.com
    auth_method: oauth
"""
EDITED_FILE = """# mine, keep out
version: 1
api_url: https://api.example.com  # the staging server
theme: dark
active_profile: bob
profiles:
  # by key, not by browser
  robot:
    auth_method: api_key
    key_id: 7
  bob:
    org_id: org_2
    org_name: Two
    member_email: bob@example.org
    auth_method: oauth
    nickname: b
# the end
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config" / "config.yml"


def put(path: Path, text: str | bytes) -> Path:
    path.parent.mkdir()
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def profiles_of(path: Path) -> dict[str, Profile]:
    return file.ConfigFile(path.parent).profiles


def test_a_new_file_has_the_keys_of_the_existing_cli_and_is_private(path: Path) -> None:
    edit.save_profile(path, ADA)
    head = NODE_FILE.partition("  alice-kim-x")[0]
    assert path.read_text() == head.replace("alice-kim-x", "ada") + ADA_TEXT
    assert (mode_of(path), mode_of(path.parent)) == ("0o600", "0o700")
    assert sorted(each.name for each in path.parent.iterdir()) == ["config.lock", "config.yml"]


def test_the_file_that_is_made_can_be_read_by_other_yaml_libraries(path: Path) -> None:
    odd = Profile("2026-11-23", "7", "a: b # c", "")
    edit.save_profile(path, odd)
    assert yaml.safe_load(path.read_text())["profiles"] == {
        "2026-11-23": {
            "org_id": "7", "org_name": "a: b # c", "member_email": "", "auth_method": "oauth",
        }
    }  # fmt: skip
    assert profiles_of(path) == {"2026-11-23": odd}


def test_a_file_of_the_existing_cli_is_read(path: Path) -> None:
    put(path, NODE_FILE)
    assert profiles_of(path) == {
        "alice-kim-x": Profile("alice-kim-x", "org_01", "Sandbox Events", "Alice.Kim+x@acme.com")
    }
    edit.save_profile(path, ADA, activate=False)
    assert path.read_text() == NODE_FILE + ADA_TEXT


def test_an_empty_organization_and_a_date_as_its_name_are_texts(path: Path) -> None:
    text = NODE_FILE.replace("Sandbox Events", "2026-11-23").replace("org_01", '""')
    put(path, text)
    assert profiles_of(path)["alice-kim-x"][1:3] == ("", "2026-11-23")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("org_name: Sandbox Events", "org_name: 7"),
        ("    org_name: Sandbox Events\n", ""),
        ("auth_method: oauth", "auth_method: api_key"),
        ("    member_email: Alice.Kim+x@acme.com\n", "    member_email:\n"),
    ],
)
def test_a_profile_that_is_not_whole_does_not_count_but_stays(
    path: Path, old: str, new: str
) -> None:
    text = NODE_FILE.replace(old, new)
    put(path, text)
    assert profiles_of(path) == {}
    edit.set_value(path, "client_id", "client_2")
    assert path.read_text() == text.replace("client_01KCTNX7YWPXTWN1AAY74TQC14", "client_2")


def test_a_change_leaves_comments_and_unknown_keys_and_other_profiles(path: Path) -> None:
    put(path, EDITED_FILE)
    edit.set_value(path, "api_url", "https://api.example.org/")
    assert path.read_text() == EDITED_FILE.replace(
        "https://api.example.com ", "https://api.example.org "
    )


def test_a_profile_is_changed_in_its_place(path: Path) -> None:
    put(path, EDITED_FILE)
    edit.save_profile(path, Profile("bob", "org_3", "Three", "bob@example.org"))
    assert path.read_text() == EDITED_FILE.replace("org_2", "org_3").replace("Two", "Three")


def test_forgetting_a_profile_leaves_everything_else(path: Path) -> None:
    put(path, EDITED_FILE)
    edit.forget_profiles(path, {"bob", "nobody"})
    text = path.read_text()
    assert yaml.safe_load(text) == {
        "version": 1,
        "api_url": "https://api.example.com",
        "theme": "dark",
        "active_profile": "",
        "profiles": {"robot": {"auth_method": "api_key", "key_id": 7}},
    }
    for comment in ("# mine, keep out", "# the staging server", "# by key", "# the end"):
        assert comment in text


def test_forgetting_the_last_profile_leaves_a_file_that_can_be_read(path: Path) -> None:
    put(path, NODE_FILE.replace("profiles:\n", "profiles:\n  # mine\n"))
    edit.forget_profiles(path, {"alice-kim-x"})
    assert yaml.safe_load(path.read_text())["profiles"] == {}
    edit.save_profile(path, ADA)
    assert profiles_of(path) == {"ada": ADA}
    assert "# mine" in path.read_text()


def test_forgetting_another_profile_leaves_the_active_one(path: Path) -> None:
    put(path, EDITED_FILE.replace("api_key", "oauth").replace("active_profile: bob", "x: 1"))
    edit.save_profile(path, ADA)
    edit.forget_profiles(path, {"bob"})
    assert yaml.safe_load(path.read_text())["active_profile"] == "ada"


@pytest.mark.parametrize("empty", ["{}", "", "~"])
def test_an_empty_group_of_profiles_is_opened_into_lines(path: Path, empty: str) -> None:
    put(path, f"version: 1\nprofiles: {empty}\nx: 1\n")
    edit.save_profile(path, ADA)
    assert "profiles:\n  ada:\n    org_id: org_1\n" in path.read_text()
    assert "\nx: 1\n" in path.read_text()


@pytest.mark.parametrize("text", ["# mine\n", "# mine", "\n# mine\n\n"])
def test_a_file_of_comments_keeps_them(path: Path, text: str) -> None:
    put(path, text)
    edit.set_value(path, "client_id", "client_2")
    assert path.read_text().lstrip("\n").startswith("# mine\n")
    assert yaml.safe_load(path.read_text()) == {**file.DEFAULTS, "client_id": "client_2"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("api_url: [1\n", " is not YAML (line 2, column 1)"),
        ("a: 1\n b: 2\n", " is not YAML (line 2, column 3)"),
        ("- a\n", " must hold keys and values"),
        ("version: 1\nprofiles: all\n", ": profiles must hold keys and values"),
    ],
)
def test_a_broken_file_is_told_and_never_written(path: Path, text: str, message: str) -> None:
    put(path, text)
    with pytest.raises(TalkValueError) as caught:
        edit.save_profile(path, ADA)
    assert caught.value.message == f"{path}{message}"
    assert (caught.value.code, code_of(caught.value)) == ("CONFIG", 1)
    with pytest.raises(TalkValueError):
        edit.forget_profiles(path, {"ada"})
    assert path.read_text() == text


def test_a_failure_in_between_writes_nothing(path: Path) -> None:
    put(path, NODE_FILE)
    with pytest.raises(ZeroDivisionError), edit.edit(path) as values:
        values["api_url"] = 1 / 0
    assert path.read_text() == NODE_FILE


def test_a_full_disk_leaves_the_old_file(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    put(path, NODE_FILE)
    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(LocalFileError) as caught:
        edit.save_profile(path, ADA)
    assert caught.value.message == f"cannot write {path}: No space left on device"
    assert path.read_text() == NODE_FILE


@pytest.mark.parametrize(
    ("key", "value", "stored"),
    [
        ("api_url", "HTTPS://API.example.com/", "https://api.example.com"),
        ("client_id", "client_2", "client_2"),
        ("active_profile", "alice-kim-x", "alice-kim-x"),
        ("active_profile", "", ""),
    ],
)
def test_a_value_is_stored_as_it_is_checked(path: Path, key: str, value: str, stored: str) -> None:
    put(path, NODE_FILE)
    assert edit.set_value(path, key, value) == stored
    assert yaml.safe_load(path.read_text())[key] == stored


@pytest.mark.parametrize(
    ("key", "value", "message", "hint"),
    [
        (
            "api_url.foo",
            "bar",
            "unknown config key 'api_url.foo'",
            "there are api_url, client_id, ",
        ),
        ("__proto__", "x", "unknown config key '__proto__'", "there are api_url, client_id"),
        ("version", "2", "version is kept by the program", "talkvalue auth login makes profiles"),
        ("profiles", "x", "profiles is kept by the program", "talkvalue auth login makes profiles"),
        ("api_url", "not a url", "api_url is not a usable URL: 'not a url'", "write it like "),
        ("api_url", "", "api_url is not a usable URL: ''", "write it like "),
        ("client_id", "", "client_id must not be empty", "it is 'client_01KCTNX7YWPXTWN1AAY74"),
        ("client_id", " ", "client_id must not be empty", "it is 'client_01KCTNX7YWPXTWN1AAY74"),
        ("active_profile", "ghost", "there is no profile 'ghost'", "there are alice-kim-x"),
    ],
)
def test_a_wrong_key_or_value_is_refused(
    path: Path, key: str, value: str, message: str, hint: str
) -> None:
    put(path, NODE_FILE)
    with pytest.raises(UsageError) as caught:
        edit.set_value(path, key, value)
    assert caught.value.message == message
    assert (caught.value.hint or "").startswith(hint)
    assert code_of(caught.value) == 2
    assert path.read_text() == NODE_FILE


def test_changes_of_several_processes_at_once_are_all_kept(path: Path) -> None:
    """Each thread has handles of its own, and so the lock tells them apart like processes."""
    names = [f"p{number}" for number in range(8)]
    threads = [
        threading.Thread(target=edit.save_profile, args=(path, ADA._replace(name=name)))
        for name in names
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(profiles_of(path)) == names


def test_a_change_waits_for_the_lock(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edit, "LOCK_WAIT_S", 0.05)
    with (
        files.lock(path.with_name("config.lock"), may_wait=lambda: False),
        pytest.raises(LocalFileError, match=r"another process holds .*config\.lock"),
    ):
        edit.save_profile(path, ADA)
    assert not path.exists()
