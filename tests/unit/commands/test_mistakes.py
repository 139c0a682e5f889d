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
    ("line", "meant"),
    [
        ("channels", ["path channel list"]),
        ("contacts", ["path person list"]),
        ("contacts export", ["path person export"]),
        ("people ls", ["path person list"]),
        ("people show 1", ["path person get 1"]),
        ("imports", ["path import list"]),
        ("jobs watch 3", ["path import wait 3"]),
        ("path channels", ["path channel list"]),
        ("path contacts rm 7", ["path person delete 7"]),
        ("analytics", ["path analysis"]),
        ("stats", ["path overview"]),
        ("settings", ["config list"]),
        ("profiles", ["auth list"]),
        ("wait 7", ["path import wait 7"]),
        ("waits", ["path import wait"]),
        ("errors", ["path import failed-export"]),
        ("run x.csv", ["path import run x.csv"]),
        ("retry", ["path import run"]),
        ("signin", ["login"]),
        ("chanel list", ["path channel list"]),
        ("compeltion bash", ["completion bash"]),
        ("path import ls", ["path import list"]),
        ("import ls", ["import list"]),
        ("import show 7", ["import get 7"]),
        ("import describe 7", ["import get 7"]),
        ("import status 7", ["import get 7"]),
        ("import follow", ["import wait", "import list --watch"]),
        ("import errors 7", ["import failed-export 7"]),
        ("import retry x", ["import run"]),
        ("import check x.csv", ["import analyze x.csv", "import run --dry-run x.csv"]),
        ("import lsit", ["import list"]),
        ("channel rm 7", ["channel delete 7"]),
        ("channel remove 7", ["channel delete 7"]),
        ("channel new VIP", ["channel create VIP", "channel add-person VIP"]),
        ("channel add VIP", ["channel create VIP", "channel add-person VIP"]),
        ("channel show 7", ["channel get 7"]),
        ("tag find x", ["tag list --name x"]),
        ("person search ada", ["person list --keyword ada"]),
        ("auth whoami", ["auth status"]),
        ("config ls", ["config list"]),
        ("help channels", ["path channel list"]),
        ("exit-codes", ["help exit-codes"]),
        ("mapping", ["help mapping"]),
        ("get import 7", ["path import get 7"]),
        ("get imports", ["path import list"]),
        ("get channels", ["path channel list"]),
        ("describe import 7", ["path import get 7"]),
        ("path list people", ["path person list"]),
        ("edit channel 7", ["path channel update 7"]),
        ("delete tag online", ["path tag delete online"]),
        ("create channel VIP", ["path channel create VIP"]),
        ("watch import 7", ["path import wait 7"]),
        ("import help", ["help import"]),
        ("import help run", ["help import run"]),
        ("path import help zzz", ["help path import"]),
        ("sandbox start", ["sandbox serve", "sandbox run"]),
        ("init", ["login"]),
        ("tag get 4", ["tag list"]),
        ("customers", ["path person list"]),
        ("auth refresh", ["auth login"]),
        ("explain import", ["help import"]),
        ("tag show 4", ["tag list"]),
        ("configure", ["login"]),
        ("status", ["path import get", "auth status"]),
        ("status import 7", ["path import get 7"]),
        ("import latest", ["import get --latest"]),
        ("import last", ["import get --latest"]),
        ("latest", ["path import get --latest"]),
        ("doctor", ["auth status"]),
    ],
)
def test_a_wrong_command_is_answered_with_what_is_meant(line: str, meant: list[str]) -> None:
    _, hint = refuse(line)
    if len(meant) == 1:
        assert hint == f"did you mean talkvalue {meant[0]}?"
    else:
        lines = "".join(f"\ntalkvalue {each}" for each in meant)
        assert hint == f"did you mean one of these?{lines}"


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


def test_a_verb_before_an_import_that_cannot_be_cancelled_says_so_too() -> None:
    assert refuse("cancel import 7")[0] == "an import cannot be cancelled"


@pytest.mark.parametrize("word", ["cancel", "stop", "abort", "delete", "rm"])
def test_an_import_cannot_be_cancelled_and_what_can_be_done_is_said(word: str) -> None:
    message, hint = refuse(f"import {word} 1")
    assert message == "an import cannot be cancelled"
    assert hint.startswith("it keeps running on the server")
    assert "talkvalue path import wait ID" in hint
    assert "talkvalue path channel people ID" in hint


@pytest.mark.parametrize("line", ["person create a@x.org", "path person add", "create person"])
def test_a_person_is_added_to_something(line: str) -> None:
    message, hint = refuse(line)
    assert message == "a person is added to a channel or an event"
    assert hint.startswith("talkvalue path channel add-person CHANNEL EMAIL ")


def test_what_other_groups_can_do_is_not_suggested() -> None:
    hint = "its commands are channel, event; talkvalue analysis --help shows how it is used"
    assert refuse("analysis list") == ("No such command 'list'.", hint)


@pytest.mark.parametrize("typed", ["--token", "--api-key"])
def test_a_secret_belongs_into_the_environment(typed: str) -> None:
    hint = "set TALKVALUE_TOKEN: a command line can be seen by other users of the machine"
    assert refuse(f"channel list {typed} x") == (f"No such option '{typed}'.", hint)


def test_a_company_is_not_made_by_hand() -> None:
    message, hint = refuse("path company create Acme")
    assert message == "companies are made by the server, of the domains of e-mail addresses"
    assert hint.startswith("talkvalue path channel add-person CHANNEL EMAIL ")


