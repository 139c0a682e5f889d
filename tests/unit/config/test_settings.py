"""Where settings come from, and which of them are refused."""

from __future__ import annotations

import os
import pwd
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from talkvalue_cli.config.file import ConfigFile
from talkvalue_cli.config.settings import (
    Settings,
    check_api_url,
    check_token,
    config_dir,
    is_cleartext,
    load,
)
from talkvalue_cli.errors import TalkValueError, UsageError
from talkvalue_cli.exit_codes import code_of

DEFAULT_URL = "https://api.trytalkvalue.com"


def load_settings(environ: Mapping[str, str], **flags: str | None) -> Settings:
    """Return the settings in force in an environment."""
    return load(environ, ConfigFile(config_dir(environ)), **flags)


def write_config(home: Path, text: str | bytes) -> Path:
    """Write a config file for a home, and return its path."""
    path = home / ".talkvalue" / "config.yml"
    path.parent.mkdir(parents=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_without_any_setting_the_hosted_service_is_used(own_home: Path) -> None:
    found = load_settings({"HOME": str(own_home)})
    assert found == (DEFAULT_URL, "", None)


def test_reading_settings_creates_no_file(own_home: Path) -> None:
    load_settings({"HOME": str(own_home)})
    assert list(own_home.iterdir()) == []


@pytest.mark.parametrize(
    ("flag", "variable", "in_file", "expected"),
    [
        ("http://flag", "http://env", "http://file", "http://flag"),
        (None, "http://env", "http://file", "http://env"),
        (None, None, "http://file", "http://file"),
    ],
)
def test_the_url_is_taken_from_flag_then_environment_then_file(
    own_home: Path, flag: str | None, variable: str | None, in_file: str, expected: str
) -> None:
    write_config(own_home, f"api_url: {in_file}\n")
    environ = {"HOME": str(own_home)} | ({"TALKVALUE_API_URL": variable} if variable else {})
    assert load_settings(environ, api_url=flag).api_url == expected


@pytest.mark.parametrize(
    ("flag", "variable", "expected"),
    [
        ("flagged", "named", "flagged"),
        (None, "named", "named"),
        (None, "", ""),
        ("", "named", ""),
        (None, None, "stored"),
    ],
)
def test_the_profile_is_taken_from_flag_then_environment_then_file(
    own_home: Path, flag: str | None, variable: str | None, expected: str
) -> None:
    write_config(own_home, "active_profile: stored\n")
    environ = {"HOME": str(own_home)}
    if variable is not None:
        environ["TALKVALUE_PROFILE"] = variable
    assert load_settings(environ, profile=flag).profile == expected


def test_an_empty_url_counts_as_set_and_is_refused_with_its_source(own_home: Path) -> None:
    for flag, environ, source in (
        ("", {"TALKVALUE_API_URL": "http://env"}, "--api-url"),
        (None, {"TALKVALUE_API_URL": ""}, "TALKVALUE_API_URL"),
    ):
        with pytest.raises(UsageError) as caught:
            load_settings({"HOME": str(own_home), **environ}, api_url=flag)
        assert caught.value.message == f"{source} is not a usable URL: ''"
        assert caught.value.hint == f"write it like {DEFAULT_URL}"


def test_a_broken_file_does_not_matter_when_everything_is_decided_without_it(
    own_home: Path,
) -> None:
    write_config(own_home, "{")
    environ = {"HOME": str(own_home), "TALKVALUE_TOKEN": "t", "TALKVALUE_API_URL": "http://h"}
    assert load_settings(environ) == ("http://h", "", "t")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("api_url: http://h\n  bad: x\n", " is not YAML (line 2, column 6)"),
        ("a: [1, 2\n", " is not YAML (line 2, column 1)"),
        (b"\xff\xfe\xfa", " is not YAML"),
        (b"a: \x07", " is not YAML"),
        ("a: 1\na: 2\n", " is not YAML (line 2, column 1)"),
        ("[" * 1200, " is not YAML (line 1, column 100): nested more than 100 deep"),
    ],
)
def test_a_file_that_is_not_yaml_is_reported_with_the_place_and_left_alone(
    own_home: Path, text: str | bytes, message: str
) -> None:
    path = write_config(own_home, text)
    before = path.read_bytes()
    with pytest.raises(TalkValueError) as caught:
        load_settings({"HOME": str(own_home)})
    assert caught.value.message == f"{path}{message}"
    assert (caught.value.code, code_of(caught.value)) == ("CONFIG", 1)
    assert caught.value.hint == "fix the file or move it away; it was left as it is"
    assert path.read_bytes() == before
    assert [each.name for each in path.parent.iterdir()] == ["config.yml"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        *((text, "{} must hold keys and values") for text in ("- a\n- b\n", "words\n", "7\n")),
        ("api_url:\n  foo: bar\n", "{}: api_url must be text, not {{'foo': 'bar'}}"),
        ("api_url: nowhere\n", "api_url in {} is not a usable URL: 'nowhere'"),
        # it is refused, and never cut off
        (b"#" * (1 << 20) + b"\n", "{} is larger than 1 MiB"),
    ],
    ids=range(6),
)
def test_a_file_that_cannot_be_used_is_named(
    own_home: Path, text: str | bytes, message: str
) -> None:
    path = write_config(own_home, text)
    with pytest.raises(TalkValueError) as caught:
        load_settings({"HOME": str(own_home)})
    assert caught.value.message == message.format(path)


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "---\n"])
def test_an_empty_file_is_like_none(own_home: Path, text: str) -> None:
    write_config(own_home, text)
    assert load_settings({"HOME": str(own_home)}).api_url == DEFAULT_URL


