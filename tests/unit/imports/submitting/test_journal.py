"""The journal of what `run` has begun."""

from __future__ import annotations

import contextlib
import os
import signal
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from talkvalue_cli.errors import DeadlineError, Interrupted, LocalFileError
from talkvalue_cli.exit_codes import code_of
from talkvalue_cli.imports.submitting import journal
from talkvalue_cli.imports.submitting.journal import Journal, Key
from tests.fakes import FakeClock

KEY = Key("https://api.test", "work", "f" * 64, 7, "SKIP")
MAPPING = [{"csvIndex": 0, "targetField": "EMAIL"}]
ADVICE = (
    "without it nobody could tell whether a file was imported already; "
    "XDG_STATE_HOME names another folder"
)
#: another process that works on the journal in the folder that is its argument
HEAD = """
import sys, time
from pathlib import Path
from talkvalue_cli.imports.submitting.journal import Journal, Key
key = Key("https://api.test", "work", "f" * 64, 7, "SKIP")
book = Journal(Path(sys.argv[1]), time.time, time.sleep)
"""


class Time:
    """A wall clock that a test sets."""

    now = 1_764_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def open_book(tmp_path: Path, time: Time) -> Iterator[Callable[..., Journal]]:
    """Return a function that opens the journal; all are closed in the end."""
    with contextlib.ExitStack() as stack:

        def start(
            folder: Path = tmp_path / "state" / "talkvalue",
            sleep: Callable[[float], None] | None = None,
        ) -> Journal:
            book = Journal(folder, time, sleep or FakeClock().sleep)
            stack.callback(book.close)
            return book

        yield start


def create(book: Journal, key: Key = KEY, at: float = 50.0, name: str = "a.csv") -> int:
    """Write an attempt up to the moment before its create request."""
    attempt_id = book.begin(key, f"/data/{name}", name)
    book.will_create(attempt_id, file_key="u/k", mapping=MAPPING, server_time=at)
    return attempt_id


@pytest.mark.parametrize(
    ("environ", "folder"),
    [
        ({"XDG_STATE_HOME": "/state", "HOME": "/home/me"}, "/state/talkvalue"),
        ({"HOME": "/home/me"}, "/home/me/.local/state/talkvalue"),
        ({"XDG_STATE_HOME": "", "HOME": "/home/me"}, "/home/me/.local/state/talkvalue"),
        # XDG Base Directory Specification: relative paths are ignored
        ({"XDG_STATE_HOME": "state", "HOME": "/home/me"}, "/home/me/.local/state/talkvalue"),
    ],
)
def test_the_folder_goes_by_the_environment(environ: dict[str, str], folder: str) -> None:
    assert journal.state_dir(environ) == Path(folder)


def test_without_home_the_password_database_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os.path, "expanduser", lambda path: "/users/me")
    assert journal.state_dir({}) == Path("/users/me/.local/state/talkvalue")


@pytest.mark.parametrize("environ", [{}, {"HOME": "relative"}])
def test_without_any_home_nothing_is_written_into_the_working_folder(
    monkeypatch: pytest.MonkeyPatch, environ: dict[str, str]
) -> None:
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)
    with pytest.raises(LocalFileError) as caught:
        journal.state_dir(environ)
    assert caught.value.message == "there is no folder for the journal: HOME is not set"
    assert (caught.value.code, caught.value.hint) == ("JOURNAL", ADVICE)


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_everything_is_private_whatever_the_umask(
    tmp_path: Path, open_book: Callable[..., Journal], umask: int
) -> None:
    before = os.umask(umask)
    try:
        book = open_book()
        with book.lock(KEY):
            create(book)
    finally:
        os.umask(before)
    folder = tmp_path / "state" / "talkvalue"
    modes = {
        str(path.relative_to(folder)): stat.S_IMODE(path.stat().st_mode)
        for path in (folder, folder / "journal.db", folder / "locks", *folder.glob("locks/*"))
    }
    assert modes.pop(".") == 0o700
    assert modes.pop("locks") == 0o700
    assert modes.pop("journal.db") == 0o600
    assert list(modes.values()) == [0o600]


