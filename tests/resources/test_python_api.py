"""The engine as Python uses it, from files to results, in the world."""

from __future__ import annotations

import copy
import functools
import io
import math
import pickle
import pydoc
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import talkvalue_cli
from talkvalue_cli import imports
from talkvalue_cli.errors import (
    AuthError,
    Interrupted,
    NotFoundError,
    NotStartedError,
    StoppedError,
    UsageError,
)
from talkvalue_cli.imports import Outcome, UnsuccessfulImportError, arguments
from talkvalue_cli.imports.options import FileSettings, RunOptions
from talkvalue_cli.imports.status import Tolerance
from talkvalue_cli.imports.waiting.limits import WaitLimits, WaitSettings
from talkvalue_cli.transport.client import Client
from tests.csv_texts import people
from tests.replies import Reply
from tests.world import TOKEN, MakeWorld, World


@pytest.fixture
def client(world: World) -> Client:
    return world.machine.connect()


@pytest.fixture
def settings(world: World) -> Iterator[dict[str, Any]]:
    """What a run of the world needs beside its files."""
    with world.machine.journal() as journal:
        yield {"source_id": 1, "mode": "SKIP", "clock": world.clock, "journal": journal}


@pytest.fixture
def run(client: Client, settings: dict[str, Any]) -> Any:
    """`imports.run` in the world."""
    return functools.partial(imports.run, client, **settings)


def write(world: World, name: str, text: str) -> Path:
    world.write(name, text)
    return world.folder / name


def test_a_file_becomes_a_result(world: World, client: Client, settings: dict[str, Any]) -> None:
    path = write(world, "a.csv", people(3))
    result = imports.run(client, path, timeout_s=1800, **settings)
    assert (result.outcome, result.is_success, result.error) == (Outcome.COMPLETED, True, None)
    assert (result.file, result.action, result.job_id) == (str(path), "created", 1)
    assert result.job is not None
    assert (result.job["status"], result.job["newCount"]) == ("COMPLETED", 3)
    assert (result.failed_rows, result.failed_rows_error) == (None, None)
    result.raise_for_outcome()
    assert world.new_people == 3


def test_the_same_again_is_known_and_nothing_is_imported(world: World, run: Any) -> None:
    path = write(world, "a.csv", people(3))
    run(path)
    again = run(path)
    assert (again.action, again.job_id, again.outcome) == ("known", 1, Outcome.COMPLETED)
    assert len(world.jobs) == 1


def test_it_shares_the_journal_with_the_command_line(world: World, run: Any) -> None:
    path = write(world, "a.csv", people(3))
    run(path)
    done = world.run("path import run", path, "--source-id 1 --mode SKIP")
    assert (done.code, done.json["run"]["action"]) == (0, "known")


def test_several_files_become_a_list_in_their_order(
    world: World, client: Client, settings: dict[str, Any]
) -> None:
    paths = [write(world, f"{n}.csv", people(n)) for n in (5, 2, 3)]
    results = imports.run(client, paths, parallel=3, **settings)
    assert [result.file for result in results] == list(map(str, paths))
    assert [result.job and result.job["totalRows"] for result in results] == [5, 2, 3]
    [alone] = imports.run(client, paths[:1], **settings)
    assert alone.action == "known"


def test_failed_rows_are_saved_where_one_says(world: World, run: Any) -> None:
    path = write(world, "a.csv", people(3, bad=1))
    folder = world.folder / "failed"
    folder.mkdir()
    result = run(path, failed_rows=folder)
    assert (result.outcome, result.is_success) == (Outcome.PARTIAL, False)
    assert result.failed_rows == folder / "import-1-failed.csv"
    assert b"INVALID_EMAIL" in result.failed_rows.read_bytes()


def test_failed_rows_may_go_to_a_stream(world: World, run: Any) -> None:
    path = write(world, "a.csv", people(3, bad=1))
    stream = io.BytesIO()
    result = run(path, failed_rows=stream)
    assert result.failed_rows == Path("-")
    assert b"INVALID_EMAIL" in stream.getvalue()