@pytest.mark.parametrize("make", [os.mkdir, os.mkfifo])
def test_what_is_no_file_is_told_and_not_waited_for(
    own_home: Path, make: Callable[[Path], None]
) -> None:
    path = own_home / ".talkvalue" / "config.yml"
    path.parent.mkdir()
    make(path)
    with pytest.raises(TalkValueError) as caught:
        load_settings({"HOME": str(own_home)})
    assert (caught.value.message, caught.value.code) == (f"{path} is not a file", "CONFIG")


def test_a_config_folder_that_is_a_file_counts_as_no_config(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    found = load_settings({"XDG_CONFIG_HOME": str(tmp_path / "file")})
    assert found.api_url == DEFAULT_URL


@pytest.mark.parametrize(
    ("environ", "folder"),
    [
        ({"XDG_CONFIG_HOME": "/x", "HOME": "/h"}, "/x/talkvalue"),
        ({"XDG_CONFIG_HOME": "rel/dir", "HOME": "/h"}, "rel/dir/talkvalue"),
        ({"XDG_CONFIG_HOME": "", "HOME": "/h"}, "/h/.talkvalue"),
        ({"HOME": "/h"}, "/h/.talkvalue"),
        ({"HOME": ""}, ".talkvalue"),
    ],
)
def test_the_folder_is_the_one_of_the_existing_cli(environ: dict[str, str], folder: str) -> None:
    assert config_dir(environ) == Path(folder)


def test_a_relative_config_folder_is_read_from_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rel" / "talkvalue").mkdir(parents=True)
    (tmp_path / "rel" / "talkvalue" / "config.yml").write_text("api_url: http://relative\n")
    assert load_settings({"XDG_CONFIG_HOME": "rel"}).api_url == "http://relative"


def test_without_home_the_password_database_knows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HOME")
    expected = Path(pwd.getpwuid(os.getuid()).pw_dir, ".talkvalue")
    assert config_dir({}) == expected


@pytest.mark.parametrize(
    ("url", "base"),
    [
        ("https://api.example.com", "https://api.example.com"),
        ("https://api.example.com/", "https://api.example.com"),
        ("http://h/base", "http://h/base"),
        ("http://h/base/", "http://h/base"),
        # exactly one slash goes, as in the existing CLI
        ("http://h/base//", "http://h/base/"),
        ("http://127.0.0.1:8787", "http://127.0.0.1:8787"),
        ("http://[::1]:8787", "http://[::1]:8787"),
        ("HTTPS://API.example.com/Base", "https://api.example.com/Base"),
        ("http://bücher.example", "http://bücher.example"),
    ],
)
def test_a_base_url_loses_one_slash_at_its_end(url: str, base: str) -> None:
    assert check_api_url(url, "--api-url") == base


@pytest.mark.parametrize(
    "url",
    [
        *("notaurl", "ftp://h", "http://", "http:///path", "https:", "//h", "file:///etc/passwd"),
        *("http://h?x=1", "http://h#x", "http://h/a b", " http://h", "http://h\n", "http://h\t"),
        *("http://h:0", "http://h\\x", "http://<h>", "http://h/\u202e", "http://:80"),
    ],
)
def test_an_unusable_url_is_refused_and_shown(url: str) -> None:
    with pytest.raises(UsageError) as caught:
        check_api_url(url, "TALKVALUE_API_URL")
    assert caught.value.message == f"TALKVALUE_API_URL is not a usable URL: {url!r}"


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://h:99999", "Port out of range 0-65535"),
        ("http://h:abc", "Port could not be cast to integer value as 'abc'"),
        ("http://[::1", "Invalid IPv6 URL"),
    ],
)
def test_a_url_that_cannot_be_taken_apart_is_refused_with_the_reason(url: str, reason: str) -> None:
    with pytest.raises(UsageError) as caught:
        check_api_url(url, "--api-url")
    assert caught.value.message == f"--api-url is not a usable URL: {reason}"


