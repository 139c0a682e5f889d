"""What gh, kubectl, aws and their likes would be told is answered with the whole line to type."""

from __future__ import annotations

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
        ("rerun 7", ["path import run"]),
        ("failures 7", ["path import failed-export 7"]),
        ("channel members 7", ["channel people 7"]),
        ("event attendees 7", ["event person list 7"]),
        ("event person 7", ["event person list 7"]),
        ("event export 7", ["event person export 7"]),
        ("event register 7 a@x.org", ["event person add 7 a@x.org"]),
        ("event add 7 a@x.org", ["event create", "event person add 7 a@x.org"]),
        ("channel subscribe 7 a@x.org", ["channel add-person 7 a@x.org"]),
        ("company people 7", ["company person list 7"]),
        ("channel Newsletter", ["channel get Newsletter"]),
        ("channel Show 7", ["channel get 7"]),
        ("channel stats 7", ["path analysis channel attribution 7"]),
        ("person events 7", ["path person get 7"]),
        ("person history 7", ["person activity 7"]),
        ("tag remove 7 online", ["tag delete", "tag detach 7 online"]),
        ("auth show", ["auth status"]),
        ("org list", ["auth status", "auth switch"]),
        ("use-context x", ["auth use x"]),
        ("path import waits 7", ["path import wait 7"]),
        ("waits --timeout 5 7", ["path import wait --timeout 5 7"]),
        ("wait --token secret 7", ["path import wait"]),
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
        ("cancel 7", "an import cannot be cancelled"),
        ("person tag 7 online", "channels and events have tags, people have none"),
        ("tag people online", "channels and events have tags, people have none"),
        ("channel remove-person 7 a", "a person cannot be taken out of a channel or an event"),
        (
            "config unset api_url",
            "a setting is changed with `config set`, and taken away in the file",
        ),
        ("sandbox stop", "a sandbox ends with Ctrl-C in the shell where it serves"),
    ],
)
def test_what_cannot_be_done_is_said_with_what_can(line: str, message: str) -> None:
    told = refuse(line)
    assert told[0] == message
    assert "talkvalue " in told[1]