def test_an_attempt_goes_through_its_steps(open_book: Callable[..., Journal], time: Time) -> None:
    book = open_book()
    attempt_id = book.begin(KEY, "/data/a.csv", "a.csv")
    [attempt] = book.list_newest(10)
    assert attempt == journal.Attempt(
        id=attempt_id,
        key=KEY,
        file_path="/data/a.csv",
        file_name="a.csv",
        step="uploading",
        job_id=None,
        record=None,
        began_at=1_764_000_000.0,
        creating_at=None,
        updated_at=1_764_000_000.0,
    )
    time.now += 5
    book.will_create(attempt_id, file_key="u/k", mapping=MAPPING, server_time=1_764_000_004.0)
    [attempt] = book.list_newest(10)
    assert (attempt.step, attempt.creating_at) == ("creating", 1_764_000_004.0)
    assert (attempt.began_at, attempt.updated_at) == (1_764_000_000.0, 1_764_000_005.0)
    time.now += 1
    book.is_creating(attempt_id)
    [attempt] = book.list_newest(10)
    assert (attempt.step, attempt.updated_at) == ("creating", 1_764_000_006.0)
    book.was_created(attempt_id, 42)
    [attempt] = book.list_newest(10)
    assert (attempt.step, attempt.job_id, attempt.record) == ("created", 42, None)
    book.was_finished(attempt_id, {"id": 42, "status": "COMPLETED"})
    [attempt] = book.list_newest(10)
    assert (attempt.step, attempt.job_id) == ("finished", 42)
    assert attempt.record == {"id": 42, "status": "COMPLETED"}


def test_values_of_rejected_rows_are_not_written_down(open_book: Callable[..., Journal]) -> None:
    book = open_book()
    row = {"rowNum": 3, "errorCode": "INVALID_EMAIL", "errorMessage": "is not valid"}
    record = {"id": 42, "failedRows": [{**row, "rawValue": "ann@"}]}
    book.was_finished(create(book), record)
    [attempt] = book.list_newest(1)
    assert attempt.record == {"id": 42, "failedRows": [{**row, "rawValue": None}]}
    assert record["failedRows"] == [{**row, "rawValue": "ann@"}]


def test_the_mapping_and_the_file_key_are_written_down(
    tmp_path: Path, open_book: Callable[..., Journal]
) -> None:
    create(open_book())
    database = sqlite3.connect(tmp_path / "state" / "talkvalue" / "journal.db")
    with contextlib.closing(database):
        [row] = database.execute("SELECT file_key, mapping FROM attempts").fetchall()
    assert row == ("u/k", '[{"csvIndex": 0, "targetField": "EMAIL"}]')


def test_what_is_written_is_there_when_the_journal_is_opened_again(
    open_book: Callable[..., Journal],
) -> None:
    attempt_id = create(open_book())
    found = open_book().find_latest(KEY)
    assert found is not None
    assert (found.id, found.step) == (attempt_id, "creating")


def test_only_an_attempt_that_may_have_made_a_job_counts(
    open_book: Callable[..., Journal],
) -> None:
    book = open_book()
    assert book.find_latest(KEY) is None
    book.begin(KEY, "/data/a.csv", "a.csv")
    assert book.find_latest(KEY) is None
    first = create(book)
    book.was_created(first, 42)
    second = create(book)
    book.was_refused(second)
    book.begin(KEY, "/data/a.csv", "a.csv")
    found = book.find_latest(KEY)
    assert found is not None
    assert (found.id, found.job_id) == (first, 42)
    third = create(book)
    found = book.find_latest(KEY)
    assert found is not None
    assert found.id == third


@pytest.mark.parametrize(
    "other",
    [
        KEY._replace(api_url="https://other.test"),
        KEY._replace(profile=""),
        KEY._replace(sha256="0" * 64),
        KEY._replace(source_id=8),
        KEY._replace(mode="UPDATE"),
    ],
)
def test_any_difference_makes_another_import(open_book: Callable[..., Journal], other: Key) -> None:
    book = open_book()
    create(book)
    assert book.find_latest(other) is None


def test_jobs_are_found_by_id_and_server(open_book: Callable[..., Journal]) -> None:
    book = open_book()
    attempt_id = create(book)
    book.was_created(attempt_id, 42)
    found = book.find_job("https://api.test", 42)
    assert found is not None
    assert found.id == attempt_id
    assert book.find_job("https://other.test", 42) is None
    assert book.find_job("https://api.test", 43) is None
    assert book.list_job_ids("https://api.test") == {42}
    assert book.list_job_ids("https://other.test") == set()


def test_the_newest_job_that_was_not_seen_to_end_is_the_one_to_resume(
    open_book: Callable[..., Journal],
) -> None:
    book = open_book()
    assert book.find_unfinished("https://api.test") is None
    for job_id in (1, 2, 3):
        book.was_created(create(book), job_id)
    book.was_finished(3, {"id": 3})
    found = book.find_unfinished("https://api.test")
    assert found is not None
    assert found.job_id == 2
    assert book.find_unfinished("https://other.test") is None


def test_the_newest_attempts_come_first_and_not_too_many(
    open_book: Callable[..., Journal],
) -> None:
    book = open_book()
    for name in ("a.csv", "b.csv", "c.csv"):
        book.begin(KEY, f"/data/{name}", name)
    assert [attempt.file_name for attempt in book.list_newest(2)] == ["c.csv", "b.csv"]


