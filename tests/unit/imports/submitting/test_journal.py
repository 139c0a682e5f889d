"""The journal of what `run` has begun."""

from __future__ import annotations

import contextlib
import math
import os
import signal
import sqlite3
import stat
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from time import time as system_time
from typing import ClassVar

import pytest

from talkvalue_cli import files
from talkvalue_cli.errors import Interrupted, LocalFileError
from talkvalue_cli.imports.submitting.journal import (
    open_journal,
    sqlite,
    sqlite_schema,
    state_dir,
)
from talkvalue_cli.imports.submitting.journal.sqlite import SqliteJournal
from tests.fakes import FakeClock
from tests.unit.imports.submitting import journal_suite
from tests.unit.imports.submitting.journal_suite import (
    KEY,
    MAPPING,
    JournalSuite,
    begin,
    create,
    made,
)

ADVICE = (
    "without it nobody could tell whether a file was imported already; "
    "XDG_STATE_HOME names another folder"
)


OpenBook = Callable[..., SqliteJournal]


class Time:
    """A wall clock that a test sets."""

    now = 1_764_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def open_book(tmp_path: Path, time: Time) -> Iterator[OpenBook]:
    """Return a function that opens the journal; all are closed in the end."""
    with contextlib.ExitStack() as stack:

        def start(
            folder: Path = tmp_path / "state" / "talkvalue",
            sleep: Callable[[float], None] | None = None,
            wall_clock: Callable[[], float] = time,
        ) -> SqliteJournal:
            book = SqliteJournal(folder, wall_clock, sleep or FakeClock().sleep)
            stack.callback(book.close)
            return book

        yield start


class Folder:
    """A journal in a folder, see `journal_suite.Place`."""

    pauses_s: ClassVar[list[float]] = [0.05, 0.05, 0.05]

    def __init__(self, folder: Path, open_book: OpenBook) -> None:
        self._folder, self._open_book = folder, open_book

    def open(self, sleep: Callable[[float], None] | None = None) -> SqliteJournal:
        """Open the journal; it is closed in the end."""
        return self._open_book(self._folder, sleep, wall_clock=system_time)

    def start(self, script: str) -> subprocess.Popen[str]:
        """Start a process with the journal as `book`."""
        return start_python(script, self._folder)

    def damage(self, column: str, value: object) -> None:
        """Put something into the column of the row 2 that this program would not."""
        with contextlib.closing(sqlite3.connect(self._folder / "journal.db")) as database:
            database.execute(f"UPDATE attempts SET {column} = ? WHERE id = 2", (value,))
            database.commit()


@pytest.fixture
def place(tmp_path: Path, open_book: OpenBook) -> Folder:
    """The journal of a machine that has none yet."""
    return Folder(tmp_path / "state" / "talkvalue", open_book)


class TestSqlite(JournalSuite):
    """What every journal does."""


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
    assert state_dir(environ) == Path(folder)


def test_without_home_the_password_database_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os.path, "expanduser", lambda path: "/users/me")
    assert state_dir({}) == Path("/users/me/.local/state/talkvalue")


