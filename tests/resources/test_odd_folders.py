"""Folders that cannot do what folders usually can."""

from __future__ import annotations

import contextlib
import errno
import os
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from talkvalue_cli import files, imports
from talkvalue_cli.errors import UsageError
from tests.csv_texts import people, rows
from tests.replies import Reply, Request
from tests.world import World


def test_a_folder_without_locks_is_the_code_journal_and_says_what_to_do(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: Any) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr("fcntl.flock", fail)
    done = world.import_files(world.write("a.csv", rows(3)))
    assert (done.code, done.error["code"]) == (1, "JOURNAL")
    assert "No locks available" in done.error["message"]
    assert "XDG_STATE_HOME names another folder" in done.error["hint"]
    assert world.jobs == []


def test_failed_rows_for_a_pipe_that_nobody_reads_do_not_hold_the_end(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "READER_WAIT_S", 0.1)
    pipe = world.folder / "pipe"
    os.mkfifo(pipe)
    done = world.import_files(world.write("a.csv", people(3, bad=1)), f"--failed-rows={pipe}")
    assert done.code == 6
    assert done.json["data"]["status"] == "PARTIAL_SUCCESS"
    assert f"{pipe}: nobody reads this named pipe" in done.err


def test_failed_rows_behind_a_link_to_nowhere_are_found_out_before(world: World) -> None:
    link = world.folder / "link.csv"
    link.symlink_to("none/rows.csv")
    done = world.import_files(world.write("a.csv", people(3, bad=1)), f"--failed-rows={link}")
    assert (done.code, done.error["code"]) == (2, "USAGE")
    assert "none does not exist" in done.error["message"]
    assert world.jobs == []


@pytest.mark.parametrize("flags", ["", "--dry-run"])
def test_a_state_folder_that_nobody_may_enter_is_the_code_journal(world: World, flags: str) -> None:
    # no one can look into a file, or behind so long a name, not even root
    done = world.import_files(world.write("a.csv", rows(3)), flags, XDG_STATE_HOME="/" + "x" * 300)
    assert (done.code, done.error["code"]) == (1, "JOURNAL")
    assert "File name too long" in done.error["message"]
    assert world.jobs == []


def test_a_mapping_in_the_journal_that_is_none_is_not_inherited(world: World) -> None:
    """What is damaged is told as of an import that another machine has made."""
    world.import_files(world.write("a.csv", people(3, bad=1)))
    [saved] = world.folder.glob("import-*-failed.csv")
    text = saved.read_text().splitlines(keepends=True)[0]
    for damage in ('[{"csvIndex": 99, "targetField": "EMAIL"}]', "[{}]"):
        with contextlib.closing(sqlite3.connect(world.machine.state / "journal.db")) as journal:
            journal.execute("UPDATE attempts SET mapping = ?", (damage,))
            journal.commit()
        world.write(saved.name, f"{text}{damage},c@example.org,,,\n")
        for flag in ("--dry-run", "--no-wait", ""):
            done = world.import_files(saved.name, flag)
            [warning] = done.json["run"]["warnings"]
            assert warning in done.err
            assert "the mapping of import 1 is not in the journal" in warning


@pytest.mark.parametrize("option", ["--failed-rows", "--metrics", "--save-mapping"])
@pytest.mark.parametrize("name", ["a.csv", "./a.csv", "link.csv", "hard.csv"])
def test_the_file_that_is_imported_is_never_written_over(
    world: World, option: str, name: str
) -> None:
    text = people(3, bad=1)
    world.write("a.csv", text)
    (world.folder / "link.csv").symlink_to("a.csv")
    (world.folder / "hard.csv").hardlink_to(world.folder / "a.csv")
    done = world.import_files(f"a.csv {option}={name} --force")
    assert (done.code, done.error["code"], done.sent) == (2, "USAGE", [])
    path = name.removeprefix("./")
    assert done.error["message"] == (f"{option}: {path} is the file that is read; name another one")
    assert (world.folder / "a.csv").read_text() == text


def test_python_is_told_too_that_failed_rows_would_go_over_the_file(world: World) -> None:
    path = world.folder / world.write("a.csv", people(3, bad=1))
    with world.machine.journal() as journal, pytest.raises(UsageError, match="that is read"):
        imports.run(
            world.machine.connect(),
            path,
            source_id=1,
            mode="SKIP",
            failed_rows=path,
            force=True,
            journal=journal,
        )


