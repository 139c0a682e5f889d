"""`create --wait`: the exit codes of an import that this very command has started."""

from __future__ import annotations

import pytest

from tests.csv_texts import rows
from tests.world import MakeWorld, Result, World

CREATE = "path import create --source-id=1 --mode=SKIP --mapping=0:EMAIL --wait --interval=1s"
FORMATS = ("json", "table", "csv")


@pytest.fixture
def slow(make_world: MakeWorld) -> World:
    """A world in which an import of 5 rows takes an instant, and one of 500 some time."""
    return make_world("--rows-per-second=100")


def _create(world: World, text: str, *more: str) -> Result:
    world.write("contacts.csv", text)
    analysis = world.run("path import analyze --file contacts.csv").data
    return world.run(CREATE, "--file-key", analysis["fileKey"], *more)


@pytest.mark.parametrize("format", FORMATS)
def test_a_completed_import_exits_0(slow: World, format: str) -> None:
    done = _create(slow, rows(3), f"--format={format}", "--progress=none")
    assert done.code == 0
    assert "COMPLETED" in done.out
    # the id comes before the wait, so that it is known whatever happens then
    assert done.err.startswith("import ")
    assert done.err.endswith(" created\n")


@pytest.mark.parametrize("format", FORMATS)
def test_rejected_rows_exit_6(slow: World, format: str) -> None:
    done = _create(slow, rows(3, bad=2), f"--format={format}")
    assert done.code == 6
    assert "PARTIAL_SUCCESS" in done.out
    assert "2 of 5 rows failed" in done.err


@pytest.mark.parametrize("format", FORMATS)
def test_nothing_but_rejected_rows_exit_7(slow: World, format: str) -> None:
    done = _create(slow, rows(0, bad=3), f"--format={format}")
    assert done.code == 7
    assert "FAILED" in done.out
    assert "ended as FAILED: EMAIL is not a valid e-mail address; 3 of 3 rows failed" in done.err


@pytest.mark.parametrize("format", FORMATS)
def test_a_deadline_exits_124_and_the_import_goes_on(slow: World, format: str) -> None:
    done = _create(slow, rows(500), f"--format={format}", "--timeout=1s")
    assert done.code == 124
    assert "RUNNING" in done.out
    assert "timed out after 1s; import " in done.err
    assert " is still RUNNING (" in done.err
    assert "%), not failed" in done.err


def test_a_look_without_patience_exits_8(slow: World) -> None:
    done = _create(slow, rows(300), "--timeout=0")
    assert done.code == 8
    assert done.json["data"]["status"] in ("PENDING", "RUNNING")
    assert done.json["wait"]["outcome"] == "not-finished"
    assert done.error["code"] == "NOT_FINISHED"
    assert done.error["resumeCommand"].endswith(f"path import wait {done.json['data']['id']}")


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
