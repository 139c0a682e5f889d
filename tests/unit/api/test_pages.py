"""Walking the pages of a list, and the activity of a person by its cursor."""

from __future__ import annotations

from typing import Any

import pytest
import responses

from talkvalue_cli.api import people
from talkvalue_cli.api.models import Page
from talkvalue_cli.api.pages import drop_repeats, walk_pages
from talkvalue_cli.errors import UnexpectedAnswerError
from tests.unit.wire import make_client

BASE = "http://api.test"
URL = f"{BASE}/path/person/5/activity"


class Pages:
    """Pages with these ids; `asked` has the numbers and sizes that were asked for."""

    def __init__(self, *ids: list[int], total: int | None = None) -> None:
        self.ids, self.total = ids, total if total is not None else len(ids)
        self.asked: list[tuple[int | None, int | None]] = []

    def __call__(self, *, page: int | None, page_size: int | None) -> Page:
        self.asked.append((page, page_size))
        assert page is not None
        found = self.ids[page - 1] if page <= len(self.ids) else []
        return Page([{"id": number} for number in found], page, 2, 0, self.total)


def test_each_page_is_asked_for_when_it_is_wanted() -> None:
    load = Pages([1, 2], [3, 4], [5])
    walked = walk_pages(load, 50)
    assert load.asked == []
    next(walked)
    assert load.asked == [(1, 50)]
    assert len(list(walked)) == 2
    assert load.asked == [(1, 50), (2, 50), (3, 50)]


def test_an_empty_list_is_one_page() -> None:
    load = Pages(total=0)
    assert [page.items for page in walk_pages(load)] == [[]]
    assert load.asked == [(1, 100)]


def test_a_list_that_claims_to_go_on_for_ever_ends_with_its_first_empty_page() -> None:
    load = Pages([1, 2], total=10**9)
    assert [len(page.items) for page in walk_pages(load)] == [2, 0]


@pytest.mark.parametrize(
    "ids", [[[1, 2]], [[1, 2], [3, 4]], [[1, 2], [3, 4], [5, 6]]], ids=["one", "two", "three"]
)
def test_a_server_that_repeats_its_pages_is_left(ids: list[list[int]]) -> None:
    load = Pages(*ids * 100, total=10**9)
    with pytest.raises(UnexpectedAnswerError, match=r"repeats pages: page \d was there before"):
        list(walk_pages(load))
    assert len(load.asked) == len(ids) + 4


def test_a_list_of_small_pages_may_grow_while_it_is_walked() -> None:
    assert len(list(walk_pages(Pages([9], [9], [9], [8], [8], [7])))) == 6


def test_a_list_that_becomes_longer_and_longer_is_left() -> None:
    class Growing(Pages):
        """There is always one more page."""

        def __call__(self, *, page: int | None, page_size: int | None) -> Page:
            assert page is not None
            self.asked.append((page, page_size))
            return Page([{"id": page}], page, 1, 0, page + 1)

    load = Growing()
    with pytest.raises(UnexpectedAnswerError, match="the list does not end: it had 105 pages"):
        list(walk_pages(load))
    assert len(load.asked) == 105


@pytest.mark.parametrize("odd", [None, "2", True, -1, 10**400])
@pytest.mark.parametrize("end", [[], [3, 4]], ids=["empty", "repeated"])
def test_a_list_that_does_not_tell_its_end_is_walked_to_what_has_nothing_new(
    end: list[int], odd: Any
) -> None:
    pages = [[1, 2], [2, 3, 4], end]

    def load(*, page: int | None, page_size: int | None) -> Page:
        assert page is not None
        return Page([{"id": number} for number in pages[page - 1]], page, 2, 0, odd)

    assert [[item["id"] for item in page.items] for page in walk_pages(load)] == pages


def test_what_the_page_before_had_is_not_repeated() -> None:
    walked = walk_pages(Pages([9, 8, 7], [7, 6], [5]))
    assert [[item["id"] for item in items] for items in drop_repeats(walked)] == [
        [9, 8, 7],
        [6],
        [5],
    ]


def test_activity_is_walked_from_cursor_to_cursor(http: responses.RequestsMock) -> None:
    http.get(f"{URL}?pageSize=2", json={"content": [{"id": 9}], "nextCursor": 9, "hasNext": True})
    http.get(
        f"{URL}?cursor=9&pageSize=2",
        json={"content": [{"id": 8}], "nextCursor": 8, "hasNext": True},
    )
    http.get(f"{URL}?cursor=8&pageSize=2", json={"content": [], "hasNext": False})
    walked = people.walk_activity(make_client(BASE)[0], 5, page_size=2)
    assert list(walked) == [[{"id": 9}], [{"id": 8}], []]


def test_cursors_in_a_circle_are_left(http: responses.RequestsMock) -> None:
    for cursor, following in ((9, 8), (8, 9)):
        answer = {"content": [{"id": cursor}], "nextCursor": following, "hasNext": True}
        http.get(f"{URL}?cursor={cursor}", json=answer)
    with pytest.raises(UnexpectedAnswerError, match="cursor 9 was there before"):
        list(people.walk_activity(make_client(BASE)[0], 5, cursor=9))


@pytest.mark.parametrize(
    "answer",
    [
        [],
        {"content": [], "nextCursor": None},
        {"content": [], "nextCursor": None, "hasNext": True},
        {"content": [], "nextCursor": "8", "hasNext": True},
        {"content": [], "nextCursor": 7, "hasNext": True},
        {"content": [{}], "nextCursor": None, "hasNext": False},
        {"content": None, "hasNext": False},
    ],
    ids=str,
)
def test_activity_that_would_not_end_is_refused(http: responses.RequestsMock, answer: Any) -> None:
    http.get(URL, json=answer)
    with pytest.raises(UnexpectedAnswerError):
        people.list_activity(make_client(BASE, tries=1)[0], 5, cursor=7)
