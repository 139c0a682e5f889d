"""`path import prepare`: what `run` would do with a file, without a server."""

from __future__ import annotations

import pytest

from tests.real_files import read_upload
from tests.world import World

TEXT = "Report\n\nE-Mail;Vorname;Notiz\njörg@example.org;Jörg;x\nmailto:zoe@example.org;Zoë;y\n"
PLAIN = "E-Mail,Vorname,Notiz\njörg@example.org,Jörg,x\nzoe@example.org,Zoë,y\n"


@pytest.fixture
def name(world: World) -> str:
    return world.write("a.csv", TEXT.encode("cp1252"))


def test_it_needs_neither_a_server_nor_a_token(world: World, name: str) -> None:
    done = world.run("path import prepare", name, "--json", TALKVALUE_TOKEN=None)
    assert (done.code, done.err, done.sent) == (0, "", [])
    assert done.json["data"]["headerLine"] == 3
    assert [column["field"] for column in done.json["data"]["columns"]] == ["EMAIL", "FIRST_NAME"]


def test_it_says_what_a_run_says(world: World, name: str) -> None:
    prepared = world.run("path import prepare", name, "--json").json["data"]
    run = world.import_files(name).json["run"]["prepared"]
    assert prepared == run


def test_a_table_has_a_line_for_each_column(world: World, name: str) -> None:
    done = world.run("path import prepare", name, "--format=table")
    lines = [line.split() for line in done.out.splitlines()]
    assert ["Encoding", "cp1252"] in lines
    assert ["Header", "line", "3"] in lines
    assert ["0", "E-Mail", "EMAIL", "header"] in lines
    assert ["1", "preamble"] in lines
    assert ["1", "address", "out", "of", "a", "mailto:", "link"] in lines
    assert [line[:2] for line in lines if line[1:2] == ["Notiz"]] == [["2", "Notiz"]]


def test_it_writes_what_a_run_sends(world: World, name: str) -> None:
    done = world.run("path import prepare", name, "-o plain.csv --json")
    assert done.json["data"]["rows"] == 2
    assert (world.folder / "plain.csv").read_text(encoding="utf-8") == PLAIN
    run = world.import_files(name)
    [upload] = [request for request in run.sent if request.path == "/path/import/analyze"]
    assert read_upload(upload).decode() == PLAIN
    again = world.run("path import prepare", name, "-o plain.csv")
    assert (again.code, again.error["code"]) == (2, "FILE_EXISTS")
    assert world.run("path import prepare", name, "-o plain.csv --force").code == 0


def test_standard_output_gets_the_file_and_nothing_else(world: World, name: str) -> None:
    done = world.run("path import prepare", name, "-o -")
    assert (done.code, done.out) == (0, PLAIN)
    assert done.err.splitlines() == [
        "read as cp1252, separated by semicolons, header in line 3",
        "left out: 1 row (preamble 1)",
        "changed: 1 value (address out of a mailto: link 1)",
        "not imported: Notiz",
    ]


def test_a_plain_file_is_written_as_it_is(world: World) -> None:
    content = b'"Email","Name"\r\na@example.org,Ann\r\n'
    done = world.run("path import prepare -o -", world.write("b.csv", content))
    assert (done.code, done.raw, done.err) == (0, content, "")


def test_standard_input_can_be_prepared(world: World) -> None:
    done = world.run("path import prepare - -o -", stdin=TEXT.encode("cp1252"))
    assert (done.code, done.out) == (0, PLAIN)


def test_strict_fails_where_a_run_would(world: World, name: str) -> None:
    done = world.run("path import prepare", name, "--strict -o plain.csv")
    assert (done.code, done.out) == (2, "")
    assert "a.csv is not imported whole" in done.err
    assert not (world.folder / "plain.csv").exists()


def test_a_file_without_addresses_is_refused_with_its_columns(world: World) -> None:
    done = world.run("path import prepare", world.write("c.csv", "Name,City\nAnn,Oslo\n"))
    assert done.code == 2
    assert "no column is mapped to EMAIL" in done.error["message"]
    assert done.error["hint"] == "name one with --mapping 'Header:EMAIL'"


@pytest.mark.parametrize("text", ["a", "a@", "1.", "ä", ", "])
@pytest.mark.parametrize("column", ["Email", "Joined", "Note"])
def test_a_huge_cell_takes_no_longer_than_it_is(world: World, column: str, text: str) -> None:
    cells = {"Email": "ada@example.org", "Joined": "2026-03-01", "Note": "x"}
    cells[column] = f'"{text * (300_000 // len(text))}"'
    lines = [",".join(cells), ",".join(cells.values()), "bob@example.org,2026-03-02,y"]
    name = world.write("a.csv", "\n".join(lines) + "\n")
    done = world.run(f"path import prepare {name} -o out.csv --json")
    assert done.code == 0, done.err
    assert done.json["data"]["rows"] == 2


@pytest.mark.parametrize(
    ("header", "date"),
    [
        ("Ime,Prezime,E-mail,Datum prijave", "2026-10-03"),
        ("Imię,Nazwisko,E-mail,Data rejestracji", "2026-11-03"),
    ],
)
def test_the_headers_tell_what_a_month_is(world: World, header: str, date: str) -> None:
    world.write("a.csv", f"{header}\nAna,Horvat,ana@example.org,3. listopada 2026\n")
    done = world.run("path import prepare a.csv -o -")
    assert done.out.splitlines()[1] == f"Ana,Horvat,ana@example.org,{date}"


def test_a_month_that_nothing_tells_is_refused(world: World) -> None:
    world.write("a.csv", "Email,Registration date\nana@example.org,3. listopada 2026\n")
    done = world.run("path import prepare a.csv")
    assert (done.code, done.error["message"]) == (
        2,
        "a.csv: Registration date: whether 'listopada' is October or November depends on the "
        "language, which neither the other dates nor the headers show",
    )