def test_metrics_never_go_in_the_place_of_a_device(world: World) -> None:
    pipe = world.folder / "pipe"
    os.mkfifo(pipe)
    done = world.import_files(world.write("a.csv", rows(3)), f"--metrics={pipe}")
    assert (done.code, done.sent) == (2, [])
    assert done.error["message"] == f"--metrics: cannot write {pipe}: it is no plain file"
    assert pipe.is_fifo()


def _change(path: Path, kind: str) -> None:
    """Make something else of a file."""
    if kind == "grown":
        path.write_text(path.read_text() + "late@example.org,Late\n")
    elif kind == "cut off":
        os.truncate(path, 10)
    elif kind == "replaced":
        path.with_suffix(".new").write_text(rows(3, "other"))
        path.with_suffix(".new").rename(path)
    else:
        path.unlink()
        if kind == "a folder":
            path.mkdir()
        elif kind == "a pipe":
            os.mkfifo(path)


@pytest.mark.parametrize("step", ["/path/import", "/path/import/analyze"])
@pytest.mark.parametrize(
    ("kind", "code", "message"),
    [
        ("grown", 1, "a.csv has changed since it was checked; nothing was imported"),
        ("cut off", 1, "a.csv has changed since it was checked; nothing was imported"),
        ("replaced", 1, "a.csv has changed since it was checked; nothing was imported"),
        ("a pipe", 1, "a.csv has changed since it was checked; nothing was imported"),
        ("a folder", 2, "a.csv is a folder; name a CSV file"),
        ("gone", 2, "file not found: a.csv"),
    ],
)
def test_a_file_that_becomes_another_before_it_is_sent_is_not_imported(
    world: World, step: str, kind: str, code: int, message: str
) -> None:
    path = world.folder / world.write("a.csv", rows(3))
    refusal = Reply({}, 503)

    def take(request: Request) -> Reply | None:
        if request.path.partition("?")[0] == step and len(world.requests) < 3:
            if path.is_file() and path.read_text() == rows(3):
                _change(path, kind)
            return refusal
        return None

    world.on_request = take
    done = world.import_files("a.csv")
    assert (done.code, done.error["message"]) == (code, message)
    world.on_request = lambda request: None
    assert world.jobs == []


@pytest.mark.parametrize("name", ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", "-"])
def test_failed_rows_on_standard_output_are_all_that_is_there(world: World, name: str) -> None:
    done = world.import_files(world.write("a.csv", people(3, bad=1)), f"--failed-rows={name}")
    assert done.code == 6
    header, row = done.out.splitlines()
    assert header.startswith("Email,Name,rowNum")
    assert row.startswith("not-an-address-0")


@pytest.mark.parametrize("status", [202, 206])
def test_a_part_of_the_failed_rows_is_not_saved(world: World, status: int) -> None:
    part = Reply(b"Email,rowNum\n", status, {"Content-Type": "text/csv"})
    world.answer(part, path="/path/import/*/failed*")
    done = world.import_files(world.write("a.csv", people(3, bad=1)))
    assert done.code == 6
    assert f"should answer with the whole, not HTTP {status}" in done.err
    assert list(world.folder.glob("import-*")) == []


def test_who_has_no_temporary_folder_is_told_how_to_name_one(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: Any, **settings: Any) -> None:
        raise FileNotFoundError(errno.ENOENT, "No usable temporary directory found")

    monkeypatch.setattr("tempfile.mkdtemp", fail)
    done = world.import_files(world.write("a.csv", rows(3)), "--dry-run")
    assert (done.code, done.error["code"]) == (1, "LOCAL_FILE")
    assert "cannot make a temporary folder: No usable" in done.error["message"]
    assert "TMPDIR" in done.error["hint"]


def test_a_working_folder_that_cannot_be_written_to_is_told_before_anything_is_sent(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.access", lambda *arguments, **settings: False)
    done = world.import_files(world.write("a.csv", rows(3)))
    assert (done.code, done.error["code"], done.sent) == (2, "USAGE", [])
    assert f"cannot be saved in the folder {world.folder}: permission" in done.error["message"]
    assert "--no-failed-rows" in done.error["hint"]
    assert world.import_files("a.csv --no-failed-rows").code == 0


def test_too_little_memory_is_one_sentence(world: World) -> None:
    def fail(request: Request) -> Reply | None:
        raise MemoryError

    world.on_request = fail
    done = world.import_files(world.write("a.csv", rows(3)))
    assert (done.code, done.error["code"]) == (1, "MEMORY")
    assert done.error["message"] == "there is not enough memory"
