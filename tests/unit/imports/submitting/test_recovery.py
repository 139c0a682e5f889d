"""What earlier runs mean for a file, and the search for the import that one of them has made."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timezone
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
import responses

from talkvalue_cli.errors import TalkValueError
from talkvalue_cli.imports.submitting import recovery
from talkvalue_cli.imports.submitting.journal import Attempt, Key
from talkvalue_cli.imports.submitting.journal.sqlite import SqliteJournal
from talkvalue_cli.imports.submitting.recovery import NextStep
from talkvalue_cli.imports.submitting.tags import Tag, make_tag
from tests.fakes import FakeRuntime

API = "https://api.test"
KEY = Key(API, "", "f" * 64, 7, "SKIP")
TAG = make_tag(KEY.digest, "8e21c9")
OTHER_TAG = Tag("0" * 12, "8e21c9")
DAY_S = 86_400.0
#: 2026-11-23T10:00:00Z
TEN = 1_795_428_000.0


def attempt(step: str = "creating", **changes: Any) -> Attempt:
    """Return an attempt that sent its create request at ten o'clock and then fell silent."""
    made = Attempt(
        id=5,
        api_url=API,
        profile="",
        sha256="f" * 64,
        source_id=7,
        mode="SKIP",
        import_key=KEY.digest,
        tag=TAG,
        file_path="/data/a.csv",
        file_name="a.csv",
        step=step,
        headers=["Email"],
        file_key=f"u/a.{TAG}.csv",
        mapping=[],
        rows=3,
        newest_id=None,
        job_id=None,
        record=None,
        began_at=TEN - 1,
        creating_at=TEN,
        updated_at=TEN,
    )
    return made._replace(**changes)


def old_attempt(**changes: Any) -> Attempt:
    """Return an attempt of a version that knew no tags."""
    unknown = {"import_key": None, "tag": None, "headers": None, "rows": None, "file_key": "u/k"}
    return attempt(**{**unknown, **changes})


def at(seconds: float) -> str:
    """Return the time so long after ten o'clock, as the wire has it."""
    return datetime.fromtimestamp(TEN + seconds, timezone.utc).isoformat()


def job(job_id: int = 42, **more: Any) -> dict[str, Any]:
    """Return a job of the list that carries the tag and is at work since five seconds."""
    shown = {"id": job_id, "fileName": f"a.{TAG}.csv", "mode": "SKIP", "status": "RUNNING"}
    return {**shown, "totalRows": 3, "processStartedAt": at(5), "completedAt": None, **more}


def over(job_id: int, seconds: float, **more: Any) -> dict[str, Any]:
    """Return a job that ended so long after ten o'clock, or before it."""
    return job(job_id, **{"status": "COMPLETED", "completedAt": at(seconds), **more})


