"""Creating the import of one file so that it is created once, on a fake clock."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
import responses

from talkvalue_cli.commands.path.import_.progress import ProgressReporter
from talkvalue_cli.errors import LocalFileError, NotFoundError, TalkValueError
from talkvalue_cli.exit_codes import code_of
from talkvalue_cli.imports.deadline import Deadline
from talkvalue_cli.imports.file.check import check_csv
from talkvalue_cli.imports.file.checked import CheckedFile
from talkvalue_cli.imports.file.mapping import MappingRule
from talkvalue_cli.imports.options import RunOptions
from talkvalue_cli.imports.result import Submission
from talkvalue_cli.imports.submitting.journal import Attempt, Key
from talkvalue_cli.imports.submitting.journal.sqlite import SqliteJournal
from talkvalue_cli.imports.submitting.submitter import Submitter
from talkvalue_cli.imports.submitting.tags import make_name, make_tag
from tests.fakes import FakeRuntime
from tests.harness import wait_for

API = "https://api.test"
ENVIRON = {"TALKVALUE_TOKEN": "token-of-this-test", "TALKVALUE_API_URL": API}
TEXT = b"Email,Name\na@example.org,Ann\n"
MAPPING = [{"csvIndex": 0, "targetField": "EMAIL"}]
LOOK = "GET ?pageNumber=1&pageSize=100"
GLANCE = "GET ?pageNumber=1&pageSize=1"
DAY_S = 86_400.0
#: the pauses of a search, in seconds
PAUSES = [1, 2, 4, 8, 15, 15, 15]
Answer = tuple[int, dict[str, str], str]


class Server:
    """A server in memory whose clock is the context's, unless it is ahead by skew_s.

    creates: what a POST /path/import is answered, in turn; the last one for ever.
        A function does something; the connection is cut when it returns no status.
    uploads: the same for POST /path/import/analyze.
    keeps_names: false for one whose keys of uploads do not show them.
    tells_time: false for one that sends no Date.
    jobs: the list, newest first; `arrive` puts jobs into it later.
    seen: the journal's newest step when each request came, and the request.
    names, orders: what files were uploaded as, and the bodies of create requests.
    """

    def __init__(self, mock: responses.RequestsMock, context: FakeRuntime, state: Path) -> None:
        self.context, self.state, self.skew_s = context, state, 0.0
        self.creates: list[int | Callable[[], int | None]] = [200]
        self.uploads: list[int] = [200]
        self.keeps_names, self.tells_time = True, True
        self.jobs: list[dict[str, Any]] = []
        self.later: list[tuple[float, dict[str, Any]]] = []
        self.list_status, self.list_is_back_at = 200, 0.0
        self.seen: list[tuple[str | None, str]] = []
        self.names: list[str] = []
        self.orders: list[dict[str, Any]] = []
        mock.assert_all_requests_are_fired = False
        mock.add_callback(responses.POST, f"{API}/path/import/analyze", self._analyze)
        mock.add_callback(responses.POST, f"{API}/path/import", self._create)
        mock.add_callback(responses.GET, f"{API}/path/import", self._list)
        for job_id in (41, 42):
            mock.add_callback(responses.GET, f"{API}/path/import/{job_id}", self._show)

    @property
    def now(self) -> float:
        return self.context.wall_clock() + self.skew_s

    @property
    def sent(self) -> list[str]:
        return [request for _, request in self.seen]

    def job(self, job_id: int, **more: Any) -> dict[str, Any]:
        """Return a job that has just begun; of the file that was uploaded last, by its name."""
        return {
            "id": job_id,
            "status": "RUNNING",
            "mode": "SKIP",
            "fileName": self.names[-1] if self.names else "a.csv",
            "totalRows": 1,
            "processStartedAt": self._format(self.now),
            "completedAt": None,
            **more,
        }

    def over(self, job_id: int, status: str = "COMPLETED", **more: Any) -> dict[str, Any]:
        """Return a job that has just ended."""
        return self.job(job_id, status=status, completedAt=self._format(self.now), **more)

    def make(self, job_id: int = 42, **more: Any) -> Callable[[], int | None]:
        """Return what makes a job of the last upload."""
        return lambda: self.jobs.insert(0, self.job(job_id, **more))

    def arrive(self, in_s: float, job: dict[str, Any]) -> None:
        """Let a job turn up in the list so many seconds from now."""
        self.later.append((self.context.fake_clock.seconds + in_s, job))

    def list_fails_for(self, seconds: float) -> None:
        """Answer requests for the list with 503 for so many seconds from now."""
        self.list_is_back_at = self.context.fake_clock.seconds + seconds

    def _format(self, seconds: float) -> str:
        return datetime.fromtimestamp(seconds, timezone.utc).isoformat()

    def _answer(self, value: Any, status: int = 200, **headers: str) -> Answer:
        if self.tells_time:
            date = datetime.fromtimestamp(self.now, timezone.utc)
            headers["Date"] = format_datetime(date, usegmt=True)
        return status, headers, json.dumps(value)

    def _note(self, request: requests.PreparedRequest) -> None:
        # in a thread of its own, as another process would see it
        with contextlib.closing(
            SqliteJournal(self.state, self.context.wall_clock, self.context.clock.sleep)
        ) as book:
            newest = book.list_newest(1)
        path = (request.path_url or "").removeprefix("/path/import")
        self.seen.append((newest[0].step if newest else None, f"{request.method} {path}"))

    def _analyze(self, request: requests.PreparedRequest) -> Answer:
        self._note(request)
        body: Any = request.body
        content = body.read() if hasattr(body, "read") else bytes(body)
        [name] = re.findall(rb'filename="([^"]*)"', content)
        self.names.append(name.decode())
        header = content.split(b"\r\n\r\n", 1)[1].split(b"\n")[0].strip().decode()
        analysis = {
            "fileKey": f"u/{self.names[-1]}" if self.keeps_names else "u/k",
            "totalRows": 1,
            "headers": header.split(","),
            "preview": [],
            "columnMappings": [{"csvIndex": 0, "suggestedField": "EMAIL", "confidence": 0.98}],
            "missingRequired": [],
        }
        return self._answer(analysis, _next(self.uploads))

    def _create(self, request: requests.PreparedRequest) -> Answer:
        self._note(request)
        self.orders.append(json.loads(request.body or ""))
        reply = _next(self.creates)
        if not isinstance(reply, int):
            reply = reply()
        if reply is None:
            raise requests.ConnectionError("cut off")
        pause = {"Retry-After": "7"} if reply == 429 else {}
        return self._answer({"importJobId": 42, "status": "PENDING"}, reply, **pause)

    def _list(self, request: requests.PreparedRequest) -> Answer:
        self._note(request)
        now = self.context.fake_clock.seconds
        shown = [job for at, job in self.later if at <= now] + self.jobs
        query = parse_qs(urlsplit(str(request.url)).query)
        page, size = int(query["pageNumber"][0]), int(query["pageSize"][0])
        content = shown[(page - 1) * size : page * size]
        facts = {"pageNumber": page, "pageSize": size, "totalElements": len(shown)}
        pages = -(-len(shown) // size)
        status = 503 if now < self.list_is_back_at else self.list_status
        return self._answer({"content": content, "totalPages": pages, **facts}, status)

    def _show(self, request: requests.PreparedRequest) -> Answer:
        self._note(request)
        job_id = int((request.path_url or "").rpartition("/")[2])
        found = [job for job in self.jobs if job["id"] == job_id]
        return self._answer(found[0]) if found else self._answer({}, 404)


def _next(replies: list[Any]) -> Any:
    return replies.pop(0) if len(replies) > 1 else replies[0]


class Case:
    """A file, a journal, a server, and the run that brings them together."""

    def __init__(self, mock: responses.RequestsMock, folder: Path) -> None:
        self.folder = folder
        self.context = FakeRuntime(environ=ENVIRON)
        self.skew_s = 0.0
        self.book = SqliteJournal(
            folder / "state",
            lambda: self.context.wall_clock() + self.skew_s,
            self.context.clock.sleep,
        )
        self.server = Server(mock, self.context, folder / "state")
        self.write("a.csv", TEXT)

    def write(self, name: str, content: bytes) -> None:
        """Write the file that is imported from now on."""
        self.path = self.folder / name
        self.path.write_bytes(content)
        with self.path.open("rb") as file:
            self.checked = check_csv(file, name)

    @property
    def key(self) -> Key:
        return Key(API, "", self.checked.source_sha256, 7, "SKIP")

    @property
    def file(self) -> CheckedFile:
        return CheckedFile(str(self.path), self.path.name, self.checked)

    def start(
        self, timeout_s: float | None = None, retry_for_s: float = 300.0, **options: Any
    ) -> Submission:
        return self.make_submitter(timeout_s, retry_for_s, **options).submit(self.file)

    def make_submitter(
        self, timeout_s: float | None = None, retry_for_s: float = 300.0, **options: Any
    ) -> Submitter:
        context = self.context
        return Submitter(
            context.client,
            self.book,
            RunOptions(7, "SKIP", **options),
            context.clock,
            ProgressReporter(context),
            Deadline(context.clock, timeout_s),
            retry_for_s,
        )

    def fail(self, **options: Any) -> TalkValueError:
        with pytest.raises(TalkValueError) as caught:
            self.start(**options)
        return caught.value

    def die_while_creating(self, ago_s: float = 0.0, attempt: str = "aaaaaa") -> int:
        """Write what a run leaves behind that was killed so long ago; return the attempt's id."""
        clock, key = self.context.fake_clock, self.key
        clock.seconds -= ago_s
        tag = make_tag(key.digest, attempt)
        name = make_name("a.csv", tag)
        self.server.names.append(name)
        facts: dict[str, Any] = {"file_path": str(self.path), "file_name": "a.csv"}
        attempt_id = self.book.begin(
            key, profile="", tag=tag, headers=["Email", "Name"], rows=1, **facts
        )
        file_key = f"u/{name}" if self.server.keeps_names else "u/k"
        self.book.will_create(
            attempt_id, file_key=file_key, mapping=MAPPING, server_time=self.server.now
        )
        clock.seconds += ago_s
        return attempt_id

    def die_as_an_old_version(self, ago_s: float = 0.0, mapping: Any = MAPPING) -> int:
        """Do the same as a version that knew no tags."""
        attempt_id = self.die_while_creating(ago_s)
        self.book._database.execute(
            "UPDATE attempts SET import_key = NULL, attempt = NULL, headers = NULL, rows = NULL,"
            " file_key = 'u/k', mapping = ?",
            (json.dumps(mapping),),
        )
        self.server.names.clear()
        return attempt_id

    @property
    def newest(self) -> Attempt:
        return self.book.list_newest(1)[0]

    @property
    def steps(self) -> list[str]:
        return [attempt.step for attempt in reversed(self.book.list_newest(9))]

    @property
    def creates(self) -> int:
        return self.server.sent.count("POST ")

    @property
    def slept(self) -> list[float]:
        return self.context.fake_clock.slept

    @property
    def said(self) -> str:
        return self.context.fake_stderr.text


