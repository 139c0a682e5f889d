"""Which imports `wait` waits for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import responses

from talkvalue_cli.commands.path.import_.select import Selection, select_imports
from talkvalue_cli.errors import UsageError
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


def test_an_id_that_is_named_twice_is_one_import_of_a_list() -> None:
    assert select(9, "-", stdin="7 9") == Selection([9, 7], True)
    assert select(7, 7) == Selection([7], True)


def test_a_closed_standard_input_has_no_ids_and_a_huge_one_is_not_read() -> None:
    context = FakeRuntime(environ=ENVIRON)
    context.stdin = None
    with pytest.raises(UsageError, match="there are no ids on standard input"):
        select_imports(context, ["-"], latest=False, active=False)
    with pytest.raises(UsageError, match="standard input is larger than 1 MiB; it should be ids"):
        select("-", stdin="7 " * 600_000)


def test_the_latest_is_the_newest_whatever_its_state(server: ImportList) -> None:
    assert select(latest=True) == Selection([250], False)
    assert server.asked == ["LIST 1 of 1"]


def test_active_is_all_that_are_alive_newest_first(server: ImportList) -> None:
    server.statuses |= {250: "RUNNING", 245: "PENDING", 244: "FAILED", 200: "RUNNING"}
    assert select(active=True) == Selection([250, 245, 200], True)
    # the second page has nothing alive, so the third is not asked for
    assert server.asked == ["LIST 1 of 100", "LIST 2 of 100"]


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
