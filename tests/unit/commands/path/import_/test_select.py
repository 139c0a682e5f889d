"""Which imports `wait` waits for."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence

import pytest
import responses

from talkvalue_cli.commands.path.import_.select import Selection, select_imports
from talkvalue_cli.errors import NotFoundError, UsageError
from talkvalue_cli.imports.listing import list_live
from tests.fakes import FakeRuntime
from tests.unit.commands.import_list_stub import ENVIRON, ImportList


@pytest.fixture
def server() -> Iterator[ImportList]:
    """A server with 250 imports, all of them over."""
    with responses.RequestsMock() as mock:
        server = ImportList(mock, ())
        server.statuses = dict.fromkeys(range(1, 251), "COMPLETED")
        yield server


def select(
    *ids: int | str, stdin: str = "", latest: bool = False, active: bool = False
) -> Selection:
    context = FakeRuntime(environ=ENVIRON, stdin=stdin)
    return select_imports(context, ids, latest=latest, active=active)


@pytest.mark.parametrize(
    ("ids", "stdin", "expected"),
    [
        ([7], "", Selection([7], False)),
        ([9, 7, 8], "", Selection([9, 7, 8], True)),
        ([9, 7, 9], "", Selection([9, 7], True)),
        ([7, 7], "", Selection([7], True)),
        (["-"], "9\n7\n", Selection([9, 7], True)),
        (["-"], "  7\t8\r\n\n9", Selection([7, 8, 9], True)),
        (["-"], "7", Selection([7], True)),
        ([1, "-", 2], "3 2 1", Selection([1, 3, 2], True)),
    ],
)
def test_each_id_counts_once_and_keeps_its_place(
    ids: Sequence[int | str], stdin: str, expected: Selection
) -> None:
    assert select(*ids, stdin=stdin) == expected


@pytest.mark.parametrize(
    ("stdin", "message"),
    [
        ("", "there are no ids on standard input"),
        (" \n\t\n", "there are no ids on standard input"),
        ("7 seven", "standard input: 'seven' must be a positive integer"),
        ("7,8", "standard input: '7,8' must be a positive integer"),
        ("-7", "standard input: '-7' must be a positive integer"),
        ("0", "standard input: '0' must be a positive integer"),
        ("9" * 99, f"standard input: '{'9' * 60}…' must be a positive integer"),
        ("7 " * 600_000, "standard input is larger than 1 MiB; it should be ids"),
    ],
)
def test_words_that_are_no_ids_are_a_usage_error(stdin: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        select("-", stdin=stdin)
    assert caught.value.message == message


def test_bytes_that_are_no_text_are_a_usage_error() -> None:
    context = FakeRuntime(environ=ENVIRON)
    context.stdin = io.TextIOWrapper(io.BytesIO(b"7 \xff\xfe"), encoding="utf-8")
    with pytest.raises(UsageError, match="standard input is not text"):
        select_imports(context, ["-"], latest=False, active=False)


def test_a_closed_standard_input_has_no_ids() -> None:
    context = FakeRuntime(environ=ENVIRON)
    context.stdin = None
    with pytest.raises(UsageError, match="there are no ids on standard input"):
        select_imports(context, ["-"], latest=False, active=False)


@pytest.mark.parametrize(
    ("ids", "latest", "active"),
    [([7], True, False), ([7], False, True), ([], True, True), (["-"], True, True)],
)
def test_ways_to_choose_exclude_each_other(
    ids: list[int | str], latest: bool, active: bool
) -> None:
    with pytest.raises(UsageError, match="ids, --latest and --active exclude each other"):
        select(*ids, latest=latest, active=active)


def test_the_latest_is_the_newest_whatever_its_state(server: ImportList) -> None:
    assert select(latest=True) == Selection([250], False)
    assert server.asked == ["LIST 1 of 1"]


def test_the_latest_of_none_is_not_found(server: ImportList) -> None:
    server.statuses = {}
    with pytest.raises(NotFoundError, match="there is no import yet"):
        select(latest=True)


def test_active_is_all_that_are_alive_newest_first(server: ImportList) -> None:
    server.statuses |= {250: "RUNNING", 245: "PENDING", 244: "FAILED", 200: "RUNNING"}
    assert select(active=True) == Selection([250, 245, 200], True)
    # the second page has nothing alive, so the third is not asked for
    assert server.asked == ["LIST 1 of 100", "LIST 2 of 100"]


def test_active_may_be_nothing(server: ImportList) -> None:
    assert select(active=True) == Selection([], True)
    assert server.asked == ["LIST 1 of 100"]


def test_active_has_an_import_once_although_new_ones_push_it_to_the_next_page(
    server: ImportList,
) -> None:
    server.statuses |= {250: "RUNNING", 151: "RUNNING"}

    def push(request: str) -> None:
        if request == "LIST 2 of 100":
            server.statuses[251] = "PENDING"

    server.on_request = push
    assert select(active=True) == Selection([250, 151], True)


def test_a_status_that_this_version_does_not_know_counts_as_alive(server: ImportList) -> None:
    server.statuses[249] = "PAUSED"
    assert select() == Selection([249], False)


def test_without_anything_it_is_the_one_that_is_alive(server: ImportList) -> None:
    server.statuses[200] = "PENDING"
    assert select() == Selection([200], False)


def test_without_anything_and_nothing_alive_there_is_nothing_to_do(server: ImportList) -> None:
    assert select() == Selection([], True)
    assert server.asked == ["LIST 1 of 100"]


def test_without_anything_and_several_alive_they_are_listed(server: ImportList) -> None:
    server.statuses |= {250: "RUNNING", 248: "PENDING"}
    with pytest.raises(UsageError) as caught:
        select()
    assert caught.value.message == (
        "2 imports are PENDING or RUNNING:\n  250  RUNNING  a.csv\n  248  PENDING  a.csv"
    )
    assert caught.value.hint == "name one by its id; `wait --active` waits for all of them"


def test_live_imports_are_found_on_later_pages_while_each_page_has_some(
    server: ImportList,
) -> None:
    server.statuses |= {250: "RUNNING", 150: "RUNNING", 1: "RUNNING"}
    context = FakeRuntime(environ=ENVIRON)
    assert [job["id"] for job in list_live(context.client)] == [250, 150, 1]
    assert server.asked == ["LIST 1 of 100", "LIST 2 of 100", "LIST 3 of 100"]
