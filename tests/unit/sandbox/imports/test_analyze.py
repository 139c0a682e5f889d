"""`POST /path/import/analyze`: encodings, delimiters, suggestions, and what is refused."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest

from ..bench import Bench


def test_an_analysis_has_every_field_of_the_contract(bench: Bench) -> None:
    rows = "".join(f"p{number}@example.com,Ann\n" for number in range(7))
    found = bench.analyze("E-Mail,Shoe size\n" + rows)
    assert re.fullmatch(r"u/\d{4}/\d{2}/[0-9a-f]{16}-people\.csv", found.pop("fileKey"))
    assert found == {
        "totalRows": 7,
        "headers": ["E-Mail", "Shoe size"],
        "preview": [[f"p{number}@example.com", "Ann"] for number in range(5)],
        "columnMappings": [
            {
                "csvIndex": 0,
                "csvHeader": "E-Mail",
                "suggestedField": "EMAIL",
                "confidence": 0.99,
                "suggestions": [],
            },
            {"csvIndex": 1, "csvHeader": "Shoe size", "confidence": None, "suggestions": []},
        ],
        "missingRequired": [],
    }


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Mail address", "EMAIL"),
        ("Given Name", "FIRST_NAME"),
        ("firstName", "FIRST_NAME"),
        ("LAST_NAME", "LAST_NAME"),
        ("Surname", "LAST_NAME"),
        ("Full name", "NAME"),
        ("Mobile", "PHONE"),
        ("Position", "JOB_TITLE"),
        ("Organisation", "COMPANY_NAME"),
        ("City", "ADDRESS"),
        ("LinkedIn", "LINKEDIN_URL"),
        ("Twitter", "X_URL"),
        ("Registered at", "JOINED_AT"),
        ("signedUpAt", "JOINED_AT"),
    ],
)
def test_headers_are_known_in_several_spellings(bench: Bench, header: str, field: str) -> None:
    column = bench.analyze(f"{header},Other\n,\n")["columnMappings"][0]
    assert column["suggestedField"] == field
    assert 0.5 <= column["confidence"] <= 1


def test_a_column_is_recognised_by_its_values_alone(bench: Bench) -> None:
    found = bench.analyze("A,B,C\nx@example.com,2026-01-31,https://www.linkedin.com/in/x\n")
    assert [column.get("suggestedField") for column in found["columnMappings"]] == [
        "EMAIL",
        "JOINED_AT",
        "LINKEDIN_URL",
    ]


def test_a_field_is_suggested_once_and_the_other_column_has_it_as_an_alternative(
    bench: Bench,
) -> None:
    found = bench.analyze("Work e-mail,Email\na@example.com,b@example.com\n")
    first, second = found["columnMappings"]
    suggested = [first.get("suggestedField"), second.get("suggestedField")]
    assert sorted(suggested, key=str) == ["EMAIL", None]
    other = first if first.get("suggestedField") is None else second
    assert other["suggestions"][0]["field"] == "EMAIL"


def test_a_file_without_an_email_column_lacks_a_required_field(bench: Bench) -> None:
    assert bench.analyze("Name,City\nAnn,Rome\n")["missingRequired"] == ["EMAIL"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings_are_detected(bench: Bench, encoding: str) -> None:
    text = "Email;Name\nz@example.com;Zoë Müller-Françoise\nj@example.com;Jürgen Größe\n"
    found = bench.analyze(text.encode(encoding))
    assert found["headers"] == ["Email", "Name"]
    assert found["preview"][0] == ["z@example.com", "Zoë Müller-Françoise"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_are_detected(bench: Bench, delimiter: str) -> None:
    lines = [["Email", "Name, first"], ["a@example.com", "A; B, C"]]
    text = "\r\n".join(delimiter.join(f'"{cell}"' for cell in line) for line in lines)
    found = bench.analyze(text)
    assert (found["headers"], found["preview"]) == (lines[0], [lines[1]])


def test_rows_are_counted_by_a_real_parse(bench: Bench) -> None:
    text = 'Email,Note\na@example.com,"two\nlines, and ""quotes"""\n\n\nb@example.com,\n'
    found = bench.analyze(text)
    assert found["totalRows"] == 2
    assert found["preview"][0][1] == 'two\nlines, and "quotes"'


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"\n\n\n", "empty"),
        (b" ,\na@example.com,b\n", "blank"),
        (b"a@example.com,Ann\n", "e-mail address"),
        (b"PK\x03\x04" + b"x" * 100, "Excel"),
        (b"\x1f\x8b\x08" + b"x" * 100, "gzip"),
        (b"Email\nab\x00c\n", "binary"),
        (b'Email\n"' + b"x" * (2 * 1024 * 1024), "cannot be read as CSV"),
    ],
)
def test_a_file_that_is_no_csv_is_refused_and_not_kept(
    bench: Bench, content: bytes, reason: str
) -> None:
    answer: Any = bench.upload(content)
    assert answer.status_code == 400
    (error,) = answer.json["errors"]
    assert error["field"] == "file"
    assert reason in error["message"]
    assert list(bench.store.files.iterdir()) == []


def test_a_path_in_the_file_name_is_taken_off(bench: Bench) -> None:
    answer: Any = bench.upload("Email\na@example.com\n", "../../etc/päss wd.csv").json
    assert re.fullmatch(r"u/\d{4}/\d{2}/[0-9a-f]{16}-p-ss-wd\.csv", answer["fileKey"])


def _part(name: str, kind: str = "text/csv") -> tuple[io.BytesIO, str, str]:
    return io.BytesIO(b"Email\na@example.com\n"), name, kind


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        ({}, "multipart/form-data"),
        ({"file": "plain text"}, "multipart/form-data"),
        ({"other": _part("a.csv")}, "multipart/form-data"),
        ({"file": _part("a.csv", "text/plain")}, "multipart/form-data"),
        ({"file": [_part("a.csv"), _part("b.csv")]}, "multipart/form-data"),
        ({"file": _part("a.csv"), "note": "x"}, "multipart/form-data"),
        (b"Email\n", "text/csv"),
        (b"Email\n", "multipart/form-data"),
        (b"Email\n", "multipart/form-data; boundary=b"),
    ],
)
def test_anything_but_one_csv_part_is_refused(bench: Bench, data: Any, kind: str) -> None:
    answer = bench.send("POST", "/path/import/analyze", data=data, content_type=kind)
    assert answer.status_code == 400
    assert list(bench.store.files.iterdir()) == []
