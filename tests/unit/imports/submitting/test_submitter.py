"""Starting the import of one file so that it is never started twice, on a fake clock."""

from __future__ import annotations

import contextlib
import json
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
from talkvalue_cli.errors import LocalFileError, TalkValueError, UsageError
from talkvalue_cli.exit_codes import code_of
from talkvalue_cli.imports.file.check import check_csv
from talkvalue_cli.imports.file.upload import CheckedFile
from talkvalue_cli.imports.options import RunOptions
from talkvalue_cli.imports.result import Submission
from talkvalue_cli.imports.submitting.journal import Attempt, Journal, Key
from talkvalue_cli.imports.submitting.submitter import Submitter
from tests.fakes import FakeRuntime
from tests.harness import wait_for

API = "https://api.test"
ENVIRON = {"TALKVALUE_TOKEN": "token-of-this-test", "TALKVALUE_API_URL": API}
TEXT = b"Email,Name\na@example.org,Ann\n"
ANALYSIS = {
    "fileKey": "u/k",
    "totalRows": 1,
    "headers": ["Email", "Name"],
    "preview": [],
    "columnMappings": [{"csvIndex": 0, "suggestedField": "EMAIL", "confidence": 0.98}],
    "missingRequired": [],
}
Answer = tuple[int, dict[str, str], str]