def test_rivals_are_attempts_of_unknown_fate_with_the_same_name(
    open_book: Callable[..., Journal],
) -> None:
    book = open_book()
    mine = create(book, at=100.0)
    rival = create(book, KEY._replace(source_id=8), at=90.0)
    create(book, KEY._replace(sha256="0" * 64), at=69.0)  # too old by far
    create(book, at=100.0, name="other.csv")
    create(book, KEY._replace(mode="UPDATE"), at=100.0)
    create(book, KEY._replace(api_url="https://other.test"), at=100.0)
    book.was_created(create(book, at=100.0), 42)
    book.was_refused(create(book, at=100.0))
    attempt = next(a for a in book.list_newest(20) if a.id == mine)
    assert [found.id for found in book.list_rivals(attempt, 30.0)] == [rival]


def test_the_lock_is_given_back(open_book: Callable[..., Journal]) -> None:
    clock = FakeClock()
    one, other = open_book(), open_book(sleep=clock.sleep)
    for _ in range(2):
        with one.lock(KEY):
            pass
        with other.lock(KEY):
            pass
    assert clock.slept == []


def test_different_imports_have_different_locks(open_book: Callable[..., Journal]) -> None:
    clock = FakeClock()
    one, other = open_book(), open_book(sleep=clock.sleep)
    with one.lock(KEY), other.lock(KEY._replace(source_id=8)):
        assert clock.slept == []


def test_who_does_not_get_the_lock_waits_and_gives_up_at_the_deadline(
    open_book: Callable[..., Journal],
) -> None:
    clock = FakeClock()
    one, other = open_book(), open_book(sleep=clock.sleep)

    def may_wait() -> bool:
        return len(clock.slept) < 3

    with one.lock(KEY):
        with pytest.raises(DeadlineError) as caught, other.lock(KEY, may_wait):
            pytest.fail("both have it")
        assert clock.slept == [0.05, 0.05, 0.05]
        assert caught.value.message == (
            "the deadline passed while another run was sending the same file"
        )
        assert (caught.value.code, code_of(caught.value)) == ("WAIT_TIMEOUT", 124)


def test_the_lock_passes_on_as_soon_as_it_is_free(open_book: Callable[..., Journal]) -> None:
    waits = []
    first = contextlib.ExitStack()

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        first.close()

    one, other = open_book(), open_book(sleep=sleep)
    first.enter_context(one.lock(KEY))
    with other.lock(KEY):
        assert waits == [0.05]


def test_a_lock_that_cannot_be_taken_is_told_as_the_journals(
    tmp_path: Path, open_book: Callable[..., Journal]
) -> None:
    book = open_book(tmp_path)
    (tmp_path / "locks").write_text("a file in the place of the folder")
    with pytest.raises(LocalFileError) as caught, book.lock(KEY):
        pytest.fail("it has it")
    assert caught.value.message.startswith(f"cannot use the journal {tmp_path / 'journal.db'}: ")
    assert "cannot create" in caught.value.message
    assert (caught.value.code, caught.value.hint) == ("JOURNAL", ADVICE)


