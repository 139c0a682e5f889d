"""`path import list` beyond one page, and watched."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
import responses

from talkvalue_cli import cli
from talkvalue_cli.errors import Interrupted
from talkvalue_cli.imports.listing import walk
from tests.fakes import FakeClock, FakeRuntime
from tests.unit.commands.import_list_stub import ENVIRON, ImportList, Reply


@pytest.fixture
def server() -> Iterator[ImportList]:
    """A server with 250 imports: all COMPLETED, but each tenth FAILED."""
    with responses.RequestsMock() as mock:
        server = ImportList(mock, ())
        server.statuses = {
            number: "COMPLETED" if number % 10 else "FAILED" for number in range(1, 251)
        }
        yield server


def ids(server: ImportList, *arguments: str) -> list[int]:
    """Return the ids that a command line lists as JSON."""
    context = FakeRuntime(environ=ENVIRON)
    assert cli.main(["path", "import", "list", *arguments], context) == 0
    return [job["id"] for job in json.loads(context.fake_stdout.text)["data"]]


def test_no_page_is_asked_for_once_there_are_enough(server: ImportList) -> None:
    # the first page has ten of them, and the eleventh is on the second
    assert ids(server, "--status=FAILED", "--page-size=10") == list(range(250, 150, -10))
    assert server.asked == ["LIST 1 of 100"]


def test_an_import_that_is_pushed_to_the_next_page_is_listed_once(server: ImportList) -> None:
    def push(request: str) -> None:
        if request != "LIST 1 of 100":
            server.statuses[max(server.statuses) + 1] = "PENDING"

    server.on_request = push
    client = FakeRuntime(environ=ENVIRON).client
    found = [job["id"] for jobs in walk(client) for job in jobs]
    assert found == list(range(250, 0, -1))


@pytest.mark.parametrize(
    ("arguments", "variables"),
    [
        (["--json"], {}),
        (["--format=csv"], {}),
        ([], {"TERM": "dumb"}),
    ],
)
def test_watching_is_refused_where_nothing_can_be_drawn(
    server: ImportList, arguments: list[str], variables: dict[str, str]
) -> None:
    context = FakeRuntime(environ={**ENVIRON, **variables}, is_terminal=True)
    assert cli.main(["path", "import", "list", "--watch", *arguments], context) == 2
    assert "--watch draws on a terminal" in context.fake_stderr.text
    assert (context.fake_stdout.text, server.asked) == ("", [])


def test_a_page_is_not_watched(server: ImportList) -> None:
    context = FakeRuntime(environ=ENVIRON, is_terminal=True)
    assert cli.main(["path", "import", "list", "--page=2", "--watch"], context) == 2
    assert "--page and what chooses imports exclude each other" in context.fake_stderr.text


class StoppingClock(FakeClock):
    """A clock under which somebody types Ctrl-C after some pauses."""

    def __init__(self, pauses: int) -> None:
        super().__init__()
        self.pauses = pauses

    def sleep(self, seconds: float) -> None:
        super().sleep(seconds)
        if len(self.slept) >= self.pauses:
            raise Interrupted(2)


def watch(pauses: int, *arguments: str) -> tuple[int, list[str], list[float]]:
    """Watch for so many pauses; return the exit code, what was drawn, and the pauses."""
    context = FakeRuntime(environ={**ENVIRON, "NO_COLOR": "1"}, is_terminal=True)
    context.clock = context.fake_clock = StoppingClock(pauses)
    code = cli.main(["path", "import", "list", "--watch", *arguments], context)
    before, *drawn = context.fake_stdout.text.split("\x1b[?7l\x1b[H")
    assert before == ""
    assert all(frame.endswith("\x1b[J\x1b[?7h") for frame in drawn)
    return code, [frame.replace("\x1b[K", "")[:-8] for frame in drawn], context.fake_clock.slept


def test_watching_draws_the_list_anew_until_a_signal(server: ImportList) -> None:
    server.statuses = {2: "RUNNING", 1: "COMPLETED"}
    frames: list[str] = []

    def finish(request: str) -> None:
        frames.append(request)
        if len(frames) == 3:
            server.statuses[2] = "COMPLETED"

    server.on_request = finish
    code, drawn, slept = watch(3)
    assert code == 130
    assert [frame.count("RUNNING") for frame in drawn] == [1, 1, 0]
    assert drawn[0].splitlines()[-1] == "2025-11-24 16:16:40 UTC  Ctrl-C leaves"
    # while something goes on it looks more often
    assert slept == [2, 2, 10]


def test_watching_shows_as_many_imports_as_the_screen_has_room_for(server: ImportList) -> None:
    [frame] = watch(1)[1]
    # a screen that does not say how high it is has 24 lines
    assert len(frame.splitlines()) == 23
    assert frame.splitlines()[2].split()[0] == "250"
    [short] = watch(1, "--page-size=5", "--status=FAILED")[1]
    assert [line.split()[0] for line in short.splitlines()[2:-1]] == [
        *("250", "240", "230", "220", "210")
    ]


def test_watching_outlives_a_server_in_trouble_and_keeps_what_it_has(server: ImportList) -> None:
    looks: list[str] = []

    def break_down(request: str) -> None:
        looks.append(request)
        trouble: Reply = (503, {}, json.dumps({"detail": "later\x1b[31m"}))
        server.faults = {} if len(looks) in (1, 5) else {"LIST 1 of 20": trouble}

    server.statuses = {2: "RUNNING"}
    server.on_request = break_down
    code, drawn, _ = watch(5)
    assert code == 130
    assert all("RUNNING" in frame for frame in drawn)
    assert "UTC  Ctrl-C leaves" in drawn[0]
    assert "UTC  later\\x1b[31m (HTTP 503, GET /path/import)  Ctrl-C leaves" in drawn[1]


def test_watching_ends_with_what_no_later_look_can_mend(server: ImportList) -> None:
    server.faults = {"LIST 1 of 20": (403, {}, "{}")}
    assert watch(5)[0] == 5