@pytest.mark.parametrize(
    ("line", "suggested"),
    [
        ("import run x.csv --chanel 1", "--channel"),
        ("import run x.csv --soruce-id 1", "--source-id"),
        ("import run x.csv --upsert", "--mode UPDATE"),
        ("import run x.csv --skip-existing", "--mode SKIP"),
        ("import run x.csv --dryrun", "--dry-run"),
        ("import run x.csv --background", "--no-wait"),
        ("import run x.csv --source Newsletter", "--channel"),
        ("import wait 7 --time-out 5", "--timeout"),
        ("person list --search ada", "--keyword"),
        ("person list --per-page 5", "--page-size"),
        ("person delete 7 --no-prompt", "--yes"),
        ("person export --out x.csv", "--output"),
        ("channel list --debug", "--verbose"),
        ("channel list --output json", "--format json"),
        ("channel list --output=CSV", "--format CSV"),
        ("channel list --output yaml", "--format"),
        ("channel list --endpoint-url x", "--api-url"),
        ("person delete 7 --force", "--yes"),
        ("person list --limit 5", "--page-size"),
        ("import run x.csv --h", "--help"),
        ("import list -L 3", "--limit or --page-size"),
        ("person list -L 3", "--page-size"),
        ("import run x.csv -m SKIP", "--mode"),
        ("import run x.csv -c 1", "--channel"),
        ("channel list -v", "--verbose or --version"),
        ("import list -n 3", "--limit or --page-size"),
        ("import list --failed", "--status FAILED"),
        ("import list --running", "--active"),
        ("import list --filter status=FAILED", "--status"),
        ("import get --newest", "--latest"),
    ],
)
def test_a_wrong_option_is_answered_with_the_one_that_is_meant(line: str, suggested: str) -> None:
    typed = next(word for word in line.split() if word.startswith("-")).partition("=")[0]
    assert refuse(line) == (f"No such option '{typed}'.", f"did you mean {suggested}?")


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


def test_an_option_for_what_is_done_anyway_is_left_out() -> None:
    hint = "leave it out: this command waits unless --no-wait is given"
    assert refuse("import run x.csv --channel 1 --mode SKIP --wait")[1] == hint


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("import get #7", "did you mean 7?"),
        ("import wait https://app.example.org/imports/7", "did you mean 7?"),
        ("import get latest", "did you mean talkvalue import get --latest?"),
        ("import get 1.5", "talkvalue import get --help shows how it is used"),
        ("import get zzz", "talkvalue import get --help shows how it is used"),
    ],
)
def test_what_stands_for_an_id_is_answered_with_the_id(line: str, hint: str) -> None:
    assert refuse(line)[1] == hint


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


@pytest.mark.parametrize("typed", ["--json id", "--json id,name", "--json=id", "--json id -o csv"])
def test_fields_behind_json_are_answered_with_query(typed: str) -> None:
    hint = "--json has no value; --query prints parts of the data: --query id, --query '[].id'"
    assert refuse(f"import list {typed}")[1] == hint


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
    ("line", "usage"),
    [
        ("person get --email a@x.org", "talkvalue person get [OPTIONS] EMAIL-OR-ID"),
        ("import failed-export --id 7", "talkvalue import failed-export [OPTIONS] ID"),
        ("import run -f x.csv", "talkvalue import run [OPTIONS] FILE..."),
        ("completion --shell zsh", "talkvalue completion [OPTIONS] SHELL"),
        ("import run --file x.csv", "talkvalue import run [OPTIONS] FILE..."),
    ],
)
def test_an_option_for_what_is_an_argument_says_so(line: str, usage: str) -> None:
    assert refuse(line)[1] == f"give it as an argument: {usage}"


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


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("person 7", "person get 7"),
        ("person ada@x.org", "person get ada@x.org"),
        ("path import 4218", "path import get 4218"),
        ("channel 1 --json", "channel get 1 --json"),
    ],
)
def test_an_id_in_the_place_of_a_verb_is_to_be_shown(line: str, command: str) -> None:
    assert refuse(line)[1] == f"did you mean talkvalue {command}?"


def test_an_option_before_its_command_is_said_to_be_of_it() -> None:
    hint = refuse("import --exit-status 7")[1]
    assert hint == "it is an option of talkvalue import get"


def test_a_name_with_blanks_wants_quotes() -> None:
    message, hint = refuse("channel people Spring fair")
    assert message == "Got unexpected extra argument (fair)"
    usage = "talkvalue channel people --help shows how it is used"
    assert hint == f"put a name with blanks in quotes; {usage}"


@pytest.mark.parametrize("line", ["import get 7 8", "import get 7,8", "person delete 7 8"])
def test_several_ids_where_one_is_taken_are_a_line_for_each(line: str) -> None:
    command = f"talkvalue {' '.join(line.split()[:2])}"
    assert refuse(line)[1] == f"it takes one at a time: {command} 7; {command} 8"


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("import list --status failed,COMPLETED", "--status failed --status COMPLETED"),
        ("import list --status=FAILED,COMPLETED", "--status FAILED --status COMPLETED"),
        ("person get Ada", "talkvalue path person list --keyword Ada"),
        ("person delete O'Neil", "talkvalue path person list --keyword 'O'\"'\"'Neil'"),
    ],
)
def test_a_value_that_others_take_is_answered_with_what_is_taken(line: str, hint: str) -> None:
    assert refuse(line)[1] == f"did you mean {hint}?"


def test_ids_of_standard_input_are_for_xargs() -> None:
    assert refuse("import get -")[1] == "each of standard input: xargs -n1 talkvalue import get"


@pytest.mark.parametrize("line", ["", "path", "import", "channel", "path import", "event person"])
def test_a_group_alone_shows_its_help(line: str) -> None:
    done = run(line)
    assert done.code == (2 if line else 0)
    assert f"Usage: talkvalue {line}".rstrip() in (done.err if line else done.out)


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
