"""The last resort: an error that nobody foresaw."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from talkvalue_cli import cli, crash
from talkvalue_cli.api import sources
from tests.fakes import FakeRuntime
from tests.unit.auth.sessions import mode_of

TOKEN = "tok-3f9a1c77e2"
JWT = "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.c2ln"
#: before a fixture replaces it for all other tests
DESCRIBE = crash.describe


@pytest.fixture(autouse=True)
def last_resort(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the program report what nobody foresaw, as it does outside tests."""
    monkeypatch.setattr(crash, "describe", DESCRIBE)


@pytest.fixture(autouse=True)
def failure(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a command fail as none should, with secrets in the error."""

    def fail(*arguments: Any) -> None:
        cause = KeyError(f"https://joe:pa55word@proxy.test {JWT} other-secret-of-mine")
        raise RuntimeError(f"no {TOKEN}, nor Bearer abc.def-123 either\x1b[31m") from cause

    monkeypatch.setattr(sources, "list_sources", fail)


def run(folder: Path, *options: str, state: str | None = None) -> tuple[int, FakeRuntime]:
    environ = {
        "TALKVALUE_API_URL": "http://127.0.0.1:9",
        "TALKVALUE_TOKEN": TOKEN,
        "OTHER_API_KEY": "other-secret-of-mine",
        "XDG_STATE_HOME": state or str(folder),
    }
    argv = ["path", "channel", "list", *options]
    context = FakeRuntime(argv, environ)
    return cli.main(argv, context), context


def test_it_is_a_sentence_that_names_a_private_file(tmp_path: Path) -> None:
    code, context = run(tmp_path)
    assert (code, context.fake_stdout.text) == (1, "")
    [path] = (tmp_path / "talkvalue" / "crashes").iterdir()
    assert json.loads(context.fake_stderr.text)["error"] == {
        "message": f"this error was not foreseen (RuntimeError); where it happened is in {path}",
        "code": "INTERNAL",
        "report": str(path),
        "hint": "send the file with a report of the bug; it holds no secrets, but your arguments",
    }
    assert (mode_of(path), mode_of(path.parent), mode_of(path.parent.parent)) == (
        "0o600",
        "0o700",
        "0o700",
    )


def test_the_file_has_what_happened_and_no_secrets(tmp_path: Path) -> None:
    run(tmp_path)
    [path] = (tmp_path / "talkvalue" / "crashes").iterdir()
    text = path.read_text()
    assert "arguments: ['path', 'channel', 'list']" in text
    assert "Traceback (most recent call last):" in text
    assert "KeyError: 'https://***@proxy.test *** ***'" in text
    assert "RuntimeError: no ***, nor Bearer *** either" in text


@pytest.mark.parametrize(
    ("format", "start"),
    [
        ("table", "Error: this error was not foreseen"),
        ("csv", "error,message\nCliError,this error"),
    ],
)
def test_it_is_printed_in_the_format_of_the_command(
    tmp_path: Path, format: str, start: str
) -> None:
    code, context = run(tmp_path, "--format", format)
    assert (code, context.fake_stdout.text) == (1, "")
    assert context.fake_stderr.text.startswith(start)
    assert "Traceback" not in context.fake_stderr.text


def test_verbose_shows_it_too_cleaned_and_without_secrets(tmp_path: Path) -> None:
    code, context = run(tmp_path, "--verbose", "--format=table")
    assert code == 1
    assert "Traceback (most recent call last):\n" in context.fake_stderr.text
    assert "nor Bearer *** either\\x1b[31m\n" in context.fake_stderr.text


@pytest.mark.parametrize("state", ["/dev/null", "/proc/nothing"])
def test_without_a_place_for_the_file_it_is_a_sentence_all_the_same(
    tmp_path: Path, state: str
) -> None:
    code, context = run(tmp_path, state=state)
    assert code == 1
    assert json.loads(context.fake_stderr.text)["error"] == {
        "message": "this error was not foreseen (RuntimeError)",
        "code": "INTERNAL",
        "hint": "--verbose shows where it happened",
    }


def test_the_newest_ten_are_kept(tmp_path: Path) -> None:
    folder = tmp_path / "talkvalue" / "crashes"
    folder.mkdir(parents=True)
    for day in range(1, 15):
        (folder / f"202501{day:02}T000000Z-1.txt").touch()
    run(tmp_path)
    names = sorted(path.name for path in folder.iterdir())
    assert (len(names), names[0]) == (10, "20250106T000000Z-1.txt")


def test_an_error_in_what_comes_last_is_caught_as_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(FakeRuntime, "settle", fail)
    code, context = run(tmp_path)
    assert code == 1
    assert "not foreseen (ZeroDivisionError)" in context.fake_stderr.text
