"""What a wrong command line is answered with: all that is missing, and what may be meant."""

from __future__ import annotations

import pytest

from tests.reference import walk_commands
from tests.unit.commands.command_line import refuse, run

NOUNS = ["import", "overview", "person", "tag"]


def read_help(line: str) -> str:
    """Return the help of a line."""
    done = run(f"{line} --help")
    assert (done.code, done.err) == (0, "")
    return done.out


@pytest.mark.parametrize(
    ("line", "first"),
    [
        ("ls", "path import list"),
        ("path ls", "path import list"),
        ("show 7", "path import get 7"),
        ("search", "path person list --keyword TEXT"),
        ("search ada", "path person list --keyword ada"),
        ("rm 7", "path channel delete 7"),
        ("export", "path channel export"),
    ],
)
def test_a_verb_alone_is_answered_with_some_commands(line: str, first: str) -> None:
    lines = refuse(line)[1].splitlines()
    assert lines[:2] == ["did you mean one of these?", f"talkvalue {first}"]
    assert 3 <= len(lines) <= 5


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("zzz", "talkvalue --help shows how it is used"),
        (
            "config zzz",
            "its commands are get, list, path, set; talkvalue config --help shows how it is used",
        ),
        (
            "path analysis channel zzz 7",
            "its commands are attribution, audience; "
            "talkvalue path analysis channel --help shows how it is used",
        ),
    ],
)
def test_what_is_like_nothing_is_answered_with_what_there_is(line: str, hint: str) -> None:
    assert refuse(line) == ("No such command 'zzz'.", hint)


@pytest.mark.parametrize("group", ["", "path ", "import "])
def test_an_empty_word_is_no_command(group: str) -> None:
    usage = f"talkvalue {group}--help shows how it is used"
    assert refuse(group, "") == ("No such command ''.", usage)


@pytest.mark.parametrize("word", ["cancel", "stop", "abort", "delete", "rm"])
def test_an_import_cannot_be_cancelled_and_what_can_be_done_is_said(word: str) -> None:
    message, hint = refuse(f"import {word} 1")
    assert message == "an import cannot be cancelled"
    assert hint.startswith("it keeps running on the server")
    assert "talkvalue path import wait ID" in hint
    assert "talkvalue path channel people ID" in hint


def test_what_other_groups_can_do_is_not_suggested() -> None:
    hint = "its commands are channel, event; talkvalue analysis --help shows how it is used"
    assert refuse("analysis list") == ("No such command 'list'.", hint)


@pytest.mark.parametrize("typed", ["--token", "--api-key"])
def test_a_secret_belongs_into_the_environment(typed: str) -> None:
    hint = "set TALKVALUE_TOKEN: a command line can be seen by other users of the machine"
    assert refuse(f"channel list {typed} x") == (f"No such option '{typed}'.", hint)


@pytest.mark.parametrize(
    "line",
    [
        "channel list --page 2",
        "channel list --channel 1",
        "tag list --hello",
        "person get 7 --sort x",
    ],
)
def test_an_unrelated_option_is_never_suggested(line: str) -> None:
    assert refuse(line)[1].endswith("--help shows how it is used")


def test_a_short_option_of_gh_is_answered_with_query() -> None:
    done = run("channel list -q id")
    assert done.code == 2
    assert done.err == "Error: No such option '-q'.\nHint: did you mean --query?\n"


@pytest.mark.parametrize("verb", ["wait", "file", "csv"])
def test_a_file_behind_another_verb_is_answered_with_run(verb: str) -> None:
    hint = refuse(f"import {verb} people.csv")[1]
    command = "talkvalue import run people.csv --channel NAME-OR-ID --mode UPDATE"
    assert hint.splitlines()[0] == command


@pytest.mark.parametrize("port", ["abc", "-1", "70000", "8787.0", ""])
def test_a_port_is_a_number(port: str) -> None:
    message, hint = refuse("sandbox serve --port", port)
    assert message == f"Invalid value for '--port': '{port}' must be a number from 0 to 65535"
    assert hint == "talkvalue sandbox serve --help shows how it is used"


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("person list ada", "--keyword ada"),
        ("person list ada okafor", "--keyword 'ada okafor'"),
        ("tag list eu", "--name eu"),
    ],
)
def test_a_word_behind_a_list_is_answered_with_its_search(line: str, meant: str) -> None:
    assert refuse(line)[1].startswith(f"did you mean {meant}?")