def test_failed_rows_take_no_stream_of_text(world: World, run: Any) -> None:
    path = write(world, "a.csv", people(3, bad=1))
    with pytest.raises(UsageError, match=r"^failed_rows takes bytes, and no stream of text"):
        run(path, failed_rows=io.StringIO())
    assert world.requests == []


@pytest.mark.parametrize(
    "stream", [io.StringIO("Email\na@b.example\n"), io.TextIOWrapper(io.BytesIO())]
)
def test_standard_input_that_gives_no_bytes_is_told(
    world: World, run: Any, monkeypatch: pytest.MonkeyPatch, stream: io.TextIOBase
) -> None:
    """Such as that of a notebook, or one that is closed."""
    if isinstance(stream, io.TextIOWrapper):
        stream.close()
    monkeypatch.setattr(sys, "stdin", stream)
    with pytest.raises(UsageError, match=r"^standard input is (closed|no stream of bytes)$"):
        run("-")
    assert world.requests == []


def test_failed_rows_that_cannot_be_saved_make_a_success_none(world: World, run: Any) -> None:
    path = write(world, "a.csv", people(3, bad=1))
    target = write(world, "there.csv", "mine")
    result = run(path, failed_rows=target, allow_partial=True)
    assert result.failed_rows_error is not None
    assert (result.outcome, result.error) == (Outcome.PARTIAL, result.failed_rows_error)
    assert target.read_text() == "mine"
    with pytest.raises(type(result.failed_rows_error)):
        result.raise_for_outcome()


def test_what_is_tolerated_is_a_success(world: World, run: Any) -> None:
    path = write(world, "a.csv", people(3, bad=1))
    strict = run(path)
    with pytest.raises(UnsuccessfulImportError) as caught:
        strict.raise_for_outcome()
    assert (caught.value.outcome, caught.value.code) == (Outcome.PARTIAL, "IMPORT_PARTIAL")
    strict.raise_for_outcome(allow_partial=True)
    strict.raise_for_outcome(max_failed=imports.MaxFailed(1))
    with pytest.raises(UnsuccessfulImportError):
        strict.raise_for_outcome(max_failed=imports.MaxFailed(0))
    assert run(path, allow_partial=True).is_success
    assert run(path, max_failed=imports.MaxFailed(1)).is_success


def test_columns_go_where_the_mapping_says(world: World, run: Any) -> None:
    path = write(world, "a.csv", "Who,Mail\nAda,ada@new.example\n")
    result = run(path, mapping={"Mail": "EMAIL", 0: "first_name"})
    assert result.is_success
    [person] = world.get("/path/person", keyword="ada@new.example")["content"]
    assert world.get(f"/path/person/{person['id']}")["firstName"] == "Ada"


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        ({"Mail": "MAIL"}, "mapping: 'MAIL' is not a field; there are EMAIL, "),
        ({1.5: "EMAIL"}, "mapping: 1.5 is not a header or a column number"),
    ],
)
def test_a_wrong_mapping_is_named(world: World, run: Any, mapping: Any, message: str) -> None:
    path = write(world, "a.csv", people(1))
    with pytest.raises(UsageError) as caught:
        run(path, mapping=mapping)
    assert caught.value.message.startswith(message)


def test_a_file_that_cannot_be_used_raises_before_anything_is_sent(world: World, run: Any) -> None:
    good, bad = write(world, "a.csv", people(1)), write(world, "b.csv", "Email\n")
    with pytest.raises(UsageError) as caught:
        run([good, bad])
    assert caught.value.message == f"{bad} has a header and no rows"
    assert world.requests == []