@pytest.fixture
def mock() -> Iterator[responses.RequestsMock]:
    """The wire."""
    with responses.RequestsMock() as made:
        yield made


@pytest.fixture
def case(mock: responses.RequestsMock, tmp_path: Path) -> Iterator[Case]:
    """A server in memory and an empty journal."""
    made = Case(mock, tmp_path)
    yield made
    made.book.close()


def pauses(total_s: float) -> list[float]:
    """Return the pauses of a search that takes so long."""
    found: list[float] = []
    while (left_s := total_s - sum(found)) > 0:
        found.append(min(left_s, PAUSES[min(len(found), len(PAUSES) - 1)]))
    return found


# one run


def test_each_step_is_written_down_before_it_is_taken(case: Case) -> None:
    started = case.start()
    assert case.server.seen == [
        (None, LOOK),
        ("uploading", "POST /analyze"),
        ("creating", "POST "),
    ]
    assert (started.action, started.job_id, started.is_new) == ("created", 42, True)
    assert (case.newest.step, case.newest.job_id) == ("created", 42)
    assert (case.newest.headers, case.newest.rows) == (["Email", "Name"], 1)
    assert case.newest.mapping == case.server.orders[0]["columnMappings"] == MAPPING


@pytest.mark.parametrize("skew_s", [-86_400, 0, 86_400])
def test_a_create_is_dated_by_the_clock_of_the_server(case: Case, skew_s: float) -> None:
    case.server.skew_s = skew_s
    case.start()
    assert case.newest.creating_at is not None
    # the Date header is cut to whole seconds
    assert 0 <= case.server.now - case.newest.creating_at < 2


