"""Lists of several pages, and exports: the parts put together are the whole."""

from __future__ import annotations

import csv
import io
import stat
from pathlib import Path
from typing import Any

import pytest

from tests.csv_texts import people
from tests.world import MakeWorld, World

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
def test_all_is_the_pages_put_together(world: World, line: str) -> None:
    path, requests = LISTS[line]
    pages: list[Any] = []
    number = count = 1
    while number <= count:
        done = world.run(f"{line} --page {number} --page-size 40")
        assert done.json["pagination"]["page"] == number
        pages += done.data
        number, count = number + 1, done.json["pagination"]["totalPages"]
    whole = world.run(f"{line} --all")
    assert whole.json == {"data": pages}
    assert len(whole.lines) >= requests
    assert all(sent.startswith(f"GET {path}?") for sent in whole.lines)
    assert len({item["id"] for item in pages}) == done.json["pagination"]["totalElements"]
    rows = list(csv.reader(io.StringIO(world.run(f"{line} --all --format csv").out)))
    assert [row[0] for row in rows] == ["ID", *(str(item["id"]) for item in pages)]


@pytest.mark.parametrize("line", EXPORTS)
def test_an_export_is_what_the_server_sends(world: World, line: str, tmp_path: Path) -> None:
    sent = world.ask("GET", EXPORTS[line]).data
    assert sent.count(b"\n") > 80
    done = world.run(line)
    assert (done.code, done.raw, done.err) == (0, sent, "")
    assert done.lines == [f"GET {EXPORTS[line]}"]
    target = tmp_path / "people.csv"
    assert world.run(line, words=["-o", target]).told == (0, "", "")
    assert target.read_bytes() == sent
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    refused = world.run(line, words=["-o", target])
    assert (refused.code, refused.lines, refused.error["code"]) == (2, [], "FILE_EXISTS")
    target.write_text("old")
    assert world.run(line, words=["--force", "-o", target]).code == 0
    assert target.read_bytes() == sent
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["people.csv"]


@pytest.mark.parametrize("line", [line for line in EXPORTS if line[-1].isdigit()])
def test_an_export_of_what_is_not_there_is_exit_4(world: World, line: str, tmp_path: Path) -> None:
    line = line.rpartition(" ")[0]
    done = world.run(line, words=["999999", "-o", tmp_path / "x.csv"])
    assert (done.code, done.raw, done.error["status"]) == (4, b"", 404)
    assert not (tmp_path / "x.csv").exists()


@pytest.mark.parametrize("line", EXPORTS)
def test_an_export_that_is_cut_off_leaves_no_file(make_world: MakeWorld, line: str) -> None:
    world = make_world("--fault=cut-middle,path=*/export")
    world.write("kept.csv", "mine")
    for options in ("-o new.csv", "--force -o kept.csv"):
        done = world.run(line, options)
        assert (done.code, done.raw, done.error["code"]) == (1, b"", "NETWORK")
    assert (world.folder / "kept.csv").read_text() == "mine"
    assert sorted(path.name for path in world.folder.iterdir()) == ["home", "kept.csv"]
    done = world.run(line)
    assert (done.code, done.error["code"]) == (1, "NETWORK")


def test_all_of_thousands_is_everybody_once(world: World) -> None:
    world.finish_import(people(2000))
    done = world.run("path person list --all")
    ids = [person["id"] for person in done.data]
    assert len(ids) == len(set(ids)) > 2000
    assert len(done.sent) == -(-len(ids) // 100)