def test_who_keeps_going_has_the_error_in_the_result(world: World, run: Any) -> None:
    bad, good = write(world, "b.csv", "Email\n"), write(world, "a.csv", people(1))
    first, second = run([bad, good], keep_going=True)
    assert (first.outcome, first.action, first.job_id) == (Outcome.ERROR, "none", None)
    with pytest.raises(UsageError):
        first.raise_for_outcome()
    assert (second.outcome, second.file) == (Outcome.COMPLETED, str(good))


def test_after_an_error_the_rest_is_not_started(world: World, run: Any) -> None:
    paths = [write(world, f"{n}.csv", people(n)) for n in (1, 2)]
    world.answer(Reply({}, 409), method="POST", path="/path/import")
    first, second = run(paths)
    assert first.error is not None and first.error.details["status"] == 409
    assert isinstance(second.error, NotStartedError)
    assert second.file == str(paths[1])


def test_an_unknown_keyword_is_a_type_error(client: Client, settings: dict[str, Any]) -> None:
    with pytest.raises(TypeError):
        imports.run(client, "a.csv", bogus=1, **settings)  # type: ignore[call-overload]
    with pytest.raises(TypeError, match=r"^unexpected keyword argument 'rules'$"):
        imports.submit(client, "a.csv", rules=(), **settings)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="bogus"):
        imports.wait(client, 1, bogus=1)  # type: ignore[call-overload]


def test_every_option_has_its_keyword() -> None:
    files, waits = set(FileSettings.__annotations__), set(WaitSettings.__annotations__)
    assert files - {"mapping"} == {*RunOptions._fields} - {"source_id", "mode", "rules"}
    assert waits == {*WaitLimits._fields, *Tolerance._fields}


def test_every_option_is_looked_at() -> None:
    fields = {*RunOptions._fields, *WaitLimits._fields, *Tolerance._fields}
    parts = {"client", "clock", "job", "journal", "limits", "listener", "tolerance"}
    assert fields | parts == set(arguments.CHECKS)


def test_what_is_given_by_default_is_right() -> None:
    given = {**RunOptions(1, "SKIP")._asdict(), **WaitLimits()._asdict(), **Tolerance()._asdict()}
    arguments.check_all(given)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"source_id": "1"}, "source_id must be a whole number from 1, not '1'"),
        ({"source_id": True}, "source_id must be a whole number from 1, not True"),
        ({"source_id": 0}, "source_id must be a whole number from 1, not 0"),
        ({"mode": "skip"}, "mode must be UPDATE or SKIP, not 'skip'"),
        ({"mode": ["SKIP"]}, "mode must be UPDATE or SKIP, not ['SKIP']"),
        ({"mapping": "A:EMAIL"}, "mapping must have a field for each column, not 'A:EMAIL'"),
        ({"min_confidence": 90}, "min_confidence must be a number from 0 to 1, not 90"),
        ({"save_mapping": 5}, "save_mapping must be a Path, or None, not 5"),
        ({"encoding": 8}, "encoding must be a text, or None, not 8"),
        ({"delimiter": ";;"}, "delimiter must be one character, or None, not ';;'"),
        ({"header_row": 0}, "header_row must be a whole number from 1, or None, not 0"),
        ({"date_order": "dd.mm"}, "date_order must be dmy, mdy or ymd, or None, not 'dd.mm'"),
        ({"skip_columns": "Notes"}, "skip_columns must be a list of headers or numbers of columns, "
         "not 'Notes'"),
        ({"again": "no"}, "again must be True or False, not 'no'"),
        ({"again_after_s": None}, "again_after_s must be a number of seconds from 0, not None"),
        ({"settle_s": -1}, "settle_s must be a number of seconds from 0, not -1"),
        ({"parallel": 0}, "parallel must be a whole number from 1, not 0"),
        ({"timeout_s": "1h"}, "timeout_s must be a number of seconds from 0, or None, not '1h'"),
        ({"timeout_s": math.nan}, "timeout_s must be a number of seconds from 0, or None, not nan"),
        ({"max_failed": "5%"}, "max_failed must be a MaxFailed, or None, not '5%'"),
        ({"timeout_s": 10**400}, "timeout_s must be a number of seconds from 0, or None, not 1000"),
        ({"failed_rows": 3}, "failed_rows must be a path or a stream, not 3"),
        ({"skip_columns": [None]}, "skip_columns must be a list of headers or numbers of columns, "
         "not [None]"),
        ({"journal": "postgresql://h/d"}, "journal must be what `with open_journal() as journal` "
         "gives, or None, not 'postgresql://h/d'"),
        ({"listener": imports.SilentListener}, "listener must be a ProgressListener, or None, not "
         "<class"),
        ({"clock": 5}, "clock must be a Clock, or None, not 5"),
    ],
)  # fmt: skip
def test_a_wrong_argument_is_named_before_anything_is_sent(
    world: World, client: Client, settings: dict[str, Any], wrong: dict[str, Any], message: str
) -> None:
    path = write(world, "a.csv", people(1))
    with pytest.raises(UsageError) as caught:
        imports.run(client, path, **{**settings, **wrong})
    assert caught.value.message.startswith(message)
    assert world.requests == []


