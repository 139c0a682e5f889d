"""What a file is that is no table, told from its first bytes."""

from __future__ import annotations

import codecs

import pytest

from talkvalue_cli.errors import UsageError
from talkvalue_cli.imports.file.recognize import refuse_other


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "PDF"),
        (b"{\\rtf1\\ansi Name,Email\\\n", "RTF"),
        (b"PK\x03\x04....xl/workbook.xml", "Excel workbook (.xlsx)"),
        (b"PK\x03\x04....word/document.xml", "Word document"),
        (b"PK\x03\x04..mimetypeapplication/vnd.oasis.opendocument.spreadsheet", "OpenDocument"),
        (b"PK\x03\x04..Index/Document.iwa", "Numbers"),
        (b"PK\x03\x04..people.csv", "ZIP"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Excel workbook (.xls)"),
        (b"\x1f\x8b\x08\x00", "gzip"),
        (b"BZh91AY&SY", "bzip2"),
        (b"\xfd7zXZ\x00", "xz"),
        (b"\x28\xb5\x2f\xfd\x04", "zstd"),
        (b"7z\xbc\xaf\x27\x1c", "7z"),
        (b"Rar!\x1a\x07\x00", "RAR"),
        (b"x" * 257 + b"ustar\x00", "tar"),
        (b"PAR1\x15\x04", "Parquet"),
        (b"Obj\x01\x04", "Avro"),
        (b"ARROW1\x00\x00", "Arrow"),
        (b"SQLite format 3\x00", "SQLite"),
        (b"\x89PNG\r\n", "PNG"),
        (b"bplist00", "property list"),
        (b'{"error":"unauthorized"}', "JSON"),
        (b'[{"email": "a@example.org"}]', "JSON"),
        (b'  [\n  {\n   "email": "a@example.org"}]', "JSON"),
        (b'["Name","Email"]\n["Ann","a@example.org"]\n', "JSON"),
        (b'{"email":"a@example.org"}\n{"email":"b@example.org"}\n', "JSON"),
        (b"[]", "JSON"),
        (b"{}", "JSON"),
        (codecs.BOM_UTF8 + b'{"a": 1}', "JSON"),
        ('{"a": 1}'.encode("utf-16"), "JSON"),
        (b"<!DOCTYPE html>\n<html>", "HTML"),
        (b"\n\n<html><body>", "HTML"),
        (b"<table><tr><td>Name</td></tr></table>", "HTML"),
        (b"<!-- exported -->\n<html>", "HTML"),
        (b'<?xml version="1.0"?>\n<Error><Code>AccessDenied</Code></Error>', "XML"),
        (b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns='
         b'"urn:schemas-microsoft-com:office:spreadsheet">', "Excel workbook in XML"),
        (b"<Error><Code>AccessDenied</Code></Error>", "XML"),
        (b"MIME-Version: 1.0\nContent-Type: multipart/related\n", "MIME"),
        (b"From: ann@example.org\nTo: bob@example.org\nSubject: x\n\n", "e-mail"),
        (b"From ann@example.org Wed Mar  4 19:01:33 2026\nSubject: hi\n\nhi\n", "mbox"),
        (b"BEGIN:VCARD\nVERSION:3.0\n", "vCard"),
        (b"BEGIN:VCALENDAR\r\n", "calendar"),
        (b"dn: cn=Ann,dc=example\nmail: ann@example.org\n", "LDIF"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:1\n", "Git LFS"),
        (b"INSERT INTO users VALUES ('A','a@example.org');\n", "SQL"),
        (b"-- MySQL dump 10.13\n--\nCREATE TABLE `users` (\n", "SQL"),
        (b"| Name | Email |\n|------|-------|\n| P | p@example.org |\n", "Markdown"),
        (b"Name | Email\n--- | ---\nP | p@example.org\n", "Markdown"),
        (b"+------+-------+\n| Name | Email |\n+------+-------+\n", "drawn with lines"),
        (b"[InternetShortcut]\nURL=https://example.org\n", "link to a web page"),
        (b"-----BEGIN PGP MESSAGE-----\n", "encrypted"),
        (b"#!/bin/sh\necho\n", "script"),
        (b"ID;PWXL;N;E\r\nP;PGeneral\r\n", "SYLK"),
        (b"TABLE\r\n0,1\r\n", "DIF"),
        (b"- name: Ann\n  email: ann@example.org\n", "YAML"),
    ],
)  # fmt: skip
def test_other_files_are_named_with_a_way_out(head: bytes, name: str) -> None:
    with pytest.raises(UsageError) as caught:
        refuse_other(head, "people.csv")
    assert caught.value.message.startswith("people.csv is ")
    assert name in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize("head", [b"", codecs.BOM_UTF8, b" \r\n\n", b"\xff\xfe", b"\x1a"])
def test_an_empty_file_is_called_so(head: bytes) -> None:
    with pytest.raises(UsageError, match=r"people\.csv is empty"):
        refuse_other(head, "people.csv")


@pytest.mark.parametrize(
    "head",
    [
        b"Name,Email\nAnn,ann@example.org\n",
        b"[Name],[Email]\nAnn,ann@example.org\n",
        b"{Name};{Email}\nAnn;ann@example.org\n",
        b"Name|Email\nAnn|ann@example.org\n",
        b"| Name | Email |\n| Ann | ann@example.org |\n",
        b"<Name>,<Email>\nAnn,ann@example.org\n",
        b"From,To,Subject\nann@example.org,bob@example.org,x\n",
        b"From: Host\nName,Email\nAnn,ann@example.org\n",
        b"Date: 2026-03-22\n\nName,Email\nAnn,ann@example.org\n",
        b"Date: 2026-03-22\nName,Email\nAnn,ann@example.org\n",
        b"# exported\nName,Email\n",
        b"-- exported\nName,Email\n",
        b"Table,Name,Email\n1,Ann,ann@example.org\n",
        b"ID;Person;Email\n1;Ann;ann@example.org\n",
        b"Use,Name,Email\n",
        b"Created,Name,Email\n",
        b"Copy,Name,Email\n",
        b"<ann@example.org>\n<bob@example.org>\n",
        b"- Name,Email\nAnn,ann@example.org\n",
        "Name,Email\n".encode("utf-16"),
        "Name,Email\n".encode("utf-16-le"),
        "Имя,Почта\n".encode("cp1251"),
        b"PKN,Name,Email\n",
        b"GIF,Name,Email\n",
    ],
)
def test_tables_are_let_through(head: bytes) -> None:
    refuse_other(head, "people.csv")
