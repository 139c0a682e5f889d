"""Lists of several pages, and exports: the parts put together are the whole."""

from __future__ import annotations

import csv
import io
import stat
from pathlib import Path
from typing import Any

import pytest

from tests.process.relay import Relay

#: command → path, and how many requests of 100 items all of it takes at least
LISTS = {
    "path person list --sort name:asc": ("/path/person", 4),
    "path channel people 2": ("/path/channel/2/person", 2),
    "path event person list 1012": ("/path/event/1012/person", 1),
    "path company person list 2": ("/path/company/2/person", 3),
    "path company list": ("/path/company", 1),
}
EXPORTS = {
    "path person export": "/path/person/export",
    "path channel export 2": "/path/channel/2/person/export",
    "path event person export 1012": "/path/event/1012/person/export",
    "path company person export 2": "/path/company/2/person/export",
}


@pytest.mark.parametrize("line", LISTS)
def test_all_is_the_pages_put_together(relay: Relay, line: str) -> None:
    path, requests = LISTS[line]
    pages: list[Any] = []
    number = count = 1
    while number <= count:
        done = relay.call(f"{line} --page {number} --page-size 40")
        assert done.json["pagination"]["page"] == number
        pages += done.data
        number, count = number + 1, done.json["pagination"]["totalPages"]
    whole = relay.call(f"{line} --all")
    assert whole.json == {"data": pages}
    assert len(whole.sent) >= requests
    assert all(sent.startswith(f"GET {path}?") for sent in whole.sent)
    assert len({item["id"] for item in pages}) == done.json["pagination"]["totalElements"]
    rows = list(csv.reader(io.StringIO(relay.call(f"{line} --all --format csv").out)))
    assert [row[0] for row in rows] == ["ID", *(str(item["id"]) for item in pages)]


@pytest.mark.parametrize("line", EXPORTS)
def test_an_export_is_what_the_server_sends(relay: Relay, line: str, tmp_path: Path) -> None:
    sent = relay.sandbox.ask("GET", EXPORTS[line]).content
    assert sent.count(b"\n") > 80
    done = relay.call(line)
    assert (done.code, done.raw, done.err) == (0, sent, "")
    assert done.sent == [f"GET {EXPORTS[line]}"]
    target = tmp_path / "people.csv"
    assert relay.call(line, "-o", target)[:3] == (0, b"", "")
    assert target.read_bytes() == sent
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    refused = relay.call(line, "-o", target)
    assert (refused.code, refused.sent, refused.error["code"]) == (1, [], "FILE_EXISTS")
    target.write_text("old")
    assert relay.call(line, "--force", "-o", target).code == 0
    assert target.read_bytes() == sent
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["people.csv"]


@pytest.mark.parametrize("line", [line for line in EXPORTS if line[-1].isdigit()])
def test_an_export_of_what_is_not_there_is_exit_4(relay: Relay, line: str, tmp_path: Path) -> None:
    line = line.rpartition(" ")[0]
    done = relay.call(line, "999999", "-o", tmp_path / "x.csv")
    assert (done.code, done.raw, done.error["status"]) == (4, b"", 404)
    assert not (tmp_path / "x.csv").exists()


def test_a_format_that_does_not_exist_is_refused_for_an_export_too(relay: Relay) -> None:
    done = relay.call("--format xml path person export")
    assert (done.code, done.raw, done.sent) == (2, b"", [])
    assert done.error["message"] == "unsupported output format: xml"


def test_an_installed_program_does_the_same(relay: Relay, tmp_path: Path) -> None:
    target = tmp_path / "people.csv"
    done = relay.run("path", "company", "person", "export", "2", "-o", target)
    assert done == (0, "", "")
    assert target.read_bytes() == relay.call("path company person export 2").raw