def test_the_name_that_is_sent_carries_the_key_and_the_attempt(case: Case) -> None:
    case.start()
    tag = case.newest.tag
    assert tag is not None
    assert case.server.names == [f"a.tv-{case.key.digest[:12]}-{tag.attempt}.csv"]
    assert (case.newest.file_name, case.newest.file_key) == ("a.csv", f"u/a.{tag}.csv")


def test_without_a_look_at_the_server_nobody_is_asked(case: Case) -> None:
    case.start(asks_server=False)
    assert case.server.sent == ["POST /analyze", "POST "]


@pytest.mark.parametrize("status", [400, 403, 404, 409, 422])
def test_a_refusal_is_written_down_as_such_and_told(case: Case, status: int) -> None:
    case.server.creates = [status]
    error = case.fail()
    assert error.details["status"] == status
    assert case.creates == 1
    assert case.newest.step == "refused"
    assert case.book.find_latest(case.key) is None


def test_who_is_not_let_in_tries_again_after_the_pause_and_then_leaves_nothing_open(
    case: Case,
) -> None:
    case.server.creates = [429]
    assert case.fail(retry_for_s=20).details["status"] == 429
    assert (case.slept, case.creates) == ([7, 7], 3)
    assert case.newest.step == "refused"


def test_the_deadline_is_no_time_to_be_let_in(case: Case) -> None:
    case.server.creates = [429]
    assert case.fail(timeout_s=10).details["status"] == 429
    assert case.slept == [7]


def test_an_upload_is_sent_again_under_its_name_and_takes_nothing_from_the_deadline(
    case: Case,
) -> None:
    case.server.uploads = [503, 502, 503, 503, 200]
    assert case.start(timeout_s=1).action == "created"
    assert case.slept == [1, 2, 4, 8]
    assert len(set(case.server.names)) == 1
    assert case.steps == ["created"]


def test_an_upload_that_stays_refused_leaves_nothing_open(case: Case) -> None:
    case.server.uploads = [503]
    assert case.fail(retry_for_s=60).details["status"] == 503
    assert sum(case.slept) <= 60
    assert case.steps == ["uploading"]


