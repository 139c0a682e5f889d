"""What gh, kubectl, aws and their likes would be told is answered with the whole line to type."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.commands.command_line import refuse, run


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("import/7", ["path import get 7"]),
        ("import/7 --json", ["path import get 7 --json"]),
        ("get import/7", ["path import get 7"]),
        ("imports 7", ["path import get 7"]),
        ("contacts ada@x.org", ["path person get ada@x.org"]),
        ("people search ada okafor", ["path person list --keyword 'ada okafor'"]),
        ("contacts export -o c.csv", ["path person export -o c.csv"]),
        ("person edit 7 --phone 123", ["person update 7 --phone 123"]),
        ("person rm 7 -f", ["person delete 7"]),
        ("rerun x.csv", ["path import run x.csv"]),
        ("channel add-people 7 a@x.org", ["channel add-person 7 a@x.org"]),
        ("tag remove 7 online", ["tag detach 7 online"]),
        ("import follow 7", ["import wait 7"]),
        ("import 7 wait", ["import wait 7"]),
        ("import 7 errors", ["import failed-export 7"]),
        ("channel 7 people", ["channel people 7"]),
        ("channel Newsletter people", ["channel people Newsletter"]),
        ("person 7 delete", ["person delete 7"]),
        ("event 7 people", ["event person list 7"]),
        ("event 7 attendees", ["event person list 7"]),
        ("tag 7 online", ["tag attach 7 online"]),
        ("tag channel 7 online", ["path tag attach 7 online"]),
        ("config:set api_url http://x.org", ["config set api_url http://x.org"]),
        ("import:list", ["import list"]),
        ("imports:ls", ["path import list"]),
        ("config api_url", ["config get api_url"]),
        ("config api_url http://x.org", ["config set api_url http://x.org"]),
        ("config view", ["config list"]),
        ("sandbox talkvalue channel list", ["sandbox run -- talkvalue channel list"]),
        ("sandbox exec -- talkvalue tag list", ["sandbox run -- talkvalue tag list"]),
        ("import running", ["import list --active"]),
        ("import pending", ["import list --status PENDING"]),
        ("import summary 7", ["path import get 7"]),
        ("import fields", ["help mapping"]),
        ("import dry-run x.csv", ["import run --dry-run x.csv"]),
        ("import columns x.csv", ["import analyze x.csv"]),
        ("import convert x.csv", ["import prepare x.csv"]),
        ("user info 7", ["path person get 7"]),
        ("segments", ["path channel list"]),
        ("event rsvp 7 a@x.org", ["event person add 7 a@x.org"]),
        ("event cancel 7", ["event delete 7"]),
        ("event upcoming", ["path event list"]),
        ("auth orgs", ["auth switch"]),
        ("import people 7", ["path person list"]),
        ("changelog", ["version"]),
        ("channel rename 7 Fair", ["channel update 7 --name Fair"]),
        ("tag rename online offline", ["tag update online offline"]),
        ("failures 7", ["path import failed-export 7"]),
        ("channel members 7", ["channel people 7"]),
        ("event attendees 7", ["event person list 7"]),
        ("event person 7", ["event person list 7"]),
        ("event export 7", ["event person export 7"]),
        ("event register 7 a@x.org", ["event person add 7 a@x.org"]),
        ("event add 7 a@x.org", ["event person add 7 a@x.org"]),
        ("channel subscribe 7 a@x.org", ["channel add-person 7 a@x.org"]),
        ("company people 7", ["company person list 7"]),
        ("channel Newsletter", ["channel get Newsletter"]),
        ("channel Show 7", ["channel get 7"]),
        ("channel stats 7", ["path analysis channel attribution 7"]),
        ("person events 7", ["path person get 7"]),
        ("person history 7", ["person activity 7"]),
        ("auth show", ["auth status"]),
        ("org list", ["auth status", "auth switch"]),
        ("use-context x", ["auth use x"]),
        ("event add-person 7 a@x.org", ["event person add 7 a@x.org"]),
        ("channel person list 7", ["channel people 7"]),
        ("channel person add 7 a@x.org", ["channel add-person 7 a@x.org"]),
        ("commands", ["help"]),
        ("path import waits 7", ["path import wait 7"]),
        ("waits --timeout 5 7", ["path import wait --timeout 5 7"]),
        ("wait --token secret 7", ["path import wait"]),
        ("channel tag VIP online", ["path tag attach VIP online"]),
        ("event untag 7 online", ["path tag detach 7 online"]),
        ("import export-failed 7", ["import failed-export 7"]),
    ],
)
def test_the_words_behind_a_wrong_verb_are_kept(line: str, meant: list[str]) -> None:
    first, *rest = refuse(line)[1].split("\n")
    lines = rest or [first.removeprefix("did you mean ").removesuffix("?")]
    assert lines == [f"talkvalue {each}" for each in meant]
    assert first.startswith("did you mean ")


@pytest.mark.parametrize("line", ["people search ada", "import/7", "event attendees 7"])
def test_what_is_suggested_gets_as_far_as_the_server(line: str) -> None:
    command = refuse(line)[1].removeprefix("did you mean talkvalue ").removesuffix("?")
    assert "could not resolve host" in run(command).err


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("rerun 7", "an import is run again from its file"),
        ("import retry 7", "an import is run again from its file"),
        ("retry import 7", "an import is run again from its file"),
        ("event person remove 7 a", "a person cannot be taken out of a channel or an event"),
        ("cancel 7", "an import cannot be cancelled"),
        ("import rollback 7", "an import cannot be cancelled"),
        ("subscriber add a@x.org", "a person is added to a channel or an event"),
        ("person tag 7 online", "channels and events have tags, people have none"),
        ("tag people online", "channels and events have tags, people have none"),
        ("channel remove-person 7 a", "a person cannot be taken out of a channel or an event"),
        (
            "config unset api_url",
            "a setting is changed with `config set`, and taken away in the file",
        ),
        (
            "event person remove 7 a@x.org",
            "a person cannot be taken out of a channel or an event",
        ),
        ("sandbox stop", "a sandbox ends with Ctrl-C in the shell where it serves"),
    ],
)
def test_what_cannot_be_done_is_said_with_what_can(line: str, message: str) -> None:
    told = refuse(line)
    assert told[0] == message
    assert "talkvalue " in told[1]


PARTS = "--query prints parts of the data: --query id, --query '[].id'"


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("import list -A", "did you mean --all?"),
        ("import list --columns", PARTS),
        ("import list --columns id,status", "did you mean --query '[].{id: id, status: status}'?"),
        (
            "import list --fields=ID,fileName",
            "did you mean --query '[].{id: id, fileName: fileName}'?",
        ),
        ("import get 7 --columns status", "did you mean --query '{status: status}'?"),
        ("import run x.csv -y", "did you mean --yes?"),
        ("import run x.csv --into VIP", "did you mean --channel?"),
        ("import run x.csv --on-conflict skip", "did you mean --mode?"),
        ("import run x.csv --max-errors 5", "did you mean --max-failed?"),
        ("import run x.csv --skip-rows 2", "did you mean --header-row?"),
        ("import wait 7 --poll 5", "did you mean --interval?"),
        ("import run x.csv --strict-mode", "did you mean --strict?"),
        ("person list -k ada", "did you mean --keyword?"),
        (
            "import run x.csv --watch",
            "leave it out: this command waits unless --no-wait is given",
        ),
        (
            "import run x.csv --resume",
            "leave it out: the same line run again goes on with its import",
        ),
        ("channel list --output out.json", "> out.json saves what is printed"),
        ("event list --limit 5", "did you mean --query '[:5]'?"),
        ("import run x.csv --sep ;", "did you mean --delimiter?"),
        ("import run x.csv --charset utf-8", "did you mean --encoding?"),
        ("import run x.csv --no-header", "did you mean --header-row?"),
        ("import run x.csv -j 2", "did you mean --parallel?"),
        ("import run x.csv --continue-on-error", "did you mean --keep-going?"),
        ("import run x.csv --no-progress", "did you mean --progress none?"),
        ("import run x.csv --to VIP", "did you mean --channel?"),
        ("import get 7 --follow", "did you mean --wait?"),
        ("import failed-export 7 --count", "did you mean --summary?"),
        (
            "import run x.csv --event 7",
            "an import goes to a channel, which --channel names",
        ),
        (
            "import wait 7 --exit-status",
            "leave it out: this command waits for the end, and its exit code says how it was",
        ),
        ("channel list --name News", "did you mean --query \"[?contains(name, 'News')]\"?"),
        ("person update 7 --name Ada", "did you mean --first-name?"),
        (
            "sandbox serve --token x",
            "TALKVALUE_SANDBOX_TOKEN in the environment is the token that it accepts",
        ),
        ("person list --title CEO", "did you mean --job-title?"),
        ("event create --title Fair", "did you mean --name?"),
        ("event create --date 2027-01-01", "did you mean --start-at?"),
        ("import list --no-headers", PARTS),
        ("import list --sort createdAt", "did you mean --query 'sort_by(@, &createdAt)'?"),
        ("channel list --sort=-name", "did you mean --query 'reverse(sort_by(@, &name))'?"),
        ("channel list --reverse", "did you mean --query 'reverse(@)'?"),
        ("channel list --sort", "talkvalue channel list --help shows how it is used"),
        ("person list --sort-by name", "did you mean --sort?"),
        ("import list --after yesterday", "did you mean --since?"),
        ("import list --to yesterday", "did you mean --until?"),
        ("import list --today", "did you mean --since today?"),
        ("import history --latest", "did you mean --limit 1?"),
        ("import failed-export 7 --output-file x.csv", "did you mean --output?"),
        ("person list --email a@x.org", "did you mean --keyword?"),
        ("person delete 7 -f", "did you mean --yes?"),
        ("sandbox serve -p 8000", "did you mean --port or --profile?"),
        ("api /path/channel -d {}", "did you mean --input - or --field?"),
        ("import list -help", "did you mean --help?"),
        ("import list -json", "did you mean --json?"),
        (
            "import list --file a/x.csv.gz",
            "did you mean --query \"[?starts_with(fileName, 'x.')]\"?",
        ),
        (
            "import wait 7 --for=completed",
            "leave it out: this command waits for the end, and its exit code says how it was",
        ),
        ("import wait 7 8 --all", "leave it out: all the imports that are named are waited for"),
        (
            "import failed-export --latest",
            "talkvalue import failed-export $(talkvalue path import get --latest --query id)",
        ),
        (
            "import get --job-id 7",
            "give it as an argument: talkvalue import get [OPTIONS] ID",
        ),
        (
            "channel get --channel-id 7",
            "give it as an argument: talkvalue channel get [OPTIONS] NAME-OR-ID",
        ),
        ("completion bash --install", "talkvalue completion --help shows how it is used"),
        ("person get --channel-id 7", "talkvalue person get --help shows how it is used"),
    ],
)
def test_an_option_of_another_program_is_answered(line: str, hint: str) -> None:
    assert refuse(line)[1] == hint


def test_a_list_without_quiet_says_that_it_is_not_needed() -> None:
    hint = "leave it out: only the answer goes to standard output"
    assert run("person list --quiet").err.endswith(f"Hint: {hint}\n")


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("1,2", "1 2"),
        ("1 2", "1 2"),
        (" 1", "1"),
        ("[1, 2]", "1 2"),
        ("import/1", "1"),
        ("id:1", "1"),
    ],
)
def test_ids_as_scripts_have_them_are_answered_with_ids(word: str, meant: str) -> None:
    assert refuse("import wait", word)[1] == f"did you mean {meant}?"


@pytest.mark.parametrize("line", ["import wait", "import get", "channel get", "person delete"])
def test_an_empty_id_may_be_an_empty_variable(line: str) -> None:
    hint = f"is a variable empty? talkvalue {line} --help shows how it is used"
    assert refuse(line, "")[1] == hint


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("import list failed", "--status FAILED"),
        ("import list all", "--all"),
        ("import list json", "--json"),
        ("skills install", "--install"),
        ("person export people.csv", "--output people.csv"),
        ("import failed-export 7 failed.csv", "--output failed.csv"),
        ("person update 7 phone=123", "--phone 123"),
        ("person update 7 jobTitle=Boss", "--job-title Boss"),
    ],
)
def test_a_word_that_is_an_option_is_answered_with_it(line: str, meant: str) -> None:
    assert refuse(line)[1] == f"did you mean {meant}?"


def test_a_new_name_behind_an_id_is_answered_with_name() -> None:
    assert refuse("channel update 7 Test")[1].startswith("did you mean --name Test? ")


@pytest.mark.parametrize(
    ("word", "meant"), [("success", "COMPLETED"), ("error", "FAILED"), ("queued", "PENDING")]
)
def test_a_status_of_another_program_is_answered_with_ours(word: str, meant: str) -> None:
    assert refuse(f"import list --status {word}")[0].endswith(f"; did you mean {meant}?")


@pytest.mark.parametrize(("word", "meant"), [("off", "none"), ("text", "plain")])
def test_a_progress_of_another_program_is_answered_with_ours(word: str, meant: str) -> None:
    assert refuse(f"import wait 7 --progress {word}")[0].endswith(f"; did you mean {meant}?")


def test_a_folder_is_no_file_to_import(tmp_path: Path) -> None:
    hint = refuse("import list", str(tmp_path))[1]
    assert hint == "talkvalue import list --help shows how it is used"


def test_a_missing_profile_says_where_they_are() -> None:
    hint = "talkvalue auth list shows the profiles; talkvalue auth use --help shows how it is used"
    assert refuse("auth use") == ("Missing argument 'PROFILE'.", hint)


@pytest.mark.parametrize(
    ("word", "topic"), [("json", "formatting"), ("exit", "exit-codes"), ("crontab", "cron")]
)
def test_a_topic_is_found_by_what_it_is_about(word: str, topic: str) -> None:
    assert refuse(f"help {word}")[1] == f"did you mean {topic}?"


@pytest.mark.parametrize(
    "line",
    [
        "upload x.csv",
        "contacts import x.csv",
        "person import x.csv",
        "channel upload 7 x.csv",
        "push x.csv",
        "apply -f x.csv",
        "import add x.csv",
        "import begin x.csv",
    ],
)
def test_a_file_is_imported_from_wherever_it_is_named(line: str) -> None:
    hint = "talkvalue path import run x.csv --channel NAME-OR-ID --mode UPDATE"
    assert refuse(line)[1] == hint


def test_a_name_behind_a_list_without_a_search_is_answered_with_get() -> None:
    hint = refuse("channel list Newsletter")[1]
    assert hint.startswith("did you mean talkvalue channel get Newsletter? ")


@pytest.mark.parametrize("verb", ["list", "get", "history", "failed-export"])
def test_a_file_behind_what_shows_imports_is_answered_with_its_imports(verb: str) -> None:
    assert refuse(f"import {verb} out/people.csv")[1].splitlines()[1:] == [
        "talkvalue import list --query \"[?starts_with(fileName, 'people.')]\"",
        "talkvalue import run out/people.csv --channel NAME-OR-ID --mode UPDATE",
    ]


@pytest.mark.parametrize(
    ("line", "group"), [("channel copy 7", "channel"), ("event person merge 7", "event person")]
)
def test_what_only_other_things_can_do_is_answered_with_what_there_is(
    line: str, group: str
) -> None:
    hint = refuse(line)[1]
    assert hint.startswith("its commands are ")
    assert hint.endswith(f"; talkvalue {group} --help shows how it is used")


@pytest.mark.parametrize("option", ["--columns email", "--limit 5", "--no-headers", "--sort id"])
@pytest.mark.parametrize("command", ["import failed-export 7", "person export"])
def test_an_export_has_all_there_is(command: str, option: str) -> None:
    assert refuse(f"{command} {option}")[1] == "an export is CSV, with every row and column"
