"""Waits that take minutes or days, on a clock that only moves when it sleeps."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
import requests
import responses

from talkvalue_cli import cli
from tests.fakes import FakeRuntime
from tests.unit.commands.import_list_stub import API, ENVIRON

#: seconds since the wait began → status and headers of the answer, and the import it shows
Life = Callable[[float], "dict[str, Any] | tuple[int, dict[str, str]]"]


@pytest.fixture
def server() -> Iterator[responses.RequestsMock]:
    """What answers instead of a server."""
    with responses.RequestsMock() as mock:
        yield mock


class Waiting(FakeRuntime):
    """A context whose import 7 is as `life` says."""

    def __init__(
        self, server: responses.RequestsMock, life: Life, *, is_terminal: bool = False
    ) -> None:
        super().__init__(environ=ENVIRON, is_terminal=is_terminal)
        self.began_at = self.fake_clock.seconds
        self.looks_at: list[float] = []

        def answer(request: requests.PreparedRequest) -> tuple[int, dict[str, str], str]:
            self.looks_at.append(self.elapsed_s)
            found = life(self.elapsed_s)
            if isinstance(found, tuple):
                return (*found, "{}")
            counts = {"totalRows": 100, "processedRows": 0, "failedCount": 0}
            return 200, {}, json.dumps({"id": 7, **counts, **found})

        server.add_callback(responses.GET, f"{API}/path/import/7", answer)

    @property
    def elapsed_s(self) -> float:
        return self.fake_clock.seconds - self.began_at

    def wait(self, *flags: str) -> int:
        return cli.main(["path", "import", "wait", "7", *flags], self)

    @property
    def lines(self) -> list[tuple[float, str]]:
        """The lines with a time before them: seconds since the begin, and the text."""
        found = re.findall(r"^([0-9T:-]+Z) (.*)$", self.fake_stderr.text, re.MULTILINE)
        begin = self.began_at + 1_764_000_000
        moments = [(datetime.fromisoformat(t.replace("Z", "+00:00")), text) for t, text in found]
        return [(moment.timestamp() - begin, text) for moment, text in moments]


def ends_after(seconds: float, **more: Any) -> Life:
    """Come to an end after some time."""
    return lambda elapsed_s: ({"status": "RUNNING" if elapsed_s < seconds else "COMPLETED", **more})


def test_a_log_hears_of_a_silent_import_after_a_minute_and_then_less_often(
    server: responses.RequestsMock,
) -> None:
    context = Waiting(server, lambda elapsed_s: {"status": "RUNNING"})
    context.wait("--timeout=25m")
    lines = context.lines
    assert lines[0][1] == "import 7 RUNNING (0/100 rows)"
    assert all(re.search(r"\(0/100 rows, no progress for \w+\)$", text) for _, text in lines[1:])
    gaps = [round(b - a) for (a, _), (b, _) in itertools.pairwise(lines)]
    # a tick every 5 s notices that it is time
    assert gaps[:5] == pytest.approx([60, 120, 240, 300, 300], abs=6)


def test_an_import_that_does_not_move_is_warned_of_once_after_10_minutes(
    server: responses.RequestsMock,
) -> None:
    context = Waiting(server, ends_after(3600, processedRows=5))
    assert context.wait("--interval=1m", "--progress=none") == 0
    assert context.fake_stderr.text == (
        "Warning: import 7: no progress for 10m00s; still waiting (--stall-timeout gives up)\n"
    )


def _create(context: Waiting, server: responses.RequestsMock, *flags: str) -> int:
    server.post(f"{API}/path/import", json={"importJobId": 7, "status": "PENDING"})
    create = "path import create --file-key k --source-id 1 --mode SKIP --mapping 0:EMAIL --wait"
    return cli.main([*create.split(), *flags], context)


def test_after_the_own_create_a_404_is_waited_out_for_30_seconds(
    server: responses.RequestsMock,
) -> None:
    context = Waiting(server, lambda s: (404, {}) if s < 29 else {"status": "COMPLETED"})
    assert _create(context, server, "--interval=10s") == 0
    assert context.looks_at == [0, 10, 20, 30]


def test_a_404_after_these_30_seconds_is_not_found(server: responses.RequestsMock) -> None:
    context = Waiting(server, lambda elapsed_s: (404, {}))
    assert _create(context, server, "--interval=10s") == 4
    assert context.looks_at == [0, 10, 20, 30]


BELL = "\a\x1b]9;import 7: completed\x07"


@pytest.mark.parametrize(
    ("seconds", "is_terminal", "flags", "rings"),
    [
        (25, True, ["--notify"], True),
        (15, True, ["--notify"], False),
        (25, True, [], False),
        (25, False, ["--notify"], False),
        (25, True, ["--notify", "--quiet"], False),
    ],
)
def test_the_bell_rings_on_a_terminal_after_a_wait_of_more_than_20_seconds(
    server: responses.RequestsMock,
    seconds: float,
    is_terminal: bool,
    flags: list[str],
    rings: bool,
) -> None:
    context = Waiting(server, ends_after(seconds), is_terminal=is_terminal)
    assert context.wait("--interval=1s", *flags) == 0
    assert (BELL in context.fake_stderr.text) == rings
    assert ("\a" in context.fake_stderr.text + context.fake_stdout.text) == rings
