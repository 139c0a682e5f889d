"""How many requests it takes to wait for a hundred imports."""

from __future__ import annotations

from tests.csv_texts import rows
from tests.world import MakeWorld

JOBS = 100


def test_a_hundred_imports_take_a_request_a_look_and_not_one_each(make_world: MakeWorld) -> None:
    world = make_world("--rows-per-second=1")
    # 20 to 69 rows: they end between a third of a minute and more than one after they began
    sizes = [20 + number % 50 for number in range(JOBS)]
    ids = [world.create_import(rows(size)) for size in sizes]
    done = world.run("path import wait - --progress=none", stdin=" ".join(map(str, ids)))
    assert done.code == 0, done.err
    assert [job["id"] for job in done.json["data"]] == ids
    assert {job["status"] for job in done.json["data"]} == {"COMPLETED"}
    assert [job["processedRows"] for job in done.json["data"]] == sizes
    # a page holds a hundred
    assert len(done.sent) == done.json["wait"]["requests"] == len(done.slept) + 1 < JOBS / 2


def test_imports_among_many_others_take_a_page_each_and_not_a_request_each(
    make_world: MakeWorld,
) -> None:
    world = make_world("--rows-per-second=15")
    ids = [world.create_import(rows(1 if number % 3 else 30)) for number in range(30)][::3]
    done = world.run("path import wait --interval=1s --progress=none", *map(str, ids))
    assert done.code == 0, done.err
    assert len(done.sent) == len(done.slept) + 1
