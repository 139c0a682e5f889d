"""`create --wait`: the exit codes of an import that this very command has started."""

from __future__ import annotations

import pytest

from tests.csv_texts import rows
from tests.world import MakeWorld, Result, World

CREATE = "path import create --source-id=1 --mode=SKIP --mapping=0:EMAIL --wait --interval=1s"


@pytest.fixture
def slow(make_world: MakeWorld) -> World:
    """A world in which an import of 5 rows takes an instant, and one of 500 some time."""
    return make_world("--rows-per-second=100")


def _create(world: World, text: str, *more: str) -> Result:
    world.write("contacts.csv", text)
    analysis = world.run("path import analyze --file contacts.csv").data
    return world.run(CREATE, "--file-key", analysis["fileKey"], *more)


@pytest.mark.parametrize(
    ("text", "flags", "code", "status", "said"),
    [
        (rows(3), "--progress=none", 0, "COMPLETED", ""),
        (rows(3, bad=2), "", 6, "PARTIAL_SUCCESS", "2 of 5 rows failed"),
        (rows(0, bad=3), "", 7, "FAILED", "EMAIL is not a valid e-mail address; 3 of 3 rows"),
        (rows(500), "--timeout=1s", 124, "RUNNING", "timed out after 1s; import 1 is still RUNN"),
        (rows(300), "--timeout=0", 8, "RUNNING", "import 1 is still RUNNING (0 %)"),
    ],
)
def test_the_exit_code_tells_how_it_ended(
    slow: World, text: str, flags: str, code: int, status: str, said: str
) -> None:
    done = _create(slow, text, flags)
    assert (done.code, done.json["data"]["status"]) == (code, status)
    # the id comes before the wait, so that it is known whatever happens then
    assert done.err.startswith("import 1 created\n")
    assert said in done.err
    is_over = code in (0, 6, 7)
    assert (done.json["wait"]["resumeCommand"] is None) == is_over


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        ("--source-id 99", 4, "Channel 99 not found"),
        ("--file-key nobody/knows", 1, "fileKey: is unknown; analyze the file first"),
    ],
)
def test_a_refused_create_has_nothing_to_wait_for(
    world: World, arguments: str, code: int, message: str
) -> None:
    done = _create(world, rows(1), arguments)
    assert (done.code, done.out) == (code, "")
    assert message in done.error["message"]


def test_an_unknown_token_exits_3(world: World) -> None:
    done = world.run(CREATE, "--file-key any", TALKVALUE_TOKEN="not-the-token-of-the-sandbox")
    assert (done.code, done.out) == (3, "")
    assert done.error["code"] == "AUTHENTICATION"
