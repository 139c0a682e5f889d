"""Exports that people really have: what lands of each, and whether the program says the rest."""

from __future__ import annotations

import pytest

from tests import real_files
from tests.real_files import Case
from tests.world import MakeWorld, World

CASES = real_files.load_cases()
#: what expectations.json has refused, and is read as it is instead; how many people are in it
READ_ALL_THE_SAME = {"gz": 4, "xlsx_named_csv": 4}


@pytest.fixture(scope="module")
def shared_world(share_world: MakeWorld) -> World:
    """A world for all files, with a channel for each."""
    return share_world("--rows-per-second=100000")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_real_file_is_imported_as_its_owner_hopes(shared_world: World, case: Case) -> None:
    landed = real_files.run_case(shared_world, case)
    if case.id in READ_ALL_THE_SAME:
        assert (landed.done.code, len(landed.people)) == (0, READ_ALL_THE_SAME[case.id])
    else:
        assert real_files.find_faults(case, landed) == []
    if landed.done.code != 2:
        assert real_files.find_silences(case, landed) == []
