"""`path import run` of files that are no plain CSV: what is sent, what is said, what is asked."""

from __future__ import annotations

import gzip
import hashlib
from typing import Any

import pytest

from tests import real_files
from tests.csv_texts import rows, without_tag
from tests.real_files import read_upload
from tests.unit.imports.file.test_containers import make_xlsx
from tests.world import Result, World

GERMAN = "E-Mail;Vorname;Notiz\njörg.a@example.org;Jörg;x\nzoe.b@example.org;Zoë;y\n"


def body_of(done: Result) -> bytes:
    """Return the file that was sent."""
    [upload] = [request for request in done.sent if request.path == "/path/import/analyze"]
    return read_upload(upload)


def prepared(done: Result) -> Any:
    return done.json["run"]["prepared"]


@pytest.mark.parametrize(
    "content",
    [
        rows(3, "plain").encode(),
        b"Email,Name\r\nplain1@example.org,Ann\r\nplain2@example.org,Bob\r\n",
        b'"Email","Name"\n"plain3@example.org","Ann, of ""Here"""\n',
        b"Email,Name\n\nplain4@example.org,Ann\n\n",
        "Email,Name\nplain5@example.org,Zoë".encode(),
    ],
)
def test_a_file_that_is_plain_already_is_sent_byte_for_byte(world: World, content: bytes) -> None:
    done = world.import_files(world.write("a.csv", content))
    assert done.code == 0
    assert hashlib.sha256(body_of(done)).digest() == hashlib.sha256(content).digest()
    assert prepared(done)["sentAsItIs"] is True
    assert done.err.splitlines()[0] == "a.csv: Email → EMAIL, Name → NAME"


def test_any_other_file_is_sent_as_the_plainest_csv(world: World) -> None:
    content = "Export of today\n\n" + GERMAN.replace("\n", "\r\n") + "Total: 2;;\n"
    done = world.import_files(world.write("a.csv", content.encode("cp1252")))
    assert done.code == 0
    assert body_of(done).decode() == GERMAN.replace(";", ",")
    assert prepared(done) == {
        "encoding": "cp1252",
        "separator": ";",
        "headerLine": 3,
        "sheet": None,
        "otherSheets": [],
        "rows": 2,
        "columns": [
            {"column": 0, "header": "E-Mail", "field": "EMAIL", "why": "header"},
            {"column": 1, "header": "Vorname", "field": "FIRST_NAME", "why": "header"},
        ],
        "unusedColumns": [
            {"column": 2, "header": "Notiz", "why": prepared(done)["unusedColumns"][0]["why"]}
        ],
        "rowsLeftOut": {"preamble": 1, "total": 1},
        "valuesChanged": {},
        "rowsInDoubt": {},
        "dateOrder": None,
        "sentAsItIs": False,
    }
    assert done.err.splitlines()[:4] == [
        "a.csv: E-Mail → EMAIL, Vorname → FIRST_NAME",
        "a.csv: read as cp1252, separated by semicolons, header in line 3",
        "a.csv: left out: 2 rows (preamble 1, total 1)",
        "a.csv: not imported: Notiz",
    ]


def test_a_dry_run_says_the_same(world: World) -> None:
    name = world.write("a.csv", GERMAN)
    planned = world.import_files(name, "--dry-run")
    done = world.import_files(name)
    assert prepared(planned) == prepared(done)
    assert planned.json["data"]["sha256"] == hashlib.sha256(body_of(done)).hexdigest()
    assert planned.err.splitlines() == done.err.splitlines()[: len(planned.err.splitlines())]


def test_dates_are_read_in_the_order_that_their_column_shows(world: World) -> None:
    text = "Email,Joined\nd1@example.org,03/04/2026\nd2@example.org,31/12/2025\n"
    done = world.import_files(world.write("a.csv", text))
    assert body_of(done).decode().splitlines()[1:] == [
        "d1@example.org,2026-04-03",
        "d2@example.org,2025-12-31",
    ]
    assert prepared(done)["valuesChanged"] == {"date to ISO 8601": 2}
    assert "a.csv: dates read as day, month, year: 31/12/2025 shows it\n" in done.err


def test_an_order_that_no_date_shows_has_to_be_said(world: World) -> None:
    name = world.write(
        "a.csv", "Email,Joined\nd1@example.org,03/04/2026\nd2@example.org,05/06/2026\n"
    )
    refused = world.import_files(name)
    assert (refused.code, refused.sent) == (2, [])
    assert "nothing shows whether 03/04/2026 begins with the day or the month" in refused.err
    assert "--date-order dmy" in refused.err
    done = world.import_files(name, "--date-order=mdy")
    assert body_of(done).decode().splitlines()[1] == "d1@example.org,2026-03-04"
    contrary = world.import_files(
        world.write("b.csv", "Email,Joined\na@example.org,31/12/2025\n"), "--date-order=mdy"
    )
    assert contrary.code == 2
    assert "--date-order dmy" in contrary.err


