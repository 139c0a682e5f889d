"""What a server, a pooler, or somebody with rights does to a journal that is kept there."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from talkvalue_cli import signals
from talkvalue_cli.errors import DeadlineError, Interrupted, LocalFileError, UsageError
from talkvalue_cli.exit_codes import code_of
from talkvalue_cli.imports import open_journal
from talkvalue_cli.imports.submitting.journal import schema, session
from tests.postgres.database import Database
from tests.postgres.server import PASSWORD, QUOTED_PASSWORD, USER, Pooler, Server
from tests.unit.imports.submitting.journal_suite import KEY, MAPPING, begin, create, made

StartPooler = Callable[..., Pooler]
ADVICE = (
    "without it nobody could tell whether a file was imported already; "
    "TALKVALUE_JOURNAL names the database"
)
NO_POOLER = (
    "a pooler gives its connections away after each transaction, and locks with them; "
    "use a direct connection or session pooling"
)
LOST = "the connection that held the lock of this import was lost"


def refusal(url: str, **settings: Any) -> LocalFileError:
    """Return the error of who opens a journal that cannot be used."""
    with pytest.raises(LocalFileError) as caught, open_journal(url, **settings):
        pytest.fail("it can be used")
    assert (caught.value.code, caught.value.hint) == ("JOURNAL", ADVICE)
    assert code_of(caught.value) == 1
    for shown in (caught.value.text, "".join(traceback.format_exception(caught.value))):
        assert PASSWORD not in shown
        assert QUOTED_PASSWORD not in shown
    return caught.value


def end_sessions(place: Database) -> int:
    """End all other sessions of the database, as its server may at any moment; return how many."""
    [[count]] = place.ask(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    return int(count)


def test_a_session_that_ends_while_the_lock_is_held_lets_nothing_be_sent(place: Database) -> None:
    book = place.open()
    with book.lock(KEY):
        attempt_id = begin(book)
        assert end_sessions(place) == 1
        with pytest.raises(LocalFileError) as caught:
            book.will_create(attempt_id, file_key="k", mapping=MAPPING, server_time=1.0)
        assert re.search(f": {LOST}: .*terminating connection due to", caught.value.message)
        # nor later: it is not connected again behind the back of whoever has the lock by now
        for write in (
            lambda: book.will_create(attempt_id, file_key="k", mapping=[], server_time=1.0),
            lambda: book.is_creating(attempt_id),
            lambda: book.was_refused(attempt_id),
            lambda: begin(book),
        ):
            with pytest.raises(LocalFileError, match=LOST):
                write()
        with place.open().lock(KEY, lambda: False):
            pass
    [attempt] = place.open().list_newest(9)
    assert attempt.step == "uploading"


def test_an_import_that_was_made_is_written_down_without_the_lock(place: Database) -> None:
    book = place.open()
    with book.lock(KEY):
        attempt_id = create(book)
        end_sessions(place)
        with pytest.raises(LocalFileError, match=LOST):
            book.is_creating(attempt_id)
        book.was_created(attempt_id, 42)
    [attempt] = book.list_newest(9)
    assert (attempt.step, attempt.job_id) == ("created", 42)


def test_a_session_that_ends_while_no_lock_is_held_is_begun_again(place: Database) -> None:
    book = place.open()
    with book.lock(KEY):
        attempt_id = create(book)
        book.was_created(attempt_id, 42)
    end_sessions(place)
    book.was_finished(attempt_id, {"id": 42, "status": "COMPLETED"})
    end_sessions(place)
    assert [attempt.step for attempt in book.list_newest(9)] == ["finished"]
    end_sessions(place)
    with book.lock(KEY):
        assert begin(book) == 2


def test_who_waits_for_a_lock_goes_on_after_the_session_was_ended(place: Database) -> None:
    def sleep(seconds: float) -> None:
        if end_sessions(place) == 1:  # the holder has been ended before, too
            pytest.fail("nobody waits")

    one, other = place.open(), place.open(sleep)
    with one.lock(KEY), other.lock(KEY):
        pass


def test_a_lock_that_was_taken_away_lets_nothing_be_sent(place: Database) -> None:
    book: Any = place.open()
    with book.lock(KEY):
        attempt_id = begin(book)
        book._session.fetch("SELECT pg_advisory_unlock_all()")
        with pytest.raises(LocalFileError, match="has taken the lock away"):
            book.will_create(attempt_id, file_key="k", mapping=[], server_time=1.0)
    assert book.list_newest(9)[0].step == "uploading"


def test_a_row_that_somebody_has_removed_lets_nothing_be_sent(place: Database) -> None:
    book = place.open()
    with book.lock(KEY):
        attempt_id = begin(book)
        place.ask("DELETE FROM talkvalue_attempts")
        with pytest.raises(LocalFileError, match="has no such row"):
            book.will_create(attempt_id, file_key="k", mapping=[], server_time=1.0)


def test_one_journal_has_one_lock_at_a_time(place: Database) -> None:
    book = place.open()
    # the server would give the same session its lock a second time
    for key in (KEY, KEY._replace(source_id=8)):
        with book.lock(KEY), pytest.raises(DeadlineError), book.lock(key, lambda: False):
            pytest.fail("it has two")


def test_the_clock_that_counts_is_the_databases(
    place: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    [[before]] = place.ask("SELECT extract(epoch FROM clock_timestamp())::float8")
    monkeypatch.setattr(time, "time", lambda: before + 60)
    with open_journal(place.url, wall_clock=lambda: before + 60) as book:
        attempt_id = begin(book)
        book.is_creating(attempt_id)
        [attempt] = book.list_newest(1)
        now = book.now()
    [[after]] = place.ask("SELECT extract(epoch FROM clock_timestamp())::float8")
    assert before <= attempt.began_at <= attempt.updated_at <= now <= after


def test_a_standby_is_refused(server: Server, url: str) -> None:
    source = Server()
    source.end()
    standby = Server(copy_of=source)
    try:
        assert refusal(standby.url()).message == (
            f"cannot use the journal postgresql://{USER}@127.0.0.1:{standby.port}/postgres: "
            "this server is a standby, which takes no writes"
        )
    finally:
        standby.remove()
        shutil.rmtree(source.folder)


@pytest.mark.parametrize("mode", ["transaction", "statement"])
@pytest.mark.parametrize("size", [1, 5])
def test_a_pooler_that_would_lose_locks_is_refused(
    start_pooler: StartPooler, url: str, mode: str, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "PROBE_LIMIT_S", 1.0)
    message = refusal(start_pooler(mode, size).url_of(url)).message
    assert NO_POOLER in message


@pytest.mark.parametrize("size", [1, 5])
def test_a_pooler_that_lends_for_a_session_is_as_good_as_none(
    start_pooler: StartPooler, url: str, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "PROBE_LIMIT_S", 1.0)
    with open_journal(start_pooler("session", size).url_of(url)) as book:
        with book.lock(KEY):
            create(book)
            with (
                open_journal(url) as other,
                pytest.raises(DeadlineError),
                other.lock(KEY, lambda: False),
            ):
                pytest.fail("both have it")
        assert len(book.list_newest(9)) == 1
    with open_journal(url) as other, other.lock(KEY, lambda: False):
        pass


def test_a_pooler_that_changes_connections_later_is_found_out_by_the_next_write(
    start_pooler: StartPooler, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pooler = start_pooler("transaction")
    # as if nothing had been noticed in the beginning
    monkeypatch.setattr(session.Session, "_check_pooler", lambda *arguments: None)
    with open_journal(pooler.url_of(url)) as book:
        with book.lock(KEY):
            attempt_id = begin(book)
            with psycopg.connect(pooler.url_of(url)) as other:
                other.execute("SELECT 1")  # in a transaction that goes on
                with pytest.raises(LocalFileError, match=NO_POOLER):
                    book.will_create(attempt_id, file_key="k", mapping=[], server_time=1.0)
        assert book.list_newest(9)[0].step == "uploading"


@pytest.mark.parametrize("version", [2, 99])
def test_tables_of_a_newer_version_are_refused_and_left_alone(
    place: Database, version: int
) -> None:
    create(place.open())
    place.ask("UPDATE talkvalue_schema_version SET version = %s", version)
    assert refusal(place.url).message.endswith(": a newer version of this program has written it")
    assert place.ask("SELECT version FROM talkvalue_schema_version") == [(version,)]
    assert place.ask("SELECT count(*) FROM talkvalue_attempts") == [(1,)]


def test_a_migration_that_fails_changes_nothing(
    place: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = schema.MIGRATIONS
    monkeypatch.setattr(schema, "MIGRATIONS", (good[0], "CREATE TABLE talkvalue_attempts (x int)"))
    monkeypatch.setattr(schema, "VERSION", 2)
    assert "already exists" in refusal(place.url).message
    assert place.ask("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == [(0,)]
    monkeypatch.undo()
    assert place.open().list_newest(9) == []


def test_older_tables_are_brought_up_to_date_and_keep_their_rows(
    place: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    create(place.open())
    more = (*schema.MIGRATIONS, "ALTER TABLE talkvalue_attempts ADD COLUMN more text")
    monkeypatch.setattr(schema, "MIGRATIONS", more)
    monkeypatch.setattr(schema, "VERSION", 2)
    assert len(place.open().list_newest(9)) == 1
    assert place.ask("SELECT version FROM talkvalue_schema_version") == [(2,)]
    assert place.ask("SELECT more FROM talkvalue_attempts") == [(None,)]


def test_a_version_that_is_gone_is_told(place: Database) -> None:
    place.open()
    place.ask("DELETE FROM talkvalue_schema_version")
    assert "talkvalue_schema_version must have one row" in refusal(place.url).message


def test_a_user_who_may_only_read_and_write_rows_can_use_what_is_there(
    place: Database, server: Server
) -> None:
    place.open()
    user, name = f"w_{place.url.rpartition('/')[2]}", place.url.rpartition("/")[2]
    place.ask(f"CREATE ROLE {user} LOGIN PASSWORD 'another-password'")
    place.ask(f"GRANT SELECT, INSERT, UPDATE ON talkvalue_attempts TO {user}")
    place.ask(f"GRANT SELECT ON talkvalue_schema_version TO {user}")
    with open_journal(f"postgres://{user}:another-password@127.0.0.1:{server.port}/{name}") as book:
        with book.lock(KEY):
            create(book)
        assert len(book.list_newest(9)) == 1


def test_a_schema_of_ones_own_is_named_by_the_url(place: Database) -> None:
    place.open()
    place.ask("CREATE SCHEMA nightly")
    with open_journal(f"{place.url}?options=-csearch_path%3Dnightly") as book:
        create(book)
    assert place.ask("SELECT count(*) FROM nightly.talkvalue_attempts") == [(1,)]
    assert place.open().list_newest(9) == []


@pytest.mark.parametrize(
    ("replaced", "by", "reason"),
    [
        (QUOTED_PASSWORD, "a-wrong-one", "password authentication failed"),
        ("/journal_", "/nothing_", "does not exist"),
        (f"{USER}:", "nobody:", "password authentication failed"),
        ("127.0.0.1", "nowhere.invalid", "nowhere.invalid"),
    ],
)
def test_who_cannot_connect_is_told_why_and_not_the_password(
    url: str, replaced: str, by: str, reason: str
) -> None:
    message = refusal(url.replace(replaced, by)).message
    assert message.startswith("cannot use the journal postgresql://")
    assert reason in message
    assert "a-wrong-one" not in message
    assert "\n" not in message


def test_a_server_that_is_down_is_told(server: Server, url: str) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        message = refusal(url.replace(f":{server.port}/", f":{port}/")).message
    assert message.startswith(f"cannot use the journal postgresql://{USER}@127.0.0.1:{port}/")
    assert "Connection refused" in message


@contextmanager
def mute_server() -> Iterator[int]:
    """Listen on a port, and answer nobody."""
    with closing(socket.socket()) as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        yield silent.getsockname()[1]


def test_a_server_that_says_nothing_is_not_waited_for_for_ever(server: Server, url: str) -> None:
    with mute_server() as port:
        silent = url.replace(f":{server.port}/", f":{port}/")
        assert refusal(silent, limit_s=0.3).message.endswith(": no complete answer within 0.3 s")


def test_a_signal_ends_the_wait_for_a_connection(server: Server, url: str) -> None:
    with (
        mute_server() as port,
        signals.watch(),
        pytest.raises(Interrupted),
        sending_sigint(),
        open_journal(url.replace(f":{server.port}/", f":{port}/")),
    ):
        pytest.fail("it is connected")


@contextmanager
def sending_sigint() -> Iterator[None]:
    """Send this process a signal shortly after the block began."""
    script = f"sleep 0.3; kill -INT {os.getpid()}"
    with subprocess.Popen(["sh", "-c", script]):
        yield


def test_a_table_that_somebody_has_locked_is_not_waited_for_for_ever(
    place: Database, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = place.open()
    begin(book)
    monkeypatch.setattr(session, "STATEMENT_LIMIT_S", 0.3)
    with locked_table(place, server), pytest.raises(LocalFileError, match=r"within 0\.3 s"):
        book.list_newest(9)
    assert len(book.list_newest(9)) == 1


def test_a_signal_ends_the_wait_for_an_answer(place: Database, server: Server) -> None:
    book = place.open()
    with (
        locked_table(place, server),
        signals.watch(),
        pytest.raises(Interrupted),
        sending_sigint(),
    ):
        book.list_newest(9)


@contextmanager
def locked_table(place: Database, server: Server) -> Iterator[None]:
    """Have the table as somebody who changes it has it."""
    with server.connect(place.url) as other, other.transaction():
        other.execute("LOCK TABLE talkvalue_attempts")
        yield


def test_whoever_waits_for_a_lock_can_be_stopped(place: Database) -> None:
    def sleep(seconds: float) -> None:
        raise Interrupted(signal.SIGTERM)

    one, other = place.open(), place.open(sleep)
    with one.lock(KEY), pytest.raises(Interrupted), other.lock(KEY):
        pytest.fail("both have it")


def test_sessions_are_as_they_have_to_be_whatever_the_server_does_by_default(
    place: Database,
) -> None:
    name = place.url.rpartition("/")[2]
    place.ask(f"ALTER DATABASE {name} SET synchronous_commit = off")
    place.ask(f"ALTER DATABASE {name} SET idle_session_timeout = '1s'")
    book: Any = place.open()
    shown = {
        setting: book._session.fetch(f"SHOW {setting}")[0][setting]
        for setting in ("synchronous_commit", "idle_session_timeout", "statement_timeout")
    }
    assert shown == {
        "synchronous_commit": "on",
        "idle_session_timeout": "0",
        "statement_timeout": "30s",
    }
    with socket.socket(fileno=socket.dup(book._session._connection.fileno())) as end:
        options = [
            (socket.SOL_SOCKET, socket.SO_KEEPALIVE),
            (socket.IPPROTO_TCP, socket.TCP_KEEPIDLE),
            (socket.IPPROTO_TCP, socket.TCP_KEEPINTVL),
            (socket.IPPROTO_TCP, socket.TCP_KEEPCNT),
            (socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT),
        ]
        assert [end.getsockopt(*option) for option in options] == [1, 30, 10, 3, 60_000]


def test_attempts_say_who_made_them(place: Database) -> None:
    begin(place.open())
    [attempt] = place.open().list_newest(1)
    assert attempt.host == socket.gethostname()
    assert attempt.run is not None
    run = place.ask("SELECT run FROM talkvalue_attempts")[0][0]
    # so is it in the server's list of sessions
    assert attempt.run == run
    place.open()
    names = place.ask("SELECT application_name FROM pg_stat_activity WHERE datname IS NOT NULL")
    assert (f"talkvalue {run}",) in names


def test_what_this_machine_has_left_comes_before_what_others_have(place: Database) -> None:
    book = place.open()
    book.was_created(create(book), 1)
    book.was_created(create(book), 2)
    assert made(book.find_unfinished("https://api.test")).job_id == 2
    place.ask("UPDATE talkvalue_attempts SET host = 'other' WHERE job_id = 2")
    found = made(book.find_unfinished("https://api.test"))
    assert found.job_id == 1
    book.was_finished(found.id, {"id": 1})
    assert made(book.find_unfinished("https://api.test")).job_id == 2


@pytest.mark.parametrize(
    "api_url", ["https://API.test:443/", "https://api.test", "https://api.test./"]
)
def test_a_server_is_one_server_however_its_url_is_written(place: Database, api_url: str) -> None:
    book = place.open()
    attempt_id = create(book, KEY._replace(api_url=api_url))
    book.was_created(attempt_id, 42)
    assert made(book.find_job("https://api.test", 42)).api_url == "https://api.test"
    assert book.list_job_ids(api_url) == {42}


@pytest.mark.parametrize(
    "ending", ["?no_such_parameter=1", "?connect_timeout", "?sslmode=wrong%zz", ":x%zz"]
)
def test_a_url_that_libpq_does_not_understand_is_not_repeated(url: str, ending: str) -> None:
    with pytest.raises(UsageError) as caught, open_journal(url + ending):
        pytest.fail("it can be used")
    shown = "".join(traceback.format_exception(caught.value))
    assert "is not a usable URL of PostgreSQL" in caught.value.message
    assert code_of(caught.value) == 2
    assert QUOTED_PASSWORD not in shown
    assert PASSWORD not in shown
    assert caught.value.hint is not None


def test_a_holder_that_is_killed_frees_the_lock_at_once(place: Database) -> None:
    script = "with book.lock(key):\n    print('held', flush=True); time.sleep(60)"
    book, tries = place.open(), 0
    with place.start(script) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        holder.send_signal(signal.SIGKILL)
        holder.wait(10)

        def may_wait() -> bool:
            nonlocal tries
            tries += 1
            return tries < 20

        # no sleep in between: the server sees the end of the connection, and waits for nothing
        with book.lock(KEY, may_wait):
            assert tries < 20


def test_nothing_is_left_in_the_folder_of_the_user(place: Database, own_home: Path) -> None:
    book = place.open()
    with book.lock(KEY):
        create(book)
    assert list(own_home.iterdir()) == []