def test_a_journal_has_to_be_opened(world: World, client: Client, settings: dict[str, Any]) -> None:
    path = write(world, "a.csv", people(1))
    unopened: Any = world.machine.journal()
    with pytest.raises(UsageError, match=r"^journal must be what `with open_journal"):
        imports.run(client, path, **{**settings, "journal": unopened})
    with pytest.raises(UsageError, match=r"^journal must be what `with open_journal"):
        imports.submit(client, path, **{**settings, "journal": unopened})
    assert world.requests == []


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"client": None}, "client must be what connect() returns, not None"),
        ({"job": None}, "job must be the record of an import, not None"),
        ({"job": {}}, "job must be the record of an import, not {}"),
        ({"job": {"id": "7"}}, "job must be the record of an import, not {'id': '7'}"),
        ({"force": 1}, "force must be True or False, not 1"),
        ({"allow_partial": 1}, "allow_partial must be True or False, not 1"),
        ({"max_failed": 5}, "max_failed must be a MaxFailed, or None, not 5"),
        ({"journal": "mine"}, "journal must be what `with open_journal() as journal` gives, or "
         "None, not 'mine'"),
    ],
)  # fmt: skip
def test_what_is_concluded_is_looked_at_before(
    world: World, client: Client, settings: dict[str, Any], wrong: dict[str, Any], message: str
) -> None:
    job = {"id": 7, "status": "PARTIAL_SUCCESS", "failedCount": 1}
    given: dict[str, Any] = {"client": client, "job": job, "journal": settings["journal"]}
    with pytest.raises(UsageError) as caught:
        imports.conclude(**{**given, **wrong}, failed_rows=world.folder)
    assert caught.value.message == message
    assert world.requests == []


def test_what_is_tolerated_is_looked_at(
    world: World, client: Client, settings: dict[str, Any]
) -> None:
    result = imports.run(client, write(world, "a.csv", people(1)), **settings)
    with pytest.raises(UsageError, match=r"^max_failed must be a MaxFailed"):
        result.raise_for_outcome(max_failed=5)  # type: ignore[arg-type]


def test_a_preview_is_of_one_file(world: World, client: Client) -> None:
    given: list[Any] = [[write(world, "a.csv", people(1))] * 2, []]
    for files in given:
        with pytest.raises(UsageError, match=r"^a file must be a path, not "):
            imports.preview(client, files, source_id=1, mode="SKIP")


@pytest.mark.parametrize("files", [None, 5, b"a.csv", [None]])
def test_what_is_no_path_is_no_file(run: Any, files: Any) -> None:
    with pytest.raises(UsageError, match=r"^a file must be a path, not "):
        run(files)


