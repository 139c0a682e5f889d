"""What people type first about imports does what they want: lists, dry runs, times."""

from __future__ import annotations

import pytest

from tests.csv_texts import rows
from tests.world import MakeWorld, World


@pytest.fixture
def busy(make_world: MakeWorld) -> World:
    """A world with an import that succeeded, one that failed in part, and one that waits."""
    world = make_world("--fault=queue=3600,after=2")
    world.import_files(world.write("good.csv", rows(5)))
    world.import_files(world.write("bad.csv", rows(20, bad=1)))
    world.create_import(rows(3))
    return world


def test_times_are_told_in_one_way(busy: World) -> None:
    name = busy.write("good.csv", rows(5))
    busy.clock.advance(7200)
    busy.create_import(rows(1))
    for line in ("path import list", "path import get 1", "path import history"):
        assert "2h ago" in busy.run(line, columns=120).out
        piped = busy.run(line, "--format table").out
        assert "ago" not in piped and "Z" in piped
    assert "was imported 2h ago by import 1" in busy.import_files(name, "--json").err


def test_history_fits_where_it_wrapped(busy: World) -> None:
    for columns in (60, 80):
        lines = busy.run("path import history", columns=columns).out.splitlines()
        assert max(map(len, lines)) <= columns
        assert "PARTIAL_SUCCESS" in "".join(lines)


def test_a_hint_names_no_file_that_is_there(busy: World) -> None:
    """The first run has saved the rows, so another place is named."""
    done = busy.run("path import wait 2 --format table")
    command = done.err.splitlines()[-1]
    assert command == "talkvalue path import failed-export 2 -o import-2-failed-2.csv"
    assert busy.paste(command).code == 0
