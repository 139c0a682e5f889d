"""A place that nothing can be written to is a usage error, whichever option names it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.csv_texts import people
from tests.world import World

RUN = "import run x.csv --channel 1 --mode SKIP"
#: each option that names a file to write, with a command
LINES = {
    "api /path/channel -o": "--output",
    "path person export -o": "--output",
    "path channel export 1 -o": "--output",
    "path import failed-export 1 -o": "--output",
    "path import prepare x.csv -o": "--output",
    f"{RUN} --save-mapping": "--save-mapping",
    f"{RUN} --failed-rows": "--failed-rows",
    f"{RUN} --metrics": "--metrics",
    "path import wait 1 --failed-rows": "--failed-rows",
    "path import get 1 --wait --metrics": "--metrics",
}
#: those of them that leave a file which is there as it is
KEEPING = [line for line, option in LINES.items() if option in ("--output", "--save-mapping")]


@pytest.fixture
def world(world: World) -> World:
    """A world with a file to import."""
    world.write("x.csv", people(3))
    return world


@pytest.mark.parametrize("line", LINES)
def test_a_folder_that_is_missing_is_found_before_anything_is_sent(world: World, line: str) -> None:
    done = world.run(line, "none/file")
    assert (done.code, done.out, done.sent) == (2, "", [])
    assert done.error["code"] == "USAGE"
    assert done.error["message"] == f"{LINES[line]}: the folder none does not exist"


@pytest.mark.parametrize("line", [line for line in LINES if LINES[line] != "--failed-rows"])
def test_so_is_a_folder_in_the_place_of_the_file(world: World, line: str) -> None:
    (world.folder / "folder").mkdir()
    done = world.run(line, "folder", "--force" if line in KEEPING else "")
    assert (done.code, done.out, done.sent) == (2, "", [])
    assert done.error["message"] == f"{LINES[line]}: folder is a folder; name a file in it"


@pytest.mark.parametrize("line", LINES)
def test_so_is_a_folder_that_may_not_be_written_to(
    world: World, line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tests may run as root, who may write everywhere."""
    folder = world.folder / "locked"
    folder.mkdir()
    is_allowed = os.access
    monkeypatch.setattr(
        os, "access", lambda path, mode: Path(path) != folder and is_allowed(path, mode)
    )
    done = world.run(line, "locked/file")
    assert (done.code, done.out, done.sent) == (2, "", [])
    assert done.error["message"] == f"{LINES[line]}: cannot write locked/file: permission denied"


@pytest.mark.parametrize("line", KEEPING)
def test_a_file_that_is_there_is_a_usage_error_with_the_option_that_helps(
    world: World, line: str
) -> None:
    there = world.folder / "there"
    there.write_text("mine")
    done = world.run(line, "there")
    assert (done.code, done.out, done.sent) == (2, "", [])
    assert done.error["code"] == "FILE_EXISTS"
    assert done.error["message"] == f"{LINES[line]}: there exists and was left as it is"
    assert done.error["hint"] == "--force replaces it"
    assert there.read_text() == "mine"