@pytest.mark.parametrize(
    "url",
    [
        "http://user:hunter2pass@h",
        "https://hunter2pass@h",
        "http://user:hunter2pass@h:abc",
        # these end the host too early for a parser to see the password
        "http://user:hunter2pass/x@h",
        "http://user:hunter2pass#x@h",
        "http://user:hunter2pass?x@h",
        "user:hunter2pass@h",
        "http:/user:hunter2pass@h",
        "ftp://user:hunter2pass@h",
        "http://user:hunter2pass\u2100@h",
    ],
)
def test_a_url_with_a_password_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(UsageError) as caught:
        check_api_url(url, "--api-url")
    assert caught.value.message == "--api-url must not hold a user name or password"
    assert "hunter2pass" not in f"{caught.value.message}{caught.value.hint}"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://api.example.com", True),
        ("HTTP://api.example.com", True),
        ("http://10.0.0.1:8080", True),
        ("https://api.example.com", False),
        ("http://localhost:8787", False),
        ("http://127.0.0.1", False),
        ("http://127.8.9.1", False),
        ("http://[::1]:8787", False),
        # a name that only looks like the loopback network
        ("http://127.example.com", True),
        ("http://127.0.0.1.example.com", True),
    ],
)
def test_cleartext_is_what_leaves_the_machine_unencrypted(url: str, expected: bool) -> None:
    assert is_cleartext(url) is expected


@pytest.mark.parametrize(
    ("token", "bare"), [("abc.def-_~+/=", "abc.def-_~+/="), (" abc\n", "abc"), ("", ""), ("\t", "")]
)
def test_blanks_around_a_token_are_forgiven(token: str, bare: str) -> None:
    assert check_token(token) == bare


@pytest.mark.parametrize(
    "token",
    ["xsecret ysecret", "xsecret\nysecret", "xsecret\x00", "xsecreté", '"xsecret"', "xsecret\\"],
)
def test_a_token_that_no_header_can_carry_is_refused_without_repeating_it(
    own_home: Path, token: str
) -> None:
    with pytest.raises(UsageError) as caught:
        load_settings({"HOME": str(own_home), "TALKVALUE_TOKEN": token})
    assert "TALKVALUE_TOKEN holds characters that a token cannot have" in caught.value.message
    assert "xsecret" not in f"{caught.value.message}{caught.value.hint}{caught.value.__cause__}"


def test_settings_do_not_show_the_token_when_they_are_printed() -> None:
    settings = Settings("http://h", "work", "secret-token")
    assert repr(settings) == "Settings(api_url='http://h', profile='work', token=…)"
    assert "secret-token" not in f"{settings} {settings!r}"
