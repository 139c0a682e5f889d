"""What gh, kubectl, aws and their likes would be told is answered with the whole line to type."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.commands.command_line import refuse, run


@pytest.mark.parametrize("line", ["people search ada", "import/7", "event attendees 7"])
def test_what_is_suggested_gets_as_far_as_the_server(line: str) -> None:
    command = refuse(line)[1].removeprefix("did you mean talkvalue ").removesuffix("?")
    assert "could not resolve host" in run(command).err


@pytest.mark.parametrize(
    ("message", "lines"),
    [
        ("an import is run again from its file", ["rerun 7", "import retry 7", "retry import 7"]),
        (
            "an import cannot be cancelled",
            ["cancel 7", "import rollback 7", "cancel import 7"],
        ),
        (
            "a person is added to a channel or an event",
            ["subscriber add a@x.org", "person create a@x.org", "path person add", "create person"],
        ),
        (
            "a person cannot be taken out of a channel or an event",
            ["event person remove 7 a@x.org", "channel remove-person 7 a"],
        ),
        (
            "channels and events have tags, people have none",
            ["person tag 7 online", "tag people online"],
        ),
        (
            "companies are made by the server, of the domains of e-mail addresses",
            ["path company create Acme"],
        ),
        (
            "a setting is changed with `config set`, and taken away in the file",
            ["config unset api_url"],
        ),
        ("a sandbox ends with Ctrl-C in the shell where it serves", ["sandbox stop"]),
    ],
)
def test_what_cannot_be_done_is_said_with_what_can(message: str, lines: list[str]) -> None:
    for line in lines:
        told = refuse(line)
        assert told[0] == message
        assert "talkvalue " in told[1]


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