class Server:
    """A server in memory whose clock is the context's.

    creates: what a POST /path/import is answered, in turn; the last one for ever.
    jobs: the list, newest first; `arrive` puts jobs into it later.
    seen: the journal's newest step when each request came, and the request.
    """

    def __init__(self, mock: responses.RequestsMock, context: FakeRuntime, state: Path) -> None:
        self.context, self.state = context, state
        self.creates: list[int | Callable[[], None]] = [200]
        self.jobs: list[dict[str, Any]] = []
        self.later: list[tuple[float, dict[str, Any]]] = []
        self.list_status = 200
        self.seen: list[tuple[str | None, str]] = []
        mock.assert_all_requests_are_fired = False
        mock.add_callback(responses.POST, f"{API}/path/import/analyze", self._analyze)
        mock.add_callback(responses.POST, f"{API}/path/import", self._create)
        mock.add_callback(responses.GET, f"{API}/path/import", self._list)
        for job_id in (41, 42):
            mock.add_callback(responses.GET, f"{API}/path/import/{job_id}", self._show)

    @property
    def now(self) -> float:
        return self.context.wall_clock()

    @property
    def sent(self) -> list[str]:
        return [request for _, request in self.seen]

    def job(self, job_id: int, age_s: float = 0.0, **more: Any) -> dict[str, Any]:
        """Return a job that started so many seconds ago."""
        started = datetime.fromtimestamp(self.now - age_s, timezone.utc).isoformat()
        return {
            "id": job_id,
            "status": "RUNNING",
            "mode": "SKIP",
            "fileName": "a.csv",
            "processStartedAt": started,
            "completedAt": None,
            **more,
        }

    def arrive(self, in_s: float, job: dict[str, Any]) -> None:
        """Let a job turn up in the list so many seconds from now."""
        self.later.append((self.now + in_s, job))

    def _answer(self, value: Any, status: int = 200) -> Answer:
        date = datetime.fromtimestamp(self.now, timezone.utc)
        return status, {"Date": format_datetime(date, usegmt=True)}, json.dumps(value)

    def _note(self, request: requests.PreparedRequest) -> None:
        # in a thread of its own, as another process would see it
        with contextlib.closing(
            Journal(self.state, self.context.wall_clock, self.context.clock.sleep)
        ) as book:
            newest = book.list_newest(1)
        path = (request.path_url or "").removeprefix("/path/import")
        self.seen.append((newest[0].step if newest else None, f"{request.method} {path}"))

    def _analyze(self, request: requests.PreparedRequest) -> Answer:
        self._note(request)
        return self._answer(ANALYSIS)

    def _create(self, request: requests.PreparedRequest) -> Answer:
        self._note(request)
        reply = self.creates.pop(0) if len(self.creates) > 1 else self.creates[0]
        if not isinstance(reply, int):
            reply()
            raise requests.ConnectionError("cut off")
        return self._answer({"importJobId": 42, "status": "PENDING"}, reply)

    def _list(self, request: requests.PreparedRequest) -> Answer:
        self._note(request)
        shown = [job for at, job in self.later if at <= self.now] + self.jobs
        page = int(parse_qs(urlsplit(str(request.url)).query)["pageNumber"][0])
        content = shown[(page - 1) * 100 : page * 100]
        facts = {"pageNumber": page, "pageSize": 100, "totalElements": len(shown)}
        pages = -(-len(shown) // 100)
        return self._answer({"content": content, "totalPages": pages, **facts}, self.list_status)

    def _show(self, request: requests.PreparedRequest) -> Answer:
        self._note(request)
        job_id = int((request.path_url or "").rpartition("/")[2])
        found = [job for job in self.jobs if job["id"] == job_id]
        return self._answer(found[0]) if found else self._answer({}, 404)


class Case:
    """A file, a journal, a server, and the run that brings them together."""

    def __init__(self, mock: responses.RequestsMock, folder: Path) -> None:
        self.context = FakeRuntime(environ=ENVIRON)
        self.book = Journal(folder / "state", self.context.wall_clock, self.context.clock.sleep)
        self.server = Server(mock, self.context, folder / "state")
        self.path = folder / "a.csv"
        self.path.write_bytes(TEXT)
        with self.path.open("rb") as file:
            self.checked = check_csv(file, "a.csv")
        self.key = Key(API, "", self.checked.sha256, 7, "SKIP")

    def start(self, **options: Any) -> Submission:
        context = self.context
        submitter = Submitter(
            context.client,
            self.book,
            RunOptions(7, "SKIP", **options),
            context.clock,
            ProgressReporter(context),
        )
        return submitter.submit(CheckedFile(str(self.path), "a.csv", self.checked))

    def fail(self, **options: Any) -> TalkValueError:
        with pytest.raises(TalkValueError) as caught:
            self.start(**options)
        return caught.value

    def die_while_creating(self, ago_s: float = 0.0, key: Key | None = None) -> int:
        """Write what a run leaves behind that was killed so long ago; return the attempt's id."""
        now = self.context.fake_clock.seconds
        self.context.fake_clock.seconds = now - ago_s
        attempt_id = self.book.begin(key or self.key, str(self.path), "a.csv")
        self.book.will_create(attempt_id, file_key="u/k", mapping=[], server_time=self.server.now)
        self.context.fake_clock.seconds = now
        return attempt_id

    @property
    def newest(self) -> Attempt:
        return self.book.list_newest(1)[0]

    @property
    def slept_s(self) -> float:
        return sum(self.context.fake_clock.slept)


@pytest.fixture
def case(tmp_path: Path) -> Iterator[Case]:
    """A server in memory and an empty journal."""
    with responses.RequestsMock() as mock:
        made = Case(mock, tmp_path)
        yield made
        made.book.close()


def test_each_step_is_written_down_before_it_is_taken(case: Case) -> None:
    started = case.start()
    assert case.server.seen == [("uploading", "POST /analyze"), ("creating", "POST ")]
    assert (started.action, started.job_id) == ("created", 42)
    assert (case.newest.step, case.newest.job_id) == ("created", 42)


@pytest.mark.parametrize("status", [400, 403, 404, 409, 422])
def test_a_refusal_is_written_down_as_such_and_told(case: Case, status: int) -> None:
    case.server.creates = [status]
    error = case.fail()
    assert error.details["status"] == status
    assert case.server.sent == ["POST /analyze", "POST "]
    assert case.newest.step == "refused"
    assert case.book.find_latest(case.key) is None


def make_job(case: Case) -> Callable[[], None]:
    return lambda: case.server.jobs.insert(0, case.server.job(42))


def test_a_job_that_was_made_although_no_answer_came_is_adopted(case: Case) -> None:
    case.server.creates = [make_job(case)]
    started = case.start()
    assert (started.action, started.job_id) == ("adopted", 42)
    assert case.server.sent.count("POST ") == 1
    assert case.slept_s == 0
    assert (case.newest.step, case.newest.job_id) == ("created", 42)


def test_a_job_that_turns_up_late_is_adopted(case: Case) -> None:
    case.server.creates = [lambda: case.server.arrive(11, case.server.job(42))]
    assert case.start().action == "adopted"
    assert case.server.sent.count("POST ") == 1
    assert case.slept_s == 12


def test_a_create_is_sent_again_when_none_has_turned_up_for_a_minute(case: Case) -> None:
    case.server.creates = [502, 200]
    started = case.start()
    assert (started.action, started.job_id) == ("created", 42)
    assert case.server.sent.count("POST ") == 2
    assert case.slept_s == 60
    assert case.context.fake_stderr.text.endswith(
        "a.csv: an import may have been requested a moment ago; looking for it for 1m00s "
        "before it is created again\n"
    )


def test_the_minute_is_waited_for_again_after_each_create(case: Case) -> None:
    # the second one is worked on by the server for 20 s after its connection was cut
    case.server.creates = [502, lambda: case.server.arrive(20, case.server.job(42))]
    assert case.start().action == "adopted"
    assert case.server.sent.count("POST ") == 2
    assert case.slept_s == 80


def test_the_minute_begins_when_the_request_is_given_up(case: Case) -> None:
    def hang() -> None:
        case.context.fake_clock.seconds += 60
        case.server.arrive(20, case.server.job(42))

    case.server.creates = [hang]
    assert case.start().action == "adopted"
    assert case.slept_s == 20


def test_while_an_answer_is_awaited_the_journal_gets_signs_of_life(case: Case) -> None:
    seen: list[float] = []

    def hang() -> None:
        case.context.fake_clock.seconds += 60
        with contextlib.closing(
            Journal(case.server.state, case.context.wall_clock, case.context.clock.sleep)
        ) as book:
            wait_for(lambda: book.list_newest(1)[0].updated_at == case.server.now, "a sign")
            seen.append(book.list_newest(1)[0].updated_at - book.list_newest(1)[0].began_at)
        make_job(case)()

    case.server.creates = [hang]
    assert case.start().action == "adopted"
    assert seen == [60]


def test_it_is_sent_three_times_at_the_most(case: Case) -> None:
    case.server.creates = [502]
    assert case.fail().details["status"] == 502
    assert case.server.sent.count("POST ") == 3
    assert case.newest.step == "refused"


def test_when_nobody_can_look_for_the_job_it_stays_unknown(case: Case) -> None:
    case.server.creates, case.server.list_status = [502], 503
    error = case.fail()
    assert error.code == "CREATE_UNCERTAIN"
    assert error.message == (
        f"{case.path}: the import may or may not have been created: "
        "bad gateway (HTTP 502, POST /path/import)"
    )
    assert error.hint == "run the same again: it looks for the import before it creates one"
    assert case.newest.step == "creating"
    # and that is what the next run does
    case.server.list_status, case.server.jobs = 200, [case.server.job(42)]
    assert case.start().action == "adopted"
    assert case.server.sent.count("POST ") == 1


def test_after_a_crash_long_ago_it_looks_once_and_creates(case: Case) -> None:
    crashed = case.die_while_creating(ago_s=3600)
    started = case.start()
    assert started.action == "created"
    assert case.server.sent == ["GET ?pageNumber=1&pageSize=100", "POST /analyze", "POST "]
    assert case.slept_s == 0
    assert {a.id: a.step for a in case.book.list_newest(5)} == {
        crashed: "refused",
        started.attempt_id: "created",
    }


def test_after_a_crash_just_now_it_gives_the_request_time_to_arrive(case: Case) -> None:
    case.die_while_creating(ago_s=10)
    assert case.start().action == "created"
    assert case.slept_s == pytest.approx(50)
    assert "looking for it for 50s before it is created again\n" in case.context.fake_stderr.text


def test_what_arrives_after_a_crash_is_adopted(case: Case) -> None:
    crashed = case.die_while_creating(ago_s=1)
    case.server.arrive(5, case.server.job(42))
    started = case.start()
    assert (started.action, started.job_id, started.attempt_id) == ("adopted", 42, crashed)
    assert "POST " not in case.server.sent


def test_a_sign_of_life_prolongs_the_time_to_arrive(case: Case) -> None:
    crashed = case.die_while_creating(ago_s=60)
    case.book.is_creating(crashed)
    case.start()
    assert case.slept_s == pytest.approx(60)


def test_jobs_that_cannot_be_its_own_are_passed_over(case: Case) -> None:
    case.die_while_creating(ago_s=100)
    other = case.book.begin(case.key._replace(source_id=8), "/a.csv", "a.csv")
    case.book.was_created(other, 43)
    case.server.jobs = [
        case.server.job(45, fileName="b.csv"),
        case.server.job(44, mode="UPDATE"),
        case.server.job(43),
        case.server.job(42, age_s=50),
        case.server.job(41, age_s=103),
    ]
    started = case.start()
    assert (started.action, started.job_id) == ("adopted", 42)


def test_the_list_is_walked_until_a_page_is_older_throughout(case: Case) -> None:
    case.die_while_creating(ago_s=100)
    young = [case.server.job(1000 - n, fileName="b.csv") for n in range(150)]
    old = [case.server.job(500 - n, age_s=500) for n in range(500)]
    case.server.jobs = [*young, case.server.job(42), *old]
    assert case.start().job_id == 42
    assert case.server.sent == [f"GET ?pageNumber={n}&pageSize=100" for n in (1, 2, 3)]


def test_several_candidates_are_listed_and_nothing_is_decided(case: Case) -> None:
    case.die_while_creating(ago_s=100)
    case.server.jobs = [case.server.job(42), case.server.job(41, status="COMPLETED")]
    error = case.fail()
    assert error.message == (
        f"{case.path}: an earlier run was cut off while it created the import, and "
        "2 imports may be the one:\n  42  RUNNING\n  41  COMPLETED"
    )
    assert (error.code, code_of(error)) == ("AMBIGUOUS", 1)
    assert error.remedy == ("attach_id", "ID")
    assert "POST " not in case.server.sent
    assert case.newest.step == "creating"


def test_one_job_that_two_crashed_runs_may_have_made_is_not_guessed_at(case: Case) -> None:
    case.die_while_creating(ago_s=100, key=case.key._replace(source_id=8))
    case.die_while_creating(ago_s=100)
    case.server.jobs = [case.server.job(42)]
    error = case.fail()
    assert error.code == "AMBIGUOUS"
    assert error.message.endswith("1 imports may be the one:\n  42  RUNNING")


def test_attach_picks_one_of_several(case: Case) -> None:
    crashed = case.die_while_creating(ago_s=100)
    case.server.jobs = [case.server.job(42), case.server.job(41)]
    started = case.start(attach_id=41)
    assert (started.action, started.job_id, started.attempt_id) == ("adopted", 41, crashed)
    assert case.start().job_id == 41
    assert "POST " not in case.server.sent


def test_attach_works_without_an_earlier_attempt(case: Case) -> None:
    case.server.jobs = [case.server.job(41)]
    assert case.start(attach_id=41).job_id == 41
    assert (case.newest.step, case.newest.job_id) == ("created", 41)


def test_attach_refuses_the_job_of_another_file(case: Case) -> None:
    case.server.jobs = [case.server.job(41, fileName="b.csv")]
    error = case.fail(attach_id=41)
    assert isinstance(error, UsageError)
    assert error.message == "import 41 is of a file 'b.csv', not 'a.csv'"
    assert case.book.list_newest(5) == []


def test_attach_to_a_job_that_is_not_there_is_told(case: Case) -> None:
    assert code_of(case.fail(attach_id=41)) == 4
    assert case.book.list_newest(5) == []


def test_a_job_that_is_not_over_is_attached_to(case: Case) -> None:
    first = case.start()
    again = case.start()
    assert (again.action, again.job_id, again.attempt_id) == ("attached", 42, first.attempt_id)
    assert case.server.sent.count("POST ") == 1


def test_again_creates_whatever_came_before(case: Case) -> None:
    case.die_while_creating()
    assert case.start(again=True).action == "created"
    assert case.slept_s == 0
    assert case.start(again=True).action == "created"
    assert case.server.sent.count("POST ") == 2


@pytest.mark.parametrize(
    ("ended", "action"), [("2025-11-24T00:00:00Z", "created"), (None, "attached")]
)
def test_a_job_that_nobody_saw_end_long_ago_does_not_count_for_ever(
    case: Case, ended: str | None, action: str
) -> None:
    case.start()
    case.context.fake_clock.seconds += 25 * 3600
    case.server.jobs = [case.server.job(42, completedAt=ended)]
    started = case.start()
    assert started.action == action


def test_a_finished_import_is_reported_and_nothing_is_sent_but_a_look(case: Case) -> None:
    first = case.start()
    record = {"id": 42, "status": "FAILED", "completedAt": "2025-11-24T16:00:00Z"}
    case.book.was_finished(first.attempt_id or 0, record)
    case.server.jobs = [case.server.job(42)]
    before = len(case.server.seen)
    again = case.start()
    assert (again.action, again.job_id, again.job) == ("known", 42, record)
    assert len(case.server.seen) == before + 1
    assert case.start(again_after_s=0.0).action == "created"


@pytest.mark.parametrize("jobs", [[], [{"fileName": "another.csv"}]])
def test_what_the_server_does_not_have_is_not_called_imported(
    case: Case, jobs: list[dict[str, Any]]
) -> None:
    first = case.start()
    record = {"id": 42, "status": "COMPLETED", "completedAt": "2025-11-24T16:00:00Z"}
    case.book.was_finished(first.attempt_id or 0, record)
    case.server.jobs = [case.server.job(42, **job) for job in jobs]
    error = case.fail()
    assert code_of(error) == 4
    assert "the server has no such import" in error.message
    assert error.remedy == ("again", "another organization")


def test_a_refusal_after_an_uncertain_create_leaves_its_fate_open(case: Case) -> None:
    case.server.creates = [502, 400]
    error = case.fail()
    assert (error.code, code_of(error)) == ("CREATE_UNCERTAIN", 1)
    assert case.book.list_newest(1)[0].step == "creating"


def test_attaching_to_another_job_leaves_the_attempt_of_a_finished_one_alone(case: Case) -> None:
    first = case.start()
    record = {"id": 42, "status": "COMPLETED", "completedAt": "2025-11-24T16:00:00Z"}
    case.book.was_finished(first.attempt_id or 0, record)
    case.server.jobs = [case.server.job(41)]
    assert case.start(attach_id=41).job_id == 41
    newest, older = case.book.list_newest(2)
    assert (newest.job_id, newest.step) == (41, "created")
    assert (older.job_id, older.step) == (42, "finished")


def test_a_created_import_is_waited_for_although_it_cannot_be_written_down(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise LocalFileError("cannot use the journal: disk full")

    monkeypatch.setattr(case.book, "was_created", fail)
    started = case.start()
    assert (started.action, started.job_id) == ("created", 42)
    assert "import 42 was created, but that could not be written down" in (
        case.context.fake_stderr.text
    )
