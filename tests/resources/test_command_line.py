"""The command line: global options, usage errors, help and version."""

from __future__ import annotations

import pytest

from tests.replies import Reply
from tests.world import World


@pytest.mark.parametrize(
    "arguments",
    [
        "--json path channel list",
        "path --json channel list",
        "path channel --json list",
        "path channel list --json",
        "--format=table path channel list --json",
        "path --json channel list --format table",
        "path channel list --format JSON",
        "--format csv path channel list --format json",
    ],
)
def test_global_options_are_taken_anywhere(world: World, arguments: str) -> None:
    world.answer(Reply([{"id": 3, "name": "Fair"}]))
    assert world.run(arguments).json == {"data": [{"id": 3, "name": "Fair"}]}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("path bogus", "No such command 'bogus'."),
        ("path channel list --page 2", "No such option '--page'."),
        ("path import get", "Missing argument 'ID'."),
        ("path import get 1 x", "Got unexpected extra argument (x)"),
        ("path import get abc", "Invalid value for 'ID': 'abc' must be a positive integer"),
        ("path import get 12abc", "'12abc' must be a positive integer"),
        ("path import get 7.9", "'7.9' must be a positive integer"),
        ("path import get 1e3", "'1e3' must be a positive integer"),
        ("path import get 0", "'0' must be a positive integer"),
        ("path import wait -- -5", "'-5' must be a positive integer"),
        ("path import get 99999999999999999999", "must be a positive integer"),
        (
            "path channel get 7.9",
            "value for 'NAME-OR-ID': '7.9' must be a positive integer",
        ),
        ("path import list --page 0", "'0' must be a positive integer"),
        ("path import list --page 2x", "'2x' must be a positive integer"),
        ("path import list --page-size", "requires an argument"),
        ("path channel create --name --json", "Option '--name' requires an argument."),
        ("path channel create --name=", "Invalid value for '-n' / '--name': it is empty"),
        ("path channel create", "Missing option '-n' / '--name'"),
        ("path import wait 7 --timeout soon", "'soon' is not a duration"),
        ("--json", "Missing command."),
        ("help path bogus", "No such command 'bogus'."),
        ("help path import run bogus", "No such command 'bogus'."),
    ],
)
def test_a_wrong_command_line_exits_2_and_says_so_in_the_format_chosen(
    world: World, arguments: str, message: str
) -> None:
    done = world.run(arguments, TALKVALUE_TOKEN=None)
    assert (done.code, done.out, done.error["code"]) == (2, "", "USAGE")
    assert message in done.error["message"]
    assert "--help shows how it is used" in done.error["hint"]


@pytest.mark.parametrize("where", ["path import get abc --format {}", "--format={} path bogus"])
def test_the_error_of_the_parser_follows_the_format(world: World, where: str) -> None:
    table = world.run(where.format("table"), TALKVALUE_TOKEN=None)
    assert (table.code, table.err.startswith("Error: ")) == (2, True)
    csv = world.run(where.format("csv"), TALKVALUE_TOKEN=None)
    assert (csv.code, csv.err.startswith("error,message\nUsageError,")) == (2, True)


@pytest.mark.parametrize(
    "arguments",
    ["--format xml path channel list", "path import get 7 --format=xml", "version --format xml"],
)
def test_a_format_that_does_not_exist_exits_2(world: World, arguments: str) -> None:
    world.answer(Reply([]))
    done = world.run(arguments)
    assert (done.code, done.out, done.sent) == (2, "", [])
    assert done.error["message"] == "unsupported output format: xml"


def test_a_person_reads_that_a_format_does_not_exist(world: World) -> None:
    done = world.run("path channel list -o yaml", is_terminal=True, NO_COLOR="1")
    assert done.code == 2
    assert done.out + done.err == (
        "Error: unsupported output format: yaml\n"
        "Hint: choose one of json, table, csv; --query prints parts of the data\n"
    )


@pytest.mark.parametrize(
    "arguments",
    [
        "--version",
        "-V",
        "path --version",
        "path channel list --version",
        "path import create --version",
        "path import get abc -V",
        "path import wait --version",
        "--version path bogus",
    ],
)
def test_version_anywhere_prints_it_and_does_nothing_else(world: World, arguments: str) -> None:
    done = world.run(arguments, TALKVALUE_TOKEN=None)
    assert done.told == (0, "2.0.0.dev0\n", "")


@pytest.mark.parametrize(
    "command",
    ["", "path", "path import", "path import wait", "path channel create", "sandbox run"],
)
def test_help_is_there_for_every_command_and_lists_the_global_options(
    world: World, command: str
) -> None:
    short = world.run(command, "-h", TALKVALUE_TOKEN=None)
    assert (short.code, short.err) == (0, "")
    usage = " ".join(["Usage: talkvalue", command]).strip()
    assert short.out.startswith(usage)
    assert "Global options:" in short.out
    assert "--no-color" in short.out
    assert world.run(command, "--help", TALKVALUE_TOKEN=None).told == short.told
    listed = world.run("help", command, TALKVALUE_TOKEN=None)
    assert (listed.code, listed.err) == (0, "")
    if command:
        assert listed.told == short.told
    else:
        assert listed.out.startswith(short.out) and "\nTopics (" in listed.out


def test_help_of_a_wait_shows_a_script_that_tells_the_ends_apart(world: World) -> None:
    done = world.run("path import get --help", TALKVALUE_TOKEN=None)
    assert "8|124|129|130|143) echo wait again later, do NOT create again ;;" in done.out


def test_program_alone_prints_its_help(world: World) -> None:
    alone = world.run("", TALKVALUE_TOKEN=None)
    assert alone.told == world.run("--help", TALKVALUE_TOKEN=None).told


@pytest.mark.parametrize("group", ["path", "path import", "path company person", "--json path"])
def test_group_alone_prints_its_help_as_an_error(world: World, group: str) -> None:
    done = world.run(group, TALKVALUE_TOKEN=None)
    short = world.run(group, "--help", TALKVALUE_TOKEN=None)
    assert (done.code, done.out, done.err) == (2, "", short.out)