def test_a_created_import_is_waited_for_although_it_cannot_be_written_down(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise LocalFileError("cannot use the journal: disk full")

    monkeypatch.setattr(case.book, "was_created", fail)
    started = case.start()
    assert (started.action, started.job_id) == ("created", 42)
    assert "import 42 was created, but that could not be written down" in case.said


# a journal that several machines share


@pytest.fixture
def shared(case: Case, mock: responses.RequestsMock, monkeypatch: pytest.MonkeyPatch) -> Case:
    """The same, with a journal whose lock can be lost."""
    monkeypatch.setattr(SqliteJournal, "is_shared", True)
    answer = {"data": [{"id": "org_1", "name": "One"}]}
    mock.get(f"{API}/auth/organization", json=answer)
    return case


def lose_lock(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the journal take no sign of life any more."""

    def fail(attempt_id: int) -> None:
        raise LocalFileError("cannot use the journal: the lock was lost", code="JOURNAL")

    monkeypatch.setattr(case.book, "is_creating", fail)


def test_who_has_lost_the_lock_sends_no_request(
    shared: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    lose_lock(shared, monkeypatch)
    assert shared.fail().code == "JOURNAL"
    assert (shared.creates, shared.steps) == (0, ["creating"])


def test_who_loses_the_lock_during_the_request_does_not_know_what_became_of_it(
    shared: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared.server.creates = [lambda: lose_lock(shared, monkeypatch)]
    error = shared.fail()
    assert (error.code, code_of(error)) == ("CREATE_UNCERTAIN", 1)
    assert (shared.creates, shared.steps) == (1, ["creating"])


def test_the_organization_is_in_the_key_of_a_shared_journal(shared: Case) -> None:
    shared.start()
    assert shared.newest.import_key == shared.key._replace(organization="org_1").digest


def test_a_file_after_one_without_an_answer_asks_for_the_organization_again(
    shared: Case, mock: responses.RequestsMock
) -> None:
    url = f"{API}/auth/organization"
    mock.remove("GET", url)
    mock.get(url, status=400)
    mock.get(url, json={"data": [{"id": "org_1", "name": "One"}]})
    submitter = shared.make_submitter(keep_going=True)
    with pytest.raises(TalkValueError):
        submitter.submit(shared.file)
    assert submitter.submit(shared.file).action == "created"
    assert shared.newest.import_key == shared.key._replace(organization="org_1").digest


# a request of unknown fate


def test_a_job_that_turns_up_late_is_adopted(case: Case) -> None:
    case.server.creates = [lambda: case.server.arrive(11, case.server.job(42))]
    assert case.start().action == "adopted"
    assert (case.creates, case.slept) == (1, [1, 2, 4, 8])


@pytest.mark.parametrize("status", [408, 500, 502, 503, 504])
def test_a_create_is_sent_once_more_with_the_same_tag_when_it_has_settled(
    case: Case, status: int
) -> None:
    case.server.creates = [status, 200]
    started = case.start(settle_s=100)
    assert (started.action, started.job_id) == ("created", 42)
    assert case.slept == pauses(100)
    assert case.creates == 2
    assert case.server.orders[0] == case.server.orders[1]
    assert (len(case.server.names), case.steps) == (1, ["created"])
    assert case.said.endswith(
        "a.csv: an import may have been requested a moment ago; looking for it for 1m40s "
        "before it is created again\n"
    )


def test_it_settles_again_after_the_second_one(case: Case) -> None:
    # the second one is worked on by the server for 20 s after its connection was cut
    case.server.creates = [502, lambda: case.server.arrive(20, case.server.job(42))]
    assert case.start(settle_s=100).action == "adopted"
    assert case.creates == 2
    assert case.slept == [*pauses(100), 1, 2, 4, 8, 15]


def test_it_settles_from_when_the_request_was_given_up(case: Case) -> None:
    def hang() -> None:
        case.context.fake_clock.seconds += 60
        case.server.arrive(20, case.server.job(42))

    case.server.creates = [hang]
    assert case.start(settle_s=25).action == "adopted"
    assert case.slept == [1, 2, 4, 8, 10]


def test_while_an_answer_is_awaited_the_journal_gets_signs_of_life(case: Case) -> None:
    seen: list[float] = []

    def hang() -> None:
        case.context.fake_clock.seconds += 60
        with contextlib.closing(
            SqliteJournal(case.server.state, case.context.wall_clock, case.context.clock.sleep)
        ) as book:
            wait_for(lambda: book.list_newest(1)[0].updated_at == case.server.now, "a sign")
            seen.append(book.list_newest(1)[0].updated_at - book.list_newest(1)[0].began_at)
        case.server.make()()

    case.server.creates = [hang]
    assert case.start().action == "adopted"
    assert seen == [60]


def test_after_two_that_are_lost_the_next_run_goes_on_with_the_same_attempt(case: Case) -> None:
    case.server.creates = [502]
    error = case.fail(settle_s=100)
    assert (error.code, code_of(error)) == ("CREATE_UNCERTAIN", 1)
    assert error.message == (
        f"{case.path}: the import may or may not have been created: "
        "bad gateway (HTTP 502, POST /path/import)"
    )
    assert error.hint == "run the same again: it looks for the import before it creates one"
    assert (case.creates, case.steps) == (2, ["creating"])
    assert case.slept == [*pauses(100), *pauses(100)]
    before = case.newest
    case.server.creates = [200]
    started = case.start(settle_s=100)
    assert (started.action, started.attempt_id) == ("created", before.id)
    assert case.newest.tag == before.tag
    assert len(set(case.server.names)) == 1
    assert case.slept[-len(pauses(100)) :] == pauses(100)


def test_when_nobody_can_look_for_the_job_it_stays_unknown(case: Case) -> None:
    case.server.creates = [502]
    case.server.list_status = 503
    error = case.fail(asks_server=False, settle_s=30)
    assert error.code == "CREATE_UNCERTAIN"
    assert "bad gateway (HTTP 502, POST /path/import)" in error.message
    assert (case.creates, case.newest.step) == (1, "creating")
    # and that is what the next run does
    case.server.list_status = 200
    case.server.make()()
    assert case.start().action == "adopted"
    assert case.creates == 1


def test_a_list_that_fails_for_a_while_is_asked_again(case: Case) -> None:
    case.server.list_fails_for(30)
    case.server.creates = [lambda: case.server.arrive(0, case.server.job(42))]
    assert case.start(asks_server=False).action == "adopted"
    assert case.creates == 1


def test_a_refusal_after_an_uncertain_create_leaves_its_fate_open(case: Case) -> None:
    case.server.creates = [502, 400]
    error = case.fail()
    assert (error.code, code_of(error)) == ("CREATE_UNCERTAIN", 1)
    assert case.newest.step == "creating"


@pytest.mark.parametrize("timeout_s", [0, 5])
def test_the_deadline_ends_the_search_and_nothing_is_created_after_it(
    case: Case, timeout_s: float
) -> None:
    case.server.creates = [502]
    error = case.fail(timeout_s=timeout_s)
    assert error.code == "CREATE_UNCERTAIN"
    assert "bad gateway (HTTP 502, POST /path/import)" in error.message
    assert (sum(case.slept), case.creates, case.steps) == (timeout_s, 1, ["creating"])


def test_two_jobs_with_one_tag_are_both_named(case: Case) -> None:
    def make_both() -> None:
        case.server.jobs = [case.server.job(42), case.server.job(41)]

    case.server.creates = [502, make_both]
    started = case.start(settle_s=10)
    assert (started.action, started.job_id) == ("adopted", 41)
    assert (
        f"{case.path} was imported more than once: one request has made the imports 41, 42\n"
    ) in case.said


@pytest.mark.parametrize("is_crash", [True, False])
def test_a_job_that_turns_up_when_it_was_given_up_is_named(case: Case, is_crash: bool) -> None:
    # the second request is answered, and the first one's job shows only then
    def make_both() -> int:
        case.server.jobs = [case.server.job(42), case.server.job(41)]
        return 200

    if is_crash:
        case.die_while_creating(ago_s=3600)
        case.server.creates = [make_both]
    else:
        case.server.creates = [502, make_both]
    started = case.start(settle_s=10)
    assert (started.action, started.job_id) == ("created", 42)
    assert (
        f"{case.path} was imported more than once: one request has made the imports 41, 42\n"
    ) in case.said


# after a crash


def test_after_a_crash_long_ago_it_looks_once_and_goes_on(case: Case) -> None:
    crashed = case.die_while_creating(ago_s=3600)
    tag = case.newest.tag
    started = case.start()
    assert (started.action, started.attempt_id) == ("created", crashed)
    assert case.server.sent == [GLANCE, LOOK, LOOK, "POST /analyze", "POST ", LOOK]
    assert (case.slept, case.steps) == ([], ["created"])
    assert case.server.names[1] == f"a.{tag}.csv"


def test_after_a_crash_just_now_it_gives_the_request_time_to_arrive(case: Case) -> None:
    case.die_while_creating(ago_s=10)
    assert case.start().action == "created"
    assert case.slept == pytest.approx(pauses(290))
    assert case.said.count("looking for it for 4m50s before it is created again\n") == 1


def test_after_a_crash_a_list_that_cannot_be_had_is_asked_again(case: Case) -> None:
    case.die_while_creating(ago_s=3600)
    case.server.jobs = [case.server.job(42)]
    # the request alone is repeated for a shorter time
    case.server.list_fails_for(61)
    assert (case.start().action, case.creates) == ("adopted", 0)
    assert "more than once" not in case.said


def test_after_a_crash_a_server_without_a_clock_has_all_the_time_to_settle(case: Case) -> None:
    case.die_while_creating(ago_s=3600)
    case.server.tells_time = False
    assert case.start().action == "created"
    assert case.slept == pauses(300)


def test_what_arrives_after_a_crash_is_adopted(case: Case) -> None:
    crashed = case.die_while_creating(ago_s=1)
    case.server.arrive(5, case.server.job(42))
    started = case.start()
    assert (started.action, started.job_id, started.attempt_id) == ("adopted", 42, crashed)
    assert case.creates == 0


def test_a_sign_of_life_prolongs_the_time_to_arrive(case: Case) -> None:
    crashed = case.die_while_creating(ago_s=200)
    case.book.is_creating(crashed)
    case.start()
    assert sum(case.slept) == pytest.approx(300)


@pytest.mark.parametrize("skew_s", [-DAY_S, DAY_S])
@pytest.mark.parametrize("is_ours", [True, False])
def test_a_clock_that_was_set_since_the_crash_does_not_shorten_it(
    case: Case, is_ours: bool, skew_s: float
) -> None:
    case.die_while_creating(ago_s=10)
    case.server.arrive(60, case.server.job(42))
    if is_ours:
        case.skew_s = skew_s
    else:
        case.server.skew_s = skew_s
    assert case.start().action == "adopted"
    assert case.creates == 0


class Killed(BaseException):
    """The program is gone."""


def die() -> None:
    """Take the program away after its request was sent."""
    raise Killed


@pytest.mark.parametrize(
    ("before", "skew_s"), [([502], 0.0), ([502], DAY_S), ([502], -DAY_S), ([429] * 10, 0.0)]
)
def test_it_settles_from_the_last_create_that_was_sent(
    case: Case, before: list[int], skew_s: float
) -> None:
    case.server.creates = [*before, die]
    with pytest.raises(Killed):
        case.start(settle_s=60)
    assert sum(case.slept) >= 60
    case.skew_s = skew_s
    case.server.arrive(50, case.server.job(42))
    assert case.start(settle_s=60).action == "adopted"
    assert case.creates == len(before) + 1


@pytest.mark.parametrize("is_old", [True, False])
def test_after_a_crash_the_deadline_is_no_reason_to_create_before_it_has_settled(
    case: Case, is_old: bool
) -> None:
    crash = case.die_as_an_old_version if is_old else case.die_while_creating
    crashed = crash(ago_s=10)
    error = case.fail(timeout_s=5)
    assert error.code == "CREATE_UNCERTAIN"
    assert error.message == (
        f"{case.path}: the import may or may not have been created: "
        "the deadline passed while it was looked for"
    )
    assert (sum(case.slept), case.creates, case.steps) == (5, 0, ["creating"])
    case.server.jobs = [case.server.job(42)]
    assert case.start().attempt_id == crashed


# a server that loses tags


def test_where_tags_are_lost_it_stops_before_an_import_that_may_be_its_own(case: Case) -> None:
    case.server.keeps_names = False
    case.server.creates = [case.server.make(fileName="upload-1.csv")]
    error = case.fail(settle_s=10)
    assert (error.code, code_of(error)) == ("CREATE_UNCERTAIN", 1)
    assert error.message.endswith("whether it is one of these:\n  42  RUNNING")
    assert (case.creates, case.slept, case.steps) == (1, pauses(10), ["creating"])
    # the next run is no wiser
    case.context.fake_clock.seconds += 3600
    assert case.fail(settle_s=10).code == "CREATE_UNCERTAIN"
    assert case.creates == 1
    # whoever has looked may say so
    case.server.creates = [200]
    assert case.start(again=True).action == "created"


def test_where_tags_are_lost_and_there_is_none_that_may_be_its_own_it_creates(case: Case) -> None:
    case.server.keeps_names = False
    case.server.jobs = [case.server.job(41, fileName="upload-1.csv")]
    case.server.creates = [lambda: case.server.make(43, totalRows=9, fileName="x.csv")(), 200]
    assert case.start(settle_s=10).action == "created"
    assert case.creates == 2


def test_who_has_seen_a_tag_being_lost_trusts_none(case: Case) -> None:
    first = case.start()
    case.book.was_finished(first.attempt_id or 0, case.server.over(42, fileName="upload-1.csv"))
    case.write("b.csv", b"Email,Name\nb@example.org,Bob\n")
    case.server.creates = [case.server.make(43, fileName="upload-2.csv")]
    error = case.fail(settle_s=10)
    assert error.code == "CREATE_UNCERTAIN"
    assert error.message.endswith("whether it is one of these:\n  43  RUNNING")


def test_a_tag_that_shows_up_counts_even_where_others_were_lost(case: Case) -> None:
    case.server.keeps_names = False
    case.server.creates = [case.server.make()]
    assert case.start().action == "adopted"


# plain names


def test_a_plain_name_is_sent_as_it_is_and_what_was_there_before_is_noted(case: Case) -> None:
    case.server.jobs = [case.server.job(41)]
    assert case.start(plain_name=True, asks_server=False).action == "created"
    assert case.server.names == ["a.csv"]
    assert case.server.sent == ["POST /analyze", GLANCE, "POST "]
    assert case.newest.newest_id == 41


def test_a_lost_plain_name_stops_before_what_may_be_its_own(case: Case) -> None:
    case.server.creates = [case.server.make(fileName="a.csv")]
    error = case.fail(plain_name=True, settle_s=10)
    assert error.code == "CREATE_UNCERTAIN"
    assert error.message.endswith("whether it is one of these:\n  42  RUNNING")
    assert (
        f"{case.path}: it was sent under its own name, so that its import cannot be told from "
        "another of that name\n"
    ) in case.said
    # without the flag nobody is wiser
    assert case.fail(settle_s=10).code == "CREATE_UNCERTAIN"
    assert case.creates == 1


def test_a_lost_plain_name_is_sent_again_where_only_older_imports_are(case: Case) -> None:
    case.server.jobs = [case.server.job(41)]
    case.server.creates = [502, 200]
    assert case.start(plain_name=True, settle_s=10).action == "created"
    assert (case.creates, case.slept) == (2, pauses(10))


# attempts of a version without tags


def test_the_one_job_that_an_old_attempt_may_have_made_is_adopted(case: Case) -> None:
    crashed = case.die_as_an_old_version(ago_s=3600)
    case.server.jobs = [case.server.job(43, fileName="b.csv"), case.server.job(42)]
    started = case.start()
    assert (started.action, started.job_id, started.attempt_id) == ("adopted", 42, crashed)
    assert case.creates == 0


def test_the_import_of_an_old_attempt_is_known_by_its_name(case: Case) -> None:
    case.die_as_an_old_version(ago_s=3600)
    case.server.jobs = [case.server.job(42)]
    assert case.start().action == "adopted"
    case.context.clock.sleep(60)
    case.server.jobs = [case.server.job(42, fileName="b.csv")]
    assert isinstance(case.fail(), NotFoundError)
    case.server.jobs = [case.server.job(42, fileName="a.csv")]
    assert case.start().action == "attached"


def test_several_jobs_that_an_old_attempt_may_have_made_stop_the_run(case: Case) -> None:
    case.die_as_an_old_version(ago_s=3600)
    case.server.jobs = [case.server.job(42), case.server.job(41, status="COMPLETED")]
    error = case.fail()
    assert error.code == "CREATE_UNCERTAIN"
    assert error.message.endswith("whether it is one of these:\n  41  COMPLETED\n  42  RUNNING")
    assert error.remedy == ("again", "look at them first;")
    assert (case.creates, case.steps) == (0, ["creating"])


def test_an_old_attempt_that_has_made_none_is_closed_and_a_new_one_begun(case: Case) -> None:
    crashed = case.die_as_an_old_version(ago_s=3600)
    started = case.start()
    assert started.action == "created"
    assert started.attempt_id != crashed
    assert case.steps == ["refused", "created"]
    assert case.server.names == [make_name("a.csv", case.newest.tag or make_tag("", ""))]


def test_an_old_attempt_just_now_is_given_time_to_arrive(case: Case) -> None:
    case.die_as_an_old_version(ago_s=10)
    case.server.arrive(5, case.server.job(42))
    assert case.start().action == "adopted"
    assert sum(case.slept) == pytest.approx(290)


@pytest.mark.parametrize(
    ("rules", "action"),
    [
        ([], "adopted"),
        ([MappingRule(0, "EMAIL")], "adopted"),
        ([MappingRule(1, "NAME")], "created"),
    ],
)
def test_an_old_attempt_with_another_mapping_is_another_import(
    case: Case, rules: list[MappingRule], action: str
) -> None:
    case.die_as_an_old_version(ago_s=3600)
    case.server.jobs = [case.server.job(42)]
    assert case.start(rules=rules).action == action


def test_an_old_import_that_has_finished_is_known(case: Case) -> None:
    crashed = case.die_as_an_old_version(ago_s=3600)
    case.book.was_created(crashed, 42)
    case.book.was_finished(crashed, case.server.over(42))
    case.server.jobs = [case.server.over(42)]
    assert case.start().action == "known"


# imports that are known


def test_a_job_that_is_not_over_is_attached_to(case: Case) -> None:
    first = case.start()
    again = case.start()
    assert (again.action, again.job_id, again.attempt_id) == ("attached", 42, first.attempt_id)
    assert case.creates == 1


@pytest.mark.parametrize("again_before", [True, False])
def test_again_creates_whatever_came_before(case: Case, again_before: bool) -> None:
    case.die_while_creating()
    if again_before:
        assert case.start(again=True).action == "created"
    created = case.creates
    assert case.start(again=True).action == "created"
    assert (case.creates, case.slept) == (created + 1, [])
    assert case.steps[0] == "creating"
    assert len(set(case.server.names)) == len(case.server.names)


@pytest.mark.parametrize(
    ("ended", "action"), [("2025-11-24T00:00:00Z", "created"), (None, "attached")]
)
def test_a_job_that_nobody_saw_end_long_ago_does_not_count_for_ever(
    case: Case, ended: str | None, action: str
) -> None:
    case.start()
    case.context.fake_clock.seconds += 25 * 3600
    case.server.jobs = [case.server.job(42, completedAt=ended)]
    if ended:
        case.server.jobs[0]["status"] = "COMPLETED"
    assert case.start().action == action


def finish(case: Case, status: str = "COMPLETED") -> dict[str, Any]:
    """Import the file, and let that end; return the record."""
    started = case.start()
    record = case.server.over(42, status)
    case.book.was_finished(started.attempt_id or 0, record)
    case.server.jobs = [record]
    case.server.seen.clear()
    return record


@pytest.mark.parametrize("status", ["COMPLETED", "PARTIAL_SUCCESS"])
def test_a_finished_import_is_reported_and_nothing_is_sent_but_a_look(
    case: Case, status: str
) -> None:
    record = finish(case, status)
    again = case.start()
    assert (again.action, again.job_id, again.job) == ("known", 42, record)
    assert case.server.sent == ["GET /42"]


def test_an_import_that_failed_is_imported_again_and_that_is_told(case: Case) -> None:
    finish(case, "FAILED")
    again = case.start()
    assert again.action == "created"
    assert (
        f"{case.path}: import 42 FAILED and nothing of it was imported; it is imported again\n"
    ) in case.said
    assert case.steps == ["finished", "created"]


def test_what_ended_too_long_ago_does_not_count(case: Case) -> None:
    finish(case)
    assert case.start(again_after_s=0.0, asks_server=False).action == "created"


def test_a_server_that_does_not_answer_is_no_reason_to_create(case: Case) -> None:
    record = finish(case)
    case.server.jobs = []
    case.context.client.get = _unavailable  # type: ignore[method-assign]
    again = case.start()
    assert (again.action, again.job) == ("known", record)


def _unavailable(*_: Any, **__: Any) -> Any:
    raise TalkValueError("unavailable", is_transient=True)


def test_an_import_that_carries_another_tag_is_not_the_one_that_was_created(case: Case) -> None:
    case.start()
    case.context.clock.sleep(60)
    case.server.jobs = [case.server.job(42, fileName="people.tv-000000000000-000000.csv")]
    assert isinstance(case.fail(), NotFoundError)
    case.server.jobs = [case.server.job(42, fileName=case.server.names[0])]
    assert (case.start().action, case.creates) == ("attached", 1)


@pytest.mark.parametrize("jobs", [[], [{"fileName": "another.csv"}]])
def test_what_the_server_does_not_have_is_not_called_imported(
    case: Case, jobs: list[dict[str, Any]]
) -> None:
    finish(case)
    case.server.jobs = [case.server.job(42, **job) for job in jobs]
    error = case.fail()
    assert isinstance(error, NotFoundError)
    assert error.message.startswith(f"{case.path} was imported by import 42, says the journal")
    assert "the server has no such import" in error.message
    assert error.remedy == ("again", "is the token that of another organization?")
    assert case.creates == 0


# other machines


def another_attempt(case: Case) -> str:
    """Return a name that another machine has given the same file."""
    return make_name("b.csv", make_tag(case.key.digest, "bbbbbb"))


def test_what_another_machine_has_imported_is_known_and_written_down(case: Case) -> None:
    case.server.jobs = [case.server.over(41, fileName=another_attempt(case))]
    started = case.start()
    assert (started.action, started.job_id) == ("known", 41)
    assert f"{case.path} was imported by import 41 on another machine\n" in case.said
    assert (case.newest.step, case.newest.job_id, case.creates) == ("finished", 41, 0)
    assert case.newest.tag == make_tag(case.key.digest, "bbbbbb")


def test_what_another_machine_is_importing_is_attached_to(case: Case) -> None:
    case.server.jobs = [case.server.job(41, fileName=another_attempt(case))]
    started = case.start()
    assert (started.action, started.job_id) == ("attached", 41)
    assert (case.newest.step, case.newest.job_id, case.creates) == ("created", 41, 0)


def test_what_another_machine_has_imported_since_a_crash_counts(case: Case) -> None:
    case.die_while_creating(ago_s=3600)
    case.server.jobs = [case.server.over(41, fileName=another_attempt(case))]
    started = case.start()
    assert (started.action, started.job_id, case.creates) == ("known", 41, 0)
    assert case.steps == ["refused", "finished"]


def test_what_another_machine_imports_while_we_look_for_ours_counts(case: Case) -> None:
    case.server.creates = [
        lambda: case.server.arrive(30, case.server.job(41, fileName=another_attempt(case)))
    ]
    started = case.start(settle_s=60)
    assert (started.action, started.job_id, case.creates) == ("attached", 41, 1)
    assert case.steps == ["refused", "created"]


# corrected files

REASONS = b",rowNum,errorCode,errorMessage"


def import_with_failures(case: Case, job_id: int = 42) -> None:
    """Import a file of which some rows fail."""
    case.write("people.csv", b"Nr,Mail of them,Wer\n1,bad,Ann\n")
    rules = [MappingRule("Mail of them", "EMAIL"), MappingRule("Wer", "NAME")]
    started = case.start(rules=rules)
    assert started.job_id == job_id
    case.book.was_finished(started.attempt_id or 0, case.server.over(42, "PARTIAL_SUCCESS"))


@pytest.mark.parametrize(
    ("header", "sent"),
    [
        (b"Nr,Mail of them,Wer", [(1, "EMAIL"), (2, "NAME")]),
        # somebody has moved the columns about, or dropped one
        (b"Wer,Mail of them,Nr", [(1, "EMAIL"), (0, "NAME")]),
        (b"Mail of them,Nr", [(0, "EMAIL")]),
    ],
)
def test_a_corrected_file_has_the_mapping_of_its_import(
    case: Case, header: bytes, sent: list[tuple[int, str]]
) -> None:
    import_with_failures(case)
    cells = b",".join([b"ann@example.org"] * (header.count(b",") + 1))
    case.write("import-42-failed.csv", header + REASONS + b"\n" + cells + b",1,X,y\n")
    case.start()
    mapped = case.server.orders[-1]["columnMappings"]
    assert sorted((each["csvIndex"], each["targetField"]) for each in mapped) == sorted(sent)


@pytest.mark.parametrize("name", ["import-41-failed.csv", "corrected.csv"])
def test_any_other_file_is_mapped_as_ever(case: Case, name: str) -> None:
    import_with_failures(case)
    case.write(name, b"Email,Mail of them,Wer" + REASONS + b"\na@b.example,c,d,1,X,y\n")
    case.start()
    assert case.server.orders[-1]["columnMappings"] == MAPPING


def test_rules_that_are_given_take_precedence_over_those_of_the_import(case: Case) -> None:
    import_with_failures(case)
    content = b"Nr,Mail of them,Wer" + REASONS + b"\n1,ann@example.org,Ann,1,X,y\n"
    case.write("import-42-failed.csv", content)
    case.start(rules=[MappingRule("Wer", "LAST_NAME")])
    mapped = case.server.orders[-1]["columnMappings"]
    assert sorted((each["csvIndex"], each["targetField"]) for each in mapped) == [
        (1, "EMAIL"),
        (2, "LAST_NAME"),
    ]