@pytest.mark.parametrize(
    ("line", "message", "hint"),
    [
        (
            "import run",
            "Missing argument 'FILE...', option '--channel' / '--source-id', option '--mode'.",
            "- is standard input; "
            "--channel: talkvalue path channel list shows the channels; --mode: UPDATE or SKIP; "
            "talkvalue import run --help shows how it is used",
        ),
        (
            "import run x.csv --mode upsert",
            "Invalid value for '--mode': 'upsert' is not one of UPDATE, SKIP; did you mean "
            "UPDATE? Also missing: option '--channel' / '--source-id'.",
            "--channel: talkvalue path channel list shows the channels; "
            "talkvalue import run --help shows how it is used",
        ),
        (
            "import create",
            "Missing option '--file-key', option '--channel' / '--source-id', option '--mode', "
            "option '--mapping'.",
            "--file-key: talkvalue path import analyze FILE shows the key and the columns; "
            "--channel: talkvalue path channel list shows the channels; --mode: UPDATE or SKIP; "
            "--mapping: talkvalue path import analyze FILE shows the key and the columns; "
            "talkvalue import create --help shows how it is used",
        ),
        (
            "event create --start-at 2027-03-01",
            "Missing option '-n' / '--name', option '--time-zone' / '--timezone'.",
            "--time-zone: an IANA name, such as Europe/Berlin; "
            "talkvalue event create --help shows how it is used",
        ),
        (
            "person merge",
            "Missing argument 'SOURCE', argument 'TARGET'.",
            "talkvalue path person list shows the people; "
            "talkvalue person merge --help shows how it is used",
        ),
        (
            "completion",
            "Missing argument 'SHELL'.",
            "bash, zsh or fish; talkvalue completion --help shows how it is used",
        ),
        (
            "import failed-export",
            "Missing argument 'ID'.",
            "talkvalue path import list shows the imports; "
            "talkvalue import failed-export --help shows how it is used",
        ),
    ],
)
def test_all_that_is_missing_is_said_at_once(line: str, message: str, hint: str) -> None:
    assert refuse(line) == (message, hint)


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("import x.csv", "run x.csv --channel NAME-OR-ID --mode UPDATE"),
        ("import x.csv --channel 1", "run x.csv --channel 1 --mode UPDATE"),
        ("import x.csv --source-id=1 --mode SKIP", "run x.csv --source-id=1 --mode SKIP"),
        ("path import - --mode UPDATE", "run - --mode UPDATE --channel NAME-OR-ID"),
        ("import -f x.csv --channel 1", "run x.csv --channel 1 --mode UPDATE"),
        ("import x.csv to VIP", "run x.csv --channel VIP --mode UPDATE"),
        ("import x.csv 1 SKIP", "run x.csv --channel 1 --mode SKIP"),
        ("import x.csv y.csv", "run x.csv y.csv --channel NAME-OR-ID --mode UPDATE"),
        ("import --channel 1 x.csv", "run --channel 1 x.csv --mode UPDATE"),
        ("import --mode SKIP my.csv", "run --mode SKIP my.csv --channel NAME-OR-ID"),
    ],
)
def test_a_file_in_the_place_of_run_is_answered_with_the_whole_command(
    line: str, command: str
) -> None:
    message, hint = refuse(line)
    group = "path import" if line.startswith("path") else "import"
    assert "put 'run' before the file" in message
    assert hint.splitlines()[0] == f"talkvalue {group} {command}"
    assert "talkvalue path channel list shows the channels" in hint


def test_a_name_with_blanks_wants_quotes() -> None:
    message, hint = refuse("channel people Spring fair")
    assert message == "Got unexpected extra argument (fair)"
    usage = "talkvalue channel people --help shows how it is used"
    assert hint == f"put a name with blanks in quotes; {usage}"


@pytest.mark.parametrize("line", ["import run", "channel list", "event person list", "overview"])
def test_a_short_path_is_the_long_one(line: str) -> None:
    short, long = read_help(line), read_help(f"path {line}")
    assert short.startswith(f"Usage: talkvalue {line} ")
    assert short.partition("\n")[2] == long.partition("\n")[2]


def test_the_help_lists_short_paths_once() -> None:
    text = read_help("")
    listed = text.partition("Path commands, with and without `path`:\n")[2].partition("\n\n")[0]
    path = next(entry for entry in walk_commands() if entry.path == "talkvalue path")
    below = path.command.get_help(path.context).partition("\nCommands:\n")[2]
    assert [line.split(None, 1) for line in listed.splitlines()] == [
        line.split(None, 1) for line in below.splitlines()
    ]
    names = [line.split()[0] for line in listed.splitlines()]
    assert names == ["analysis", "channel", "company", "event", *NOUNS]
    commands = [line.split()[0] for line in text.partition("\nCommands:\n")[2].splitlines()]
    assert "path" in commands
    assert not {*names, "whoami", "login", "logout"} & {*commands}


@pytest.mark.parametrize(
    ("alias", "name"),
    [
        ("whoami", "auth status"),
        ("login", "auth login"),
        ("logout", "auth logout"),
        ("import watch", "import wait"),
    ],
)
def test_an_alias_is_the_command(alias: str, name: str) -> None:
    told = [read_help(each).partition("\n")[2] for each in (alias, name)]
    assert told[0] == told[1] != ""
