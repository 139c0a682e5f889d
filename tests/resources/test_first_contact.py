"""What people typed first, who know other command lines: it works, or the error has what does.

What a trial with new users has left, as they typed it, as far as it goes on beyond a hint. Hints
are in tests/unit/commands/, names where ids may stand in tests/resources/test_names.py.
"""

from __future__ import annotations

import pytest

from talkvalue_cli.api.models import TARGET_FIELDS
from tests.csv_texts import people
from tests.world import Machine, World

ADA = "ada.abbott@example.com"


@pytest.fixture
def machine(world: World) -> Machine:
    """A machine with a file to import."""
    world.write("x.csv", people(3))
    return world.machine


def correct(machine: Machine, line: str) -> str:
    """Run a wrong line, and return the command that its hint asks about."""
    done = machine.run(line)
    assert (done.code, done.lines) == (2, [])
    hint: str = done.error["hint"]
    asked, _, command = hint.rstrip("?").partition("did you mean ")
    assert not asked, hint
    return command


def test_channels_are_found(machine: Machine) -> None:
    assert [each["id"] for each in machine.run("channel list").data] == [1, 2, 3, 4]
    command = correct(machine, "channels")
    assert command == "talkvalue path channel list"
    assert machine.paste(command).code == 0


def test_a_file_is_imported_with_what_the_errors_say(machine: Machine) -> None:
    first = machine.run("import x.csv")
    assert first.code == 2
    command, more = first.error["hint"].splitlines()
    assert command == "talkvalue import run x.csv --channel NAME-OR-ID --mode UPDATE"
    assert "talkvalue path channel list shows the channels" in more
    second = machine.run("import run x.csv")
    assert second.error["message"] == "Missing option '--channel' / '--source-id', option '--mode'."
    third = machine.run("import run x.csv --channel 1 --mode upsert")
    assert third.error["message"].endswith("is not one of UPDATE, SKIP; did you mean UPDATE?")
    done = machine.paste(command.replace("NAME-OR-ID", "Newsletter"))
    assert (done.code, done.json["data"]["newCount"]) == (0, 3)


@pytest.mark.parametrize("line", ["import csv x.csv", "import csv x.csv --mode UPDATE"])
def test_a_file_behind_a_word_for_imports_is_one_to_import(machine: Machine, line: str) -> None:
    hint = machine.run(line).error["hint"].splitlines()[0]
    assert hint.startswith("talkvalue import run x.csv ")
    assert "list" not in hint


def test_a_merge_asks_with_names_and_addresses(machine: Machine) -> None:
    asked = machine.run("person merge 1 2", types="n\n")
    assert asked.code == 1
    question, _, error = asked.err.partition(" [y/N] ")
    assert question == (
        f"Merge person 1 (Ada Abbott <{ADA}>) into "
        "person 2 (Ada Baker <ada.baker@example.com>), who is kept?"
    )
    assert "cancelled, nothing was changed" in error
    assert machine.run("person merge 1 2 -y").code == 0


def test_a_deletion_asks_with_the_number_of_people(machine: Machine) -> None:
    asked = machine.run("channel delete Newsletter", types="\n")
    assert asked.code == 1
    question = "Delete channel 1 'Newsletter' (141 people) and its memberships for good? [y/N] "
    assert asked.err.startswith(question)


def test_the_fields_are_in_the_help_and_in_a_topic(machine: Machine) -> None:
    for line in ("import run --help", "help mapping"):
        text = machine.run(line).out
        assert all(field in text.split() for field in TARGET_FIELDS), line


def test_whoami_is_an_alias(machine: Machine) -> None:
    assert machine.run("whoami").data == machine.run("auth status").data


def test_watch_is_an_alias_of_wait(world: World) -> None:
    job_id = world.create_import(people(3))
    done = world.run(f"import watch {job_id}")
    assert (done.code, done.json["data"]["status"]) == (0, "COMPLETED")