def test_a_file_without_addresses_is_not_asked_for_the_order_of_its_dates(world: World) -> None:
    name = world.write("a.csv", "Full Name,Joined\nAda,3/4/2026\nBo,5/6/2026\n")
    refused = world.run("path import prepare", name)
    assert refused.code == 2
    assert "no column holds e-mail addresses" in refused.error["message"]


def test_a_late_date_in_another_order_is_refused(world: World) -> None:
    lines = [f"late{n}@example.org,31/12/2025" for n in range(1500)]
    text = "\n".join(["Email,Joined", *lines, "late@example.org,12/31/2025"]) + "\n"
    done = world.import_files(world.write("a.csv", text))
    assert (done.code, done.sent) == (2, [])
    assert "its dates are in different orders" in done.error["message"]


def test_a_column_can_be_left_out(world: World) -> None:
    name = world.write("a.csv", rows(2, "skip"))
    done = world.import_files(name, "--skip-column=Name")
    assert [column["header"] for column in prepared(done)["unusedColumns"]] == ["Name"]
    assert "Name → NAME" not in done.err
    unknown = world.import_files(name, "--skip-column=Nmae")
    assert unknown.code == 2
    assert "column Nmae: there is no such column; there are Email, Name" in unknown.err


def test_a_file_can_be_sent_untouched(world: World) -> None:
    content = b"Joined,Mail\n31/12/2025,as1@example.org\n"
    done = world.import_files(world.write("a.csv", content), "--as-is --mapping Mail:EMAIL")
    assert body_of(done) == content
    assert done.json["run"]["prepared"] is None
    beside = world.import_files("a.csv --as-is --skip-column Joined --strict")
    assert (beside.code, beside.sent) == (2, [])
    assert beside.error["message"] == (
        "--as-is sends the file untouched, and excludes --skip-column, --strict"
    )


@pytest.mark.parametrize(
    ("text", "loss"),
    [
        ("Email,Notes\ns1@example.org,x\n", "not imported: Notes"),
        (
            "Email\ns2@example.org\nmailto:s3@example.org\n",
            "changed: 1 value (address out of a mailto: link 1)",
        ),
        ("Email,Name\ns4@example.org,Ann\n,\n", "left out: 1 row (separators 1)"),
    ],
)
def test_strict_refuses_every_loss(world: World, text: str, loss: str) -> None:
    name = world.write("a.csv", text)
    refused = world.import_files(name, "--strict")
    assert refused.code == 2
    assert refused.error["message"] == f"a.csv is not imported whole:\n  {loss}"
    assert refused.error["hint"] == "without --strict it is imported"
    assert world.jobs == []
    assert world.import_files(name).code == 0


def test_strict_lets_a_plain_file_and_another_separator_pass(world: World) -> None:
    assert world.import_files(world.write("a.csv", rows(2, "st")), "--strict").code == 0
    text = rows(2, "semi").replace(",", ";")
    assert world.import_files(world.write("b.csv", text), "--strict").code == 0


def test_what_is_said_of_a_file_makes_it_another_import(world: World) -> None:
    name = world.write("a.csv", "Email,Joined\nk1@example.org,03/04/2026\n")
    for flags in (
        "--date-order=dmy",
        "--date-order=mdy",
        "--date-order=mdy --skip-column=0 --mapping 1:EMAIL",
    ):
        assert world.import_files(name, flags).json["run"]["action"] == "created"
    assert world.import_files(name, "--date-order=mdy").json["run"]["action"] == "known"
    assert len(world.jobs) == 3


def test_an_encoding_that_would_be_found_makes_no_other_import(world: World) -> None:
    name = world.write("a.csv", GERMAN.encode("cp1252"))
    assert world.import_files(name).json["run"]["action"] == "created"
    for flags in ("--encoding=cp1252", "--encoding=Windows-1252", "--delimiter=;"):
        action = world.import_files(name, flags).json["run"]["action"]
        assert action == ("created" if "delimiter" in flags else "known"), flags


def test_an_encoding_that_the_bytes_contradict_is_refused(world: World) -> None:
    done = world.import_files(world.write("a.csv", GERMAN), "--encoding=cp1252")
    assert (done.code, done.sent) == (2, [])


