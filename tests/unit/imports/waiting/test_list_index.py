"""Which pages are asked for of long lists, and of odd ones; test_fetch has the others."""

from __future__ import annotations

import pytest

from talkvalue_cli.imports.waiting.list_index import ListIndex


def walk(server: list[int], wanted: list[int], pages: ListIndex) -> tuple[list[str], set[int]]:
    """Return the requests that one look takes, and the jobs that no list has shown.

    server: ids as the list has them, newest first.
    """
    size, requests = pages.page_size(wanted), []
    pending, alone, listed = set(wanted), set(), set()
    while pending:
        page, members = min(pages.group(sorted(pending), size).items())
        if page == 0 or len(members) < 2 or page in listed:
            requests += [f"GET {job_id}" for job_id in members]
            alone |= set(members)
            pending -= set(members)
            continue
        shown = server[(page - 1) * size : page * size]
        listed.add(page)
        requests.append(f"LIST {page} of {size}")
        pages.learn(page, size, shown, members)
        pending -= set(shown)
    return requests, alone


def test_old_jobs_are_found_on_the_page_that_their_ids_point_to() -> None:
    server, pages = list(range(5000, 0, -1)), ListIndex()
    requests, alone = walk(server, [3210, 3205], pages)
    assert requests == ["LIST 1 of 100", "LIST 18 of 100"]
    assert not alone


def test_ids_with_gaps_lead_to_the_right_page_too() -> None:
    server, pages = list(range(50_000, 0, -10)), ListIndex()
    assert walk(server, [32_100, 32_050], pages)[0] == ["LIST 1 of 100", "LIST 18 of 100"]


def test_a_list_whose_ids_do_not_fall_is_not_trusted_for_guesses() -> None:
    server, pages = [3, 1, 4, 15, 9, 2, 6, *range(100, 300)], ListIndex()
    requests, alone = walk(server, [3, 4, 250, 251], pages)
    assert requests == ["LIST 1 of 100", "GET 250", "GET 251"]
    assert alone == {250, 251}


def test_a_hundred_jobs_spread_over_a_long_list_take_few_requests() -> None:
    server, pages = list(range(20_000, 0, -1)), ListIndex()
    wanted = list(range(20_000, 19_000, -10))
    walk(server, wanted, pages)
    requests, alone = walk(server, wanted, pages)
    assert (len(requests), alone) == (10, set())


@pytest.mark.parametrize(
    ("page", "listed", "job_id", "place"),
    [
        # on a page of 10 from 980 down, further down and further up
        (3, list(range(980, 970, -1)), 970, 30),
        (3, list(range(980, 970, -1)), 961, 39),
        (3, list(range(980, 970, -1)), 960, 40),
        (3, list(range(980, 970, -1)), 981, 19),
        (3, list(range(980, 970, -1)), 1000, 0),
        (3, list(range(980, 970, -1)), 1500, 0),
        # every tenth id
        (1, list(range(1000, 900, -10)), 900, 10),
        (1, list(range(1000, 900, -10)), 890, 11),
        (3, list(range(800, 700, -10)), 810, 19),
        (3, list(range(800, 700, -10)), 820, 18),
        # one job alone does not tell how ids fall
        (1, [5], 3, 2),
        (1, [5, 4], 3, 2),
        (1, [20, 10], 1, 2),
    ],
)
def test_an_id_beyond_a_page_has_the_place_to_which_ids_fall(
    page: int, listed: list[int], job_id: int, place: int
) -> None:
    index = ListIndex()
    index.learn(page, 10, listed, [job_id])
    # on pages of one job, the page is the place
    assert index.group([job_id], 1) == {place + 1: [job_id]}


def test_a_job_that_no_list_shows_any_more_does_not_make_the_page_longer() -> None:
    server, index = list(range(1000, 0, -1)), ListIndex()
    walk(server, [1000, 990, 950], index)
    server.remove(950)
    assert walk(server, [1000, 990, 950], index)[0] == ["LIST 1 of 51", "GET 950"]
    assert walk(server, [1000, 990, 950], index)[0] == ["GET 950", "LIST 1 of 11"]


def test_a_job_that_was_forgotten_has_no_place() -> None:
    index = ListIndex()
    index.learn(1, 100, [9, 8, 7], [7])
    assert index.page_size([7]) == 3
    index.forget(7)
    assert index.page_size([7]) == 100