@contextlib.contextmanager
def locked_database(folder: Path) -> Iterator[sqlite3.Connection]:
    """Hold the database of the journal as another process in a transaction does."""
    with contextlib.closing(sqlite3.connect(folder / "journal.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield other


@pytest.mark.parametrize("is_new", [True, False])
def test_a_busy_database_is_asked_again_after_a_pause(
    tmp_path: Path, open_book: Callable[..., Journal], is_new: bool
) -> None:
    if not is_new:
        create(open_book(tmp_path))
    with locked_database(tmp_path) as other:
        slept: list[float] = []

        def sleep(seconds: float) -> None:
            slept.append(seconds)
            if len(slept) == 3:
                other.execute("COMMIT")

        book = open_book(tmp_path, sleep)
        assert slept == [0.05] * 3
        create(book)
    assert len(book.list_newest(9)) == (1 if is_new else 2)
    assert slept == [0.05] * 3


@pytest.mark.parametrize("use", [create, lambda book: book.list_newest(9)])
def test_who_waits_for_a_busy_database_can_be_stopped(
    tmp_path: Path, open_book: Callable[..., Journal], use: Callable[[Journal], object]
) -> None:
    def sleep(seconds: float) -> None:
        raise Interrupted(signal.SIGINT)

    book = open_book(tmp_path, sleep)
    with locked_database(tmp_path), pytest.raises(Interrupted):
        use(book)


def test_a_database_that_stays_busy_is_told(
    tmp_path: Path, open_book: Callable[..., Journal], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "BUSY_SLICE_S", 0.0)
    clock = FakeClock()
    book = open_book(tmp_path, clock.sleep)
    with locked_database(tmp_path), pytest.raises(LocalFileError) as caught:
        create(book)
    assert caught.value.message == (
        f"cannot use the journal {tmp_path / 'journal.db'}: database is locked"
    )
    assert sum(clock.slept) == pytest.approx(30)


def start_python(script: str, folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", HEAD + script, str(folder)], stdout=subprocess.PIPE, text=True
    )


def test_a_holder_that_is_killed_leaves_no_lock(
    tmp_path: Path, open_book: Callable[..., Journal]
) -> None:
    folder = tmp_path / "state" / "talkvalue"
    script = "with book.lock(key, time.sleep):\n    print('held', flush=True); time.sleep(60)"
    clock = FakeClock()
    with start_python(script, folder) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        book = open_book(folder)
        with pytest.raises(DeadlineError), book.lock(KEY, lambda: False):
            pytest.fail("both have it")
        holder.send_signal(signal.SIGKILL)
        holder.wait(10)
        with book.lock(KEY, lambda: False):
            assert clock.slept == []


def test_many_processes_can_write_at_once(
    tmp_path: Path, open_book: Callable[..., Journal]
) -> None:
    script = "for n in range(20):\n    book.was_created(book.begin(key, '/a.csv', 'a.csv'), n)"
    writers = [start_python(script, tmp_path) for _ in range(6)]
    codes = []
    for writer in writers:
        with writer:
            codes.append(writer.wait(50))
    assert codes == [0] * 6
    found = open_book(tmp_path).list_newest(1000)
    assert len(found) == 120
    assert {attempt.step for attempt in found} == {"created"}


def test_a_writer_that_is_killed_leaves_a_journal_that_can_be_read(
    tmp_path: Path, open_book: Callable[..., Journal]
) -> None:
    script = (
        "print('ready', flush=True)\n"
        "while True:\n    book.begin(key, '/a.csv', 'a.csv'); time.sleep(0.002)"
    )
    seen = 0
    for _ in range(5):
        with start_python(script, tmp_path) as writer:
            assert writer.stdout is not None
            assert writer.stdout.readline() == "ready\n"
            before, book = seen, open_book(tmp_path)
            while (seen := len(book.list_newest(100_000))) < before + 3:
                pass
            writer.send_signal(signal.SIGKILL)
        # nothing that was seen is lost
        assert len(open_book(tmp_path).list_newest(100_000)) >= seen


def broken(folder: Path) -> LocalFileError:
    with pytest.raises(LocalFileError) as caught:
        Journal(folder, Time(), FakeClock().sleep)
    assert (caught.value.code, caught.value.hint) == ("JOURNAL", ADVICE)
    return caught.value


def test_a_file_that_is_no_database_is_told_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    path.write_text("something else, long enough to be looked at" * 100)
    assert broken(tmp_path).message == f"cannot use the journal {path}: file is not a database"
    assert path.read_text().startswith("something else")


def test_a_folder_that_cannot_be_made_is_told() -> None:
    # nobody can make a folder there, not even root
    assert broken(Path("/proc/talkvalue")).message.startswith(
        "cannot use the journal /proc/talkvalue/journal.db: "
    )


def test_a_file_in_the_place_of_the_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("")
    assert broken(tmp_path / "state").message == (
        f"cannot use the journal {tmp_path / 'state' / 'journal.db'}: File exists"
    )


def test_a_folder_in_the_place_of_the_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "journal.db").mkdir()
    assert broken(tmp_path).message == (
        f"cannot use the journal {tmp_path / 'journal.db'}: Is a directory"
    )


def test_a_full_disk_is_told_and_nothing_of_the_row_is_kept(
    tmp_path: Path, open_book: Callable[..., Journal]
) -> None:
    book = open_book(tmp_path)
    pages = book._database.execute("PRAGMA page_count").fetchone()[0]
    book._database.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(LocalFileError) as caught:
        for _ in range(1000):
            book.begin(KEY, "/data/" + "x" * 200, "a.csv")
    assert caught.value.message == (
        f"cannot use the journal {tmp_path / 'journal.db'}: database or disk is full"
    )
    written = len(book.list_newest(2000))
    assert 0 < written < 1000
    assert len(open_book(tmp_path).list_newest(2000)) == written


def test_a_journal_that_may_only_be_read_is_told(
    tmp_path: Path, open_book: Callable[..., Journal]
) -> None:
    book = open_book(tmp_path)
    book._database.execute("PRAGMA query_only = 1")
    with pytest.raises(LocalFileError) as caught:
        book.begin(KEY, "/data/a.csv", "a.csv")
    assert caught.value.message == (
        f"cannot use the journal {tmp_path / 'journal.db'}: attempt to write a readonly database"
    )