@pytest.mark.parametrize("ids", ["7", True, -1, 0, 2**63, None, [1, "7"]])
def test_what_is_no_id_is_not_waited_for(world: World, client: Client, ids: Any) -> None:
    with pytest.raises(UsageError, match=r"^the id of an import must be a whole number"):
        imports.wait(client, ids)
    with pytest.raises(UsageError):
        imports.Waiter(client, ids)
    assert world.requests == []


def test_a_waiter_takes_no_limits_that_are_none(client: Client) -> None:
    with pytest.raises(UsageError, match=r"^timeout_s must be a number of seconds from 0"):
        imports.Waiter(client, limits=WaitLimits(timeout_s=-1))


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"client": None}, "client must be what connect() returns, not None"),
        ({"limits": None}, "limits must be a WaitLimits, not None"),
        ({"tolerance": True}, "tolerance must be a Tolerance, not True"),
        ({"listener": 5}, "listener must be a ProgressListener, or None, not 5"),
        ({"clock": 5}, "clock must be a Clock, or None, not 5"),
    ],
)
def test_a_waiter_names_what_is_wrong(client: Client, wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError) as caught:
        imports.Waiter(**{"client": client, **wrong})
    assert caught.value.message == message
    with pytest.raises(UsageError, match=r"^job must be the record of an import"):
        imports.Waiter(client).add(7, 5)  # type: ignore[arg-type]


def test_submit_does_not_wait(world: World, client: Client, settings: dict[str, Any]) -> None:
    path = write(world, "a.csv", people(3))
    [submission] = imports.submit(client, path, **settings)
    assert (submission.job_id, submission.action, submission.is_new) == (1, "created", True)
    assert world.clock.slept == []
    assert imports.wait(client, 1, clock=world.clock).is_success


def test_submit_tells_what_could_not_be_submitted(
    world: World, client: Client, settings: dict[str, Any]
) -> None:
    paths = [write(world, f"{n}.csv", people(n)) for n in (1, 2)]
    world.answer(Reply({}, 409), method="POST", path="/path/import")
    [refused] = imports.submit(client, paths, **settings)
    assert refused.error is not None
    assert (refused.job_id, refused.action) == (None, "none")


def test_preview_says_what_would_be_created(world: World, client: Client) -> None:
    path = write(world, "a.csv", people(3))
    found = imports.preview(client, path, source_id=1, mode="SKIP")
    assert found.mapping[0] == {"csvIndex": 0, "targetField": "EMAIL"}
    assert (found.file.checked.rows, bool(found.file_key)) == (3, True)
    assert world.jobs == []


def test_one_import_is_waited_for(world: World, client: Client) -> None:
    job_id = world.create_import(people(3, bad=1))
    result = imports.wait(client, job_id, clock=world.clock, failed_rows=world.folder)
    assert (result.outcome, result.job_id, result.file) == (Outcome.PARTIAL, job_id, None)
    assert result.failed_rows == world.folder / f"import-{job_id}-failed.csv"


def test_several_imports_are_waited_for_in_the_order_given(world: World, client: Client) -> None:
    first, second = world.create_import(people(2)), world.create_import(people(3))
    results = imports.wait(client, [second, first, second], clock=world.clock)
    assert [result.job_id for result in results] == [second, first]


def test_an_import_that_is_not_there_is_a_result(world: World, client: Client) -> None:
    result = imports.wait(client, 99, clock=world.clock)
    assert (result.outcome, result.job) == (Outcome.ERROR, None)
    with pytest.raises(NotFoundError):
        result.raise_for_outcome()
    assert not result.can_resume


def test_a_deadline_is_a_result(make_world: MakeWorld) -> None:
    world = make_world("--rows-per-second=1")
    client = world.machine.connect()
    result = imports.wait(client, world.create_import(people(60)), timeout_s=5, clock=world.clock)
    assert (result.outcome, result.can_resume) == (Outcome.TIMEOUT, True)
    with pytest.raises(UnsuccessfulImportError, match="timed out after 5s; import 1 is still"):
        result.raise_for_outcome()


