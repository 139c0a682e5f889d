"""What a file does not tell: asked on a terminal, and an error everywhere else."""

from __future__ import annotations

import pytest

from tests.world import World

DATES = "Email,Joined\nq1@example.org,03/04/2026\n"
TWO = "Email,Company,Company\nq3@example.org,Acme,Acme Ltd\nq4@example.org,Bolt,Bolt AG\n"


def test_the_order_of_dates_is_asked_for(world: World) -> None:
    name = world.write("a.csv", DATES)
    done = world.import_files(name, "--json", types="2\n", is_terminal=True)
    assert done.code == 0
    assert "a.csv: Joined: in which order are the dates?\n" in done.err
    assert "  1  day first: 3/4/2026 is 3 April\n" in done.err
    assert done.json["run"]["prepared"]["dateOrder"] == {"order": "mdy", "why": "asked for"}
    # the answer counts as if it had been given as a flag
    again = world.import_files(name, "--date-order=mdy --json")
    assert again.json["run"]["action"] == "known"


def test_the_encoding_of_one_name_is_asked_for(world: World) -> None:
    text = "E-mail;Imie i nazwisko\nq5@example.org;\u0141ukasz Nowak\n"
    name = world.write("a.csv", text.encode("cp1250"))
    done = world.import_files(name, "--json", types="1\n", is_terminal=True)
    assert "a.csv: which encoding makes this line what it should be?\n" in done.err
    assert "  1  cp1250: q5@example.org;\u0141ukasz Nowak\n" in done.err
    assert done.json["run"]["prepared"]["encoding"] == "cp1250"
    asked = world.import_files(name, "--json --again")
    assert asked.code == 2
    assert "--encoding cp1250" in asked.err


@pytest.mark.parametrize("flags", ["--yes", "--strict"])
def test_who_wants_no_question_is_asked_none(world: World, flags: str) -> None:
    done = world.import_files(world.write("a.csv", DATES), flags, types="1\n", is_terminal=True)
    assert (done.code, done.sent) == (2, [])
    assert "--date-order dmy" in done.err
    assert "in which order" not in done.err


def test_one_terminal_is_not_enough(world: World) -> None:
    done = world.import_files(world.write("a.csv", DATES), types="1\n")
    assert done.code == 2
    assert "in which order" not in done.err


def test_what_was_decided_is_shown_and_not_asked(world: World) -> None:
    name = world.write("a.csv", "Email,Joined\nq2@example.org,31/12/2025\n")
    done = world.import_files(name, types="", is_terminal=True)
    assert done.code == 0
    assert "dates read as day, month, year" in done.err
    assert "Number or name" not in done.err


def test_one_of_two_columns_that_are_as_good_is_asked_for(world: World) -> None:
    name = world.write("a.csv", TWO)
    done = world.import_files(name, "--json", types="2\n", is_terminal=True)
    assert done.code == 0
    assert "a.csv: which column is COMPANY_NAME?\n" in done.err
    assert "  2  column 2, Company\n" in done.err
    used = [column["column"] for column in done.json["run"]["prepared"]["columns"]]
    assert used == [0, 2]


def test_without_a_terminal_the_server_decides_between_two_columns(world: World) -> None:
    done = world.import_files(world.write("a.csv", TWO), "--json")
    used = [column["column"] for column in done.json["run"]["prepared"]["columns"]]
    assert (done.code, used) == (0, [0, 1])


def test_two_columns_that_nobody_can_tell_apart_are_an_error(world: World) -> None:
    name = world.write("a.csv", TWO)
    done = world.import_files(name, "--min-confidence=1")
    assert (done.code, world.jobs) == (2, [])
    assert done.error["message"] == (
        "a.csv: it is not clear which column is COMPANY_NAME: 1 'Company' or 2 'Company'"
    )
    assert done.error["hint"] == "name one with --mapping 1:COMPANY_NAME"
    prepared = world.run("path import prepare", name)
    assert (prepared.code, prepared.error["message"]) == (2, done.error["message"])
