"""Looks at one job and at many, counted in requests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests
import responses

from talkvalue_cli.errors import AuthError, ForbiddenError, RefusedError, TalkValueError
from talkvalue_cli.imports.waiting.fetch import PollResponse, StatusFetcher
from talkvalue_cli.transport.client import Client
from talkvalue_cli.transport.session import BearerAuth, make_session
from tests.fakes import FakeClock
from tests.unit.commands.import_list_stub import API, ImportList, Reply

BUSY: Reply = (503, {}, "{}")


class Fetching:
    """A fetcher at a server with imports 1 to 1000, of which a test asks for some."""

    def __init__(self, mock: responses.RequestsMock, newest: int = 1000) -> None:
        self.clock = FakeClock()
        self.server = ImportList(mock, range(1, newest + 1))
        self.fetcher = StatusFetcher(
            Client(make_session(BearerAuth("token")), API), self.clock, on_tick=lambda: None
        )

    def fetch(self, *job_ids: int, limit_s: float | None = None) -> dict[int, str]:
        """Return status or class of error of each job, after a poll that counts its requests."""
        self.server.asked.clear()
        before = self.fetcher.requests
        seen = dict(self.fetcher.fetch(job_ids, limit_s))
        assert self.fetcher.requests - before == len(self.server.asked)
        return {job_id: _describe(result) for job_id, result in seen.items()}


def _describe(result: PollResponse | TalkValueError) -> str:
    if isinstance(result, PollResponse):
        return str(result.job["status"])
    return type(result).__name__ + (" for now" if result.is_transient else "")


@pytest.fixture
def fetching() -> Iterator[Fetching]:
    with responses.RequestsMock() as mock:
        yield Fetching(mock)


def test_one_job_costs_one_get(fetching: Fetching) -> None:
    for _ in range(3):
        fetching.fetch(990)
        assert fetching.server.asked == ["GET 990"]


def test_many_jobs_cost_one_list_which_is_no_longer_than_it_must_be(fetching: Fetching) -> None:
    fetching.server.statuses[995] = "COMPLETED"
    assert fetching.fetch(1000, 995, 990) == {1000: "RUNNING", 995: "COMPLETED", 990: "RUNNING"}
    assert fetching.server.asked == ["LIST 1 of 100"]
    fetching.fetch(1000, 990)
    assert fetching.server.asked == ["LIST 1 of 11"]
    fetching.fetch(990)
    assert fetching.server.asked == ["GET 990"]


def test_jobs_of_two_pages_cost_two_lists_and_a_lone_one_a_get(fetching: Fetching) -> None:
    fetching.fetch(1000, 999, 850, 849, 500)
    fetching.fetch(1000, 999, 850, 849, 500)
    assert fetching.server.asked == ["LIST 1 of 100", "LIST 2 of 100", "GET 500"]


def test_new_imports_push_ours_down_and_none_is_taken_for_missing(fetching: Fetching) -> None:
    fetching.fetch(1000, 999, 998)
    fetching.server.statuses |= dict.fromkeys(range(1001, 1004), "RUNNING")
    assert fetching.fetch(1000, 999, 998) == dict.fromkeys((1000, 999, 998), "RUNNING")
    assert fetching.server.asked == ["LIST 1 of 3", "LIST 2 of 3"]
    fetching.fetch(1000, 999, 998)
    assert fetching.server.asked == ["LIST 1 of 6"]


def test_a_job_pushed_off_the_page_in_the_middle_of_a_poll_is_found_all_the_same(
    fetching: Fetching,
) -> None:
    jobs = (1000, 999, 901, 900, 899)
    fetching.fetch(*jobs)

    def push(request: str) -> None:
        fetching.server.statuses[max(fetching.server.statuses) + 1] = "PENDING"

    fetching.server.on_request = push
    for _ in range(5):
        assert fetching.fetch(*jobs) == dict.fromkeys(jobs, "RUNNING")


def test_absence_from_the_list_is_not_an_end(fetching: Fetching) -> None:
    fetching.server.hidden = {999}
    assert fetching.fetch(1000, 999, 998) == dict.fromkeys((1000, 999, 998), "RUNNING")
    assert fetching.server.asked == ["LIST 1 of 100", "GET 999"]


def test_only_a_get_can_tell_that_a_job_does_not_exist(fetching: Fetching) -> None:
    del fetching.server.statuses[999]
    seen = fetching.fetch(1000, 999, 998)
    assert seen == {1000: "RUNNING", 999: "NotFoundError", 998: "RUNNING"}
    assert fetching.server.asked == ["LIST 1 of 100", "GET 999"]


def test_a_job_without_a_status_does_not_spoil_its_page(fetching: Fetching) -> None:
    fetching.server.statuses[995] = ""
    assert fetching.fetch(1000, 995, 990) == {
        1000: "RUNNING",
        995: "UnexpectedAnswerError for now",
        990: "RUNNING",
    }


def test_an_empty_list_leaves_each_to_be_asked_for(fetching: Fetching) -> None:
    fetching.server.hidden = set(fetching.server.statuses)
    assert fetching.fetch(1000, 999) == {1000: "RUNNING", 999: "RUNNING"}
    assert fetching.server.asked == ["LIST 1 of 100", "GET 1000", "GET 999"]


def test_a_server_with_smaller_pages_than_asked_for_is_believed(fetching: Fetching) -> None:
    fetching.server.largest_page = 20
    jobs = (1000, 999, 960, 959)
    assert fetching.fetch(*jobs) == dict.fromkeys(jobs, "RUNNING")
    assert fetching.server.asked == ["LIST 1 of 100", "LIST 3 of 20"]
    fetching.fetch(*jobs)
    assert fetching.server.asked == ["LIST 1 of 20", "LIST 3 of 20"]


def test_a_page_that_fails_for_now_concerns_its_members_only(fetching: Fetching) -> None:
    jobs = (1000, 999, 850, 849)
    fetching.fetch(*jobs)
    fetching.server.faults = {"LIST 1 of 100": BUSY}
    assert fetching.fetch(*jobs) == {
        1000: "RefusedError for now",
        999: "RefusedError for now",
        850: "RUNNING",
        849: "RUNNING",
    }
    assert fetching.server.asked == ["LIST 1 of 100", "LIST 2 of 100"]


def test_a_get_that_fails_for_now_concerns_its_job_only(fetching: Fetching) -> None:
    jobs = (1000, 999, 500)
    fetching.fetch(*jobs)
    fetching.server.faults = {"GET 500": BUSY}
    assert fetching.fetch(*jobs) == {1000: "RUNNING", 999: "RUNNING", 500: "RefusedError for now"}


def test_a_server_that_asks_for_a_pause_gets_it_in_the_middle_of_a_poll(fetching: Fetching) -> None:
    jobs = (1000, 999, 850, 849, 500)
    fetching.fetch(*jobs)
    fetching.server.faults = {"LIST 1 of 100": (429, {"Retry-After": "60"}, "{}")}
    assert fetching.fetch(*jobs) == dict.fromkeys(jobs, "RefusedError for now")
    assert fetching.server.asked == ["LIST 1 of 100"]


def test_a_server_that_cannot_be_reached_is_not_tried_for_each_of_a_hundred_jobs() -> None:
    with responses.RequestsMock() as mock:
        fetching = Fetching(mock)
        jobs = tuple(range(1000, 0, -10))
        fetching.fetch(*jobs)
        fetching.server.on_request = _refuse_connection
        assert fetching.fetch(*jobs) == dict.fromkeys(jobs, "NetworkError for now")
        assert len(fetching.server.asked) == 3


def _refuse_connection(request: str) -> None:
    raise requests.ConnectionError("connection refused")


@pytest.mark.parametrize("limit_s", [5, 6])
def test_a_limit_holds_for_the_whole_look_and_not_for_each_request(
    fetching: Fetching, limit_s: float
) -> None:
    jobs = (900, 700, 500, 300)
    fetching.fetch(*jobs)

    def take_long(request: str) -> None:
        fetching.clock.seconds += 3

    fetching.server.on_request = take_long
    # what there was no time for is neither seen nor missed
    assert fetching.fetch(*jobs, limit_s=limit_s) == {900: "RUNNING", 700: "RUNNING"}


def test_a_limit_that_is_over_still_allows_one_request(fetching: Fetching) -> None:
    assert fetching.fetch(900, limit_s=2) == {900: "RUNNING"}


@pytest.mark.parametrize("age_s", [0, 29.9, 30, 60])
def test_a_404_soon_after_our_own_create_means_not_visible_yet(
    fetching: Fetching, age_s: float
) -> None:
    fetching.fetcher.expect(2000)
    fetching.clock.seconds += age_s
    is_young = age_s < 30
    assert fetching.fetch(2000) == {2000: "NotFoundError" + (" for now" if is_young else "")}


def test_a_404_for_a_job_that_somebody_else_created_is_final(fetching: Fetching) -> None:
    fetching.fetcher.expect(2000)
    assert fetching.fetch(3000) == {3000: "NotFoundError"}


@pytest.mark.parametrize(
    ("jobs", "status", "kind"),
    [
        ((1000,), 401, AuthError),
        ((1000,), 403, ForbiddenError),
        ((1000, 999), 401, AuthError),
        ((1000, 999), 400, RefusedError),
    ],
)
def test_what_no_later_look_can_mend_and_concerns_every_job_is_raised(
    fetching: Fetching, jobs: tuple[int, ...], status: int, kind: type[TalkValueError]
) -> None:
    refusal: Reply = (status, {}, "{}")
    fetching.server.faults = {"GET 1000": refusal, "LIST 1 of 100": refusal}
    with pytest.raises(kind) as caught:
        fetching.fetch(*jobs)
    assert type(caught.value) is kind
    assert fetching.fetcher.requests == 1


@pytest.mark.parametrize("status", [400, 409])
def test_a_get_that_is_refused_for_good_concerns_its_job_only(
    fetching: Fetching, status: int
) -> None:
    jobs = (1000, 999, 500, 300)
    fetching.fetch(*jobs)
    fetching.server.faults = {"GET 500": (status, {"Retry-After": "60"}, "{}")}
    others = dict.fromkeys((1000, 999, 300), "RUNNING")
    assert fetching.fetch(*jobs) == {**others, 500: "RefusedError"}


def test_what_was_seen_before_such_an_error_is_told(fetching: Fetching) -> None:
    fetching.fetch(1000, 999, 500)
    fetching.server.faults = {"GET 500": (401, {}, "{}")}
    seen: dict[int, str] = {}
    with pytest.raises(AuthError):
        for job_id, result in fetching.fetcher.fetch([1000, 999, 500], None):
            seen[job_id] = _describe(result)
    assert seen == {1000: "RUNNING", 999: "RUNNING"}