class Told(imports.SilentListener):
    """A listener that writes down what it hears, and may stop."""

    def __init__(self, stops_at: str = "") -> None:
        self.heard: list[str] = []
        self._stops_at = stops_at

    def _hear(self, word: str) -> None:
        if not self.heard or self.heard[-1] != word:
            self.heard.append(word)
        if word == self._stops_at:
            raise Interrupted(15)

    def upload_began(self, name: str, size: int) -> None:
        self._hear(f"upload of {name}")

    def upload_ended(self) -> None:
        self._hear("uploaded")

    def note(self, text: str) -> None:
        self._hear("note")

    def polled(self, history: imports.JobHistory) -> None:
        self._hear(f"{history.status}")

    def ended(self, result: imports.ImportResult) -> None:
        self._hear(f"ended {result.outcome.value}")

    def wait_ended(self) -> None:
        self._hear("all ended")


def test_a_listener_hears_each_step(make_world: MakeWorld) -> None:
    world = make_world("--rows-per-second=1", "--fault=queue=2")
    told = Told()
    with world.machine.journal() as journal:
        imports.run(
            world.machine.connect(),
            write(world, "a.csv", people(5)),
            source_id=1,
            mode="SKIP",
            clock=world.clock,
            journal=journal,
            listener=told,
        )
    assert told.heard == [
        *("upload of a.csv", "uploaded", "note"),
        *("PENDING", "RUNNING", "COMPLETED", "ended completed", "all ended"),
    ]


@pytest.mark.parametrize(
    ("stops_at", "job_id", "outcome"),
    [("PENDING", 1, Outcome.INTERRUPTED), ("note", None, Outcome.ERROR)],
)
def test_a_listener_can_stop_a_run_which_the_next_one_goes_on_with(
    make_world: MakeWorld, stops_at: str, job_id: int | None, outcome: Outcome
) -> None:
    world = make_world("--fault=queue=2")
    path = write(world, "a.csv", people(5))
    with world.machine.journal() as journal:
        settings: dict[str, Any] = {"source_id": 1, "mode": "SKIP", "clock": world.clock}
        client = world.machine.connect()
        told = Told(stops_at)
        stopped = imports.run(client, path, journal=journal, listener=told, **settings)
        assert (stopped.job_id, stopped.outcome) == (job_id, outcome)
        assert isinstance(stopped.error, StoppedError)
        again = imports.run(client, path, journal=journal, **settings)
    assert again.is_success
    assert world.new_people == 5


@pytest.mark.parametrize(
    "method", ["upload_began", "sent", "upload_ended", "note", "polled", "ended", "wait_ended"]
)
@pytest.mark.parametrize("error", [ValueError("mine"), OSError("mine")])
def test_what_a_listener_raises_comes_out_and_a_later_run_imports_once(
    world: World, client: Client, settings: dict[str, Any], method: str, error: Exception
) -> None:
    """An error of the caller's is none of the server's, which another try could pass."""

    def fail(*told: object) -> None:
        raise error

    path, broken = write(world, "a.csv", people(3)), imports.SilentListener()
    setattr(broken, method, fail)
    with pytest.raises(type(error), match=r"^mine$"):
        imports.run(client, path, listener=broken, **settings)
    assert imports.run(client, path, **settings).is_success
    assert len(world.jobs) == 1