@pytest.mark.parametrize("environ", [{}, {"HOME": "relative"}])
def test_without_any_home_nothing_is_written_into_the_working_folder(
    monkeypatch: pytest.MonkeyPatch, environ: dict[str, str]
) -> None:
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)
    with pytest.raises(LocalFileError) as caught:
        state_dir(environ)
    assert (
        caught.value.message
        == "there is no folder for the journal: HOME is not set, or no absolute path"
    )
    assert (caught.value.code, caught.value.hint) == ("JOURNAL", ADVICE)


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_everything_is_private_whatever_the_umask(
    tmp_path: Path, open_book: OpenBook, umask: int
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


def test_each_step_is_dated_by_the_clock_of_the_machine(open_book: OpenBook, time: Time) -> None:
    book = open_book()
    attempt_id = begin(book)
    steps: list[Callable[[], object]] = [
        lambda: book.will_create(attempt_id, file_key="u/k", mapping=MAPPING, server_time=1.0),
        lambda: book.is_creating(attempt_id),
        lambda: book.was_created(attempt_id, 42),
    ]
    for step in steps:
        [attempt] = book.list_newest(10)
        assert (attempt.began_at, attempt.updated_at) == (1_764_000_000.0, time.now)
        time.now += 5
        step()


def test_a_lock_that_cannot_be_taken_is_told_as_the_journals(
    tmp_path: Path, open_book: OpenBook
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


@pytest.mark.parametrize("is_old", [True, False])
def test_a_busy_database_is_asked_again_after_a_pause(
    tmp_path: Path, open_book: OpenBook, is_old: bool
) -> None:
    if is_old:
        write_version_1(tmp_path)
    else:
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
    assert len(book.list_newest(9)) == (6 if is_old else 2)
    assert slept == [0.05] * 3


@pytest.mark.parametrize("use", [create, lambda book: book.list_newest(9)])
def test_who_waits_for_a_busy_database_can_be_stopped(
    tmp_path: Path, open_book: OpenBook, use: Callable[[SqliteJournal], object]
) -> None:
    def sleep(seconds: float) -> None:
        raise Interrupted(signal.SIGINT)

    book = open_book(tmp_path, sleep)
    with locked_database(tmp_path), pytest.raises(Interrupted):
        use(book)


def test_a_database_that_stays_busy_is_told(
    tmp_path: Path, open_book: OpenBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "BUSY_SLICE_S", 0.0)
    clock = FakeClock()
    book = open_book(tmp_path, clock.sleep)
    with locked_database(tmp_path), pytest.raises(LocalFileError) as caught:
        create(book)
    assert caught.value.message == (
        f"cannot use the journal {tmp_path / 'journal.db'}: database is locked"
    )
    assert sum(clock.slept) == pytest.approx(30)


@pytest.mark.parametrize(("limit_s", "waited_s"), [(5.0, 5.0), (0.0, 1.0), (3600.0, 30.0)])
def test_who_has_little_time_does_not_wait_long_for_a_busy_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit_s: float, waited_s: float
) -> None:
    monkeypatch.setattr(sqlite, "BUSY_SLICE_S", 0.0)
    clock = FakeClock()
    environ = {"XDG_STATE_HOME": str(tmp_path)}
    with (
        open_journal(environ=environ, sleep=clock.sleep, limit_s=limit_s) as book,
        locked_database(tmp_path / "talkvalue"),
        pytest.raises(LocalFileError, match="database is locked"),
    ):
        book.list_newest(1)
    assert sum(clock.slept) == pytest.approx(waited_s)


def start_python(script: str, folder: Path) -> subprocess.Popen[str]:
    """Start a process that works on the journal in a folder."""
    return journal_suite.start_python(
        "from pathlib import Path\n"
        "from talkvalue_cli.imports.submitting.journal.sqlite import SqliteJournal\n"
        "book = SqliteJournal(Path(sys.argv[1]), time.time, time.sleep)",
        script,
        str(folder),
    )


#: the journal of the first version, with an attempt at each step
VERSION_1 = """
CREATE TABLE attempts (
    id INTEGER PRIMARY KEY,
    api_url TEXT NOT NULL,
    profile TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    source_id INTEGER NOT NULL,
    mode TEXT NOT NULL,
    file_path TEXT NOT NULL,
    file_name TEXT NOT NULL,
    step TEXT NOT NULL,
    mapping TEXT,
    file_key TEXT,
    job_id INTEGER,
    record TEXT,
    began_at REAL NOT NULL,
    creating_at REAL,
    updated_at REAL NOT NULL
);
CREATE INDEX attempts_by_key ON attempts (api_url, sha256, source_id, mode, profile);
PRAGMA user_version = 1;
"""
OLD_ROWS = [
    ("a", "uploading", None, None, None, None, 100.5, None, 101.5),
    ("b", "creating", '[{"csvIndex": 0}]', "u/k", None, None, 102.5, 103.5, 104.5),
    ("c", "created", "[]", "u/k", 42, None, 105.5, 106.5, 107.5),
    ("d", "finished", "[]", "u/k", 43, '{"id": 43, "status": "FAILED"}', 108.5, 109.5, 110.5),
    ("e", "refused", "[]", "u/k", None, None, 111.5, 112.5, 113.5),
]


def write_version_1(folder: Path, copies: int = 1) -> Path:
    """Write a journal as the first version left it; return its path."""
    path = folder / "journal.db"
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.executescript(VERSION_1)
        for _ in range(copies):
            database.executemany(
                "INSERT INTO attempts (api_url, profile, sha256, source_id, mode, file_path,"
                " file_name, step, mapping, file_key, job_id, record, began_at, creating_at,"
                " updated_at) VALUES ('https://api.test', 'work', ?, 7, 'SKIP', '/d/a.csv',"
                " 'a.csv', ?, ?, ?, ?, ?, ?, ?, ?)",
                [(row[0] * 64, *row[1:]) for row in OLD_ROWS],
            )
        database.commit()
    return path


def test_nothing_of_an_older_journal_is_lost(tmp_path: Path, open_book: OpenBook) -> None:
    path = write_version_1(tmp_path)
    with contextlib.closing(sqlite3.connect(path)) as database:
        before = database.execute("SELECT * FROM attempts ORDER BY id").fetchall()
    book = open_book(tmp_path)
    with contextlib.closing(sqlite3.connect(path)) as database:
        after = database.execute("SELECT * FROM attempts ORDER BY id").fetchall()
        assert database.execute("PRAGMA user_version").fetchone() == (2,)
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert [row[: len(before[0])] for row in after] == before
    assert {row[len(before[0]) :] for row in after} == {(None,) * 5}
    found = {attempt.step: attempt for attempt in book.list_newest(9)}
    assert list(found) == ["refused", "finished", "created", "creating", "uploading"]
    finished = found["finished"]
    assert (finished.tag, finished.import_key, finished.headers, finished.rows) == (None,) * 4
    assert (finished.job_id, finished.record) == (43, {"id": 43, "status": "FAILED"})
    assert (finished.began_at, finished.creating_at, finished.updated_at) == (108.5, 109.5, 110.5)
    assert book.list_job_ids("https://api.test") == {42, 43}


def test_an_older_attempt_is_found_as_it_was_known_then(
    tmp_path: Path, open_book: OpenBook
) -> None:
    write_version_1(tmp_path)
    book = open_book(tmp_path)
    # the file itself has another hash: it is not UTF-8
    key = KEY._replace(organization="org_2", rules=((0, "EMAIL"),))
    for letter, step in {"b": "creating", "c": "created", "d": "finished"}.items():
        assert made(book.find_old(key, "work", letter * 64)).step == step
    for letter in "ae":
        assert book.find_old(key, "work", letter * 64) is None
    assert book.find_old(key, "other", "b" * 64) is None
    assert book.find_old(key._replace(mode="UPDATE"), "work", "b" * 64) is None
    assert book.find_old(key._replace(source_id=8), "work", "b" * 64) is None
    assert book.find_old(key._replace(api_url="https://other.test"), "work", "b" * 64) is None
    assert book.find_latest(key) is None


def test_an_older_journal_is_gone_on_with(tmp_path: Path, open_book: OpenBook) -> None:
    write_version_1(tmp_path)
    book = open_book(tmp_path)
    book.was_created(2, 44)
    assert create(book) == 6
    again = open_book(tmp_path)
    assert [attempt.id for attempt in again.list_newest(9)] == [6, 5, 4, 3, 2, 1]
    found = made(again.find_job("https://api.test", 44))
    assert (found.id, found.step) == (2, "created")


def test_processes_that_find_an_older_journal_at_once_lose_nothing(
    tmp_path: Path, open_book: OpenBook
) -> None:
    write_version_1(tmp_path, copies=400)
    script = "print(len(book.list_newest(9999)), flush=True); book.begin(key, **facts)"
    writers = [start_python(script, tmp_path) for _ in range(6)]
    for writer in writers:
        with writer:
            assert writer.wait(50) == 0
    assert len(open_book(tmp_path).list_newest(9999)) == 2006


def test_a_migration_that_fails_changes_nothing(
    tmp_path: Path, open_book: OpenBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_version_1(tmp_path)
    good = sqlite_schema.MIGRATIONS
    monkeypatch.setattr(
        sqlite_schema, "MIGRATIONS", (good[0], good[1] + "; CREATE TABLE attempts (x)")
    )
    assert "already exists" in broken(tmp_path).message
    with contextlib.closing(sqlite3.connect(path)) as database:
        assert database.execute("PRAGMA user_version").fetchone() == (1,)
        assert len(database.execute("SELECT * FROM attempts").fetchall()[0]) == 16
    monkeypatch.setattr(sqlite_schema, "MIGRATIONS", good)
    assert len(open_book(tmp_path).list_newest(9)) == 5


def test_who_dies_while_making_the_journal_leaves_none_behind(
    tmp_path: Path, open_book: OpenBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "state"

    def die(part: Path, path: Path) -> None:
        raise Interrupted(signal.SIGTERM)

    with monkeypatch.context() as patches:
        patches.setattr(files, "rename_new", die)
        with pytest.raises(Interrupted):
            open_book(folder)
    assert list(folder.iterdir()) == []
    assert open_book(folder).list_newest(9) == []


def test_who_finds_that_another_has_made_the_journal_meanwhile_uses_that(
    tmp_path: Path, open_book: OpenBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, rename = tmp_path / "state", files.rename_new

    def be_late(part: Path, path: Path) -> None:
        monkeypatch.setattr(files, "rename_new", rename)
        create(open_book(folder))
        rename(part, path)

    monkeypatch.setattr(files, "rename_new", be_late)
    assert len(open_book(folder).list_newest(9)) == 1
    assert [path.name for path in folder.iterdir()] == ["journal.db"]


def test_an_empty_file_is_told_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    path.touch()
    assert broken(tmp_path).message == (
        f"cannot use the journal {path}: it is empty, and must have been damaged; "
        "without it a new one is made"
    )
    assert path.stat().st_size == 0


@pytest.mark.parametrize("size", [1, 50, 1024])
def test_a_file_of_which_little_is_left_is_no_new_journal(
    tmp_path: Path, open_book: OpenBook, size: int
) -> None:
    create(open_book(tmp_path))
    path = tmp_path / "journal.db"
    path.write_bytes(path.read_bytes()[:size])
    before = path.read_bytes()
    assert "damaged" in broken(tmp_path).message or "malformed" in broken(tmp_path).message
    assert path.read_bytes() == before


def test_a_disk_that_is_full_while_tables_are_changed_is_told(tmp_path: Path) -> None:
    path = write_version_1(tmp_path)
    before = path.read_bytes()
    with contextlib.closing(sqlite3.connect(path)) as database:
        pages = database.execute("PRAGMA page_count").fetchone()[0]

    class FullDisk(SqliteJournal):
        @staticmethod
        def _connect(path: Path) -> sqlite3.Connection:
            database = SqliteJournal._connect(path)
            database.execute(f"PRAGMA max_page_count = {pages}")
            return database

    with pytest.raises(LocalFileError) as caught:
        FullDisk(tmp_path, Time(), FakeClock().sleep)
    assert caught.value.message == f"cannot use the journal {path}: database or disk is full"
    assert path.read_bytes() == before


@pytest.mark.parametrize("version", [3, 99])
def test_a_journal_of_a_newer_version_is_told_and_left_alone(
    tmp_path: Path, open_book: OpenBook, version: int
) -> None:
    create(open_book(tmp_path))
    path = tmp_path / "journal.db"
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.execute(f"PRAGMA user_version = {version}")
    before = path.read_bytes()
    assert broken(tmp_path).message == (
        f"cannot use the journal {path}: a newer version of this program has written it"
    )
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("record", "{"),
        ("headers", b"\xff"),
        ("updated_at", "yesterday"),
        ("began_at", b""),
        ("updated_at", math.inf),
        ("creating_at", "yesterday"),
        ("headers", "[1]"),
        ("mapping", "[1]"),
        ("step", "odd"),
        ("step", b"\xff"),
        ("job_id", None),
        ("job_id", "odd"),
        ("job_id", -1),
        ("job_id", math.inf),
        ("rows", "many"),
        ("newest_id", b"\x00"),
        ("attempt", None),
        ("attempt", "odd"),
        ("attempt", -1),
    ],
)
def test_a_damaged_row_is_named(
    tmp_path: Path, open_book: OpenBook, column: str, value: object
) -> None:
    book = open_book(tmp_path)
    create(book, KEY._replace(source_id=8))
    book.was_created(create(book), 42)
    with contextlib.closing(sqlite3.connect(tmp_path / "journal.db")) as database:
        database.execute(f"UPDATE attempts SET {column} = ? WHERE id = 2", (value,))
        database.commit()
    uses: list[Callable[[], object]] = [
        lambda: book.find_latest(KEY),
        lambda: book.list_newest(9),
    ]
    if column != "job_id":  # by which it is found
        uses.append(lambda: book.find_job("https://api.test", 42))
    for use in uses:
        with pytest.raises(LocalFileError) as caught:
            use()
        assert (caught.value.code, caught.value.hint) == ("JOURNAL", ADVICE)
        assert caught.value.message.startswith(
            f"cannot use the journal {tmp_path / 'journal.db'}: row 2 is damaged: "
        )
    # the others can be used as ever
    assert book.find_latest(KEY._replace(source_id=8)) is not None


def test_imports_of_a_version_without_tags_have_lost_none(
    tmp_path: Path, open_book: OpenBook
) -> None:
    write_version_1(tmp_path)
    assert not open_book(tmp_path).has_lost_tags("https://api.test")


def broken(folder: Path) -> LocalFileError:
    with pytest.raises(LocalFileError) as caught:
        SqliteJournal(folder, Time(), FakeClock().sleep)
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
        f"cannot use the journal {tmp_path / 'state' / 'journal.db'}: "
        f"cannot create {tmp_path / 'state'}: File exists"
    )


def test_a_folder_in_the_place_of_the_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "journal.db").mkdir()
    assert broken(tmp_path).message == (
        f"cannot use the journal {tmp_path / 'journal.db'}: unable to open database file"
    )


def test_a_full_disk_is_told_and_nothing_of_the_row_is_kept(
    tmp_path: Path, open_book: OpenBook
) -> None:
    book = open_book(tmp_path)
    pages = book._database.execute("PRAGMA page_count").fetchone()[0]
    book._database.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(LocalFileError) as caught:
        for _ in range(1000):
            begin(book, name="x" * 200)
    assert caught.value.message == (
        f"cannot use the journal {tmp_path / 'journal.db'}: database or disk is full"
    )
    written = len(book.list_newest(2000))
    assert 0 < written < 1000
    assert len(open_book(tmp_path).list_newest(2000)) == written


def test_a_journal_that_may_only_be_read_is_told(tmp_path: Path, open_book: OpenBook) -> None:
    book = open_book(tmp_path)
    book._database.execute("PRAGMA query_only = 1")
    with pytest.raises(LocalFileError) as caught:
        begin(book)
    assert caught.value.message == (
        f"cannot use the journal {tmp_path / 'journal.db'}: attempt to write a readonly database"
    )
