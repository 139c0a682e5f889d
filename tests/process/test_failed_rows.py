"""--failed-rows: the rejected rows of an import, saved when the wait ends."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness import Finished, Sandbox, people

HEADER = b"Email,Name,rowNum,errorCode,errorMessage\r\n"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A sandbox: import 1 has two rejected rows, import 2 none, import 3 a great many."""
    sandbox = Sandbox(tmp_path_factory.mktemp("rows"))
    for text in (people(3, bad=2), people(3), people(3, bad=20_000)):
        sandbox.finish_import(text)
    yield sandbox
    sandbox.stop()


def _wait(server: Sandbox, folder: Path, *more: str, job_id: int = 1) -> Finished:
    return server.run("path", "import", "wait", str(job_id), *more, cwd=folder)


def test_the_default_name_has_the_id_in_it(server: Sandbox, tmp_path: Path) -> None:
    done = _wait(server, tmp_path, "--failed-rows")
    saved = tmp_path / "import-1-failed.csv"
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
def test_a_path_names_the_file(server: Sandbox, tmp_path: Path, path: str) -> None:
    (tmp_path / "deep" / "er").mkdir(parents=True)
    done = _wait(server, tmp_path, f"--failed-rows={path}", "--allow-partial")
    assert done.code == 0
    assert (tmp_path / path).read_bytes().startswith(HEADER)


@pytest.mark.parametrize("path", [".", "deep/er", "deep/er/"])
def test_a_folder_gets_a_file_of_the_default_name(
    server: Sandbox, tmp_path: Path, path: str
) -> None:
    (tmp_path / "deep" / "er").mkdir(parents=True)
    done = _wait(server, tmp_path, f"--failed-rows={path}")
    saved = tmp_path / path / "import-1-failed.csv"
    assert saved.read_bytes().startswith(HEADER)
    assert done.json["wait"]["failedRowsFile"] == str(saved.relative_to(tmp_path))


def test_a_folder_where_the_file_should_be_is_a_usage_error(
    server: Sandbox, tmp_path: Path
) -> None:
    (tmp_path / "import-1-failed.csv").mkdir()
    done = _wait(server, tmp_path, "--failed-rows")
    assert (done.code, done.out) == (2, "")
    assert done.error["message"] == (
        "--failed-rows: import-1-failed.csv is a folder; name a file in it"
    )


def test_an_id_behind_it_is_an_id(server: Sandbox, tmp_path: Path) -> None:
    done = server.run("path", "import", "wait", "--failed-rows", "1", cwd=tmp_path)
    assert done.code == 6
    assert (tmp_path / "import-1-failed.csv").exists()


def test_a_dash_prints_the_rows_instead_of_the_record(server: Sandbox, tmp_path: Path) -> None:
    done = _wait(server, tmp_path, "--failed-rows=-", "--progress=none")
    assert done.code == 6
    assert done.out.encode().startswith(HEADER)
    assert done.out.count("\r\n") == 3
    assert done.err.startswith('{\n  "error"')
    assert list(tmp_path.glob("*.csv")) == []


def test_nothing_is_saved_when_nothing_was_rejected(server: Sandbox, tmp_path: Path) -> None:
    done = _wait(server, tmp_path, "--failed-rows", job_id=2)
    assert done.code == 0
    assert list(tmp_path.glob("*.csv")) == []
    assert "failedRowsFile" not in done.json["wait"]


@pytest.mark.parametrize(("flags", "code"), [((), 6), (("--allow-partial",), 1)])
def test_another_file_is_never_replaced_unasked(
    server: Sandbox, tmp_path: Path, flags: tuple[str, ...], code: int
) -> None:
    (tmp_path / "import-1-failed.csv").write_text("mine")
    done = _wait(server, tmp_path, "--failed-rows", *flags)
    assert done.code == done.json["wait"]["exitCode"] == code
    assert (
        "Warning: failed rows were not saved: import-1-failed.csv exists and was left as it is "
        "(--force replaces it)\n"
    ) in done.err
    assert (tmp_path / "import-1-failed.csv").read_text() == "mine"


def test_force_replaces_it(server: Sandbox, tmp_path: Path) -> None:
    (tmp_path / "import-1-failed.csv").write_text("mine")
    done = _wait(server, tmp_path, "--failed-rows", "--force")
    assert done.code == 6
    assert (tmp_path / "import-1-failed.csv").read_bytes().startswith(HEADER)
    assert stat.S_IMODE((tmp_path / "import-1-failed.csv").stat().st_mode) == 0o600


@pytest.mark.parametrize(("flags", "code"), [((), 6), (("--allow-partial",), 1)])
@pytest.mark.parametrize("target", ["/proc/rows.csv", "/dev/full"])
def test_a_save_that_fails_is_a_warning_and_turns_0_into_1(
    server: Sandbox, tmp_path: Path, target: str, flags: tuple[str, ...], code: int
) -> None:
    done = _wait(server, tmp_path, f"--failed-rows={target}", *flags)
    assert done.code == done.json["wait"]["exitCode"] == code
    assert f"Warning: failed rows were not saved: cannot write {target}: " in done.err
    assert done.json["data"]["failedCount"] == 2


def test_a_working_folder_that_cannot_be_written_is_no_harm(server: Sandbox) -> None:
    # nobody can make a file there, not even root
    done = _wait(server, Path("/proc"), "--failed-rows")
    assert done.code == 6
    assert "cannot write import-1-failed.csv" in done.err
    assert done.json["data"]["status"] == "PARTIAL_SUCCESS"


def test_a_disk_that_fills_up_leaves_no_file(server: Sandbox, tmp_path: Path) -> None:
    done = server.shell("ulimit -f 64; $cli path import wait 3 --failed-rows", cwd=tmp_path)
    assert done.code == 6
    assert "cannot write import-3-failed.csv: File too large" in done.err
    assert list(tmp_path.iterdir()) == [tmp_path / "home"]


def test_a_path_that_can_never_work_is_a_usage_error_before_anything_is_sent(
    server: Sandbox, tmp_path: Path
) -> None:
    message = "--failed-rows: the folder nowhere does not exist"
    create = "path import create --file-key k --source-id 1 --mode SKIP --mapping 0:EMAIL --wait"
    jobs = server.ask("GET", "/path/import").json()["totalElements"]
    for arguments in ("path import wait 1", create):
        done = server.run(*arguments.split(), "--failed-rows=nowhere/rows.csv", cwd=tmp_path)
        assert (done.code, done.out, done.error["message"]) == (2, "", message)
    assert server.ask("GET", "/path/import").json()["totalElements"] == jobs


def test_quiet_and_rows_on_stdout_contradict_each_other(server: Sandbox, tmp_path: Path) -> None:
    done = _wait(server, tmp_path, "--quiet", "--failed-rows=-")
    assert (done.code, done.out) == (2, "")
    assert done.error["hint"] == "name a file for --failed-rows"