def test_failed_rows_are_named_by_their_line_in_the_file(world: World) -> None:
    text = 'A report\n\nEmail;Name\n\nok1@example.org;"Ann\nof Here"\n;\nnobody;Bob\n'
    text += "ok2@example.org;Cid\n"
    name = world.write("a.csv", text)
    done = world.import_files(name)
    assert done.code == 6
    assert done.json["run"]["failedRows"] == [{"rowNum": 2, "line": 8}]
    shown = world.import_files(name, "--again --format=table")
    assert "  Row    Line  Error" in shown.out
    assert "    2       8  INVALID_EMAIL" in shown.out


def test_a_compressed_file_is_read_as_it_is(world: World) -> None:
    content = gzip.compress(rows(2, "gz").encode(), mtime=0)
    done = world.import_files(world.write("people.csv.gz", content))
    assert (done.code, world.new_people) == (0, 2)
    assert body_of(done).decode() == rows(2, "gz")
    assert without_tag(done.json["data"]["fileName"]) == "people.csv"


def test_a_saved_mapping_says_how_the_file_was_read(world: World) -> None:
    name = world.write("a.csv", GERMAN.encode("cp1252"))
    assert world.import_files(name, "--dry-run --save-mapping=map.yaml").code == 0
    assert (world.folder / "map.yaml").read_text() == (
        "# read as cp1252, separated by semicolons\n"
        "# not imported: Notiz\n"
        "E-Mail: EMAIL\nVorname: FIRST_NAME\n"
    )
    assert world.import_files(name, "--mapping-file=map.yaml").code == 0


def test_a_file_of_more_columns_than_servers_take_is_sent_without_what_is_not_used(
    world: World,
) -> None:
    more = [f"Question {n}" for n in range(1200)]
    text = ",".join([*more[:600], "Email", *more[600:]]) + "\n"
    text += ",".join(["x"] * 600 + ["wide1@example.org"] + ["y"] * 600) + "\n"
    done = world.import_files(world.write("a.csv", text))
    assert done.code == 0
    assert body_of(done) == b"Email\nwide1@example.org\n"
    [used] = prepared(done)["columns"]
    assert (used["column"], len(prepared(done)["unusedColumns"])) == (600, 1200)


def test_a_file_that_changes_while_it_is_converted_is_not_imported(world: World) -> None:
    name = world.write("a.csv", GERMAN)

    def change(request: Any) -> None:
        if request.path.startswith("/path/import?"):
            world.write("a.csv", GERMAN.replace("Jörg", "Jorg"))

    world.on_request = change
    done = world.import_files(name)
    assert (done.code, done.error["code"], world.jobs) == (1, "FILE_CHANGED", [])


def test_a_workbook_is_read_sheet_by_sheet(world: World) -> None:
    content = (real_files.FOLDER / "workbook_named.csv").read_bytes()
    done = world.import_files(world.write("people.xlsx", content))
    assert (done.code, prepared(done)["rows"]) == (0, 4)
    sheet = prepared(done)["sheet"]
    assert done.err.splitlines()[1] == f"people.xlsx: read as the sheet {sheet!r}"
    assert without_tag(done.json["data"]["fileName"]) == "people.xlsx.csv"
    assert (
        world.import_files("people.xlsx --sheet=1 --dry-run").json["run"]["prepared"]["sheet"]
        == sheet
    )
    missing = world.import_files("people.xlsx --sheet=Nobody")
    assert (missing.code, missing.sent) == (2, [])
    assert f"1: {sheet}" in missing.error["hint"]


def test_sheets_that_are_not_read_are_named(world: World) -> None:
    header, march = '<row r="1">{}</row>', '<row r="2">{}</row>'
    people = [header.format(_cells("Email", "Name")), march.format(_cells("m@example.org", "Mia"))]
    name = world.write("people.xlsx", make_xlsx({"March": people, "April": people}))
    done = world.import_files(name)
    assert (done.code, prepared(done)["otherSheets"]) == (0, ["April"])
    assert "people.xlsx: sheets not read: April\n" in done.err
    assert world.run("path import prepare", name, "--strict").code == 2
    said = world.run("path import prepare", name, "--strict --sheet=March")
    assert (said.code, said.data["otherSheets"]) == (0, [])
    name = world.write("cover.xlsx", make_xlsx({"Cover": people[:1], "March": people}))
    refused = world.run("path import prepare", name)
    assert refused.code == 2
    assert refused.error["message"].startswith("cover.xlsx (its sheet 'Cover', not 'March')")


def _cells(*texts: str) -> str:
    """Return the cells of a row of a sheet."""
    return "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in texts)


