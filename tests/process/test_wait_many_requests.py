"""How many requests it takes to wait for a hundred imports."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.harness import Sandbox, people

JOBS = 100


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A sandbox that imports 15 rows a second of each job, side by side."""
    sandbox = Sandbox(tmp_path_factory.mktemp("busy"), "--rows-per-second=15")
    yield sandbox
    sandbox.stop()


def test_a_hundred_imports_take_a_request_a_look_and_not_one_each(busy: Sandbox) -> None:
    # 20 to 69 rows: they end between one and five seconds after they began
    texts = [people(20 + number % 50) for number in range(JOBS)]
    with ThreadPoolExecutor(4) as pool:
        ids = list(pool.map(busy.create_import, texts))
    # between ours there are others: the list has more than what is waited for
    command = ("path", "import", "wait", "-", "--progress=none")
    done = busy.run(*command, stdin=" ".join(map(str, ids)))
    assert done.code == 0, done.err
    assert [job["id"] for job in done.json["data"]] == ids
    assert {job["status"] for job in done.json["data"]} == {"COMPLETED"}
    assert [job["processedRows"] for job in done.json["data"]] == [
        20 + number % 50 for number in range(JOBS)
    ]
    found = done.json["wait"]
    # a page holds a hundred, and a nap between two looks is two seconds at least
    looks = 2 + found["elapsedSeconds"] / 2
    assert found["requests"] <= looks + 3 < JOBS / 2


def test_imports_among_many_others_take_a_page_each_and_not_a_request_each(
    busy: Sandbox,
) -> None:
    ids = [busy.create_import(people(1 if number % 3 else 30)) for number in range(30)][::3]
    done = busy.run("path", "import", "wait", *map(str, ids), "--interval=1s", "--progress=none")
    assert done.code == 0, done.err
    found = done.json["wait"]
    assert found["requests"] <= 2 * (1 + found["elapsedSeconds"])
