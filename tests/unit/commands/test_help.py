"""`talkvalue help`: topics beside the help of commands."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

import pytest

from talkvalue_cli import cli
from talkvalue_cli.commands import topics
from tests.fakes import FakeRuntime
from tests.unit.commands.command_line import run

#: written out: they are what README and messages lead to
TOPICS = [
    *["agents", "airflow", "cron", "environment", "exit-codes", "files", "formatting"],
    *["from-node", "imports", "mapping", "people", "python", "reference", "sandbox"],
    *["scaling", "signing-in"],
    "troubleshooting",
    "waiting",
]


def test_topics_are_listed_in_a_line_each_behind_the_commands() -> None:
    done = run("help")
    assert (done.code, done.err) == (0, "")
    commands, found, listed = done.out.partition("\nTopics (talkvalue help TOPIC):\n")
    assert found and "  auth        Sign in and out" in commands
    assert [line.split(None, 1)[0] for line in listed.splitlines()] == TOPICS
    assert "  exit-codes       What each exit code means, and how a script acts on it\n" in listed


@pytest.mark.parametrize("name", TOPICS)
def test_topic_is_printed_whole_without_the_marks_of_its_generated_parts(name: str) -> None:
    done = run("help", name)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(f"# {topics.describe_topic(name)}\n\n")
    assert "<!--" not in done.out


def test_exit_codes_are_a_topic_with_the_codes() -> None:
    out = run("help exit-codes").out
    assert "\n- `4`: Not found.\n" in out and "\n\n\n" not in out


def test_command_of_the_name_of_a_topic_has_its_help_where_it_always_is() -> None:
    assert run("help sandbox").out.startswith("# A server with made-up data")
    assert run("help sandbox run").out.startswith("Usage: talkvalue sandbox run")
    assert run("help path").out.startswith("Usage: talkvalue path")


@pytest.mark.parametrize(
    ("line", "message", "hint"),
    [
        ("exit_codes", "No such command or topic 'exit_codes'.", "did you mean exit-codes?"),
        ("Import", "No such command or topic 'Import'.", "did you mean imports?"),
        ("formating", "No such command or topic 'formating'.", "did you mean formatting?"),
        ("path import waits", "No such command 'waits'.", "did you mean wait?"),
        ("zzz", "No such command or topic 'zzz'.", "talkvalue help lists the topics"),
        (
            "path import zzz",
            "No such command 'zzz'.",
            "talkvalue path import --help shows how it is used",
        ),
        (
            "path import mapping",
            "No such command 'mapping'.",
            "did you mean talkvalue help mapping?",
        ),
    ],
)
def test_unknown_name_exits_2_with_the_nearest_names(line: str, message: str, hint: str) -> None:
    done = run(f"help {line} --format table")
    assert (done.code, done.out) == (2, "")
    assert done.err == f"Error: {message}\nHint: {hint}\n"


def show_on_a_terminal(tmp_path: Path, line: str, **environ: str) -> tuple[str, str]:
    """Return what the terminal and what the pager got."""
    path = tmp_path / "paged"
    path.write_bytes(b"")
    words = shlex.join(["sh", "-c", f"cat > {shlex.quote(str(path))}"])
    given = {"PAGER": words, "PATH": os.environ["PATH"], **environ}
    context = FakeRuntime(line.split(), given, is_terminal=True)
    assert cli.main(line.split(), context) == 0
    return context.fake_stdout.text, path.read_text("utf-8")


def test_topic_goes_through_the_pager_on_a_terminal(tmp_path: Path) -> None:
    text = topics.read_topic("mapping")
    assert show_on_a_terminal(tmp_path, "help mapping") == ("", text)
    assert show_on_a_terminal(tmp_path, "help mapping", PAGER="") == (text, "")
    assert show_on_a_terminal(tmp_path, "help mapping", PAGER="no-such-pager") == (text, "")
    assert show_on_a_terminal(tmp_path, "help mapping", TERM="dumb") == (text, "")


@pytest.mark.parametrize("line", ["help", "help path import get"])
def test_help_of_commands_needs_no_pager(tmp_path: Path, line: str) -> None:
    out, paged = show_on_a_terminal(tmp_path, line)
    assert out.startswith("Usage: talkvalue") and paged == ""