def test_several_files_are_prepared_each_in_its_way(world: World) -> None:
    world.write("a.csv", rows(2, "many"))
    world.write("b.csv", GERMAN.encode("cp1252"))
    done = world.import_files("a.csv b.csv")
    assert done.code == 0
    found = [run["prepared"]["encoding"] for run in done.json["runs"]]
    assert found == ["utf-8", "cp1252"]
    planned = world.import_files("a.csv b.csv --dry-run")
    assert [run["file"] for run in planned.json["runs"]] == ["a.csv", "b.csv"]


def test_corrected_failed_rows_take_the_mapping_of_their_import(world: World) -> None:
    text = "Who;First mail;Second mail\nAnn;one.b@example.org;x\nBob;nobody;bob.b@example.org\n"
    first = world.import_files(world.write("a.csv", text), "--mapping 'First mail:EMAIL'")
    assert first.code == 6
    saved = world.folder / first.json["wait"]["failedRowsFile"]
    saved.write_text(saved.read_text().replace("nobody", "bob.c@example.org"))
    planned = world.import_files(saved.name, "--dry-run").json["data"]["columnMappings"]
    assert planned == [{"csvIndex": 1, "targetField": "EMAIL"}]
    second = world.import_files(saved.name)
    assert second.code == 0
    assert [column["header"] for column in prepared(second)["columns"]][-1] == "First mail"
    assert world.new_people == 2


def test_strict_takes_corrected_failed_rows(world: World) -> None:
    text = "Email,Name\none.s@example.org,Ann\nnobody,Bob\n"
    first = world.import_files(world.write("a.csv", text), "--strict")
    assert first.code == 6
    saved = world.folder / first.json["wait"]["failedRowsFile"]
    saved.write_text(saved.read_text().replace("nobody", "bob.s@example.org"))
    assert world.run("path import prepare", saved.name, "--strict").code == 0
    second = world.import_files(saved.name, "--strict")
    assert (second.code, world.new_people) == (0, 2)
    unused = [column["header"] for column in prepared(second)["unusedColumns"]]
    assert unused == ["rowNum", "errorCode", "errorMessage"]
    other = world.write("b.csv", saved.read_text())
    assert world.run("path import prepare", other, "--strict").code == 2


def test_who_has_no_first_address_gets_the_second(world: World) -> None:
    text = (
        "First Name,E-mail 1 - Value,E-mail 2 - Value,Assistant's e-mail\n"
        "Ann,ann.x@example.org,ann.y@example.org,a@example.org\n"
        "Bob,,<bob.x@example.org>,b@example.org\n"
        "Cem,cem.x@example.org,,c@example.org\n"
        "Dan,,,d@example.org\n"
    )
    done = world.import_files(world.write("a.csv", text))
    assert (done.code, world.new_people) == (6, 3)
    assert [line.split(",")[1] for line in body_of(done).decode().splitlines()[1:]] == [
        "ann.x@example.org",
        "bob.x@example.org",
        "cem.x@example.org",
        "",
    ]
    assert prepared(done)["valuesChanged"] == {
        "address out of another column": 1,
        "punctuation around an address removed": 1,
    }
    assert prepared(done)["unusedColumns"][0]["why"] == (
        "EMAIL comes from column 1, 'E-mail 1 - Value', from this one where it has none"
    )


def test_null_in_a_mapping_leaves_a_column_out(world: World) -> None:
    name = world.write("a.csv", "Email,Name,Company\nnull1@example.org,Ann,Acme\n")
    done = world.import_files(
        name, "--mapping=0:EMAIL", "--mapping=1:null", "--mapping=Company:NULL"
    )
    assert done.code == 0
    assert done.err.splitlines()[0] == "a.csv: Email → EMAIL"
    unused = [(column["header"], column["why"]) for column in prepared(done)["unusedColumns"]]
    assert unused == [("Name", "left out, as asked"), ("Company", "left out, as asked")]


def test_what_is_said_of_a_file_has_to_be_true_of_its_kind(world: World) -> None:
    plain = world.write("a.csv", rows(2))
    done = world.import_files(plain, "--sheet=1")
    assert (done.code, done.error["message"]) == (
        2,
        "a.csv is no workbook, so it has no sheet '1'",
    )
    content = (real_files.FOLDER / "workbook_named.csv").read_bytes()
    world.write("people.xlsx", content)
    for flag in ("--encoding=cp1252", "--delimiter=;"):
        done = world.import_files(f"people.xlsx '{flag}'")
        message = "people.xlsx is a workbook, which has no encoding and no separator"
        assert (done.code, done.error["message"], done.sent) == (2, message, [])
