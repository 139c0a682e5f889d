"""--failed-rows: the failed rows of an import, saved when the wait ends."""

from __future__ import annotations

import stat

import pytest

from tests.csv_texts import people
from tests.replies import Reply
from tests.world import MakeWorld, Result, World

HEADER = b"Email,Name,rowNum,errorCode,errorMessage\r\n"


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    """A world: import 1 has two failed rows, import 2 none."""
    world = make_world()
    for text in (people(3, bad=2), people(3)):
        world.finish_import(text)
    return world


def _wait(world: World, *more: str, job_id: int = 1) -> Result:
    return world.run("path import wait", str(job_id), *more)


def test_the_default_name_has_the_id_in_it(world: World) -> None:
    done = _wait(world, "--failed-rows")
    saved = world.folder / "import-1-failed.csv"
    assert done.code == 6
    assert saved.read_bytes() == HEADER + (
        b"not-an-address-0,Nobody 0,4,INVALID_EMAIL,EMAIL is not a valid e-mail address\r\n"
        b"not-an-address-1,Nobody 1,5,INVALID_EMAIL,EMAIL is not a valid e-mail address\r\n"
    )
    # personal data
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600
    assert done.json["wait"]["failedRowsFile"] == "import-1-failed.csv"
    assert "failed rows are in import-1-failed.csv\n" in done.err
    assert "failed-export" not in done.err


@pytest.mark.parametrize("path", ["rows.csv", "deep/er/rows.csv"])
def test_a_path_names_the_file(world: World, path: str) -> None:
    (world.folder / "deep" / "er").mkdir(parents=True)
    done = _wait(world, f"--failed-rows={path}", "--allow-partial")
    assert done.code == 0
    assert (world.folder / path).read_bytes().startswith(HEADER)


@pytest.mark.parametrize("path", [".", "deep/er", "deep/er/"])
def test_a_folder_gets_a_file_of_the_default_name(world: World, path: str) -> None:
    (world.folder / "deep" / "er").mkdir(parents=True)
    done = _wait(world, f"--failed-rows={path}")
    saved = world.folder / path / "import-1-failed.csv"
    assert saved.read_bytes().startswith(HEADER)
    assert done.json["wait"]["failedRowsFile"] == str(saved.relative_to(world.folder))


def test_a_folder_where_the_file_should_be_is_a_usage_error(world: World) -> None:
    (world.folder / "import-1-failed.csv").mkdir()
    done = _wait(world, "--failed-rows")
    assert (done.code, done.out) == (2, "")
    assert done.error["message"] == (
        "--failed-rows: import-1-failed.csv is a folder; name a file in it"
    )


def test_an_id_behind_it_is_an_id(world: World) -> None:
    done = world.run("path import wait --failed-rows 1")
    assert done.code == 6
    assert (world.folder / "import-1-failed.csv").exists()


def test_a_dash_prints_the_rows_instead_of_the_record(world: World) -> None:
    done = _wait(world, "--failed-rows=-", "--progress=none")
    assert done.code == 6
    assert done.out.encode().startswith(HEADER)
    assert done.out.count("\r\n") == 3
    assert done.err.startswith('{\n  "error"')
    assert list(world.folder.glob("*.csv")) == []


def test_nothing_is_saved_when_nothing_has_failed(world: World) -> None:
    done = _wait(world, "--failed-rows", job_id=2)
    assert done.code == 0
    assert list(world.folder.glob("*.csv")) == []
    assert "failedRowsFile" not in done.json["wait"]


@pytest.mark.parametrize("target", ["rows.csv", "-"])
@pytest.mark.parametrize(("flags", "code"), [((), 6), (("--allow-partial",), 0)])
def test_a_server_that_has_no_rows_to_give_is_no_failure(
    world: World, target: str, flags: tuple[str, ...], code: int
) -> None:
    world.write("rows.csv", "mine")
    world.answer(Reply(b"", 204), path="/path/import/1/failed/export")
    done = _wait(world, f"--failed-rows={target}", "--force", "--progress=none", *flags)
    assert done.code == code
    assert done.err.startswith("Import 1 has no failed rows.\n")
    assert "not saved" not in done.err
    assert (world.folder / "rows.csv").read_text() == "mine"


@pytest.mark.parametrize(("flags", "code"), [((), 6), (("--allow-partial",), 1)])
def test_another_file_is_never_replaced_unasked(
    world: World, flags: tuple[str, ...], code: int
) -> None:
    (world.folder / "import-1-failed.csv").write_text("mine")
    done = _wait(world, "--failed-rows", *flags)
    assert done.code == done.json["wait"]["exitCode"] == code
    assert (
        "Warning: failed rows were not saved: import-1-failed.csv exists and was left as it is "
        "(--force replaces it)\n"
    ) in done.err
    assert (world.folder / "import-1-failed.csv").read_text() == "mine"


def test_force_replaces_it(world: World) -> None:
    (world.folder / "import-1-failed.csv").write_text("mine")
    done = _wait(world, "--failed-rows", "--force")
    assert done.code == 6
    assert (world.folder / "import-1-failed.csv").read_bytes().startswith(HEADER)
    assert stat.S_IMODE((world.folder / "import-1-failed.csv").stat().st_mode) == 0o600


@pytest.mark.parametrize(("flags", "code"), [((), 6), (("--allow-partial",), 1)])
@pytest.mark.parametrize("target", ["/proc/rows.csv", "/dev/full"])
def test_a_save_that_fails_is_a_warning_and_turns_0_into_1(
    world: World, target: str, flags: tuple[str, ...], code: int
) -> None:
    done = _wait(world, f"--failed-rows={target}", *flags)
    assert done.code == done.json["wait"]["exitCode"] == code
    assert f"Warning: failed rows were not saved: cannot write {target}: " in done.err
    assert done.json["data"]["failedCount"] == 2


def test_quiet_and_rows_on_stdout_contradict_each_other(world: World) -> None:
    done = _wait(world, "--quiet", "--failed-rows=-", "--json")
    assert (done.code, done.out) == (2, "")
    assert done.error["hint"] == "name a file for --failed-rows"
