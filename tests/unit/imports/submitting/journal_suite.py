"""What every journal does, wherever it is kept: a test class for each kind inherits these."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Protocol

import pytest

from talkvalue_cli.errors import DeadlineError, LocalFileError
from talkvalue_cli.exit_codes import code_of
from talkvalue_cli.imports.submitting.journal import Attempt, Journal, Key
from talkvalue_cli.imports.submitting.tags import Tag, make_tag
from tests.fakes import FakeClock
from tests.harness import PATIENCE_S

KEY = Key("https://api.test", "org_1", "f" * 64, 7, "SKIP")
#: SHA-256 of ["https://api.test", "org_1", "fff…", 7, "SKIP", []]
KEY_DIGEST = "1990d6b1130046b8da1b80158f3731004f4a6ee94999d9d3b5938b027d39fd72"
TAG = make_tag(KEY.digest, "8e21c9")
MAPPING = [{"csvIndex": 0, "targetField": "EMAIL"}]
#: another process that works on the journal; in front stands a line that opens it as `book`
_HEAD = """
import contextlib, sys, time
from talkvalue_cli.imports.submitting.journal import Key, open_journal
from talkvalue_cli.imports.submitting.tags import make_tag
key = Key("https://api.test", "org_1", "f" * 64, 7, "SKIP")
facts = dict(profile="work", tag=make_tag(key.digest, "8e21c9"), file_path="/a.csv",
             file_name="a.csv", headers=["Email"], rows=1)