def test_connect_takes_what_it_is_given() -> None:
    client = talkvalue_cli.connect(token=TOKEN, api_url="https://given.test/", environ={})
    assert client.base_url == "https://given.test"


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"api_url": "ftp://given.test"}, "api_url is not a usable URL: 'ftp://given.test'"),
        (
            {"token": "two words"},
            "token holds characters that a token cannot have, such as a blank, a quote or a line "
            "break",
        ),
        ({"token": b"secret"}, "token must be a text, not bytes"),
        ({"api_url": 5}, "api_url must be a text, not int"),
        ({"profile": 5}, "profile must be a text, not int"),
    ],
)
def test_connect_names_its_own_arguments(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError) as caught:
        talkvalue_cli.connect(**wrong, environ={})
    assert caught.value.message == message
    with pytest.raises(UsageError, match=r"^environ must be a mapping, not str$"):
        talkvalue_cli.connect(environ="HOME=/")  # type: ignore[arg-type]


def test_connect_finds_the_rest_as_the_command_line_does(tmp_path: Path) -> None:
    environ = {"HOME": str(tmp_path), "TALKVALUE_API_URL": "https://found.test"}
    with pytest.raises(AuthError) as caught:
        talkvalue_cli.connect(environ=environ)
    # not the program that calls it, which has no such command
    assert (caught.value.hint or "").endswith("\ntalkvalue auth login")
    client = talkvalue_cli.connect(environ={**environ, "TALKVALUE_TOKEN": TOKEN})
    assert client.base_url == "https://found.test"


def test_public_names_are_there_and_no_others() -> None:
    assert "engine" not in imports.__all__
    for name in imports.__all__:
        assert getattr(imports, name).__doc__
    with pytest.raises(AttributeError, match="bogus"):
        _ = imports.bogus
    assert sys.modules["talkvalue_cli"].imports is imports
    with pytest.raises(AttributeError, match="bogus"):
        _ = talkvalue_cli.bogus


def test_public_names_are_listed_before_they_are_loaded() -> None:
    assert dir(imports) == sorted(imports.__all__)
    assert {"connect", "imports", "__version__"} <= {*dir(talkvalue_cli)}
    shown = pydoc.render_doc(imports, renderer=pydoc.plaintext)  # type: ignore[attr-defined]
    for name in ("Waiter", "run", "wait", "Tolerance"):
        assert re.search(rf"^    (class )?{name}\(", shown, re.MULTILINE), name


def test_a_result_goes_from_one_process_to_another(world: World, client: Client) -> None:
    """What is no success has an error, and pools of processes pickle it."""
    result = imports.wait(client, world.create_import(people(3, bad=1)), clock=world.clock)
    other = pickle.loads(pickle.dumps(result))
    with pytest.raises(UnsuccessfulImportError, match="1 of 4 rows failed") as caught:
        other.raise_for_outcome()
    assert caught.value.outcome is Outcome.PARTIAL
    assert copy.deepcopy(result).job == result.job


def test_an_import_that_ended_elsewhere_is_concluded_as_run_would(
    world: World, client: Client, settings: dict[str, Any]
) -> None:
    path = write(world, "a.csv", people(3, bad=1))
    [submission] = imports.submit(client, path, **settings)
    assert submission.job_id is not None
    world.clock.sleep(60)
    job = world.jobs[0]
    folder = world.folder / "failed"
    folder.mkdir()
    told = imports.conclude(
        client, job, failed_rows=folder, journal=settings["journal"], allow_partial=True
    )
    assert (told.outcome, told.is_success) == (Outcome.PARTIAL, True)
    assert told.failed_rows == folder / "import-1-failed.csv"
    assert imports.run(client, path, **settings).action == "known"


def test_an_import_that_the_journal_does_not_know_is_concluded_all_the_same(
    world: World, client: Client, settings: dict[str, Any]
) -> None:
    job = {"id": 7, "status": "FAILED", "completedAt": "2026-01-01T00:00:00Z"}
    told = imports.conclude(client, job, journal=settings["journal"])
    assert (told.outcome, told.job_id) == (Outcome.FAILED, 7)
    alive = imports.conclude(client, {"id": 7, "status": "RUNNING"}, journal=settings["journal"])
    assert alive.outcome is Outcome.NOT_FINISHED
    assert settings["journal"].list_newest(1) == []