class Listing:
    """A server that has nothing but the list of imports, newest first, and a clock."""

    def __init__(self, mock: responses.RequestsMock, folder: Path) -> None:
        self.jobs: list[dict[str, Any]] = []
        self.now = TEN + 10
        #: the pages that were asked for
        self.pages: list[int] = []
        #: how many pages it says that it has; by default as many as it has
        self.total_pages: int | None = None
        mock.assert_all_requests_are_fired = False
        mock.add_callback(responses.GET, f"{API}/path/import", self._list)
        context = FakeRuntime(environ={"TALKVALUE_TOKEN": "token", "TALKVALUE_API_URL": API})
        self.client = context.client
        self.book = SqliteJournal(folder / "state", lambda: TEN, context.clock.sleep)

    def _list(self, request: requests.PreparedRequest) -> tuple[int, dict[str, str], str]:
        query = parse_qs(urlsplit(str(request.url)).query)
        page, size = int(query["pageNumber"][0]), int(query["pageSize"][0])
        self.pages.append(page)
        pages = self.total_pages or -(-len(self.jobs) // size)
        facts = {"pageNumber": page, "pageSize": size, "totalElements": len(self.jobs)}
        content = self.jobs[(page - 1) * size : page * size]
        date = format_datetime(datetime.fromtimestamp(self.now, timezone.utc), usegmt=True)
        answer = {"content": content, "totalPages": pages, **facts}
        return 200, {"Date": date}, json.dumps(answer)

    def find_elsewhere(self, again_after_s: float = DAY_S) -> tuple[int | None, int | None]:
        """Return the id of the job that was found, and the newest one."""
        found = recovery.find_elsewhere(self.client, [KEY.digest], again_after_s)
        return None if found.job is None else found.job["id"], found.newest_id

    def find(
        self, prior: Attempt | None = None, *, is_tagged: bool = True
    ) -> tuple[list[int], list[int]]:
        """Return the ids of the candidates with the attempt's tag, and of those without any."""
        found = recovery.find_candidates(
            self.client, self.book, prior or attempt(), is_tagged=is_tagged
        )
        return [each["id"] for each in found.tagged], [each["id"] for each in found.untagged]


@pytest.fixture
def listing(tmp_path: Path) -> Iterator[Listing]:
    """A server with an empty list, and an empty journal."""
    with responses.RequestsMock() as mock:
        made = Listing(mock, tmp_path)
        yield made
        made.book.close()


# what to do


def test_without_an_earlier_attempt_it_creates() -> None:
    assert recovery.next_step(None) is NextStep.CREATE


@pytest.mark.parametrize(
    ("step", "decision"), [("creating", NextStep.FIND_ORPHAN), ("created", NextStep.ATTACH)]
)
@pytest.mark.parametrize("prior", [attempt(), old_attempt()])
def test_what_is_not_known_to_be_over_is_gone_after(
    prior: Attempt, step: str, decision: NextStep
) -> None:
    assert recovery.next_step(prior._replace(step=step)) is decision


@pytest.mark.parametrize(
    ("status", "decision"),
    [
        ("COMPLETED", NextStep.REPORT),
        ("PARTIAL_SUCCESS", NextStep.REPORT),
        ("LATER_INVENTED", NextStep.REPORT),
        # nothing of it has landed
        ("FAILED", NextStep.CREATE),
    ],
)
def test_what_is_over_is_reported_unless_it_failed(status: str, decision: NextStep) -> None:
    prior = attempt("finished", job_id=42, record={"id": 42, "status": status})
    assert recovery.next_step(prior) is decision


def test_what_is_over_without_a_record_is_reported() -> None:
    assert recovery.next_step(attempt("finished", job_id=42)) is NextStep.REPORT


# how long it counts


@pytest.mark.parametrize(
    ("journal_s", "server_s", "is_recent"),
    [
        (3600, 3600, True),
        (DAY_S - 1, DAY_S - 1, True),
        (DAY_S, DAY_S, False),
        # one of the clocks was set, or is wrong: either is believed that it is recent
        (2 * DAY_S, 3600, True),
        (3600, 2 * DAY_S, True),
        (-2 * DAY_S, 2 * DAY_S, True),
        (2 * DAY_S, -2 * DAY_S, True),
    ],
)
def test_it_counts_while_it_is_recent_by_either_clock(
    journal_s: float, server_s: float, is_recent: bool
) -> None:
    prior = attempt("finished", job_id=42, updated_at=TEN)
    server_time = datetime.fromtimestamp(TEN + server_s, timezone.utc)
    now = TEN + journal_s
    assert recovery.is_recent(prior, now, over(42, 0), server_time, DAY_S) is is_recent


@pytest.mark.parametrize(("journal_s", "is_recent"), [(3600, True), (DAY_S, False)])
def test_without_the_server_the_journal_decides(journal_s: float, is_recent: bool) -> None:
    prior = attempt("finished", job_id=42)
    assert recovery.is_recent(prior, TEN + journal_s, None, None, DAY_S) is is_recent
    assert recovery.is_recent(prior, TEN + journal_s, over(42, 0), None, DAY_S) is is_recent


@pytest.mark.parametrize(
    ("found", "age_s"),
    [
        (job(completedAt=at(5)), 5.0),
        (job(completedAt=at(5), processStartedAt=at(1)), 5.0),
        (job(processStartedAt=at(1)), 9.0),
        (job(completedAt="2026-11-23T10:00:04.5Z"), 5.5),
        (job(completedAt=at(60)), -50.0),
        (job(processStartedAt=None), None),
        (job(completedAt="tomorrow"), None),
        ({"id": 42, "status": "RUNNING"}, None),
    ],
)
def test_the_age_of_a_job_is_by_the_servers_clock(
    found: dict[str, Any], age_s: float | None
) -> None:
    now = datetime.fromtimestamp(TEN + 10, timezone.utc)
    assert recovery.age_of(found, now) == age_s
    assert recovery.age_of(found, None) is None


# what another machine has made


def test_an_empty_server_has_nothing(listing: Listing) -> None:
    assert listing.find_elsewhere() == (None, None)
    assert listing.pages == [1]


@pytest.mark.parametrize("found", [job(42), over(42, 0), over(42, 0, status="PARTIAL_SUCCESS")])
def test_an_import_of_the_same_key_is_found(listing: Listing, found: dict[str, Any]) -> None:
    other = make_tag(KEY.digest, "ffffff")
    listing.jobs = [job(43, fileName="a.csv"), {**found, "fileName": f"b.{other}.csv"}]
    assert listing.find_elsewhere() == (42, 43)


@pytest.mark.parametrize(
    "found",
    [
        over(42, 0, fileName=f"a.{OTHER_TAG}.csv"),
        over(42, 0, fileName="a.csv"),
        over(42, 0, fileName=None),
        over(42, 0, status="FAILED"),
        over(42, 10 - DAY_S),
    ],
)
def test_what_does_not_count_is_passed_over(listing: Listing, found: dict[str, Any]) -> None:
    listing.jobs = [found]
    assert listing.find_elsewhere() == (None, 42)


def test_behind_one_that_failed_there_may_be_one_that_did_not(listing: Listing) -> None:
    listing.jobs = [over(43, 5, status="FAILED"), over(42, 0)]
    assert listing.find_elsewhere() == (42, 43)


def test_one_that_is_not_over_counts_however_long_ago_it_began(listing: Listing) -> None:
    listing.jobs = [job(42, processStartedAt=at(-9 * DAY_S))]
    assert listing.find_elsewhere() == (42, 42)


def test_the_newest_that_counts_is_taken(listing: Listing) -> None:
    listing.jobs = [over(43, 0), job(42)]
    assert listing.find_elsewhere() == (43, 43)


@pytest.mark.parametrize(("young", "pages"), [(0, [1]), (150, [1, 2, 3]), (200, [1, 2, 3])])
def test_it_looks_back_until_a_page_is_too_old_throughout(
    listing: Listing, young: int, pages: list[int]
) -> None:
    listing.jobs = [over(9999 - n, 0, fileName="b.csv") for n in range(young)]
    listing.jobs += [over(5000 - n, -2 * DAY_S, fileName="b.csv") for n in range(900)]
    assert listing.find_elsewhere()[0] is None
    assert listing.pages == pages


def test_a_job_that_has_not_begun_is_no_reason_to_stop(listing: Listing) -> None:
    listing.jobs = [over(5000 - n, -2 * DAY_S, fileName="b.csv") for n in range(99)]
    listing.jobs.insert(50, job(4999, processStartedAt=None, fileName="b.csv"))
    listing.jobs.append(over(42, 0))
    assert listing.find_elsewhere()[0] == 42


@pytest.mark.parametrize(("place", "found"), [(999, 42), (1000, None)])
def test_it_looks_at_ten_pages_at_the_most(listing: Listing, place: int, found: int | None) -> None:
    listing.jobs = [over(9999 - n, 0, fileName="b.csv") for n in range(2000)]
    listing.jobs[place] = over(42, 0)
    assert listing.find_elsewhere()[0] == found
    assert listing.pages == list(range(1, 11))


def test_a_list_that_says_it_is_longer_than_it_is_ends_with_an_empty_page(
    listing: Listing,
) -> None:
    listing.jobs, listing.total_pages = [over(43, 0, fileName="b.csv")], 10**9
    assert listing.find_elsewhere() == (None, 43)
    assert listing.pages == [1, 2]


# what an attempt has made


def test_a_job_with_the_tag_is_its_own_whatever_else_it_says(listing: Listing) -> None:
    listing.jobs = [
        job(47, fileName=f"upload 1 ({str(TAG).upper()})", mode=None, totalRows=999),
        job(46, fileName="a.csv"),
        job(45, fileName=f"a.{OTHER_TAG}.csv"),
        job(44, fileName=f"a.{make_tag(KEY.digest, 'ffffff')}.csv"),
        job(43, fileName=None),
    ]
    assert listing.find() == ([47], [])
    # a tag that is another one is a stranger's, even where tags may be lost
    assert listing.find(is_tagged=False) == ([47], [43, 46])


def test_all_that_carry_the_tag_are_told_oldest_first_and_once(listing: Listing) -> None:
    listing.jobs = [job(43, fileName="b.csv") for _ in range(99)]
    # while the list is read, a new import pushes one to the next page
    listing.jobs += [job(47), job(47), job(12)]
    assert listing.find() == ([12, 47], [])


@pytest.mark.parametrize(
    ("found", "may_be"),
    [
        (job(fileName="x.csv"), True),
        (job(fileName=None), True),
        (job(fileName="x.csv", totalRows=0), True),
        (job(fileName="x.csv", totalRows=4), False),
        (job(fileName="x.csv", mode="UPDATE"), False),
        # whatever the clocks say
        (job(fileName="x.csv", processStartedAt=at(-DAY_S)), True),
        (job(41, fileName="x.csv"), False),
        (job(40, fileName="x.csv"), False),
    ],
)
def test_a_job_without_a_tag_that_may_be_its_own(
    listing: Listing, found: dict[str, Any], may_be: bool
) -> None:
    listing.jobs = [found]
    prior = attempt(newest_id=41)
    assert listing.find(prior, is_tagged=False) == ([], [found["id"]] if may_be else [])
    assert listing.find(prior) == ([], [])


def test_a_list_that_does_not_show_mode_and_rows_is_no_obstacle(listing: Listing) -> None:
    listing.jobs = [job(fileName="a.csv")]
    del listing.jobs[0]["mode"], listing.jobs[0]["totalRows"]
    assert listing.find(is_tagged=False) == ([], [42])
    assert listing.find(old_attempt(), is_tagged=False) == ([], [42])


def test_jobs_that_the_journal_knows_are_of_other_attempts(listing: Listing) -> None:
    listing.jobs = [job(n, fileName="a.csv") for n in (3, 2, 1)]
    for job_id in (1, 3):
        known = listing.book.begin(
            KEY._replace(source_id=8),
            profile="",
            tag=OTHER_TAG,
            file_path="/b.csv",
            file_name="b.csv",
            headers=[],
            rows=1,
        )
        listing.book.was_created(known, job_id)
    assert listing.find(is_tagged=False) == ([], [2])
    assert listing.find(old_attempt(), is_tagged=False) == ([], [2])


def test_the_search_ends_where_the_list_ended_before_the_request(listing: Listing) -> None:
    listing.jobs = [job(5000 - n, fileName="b.csv") for n in range(900)]
    listing.jobs[120] = job(42)
    newest_id = listing.jobs[250]["id"]
    assert listing.find(attempt(newest_id=newest_id)) == ([42], [])
    assert listing.pages == [1, 2, 3]


def test_the_search_ends_with_a_page_that_is_older_than_the_request_throughout(
    listing: Listing,
) -> None:
    listing.jobs = [job(9000 - n, fileName="b.csv") for n in range(1500)]
    listing.jobs.append(job(42))
    older = {"fileName": "b.csv", "processStartedAt": at(-60)}
    listing.jobs += [job(5000 - n, **older) for n in range(900)]
    assert listing.find() == ([42], [])
    assert listing.pages == list(range(1, 18))


def test_an_import_that_may_be_further_down_than_anybody_looks_is_not_called_missing(
    listing: Listing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recovery, "MOST_SEARCHED_PAGES", 3)
    listing.jobs = [job(9000 - n, fileName="b.csv") for n in range(301)]
    with pytest.raises(TalkValueError) as caught:
        listing.find()
    assert caught.value.message == (
        "/data/a.csv: an earlier request may have created its import, and it is not among the "
        "newest 300 imports"
    )
    assert (caught.value.code, caught.value.remedy) == (
        "CREATE_UNCERTAIN",
        ("again", "look for it first;"),
    )
    listing.jobs.pop()
    assert listing.find() == ([], [])


@pytest.mark.parametrize(
    ("found", "may_be"),
    [
        ({}, True),
        # not at work yet
        ({"processStartedAt": None}, True),
        # the Date header, by which the attempt is dated, is cut to whole seconds
        ({"processStartedAt": "2026-11-23T09:59:58.000Z"}, True),
        ({"processStartedAt": "2026-11-23T09:59:57.999Z"}, False),
        ({"processStartedAt": at(-DAY_S)}, False),
        # it failed before it was ever at work
        ({"processStartedAt": None, "completedAt": at(-DAY_S)}, False),
        ({"processStartedAt": None, "completedAt": at(9)}, True),
        ({"processStartedAt": at(7200)}, True),
        ({"totalRows": 999}, True),
        ({"fileName": "b.csv"}, False),
        ({"fileName": None}, False),
        ({"fileName": f"a.{TAG}.csv"}, False),
        ({"mode": "UPDATE"}, False),
    ],
)
def test_a_job_that_an_old_attempt_may_have_made(
    listing: Listing, found: dict[str, Any], may_be: bool
) -> None:
    listing.jobs = [job(**{"fileName": "a.csv", **found})]
    assert listing.find(old_attempt(), is_tagged=False) == ([], [42] if may_be else [])


# whether tags are kept


@pytest.mark.parametrize(
    ("file_key", "keeps"),
    [(f"u/a.{TAG}.csv", True), (f"u/{str(TAG).upper()}", True), ("u/k", False), (None, False)],
)
def test_a_server_whose_key_of_the_upload_has_the_tag_keeps_it(
    listing: Listing, file_key: str | None, keeps: bool
) -> None:
    assert recovery.keeps_tags(listing.book, attempt(file_key=file_key)) is keeps


def test_a_server_that_has_lost_the_tag_of_an_earlier_import_keeps_none(listing: Listing) -> None:
    facts = {"profile": "", "file_path": "/a.csv", "file_name": "a.csv", "headers": [], "rows": 1}
    earlier = listing.book.begin(KEY, tag=TAG, **facts)  # type: ignore[arg-type]
    listing.book.will_create(earlier, file_key=f"u/{TAG}", mapping=[], server_time=TEN)
    listing.book.was_finished(earlier, {"id": 42, "fileName": "upload-1.csv"})
    assert not recovery.keeps_tags(listing.book, attempt())
    assert recovery.keeps_tags(listing.book, attempt(api_url="https://other.test"))


def test_who_may_be_it_is_listed() -> None:
    found = recovery.Candidates([], [job(41), job(42, status="COMPLETED")])
    error = recovery.describe_candidates("/data/a.csv", found)
    assert error.message == (
        "/data/a.csv: an earlier request may have created its import, and nobody can tell whether "
        "it is one of these:\n  41  RUNNING\n  42  COMPLETED"
    )
    assert (error.code, error.remedy) == ("CREATE_UNCERTAIN", ("again", "look at them first;"))