"""


class Place(Protocol):
    """Where the journal of a test is kept."""

    @property
    def pauses_s(self) -> list[float]:
        """The first three pauses of who waits for a lock."""

    def open(self, sleep: Callable[[float], None] | None = None) -> Journal:
        """Open the journal; it is closed in the end."""

    def start(self, script: str) -> subprocess.Popen[str]:
        """Start a process with the journal as `book`, and `key` and `facts` of an attempt."""

    def damage(self, column: str, value: object) -> None:
        """Put something into the column of the row 2 that this program would not."""


def start_python(opening: str, script: str, *arguments: str) -> subprocess.Popen[str]:
    """Start a process that works on a journal."""
    text = f"{_HEAD}{opening}\n{script}"
    return subprocess.Popen(
        [sys.executable, "-c", text, *arguments], stdout=subprocess.PIPE, text=True
    )


def begin(book: Journal, key: Key = KEY, *, name: str = "a.csv", attempt: str = "8e21c9") -> int:
    """Write down that a file is about to be uploaded."""
    return book.begin(
        key,
        profile="work",
        tag=make_tag(key.digest, attempt),
        file_path=f"/data/{name}",
        file_name=name,
        headers=["Email", "Name"],
        rows=3,
    )


def create(book: Journal, key: Key = KEY, *, file_key: str = f"u/{TAG}.csv") -> int:
    """Write an attempt up to the moment before its create request."""
    attempt_id = begin(book, key)
    book.will_create(attempt_id, file_key=file_key, mapping=MAPPING, server_time=50.0)
    return attempt_id


def made(found: Attempt | None) -> Attempt:
    """Return an attempt that has to be there."""
    assert found is not None
    return found


class JournalSuite:
    """What holds for every journal; `place` is a fixture of the module that inherits it."""

    def test_an_attempt_goes_through_its_steps(self, place: Place) -> None:
        book = place.open()
        before = book.now()
        attempt_id = begin(book)
        [attempt] = book.list_newest(10)
        assert attempt._replace(began_at=0, updated_at=0, host=None, run=None) == Attempt(
            id=attempt_id,
            api_url="https://api.test",
            profile="work",
            sha256="f" * 64,
            source_id=7,
            mode="SKIP",
            import_key=KEY_DIGEST,
            tag=Tag(KEY_DIGEST[:12], "8e21c9"),
            file_path="/data/a.csv",
            file_name="a.csv",
            step="uploading",
            headers=["Email", "Name"],
            file_key=None,
            mapping=None,
            rows=3,
            newest_id=None,
            job_id=None,
            record=None,
            began_at=0,
            creating_at=None,
            updated_at=0,
        )
        began_at = attempt.began_at
        assert before <= began_at <= attempt.updated_at <= book.now()
        book.will_create(
            attempt_id, file_key="u/k", mapping=MAPPING, server_time=1_764_000_004.5, newest_id=41
        )
        [attempt] = book.list_newest(10)
        assert (attempt.file_key, attempt.mapping, attempt.newest_id) == ("u/k", MAPPING, 41)
        assert (attempt.step, attempt.creating_at) == ("creating", 1_764_000_004.5)
        assert attempt.began_at == began_at
        creating_at = attempt.updated_at
        book.is_creating(attempt_id)
        [attempt] = book.list_newest(10)
        assert (attempt.step, attempt.began_at) == ("creating", began_at)
        assert began_at <= creating_at <= attempt.updated_at <= book.now()
        book.was_created(attempt_id, 42)
        [attempt] = book.list_newest(10)
        assert (attempt.step, attempt.job_id, attempt.record) == ("created", 42, None)
        book.was_finished(attempt_id, {"id": 42, "status": "COMPLETED"})
        [attempt] = book.list_newest(10)
        assert (attempt.step, attempt.job_id) == ("finished", 42)
        assert attempt.record == {"id": 42, "status": "COMPLETED"}

    def test_whatever_a_server_or_a_file_says_can_be_written_down(self, place: Place) -> None:
        book = place.open()
        attempt_id = book.begin(
            KEY,
            profile="w%s{fence}",
            tag=TAG,
            file_path="/d/'; DROP TABLE x; --\u00e4\U0001f600.csv",
            file_name="100%.csv",
            headers=["a\u2028", "%(id)s"],
            rows=2**40,
        )
        book.will_create(attempt_id, file_key="{}%", mapping=[{"é": 1.5}], server_time=1.25)
        book.was_created(attempt_id, 2**62)
        record = {"id": 2**62, "odd": [None, True, {"\\u0000": "\n"}], "rate": 0.1}
        book.was_finished(attempt_id, record)
        [attempt] = book.list_newest(1)
        assert (attempt.profile, attempt.file_name) == ("w%s{fence}", "100%.csv")
        assert attempt.file_path == "/d/'; DROP TABLE x; --\u00e4\U0001f600.csv"
        assert (attempt.headers, attempt.rows) == (["a\u2028", "%(id)s"], 2**40)
        assert (attempt.file_key, attempt.mapping) == ("{}%", [{"é": 1.5}])
        assert (attempt.job_id, attempt.record) == (2**62, record)

    def test_what_no_database_can_hold_keeps_nobody_from_writing(self, place: Place) -> None:
        book = place.open()
        attempt_id = create(book)
        book.was_finished(attempt_id, {"id": 42, "fileName": "a\0b\ud800.csv"})
        [attempt] = book.list_newest(1)
        assert attempt.step == "finished"
        assert attempt.record is not None
        assert attempt.record["id"] == 42

    @pytest.mark.parametrize(
        ("column", "value"), [("record", "[]"), ("mapping", "{}"), ("headers", '"Email"')]
    )
    def test_a_row_that_is_damaged_is_named(self, place: Place, column: str, value: object) -> None:
        book = place.open()
        create(book, KEY._replace(source_id=8))
        book.was_created(create(book), 42)
        place.damage(column, value)
        for use in (
            lambda: book.find_latest(KEY),
            lambda: book.list_newest(9),
            lambda: book.find_job("https://api.test", 42),
        ):
            with pytest.raises(LocalFileError, match=": row 2 is damaged: ") as caught:
                use()
            assert caught.value.code == "JOURNAL"
        # the others can be used as ever
        assert book.find_latest(KEY._replace(source_id=8)) is not None

    def test_processes_that_make_the_journal_at_once_make_one_of_all(self, place: Place) -> None:
        makers = [place.start("book.begin(key, **facts)") for _ in range(6)]
        for maker in makers:
            with maker:
                assert maker.wait(50) == 0
        assert len(place.open().list_newest(99)) == 6

    def test_who_has_the_lock_can_write(self, place: Place) -> None:
        book = place.open()
        with book.lock(KEY):
            book.was_created(create(book), 42)
        assert [attempt.step for attempt in book.list_newest(9)] == ["created"]

    def test_values_of_failed_rows_are_not_written_down(self, place: Place) -> None:
        book = place.open()
        row = {"rowNum": 3, "errorCode": "INVALID_EMAIL", "errorMessage": "is not valid"}
        record = {"id": 42, "failedRows": [{**row, "rawValue": "ann@"}]}
        book.was_finished(create(book), record)
        [attempt] = book.list_newest(1)
        assert attempt.record == {"id": 42, "failedRows": [{**row, "rawValue": None}]}
        assert record["failedRows"] == [{**row, "rawValue": "ann@"}]

    def test_what_is_written_is_there_when_the_journal_is_opened_again(self, place: Place) -> None:
        attempt_id = create(place.open())
        found = made(place.open().find_latest(KEY))
        assert (found.id, found.step) == (attempt_id, "creating")

    def test_only_an_attempt_that_may_have_made_a_job_counts(self, place: Place) -> None:
        book = place.open()
        assert book.find_latest(KEY) is None
        begin(book)
        assert book.find_latest(KEY) is None
        first = create(book)
        book.was_created(first, 42)
        second = create(book)
        book.was_refused(second)
        begin(book)
        found = made(book.find_latest(KEY))
        assert (found.id, found.job_id) == (first, 42)
        third = create(book)
        assert made(book.find_latest(KEY)).id == third

    @pytest.mark.parametrize(
        "other",
        [
            KEY._replace(api_url="https://other.test"),
            KEY._replace(organization=""),
            KEY._replace(sha256="0" * 64),
            KEY._replace(source_id=8),
            KEY._replace(mode="UPDATE"),
            KEY._replace(rules=((0, "EMAIL"),)),
        ],
    )
    def test_any_difference_makes_another_import(self, place: Place, other: Key) -> None:
        book = place.open()
        create(book)
        assert book.find_latest(other) is None

    def test_jobs_are_found_by_id_and_server(self, place: Place) -> None:
        book = place.open()
        attempt_id = create(book)
        book.was_created(attempt_id, 42)
        assert made(book.find_job("https://api.test", 42)).id == attempt_id
        assert book.find_job("https://other.test", 42) is None
        assert book.find_job("https://api.test", 43) is None
        assert book.list_job_ids("https://api.test") == {42}
        assert book.list_job_ids("https://other.test") == set()

    def test_the_newest_job_that_was_not_seen_to_end_is_the_one_to_resume(
        self, place: Place
    ) -> None:
        book = place.open()
        assert book.find_unfinished("https://api.test") is None
        for job_id in (1, 2, 3):
            book.was_created(create(book), job_id)
        book.was_finished(3, {"id": 3})
        assert made(book.find_unfinished("https://api.test")).job_id == 2
        assert book.find_unfinished("https://other.test") is None

    def test_the_newest_attempts_come_first_and_not_too_many(self, place: Place) -> None:
        book = place.open()
        for name in ("a.csv", "b.csv", "c.csv"):
            begin(book, name=name)
        assert [attempt.file_name for attempt in book.list_newest(2)] == ["c.csv", "b.csv"]

    def test_the_lock_is_given_back(self, place: Place) -> None:
        clock = FakeClock()
        one, other = place.open(), place.open(sleep=clock.sleep)
        for _ in range(2):
            with one.lock(KEY):
                pass
            with other.lock(KEY):
                pass
        assert clock.slept == []

    def test_different_imports_have_different_locks(self, place: Place) -> None:
        clock = FakeClock()
        one, other = place.open(), place.open(sleep=clock.sleep)
        with one.lock(KEY), other.lock(KEY._replace(source_id=8)):
            assert clock.slept == []

    def test_who_does_not_get_the_lock_waits_and_gives_up_at_the_deadline(
        self, place: Place
    ) -> None:
        clock = FakeClock()
        one, other = place.open(), place.open(sleep=clock.sleep)

        def may_wait() -> bool:
            return len(clock.slept) < 3

        with one.lock(KEY):
            with pytest.raises(DeadlineError) as caught, other.lock(KEY, may_wait):
                pytest.fail("both have it")
            assert clock.slept == place.pauses_s
            assert caught.value.message == (
                "the deadline passed while another run was sending the same file"
            )
            assert (caught.value.code, code_of(caught.value)) == ("WAIT_TIMEOUT", 124)

    def test_the_lock_passes_on_as_soon_as_it_is_free(self, place: Place) -> None:
        waits = []
        first = contextlib.ExitStack()

        def sleep(seconds: float) -> None:
            waits.append(seconds)
            first.close()

        one, other = place.open(), place.open(sleep=sleep)
        first.enter_context(one.lock(KEY))
        with other.lock(KEY):
            assert waits == place.pauses_s[:1]

    def test_a_holder_that_is_killed_leaves_no_lock(self, place: Place) -> None:
        script = "with book.lock(key):\n    print('held', flush=True); time.sleep(60)"
        with place.start(script) as holder:
            assert holder.stdout is not None
            assert holder.stdout.readline() == "held\n"
            book = place.open(sleep=time.sleep)
            with pytest.raises(DeadlineError), book.lock(KEY, lambda: False):
                pytest.fail("both have it")
            holder.send_signal(signal.SIGKILL)
            holder.wait(PATIENCE_S)
            # a database notices the death when its own process for that session runs again
            end = time.monotonic() + PATIENCE_S
            with book.lock(KEY, lambda: time.monotonic() < end):
                pass

    def test_many_processes_can_write_at_once(self, place: Place) -> None:
        script = "for n in range(20):\n    book.was_created(book.begin(key, **facts), n)"
        writers = [place.start(script) for _ in range(6)]
        codes = []
        for writer in writers:
            with writer:
                codes.append(writer.wait(50))
        assert codes == [0] * 6
        found = place.open().list_newest(1000)
        assert len(found) == 120
        assert {attempt.step for attempt in found} == {"created"}

    def test_a_writer_that_is_killed_leaves_a_journal_that_can_be_read(self, place: Place) -> None:
        script = (
            "print('ready', flush=True)\nwhile True: book.begin(key, **facts); time.sleep(0.002)"
        )
        seen = 0
        for _ in range(5):
            with place.start(script) as writer:
                assert writer.stdout is not None
                assert writer.stdout.readline() == "ready\n"
                before, book = seen, place.open()
                while (seen := len(book.list_newest(100_000))) < before + 3:
                    pass
                writer.send_signal(signal.SIGKILL)
            # nothing that was seen is lost
            assert len(place.open().list_newest(100_000)) >= seen

    def test_an_attempt_that_has_a_key_is_no_old_one(self, place: Place) -> None:
        book = place.open()
        create(book)
        assert book.find_old(KEY, "work", KEY.sha256) is None

    @pytest.mark.parametrize(
        ("file_key", "name", "has_lost"),
        [
            (f"u/{TAG}.csv", "a.csv", True),
            (f"u/{TAG}.csv", None, True),
            (f"u/{TAG}.csv", f"a.{TAG}.csv", False),
            (f"u/{TAG}.csv", f"upload 1 (A.{str(TAG).upper()}).csv", False),
            # sent under its own name, or to a server whose keys have no names
            ("u/k", "a.csv", False),
        ],
    )
    def test_a_server_that_showed_an_import_without_its_tag_has_lost_it(
        self, place: Place, file_key: str, name: str | None, has_lost: bool
    ) -> None:
        book = place.open()
        attempt_id = create(book, file_key=file_key)
        assert not book.has_lost_tags("https://api.test")
        book.was_finished(attempt_id, {"id": 42, "fileName": name})
        assert book.has_lost_tags("https://api.test") is has_lost
        assert not book.has_lost_tags("https://other.test")

    def test_one_import_without_its_tag_is_enough(self, place: Place) -> None:
        book = place.open()
        for name in (f"a.{TAG}.csv", "a.csv", f"a.{TAG}.csv"):
            book.was_finished(create(book), {"id": 42, "fileName": name})
        assert book.has_lost_tags("https://api.test")
