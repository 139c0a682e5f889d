"""Waits that take minutes or days, on a clock that only moves when it sleeps."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

import pytest
import requests
import responses

from talkvalue_cli import cli
from tests.fakes import FakeClock, FakeRuntime
from tests.unit.commands.import_list_stub import ImportList

API = "https://api.test"
ENVIRON = {"TALKVALUE_TOKEN": "token-of-this-test", "TALKVALUE_API_URL": API}
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
        self,
        server: responses.RequestsMock,
        life: Life,
        variables: Mapping[str, str] | None = None,
        *,
        is_terminal: bool = False,
    ) -> None:
        super().__init__(environ={**ENVIRON, **(variables or {})}, is_terminal=is_terminal)
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
    def error(self) -> dict[str, Any]:
        text = self.fake_stderr.text
        found: dict[str, Any] = json.loads(text[text.index('{\n  "error"') :])["error"]
        return found

    @property
    def lines(self) -> list[tuple[float, str]]:
        """The lines with a time before them: seconds since the begin, and the text."""
        found = re.findall(r"^([0-9T:-]+Z) (.*)$", self.fake_stderr.text, re.MULTILINE)
        begin = self.began_at + 1_764_000_000
        moments = [(datetime.fromisoformat(t.replace("Z", "+00:00")), text) for t, text in found]
        return [(moment.timestamp() - begin, text) for moment, text in moments]


def running(elapsed_s: float) -> dict[str, Any]:
    """Never come to an end."""
    return {"status": "RUNNING"}


def ends_after(seconds: float, **more: Any) -> Life:
    """Come to an end after some time."""
    return lambda elapsed_s: ({"status": "RUNNING" if elapsed_s < seconds else "COMPLETED", **more})


def test_the_deadline_is_24_hours_unless_one_says_otherwise(
    server: responses.RequestsMock,
) -> None:
    context = Waiting(server, running)
    assert context.wait("--interval=1h") == 124
    assert context.elapsed_s == pytest.approx(86400)
    assert context.error["message"] == (
        "timed out after 1d00h; import 7 is still RUNNING (0 %), not failed"
    )


def test_the_environment_sets_the_deadline(server: responses.RequestsMock) -> None:
    context = Waiting(server, running, {"TALKVALUE_WAIT_TIMEOUT": "1h30m"})
    assert context.wait("--interval=10m") == 124
    assert context.elapsed_s == pytest.approx(5400)


@pytest.mark.parametrize(
    ("flags", "variables"),
    [(["--timeout=none"], {}), ([], {"TALKVALUE_WAIT_TIMEOUT": "none"})],
)
def test_none_waits_for_days(
    server: responses.RequestsMock, flags: list[str], variables: dict[str, str]
) -> None:
    context = Waiting(server, ends_after(3 * 86400), variables)
    assert context.wait(*flags, "--interval=2h") == 0
    assert context.elapsed_s >= 3 * 86400


def test_a_nap_ends_at_the_deadline_and_a_last_look_is_made_there(
    server: responses.RequestsMock,
) -> None:
    context = Waiting(server, running)
    assert context.wait("--interval=40s", "--timeout=100s", "--progress=none") == 124
    assert context.looks_at == [0, 40, 80, 100]
    assert context.fake_clock.slept == [40, 40, 20]


def test_a_log_hears_of_a_silent_import_after_a_minute_and_then_less_often(
    server: responses.RequestsMock,
) -> None:
    context = Waiting(server, running)
    context.wait("--timeout=25m")
    lines = context.lines
    assert lines[0][1] == "import 7 RUNNING (0/100 rows)"
    assert all(re.search(r"\(0/100 rows, no progress for \w+\)$", text) for _, text in lines[1:])
    gaps = [round(b - a) for (a, _), (b, _) in itertools.pairwise(lines)]
    # a tick every 5 s notices that it is time
    assert gaps[:5] == pytest.approx([60, 120, 240, 300, 300], abs=6)


def test_a_log_hears_of_each_tenth_of_the_rows(server: responses.RequestsMock) -> None:
    def life(elapsed_s: float) -> dict[str, Any]:
        rows = min(100, int(elapsed_s // 2))
        return {"status": "COMPLETED" if rows == 100 else "RUNNING", "processedRows": rows}

    context = Waiting(server, life)
    assert context.wait("--interval=2s") == 0
    percents = [re.findall(r"(\d+) %", text) for _, text in context.lines]
    assert [found[0] for found in percents[1:]] == [
        *("10", "20", "30", "40", "50", "60", "70", "80", "90", "100")
    ]


def test_a_log_hears_of_rows_at_most_every_10_seconds(server: responses.RequestsMock) -> None:
    def life(elapsed_s: float) -> dict[str, Any]:
        rows = min(100, int(elapsed_s * 4))
        return {"status": "COMPLETED" if rows == 100 else "RUNNING", "processedRows": rows}

    context = Waiting(server, life)
    assert context.wait("--interval=1s") == 0
    assert [round(at) for at, _ in context.lines] == [0, 10, 20, 25]


def test_an_import_that_does_not_move_is_warned_of_once_after_10_minutes(
    server: responses.RequestsMock,
) -> None:
    context = Waiting(server, ends_after(3600, processedRows=5))
    assert context.wait("--interval=1m", "--progress=none") == 0
    assert context.fake_stderr.text == (
        "Warning: import 7: no progress for 10m00s; still waiting (--stall-timeout gives up)\n"
    )


def test_the_stall_timeout_counts_from_the_last_move(server: responses.RequestsMock) -> None:
    def life(elapsed_s: float) -> dict[str, Any]:
        return {"status": "RUNNING", "processedRows": min(50, int(elapsed_s // 60))}

    context = Waiting(server, life)
    assert context.wait("--interval=1m", "--stall-timeout=5m") == 124
    assert context.elapsed_s == pytest.approx(50 * 60 + 300)
    assert context.error["code"] == "WAIT_STALLED"


def test_contact_may_be_lost_for_five_minutes(server: responses.RequestsMock) -> None:
    def life(elapsed_s: float) -> dict[str, Any] | tuple[int, dict[str, str]]:
        return (503, {}) if 10 < elapsed_s < 305 else ends_after(600)(elapsed_s)

    context = Waiting(server, life)
    assert context.wait() == 0
    assert sum("retrying in" in text for _, text in context.lines) == 1
    assert sum("contact is back" in text for _, text in context.lines) == 1


def test_after_five_minutes_without_contact_it_is_lost(server: responses.RequestsMock) -> None:
    context = Waiting(server, lambda elapsed_s: (503, {}))
    assert context.wait() == 8
    assert context.elapsed_s == pytest.approx(300, abs=1)
    assert context.error["code"] == "WAIT_LOST"


@pytest.mark.parametrize(("asked", "slept"), [("90", 90), ("900", 900), ("86400", 900)])
def test_retry_after_is_obeyed_up_to_15_minutes(
    server: responses.RequestsMock, asked: str, slept: float
) -> None:
    def life(elapsed_s: float) -> dict[str, Any] | tuple[int, dict[str, str]]:
        return {"status": "COMPLETED"} if elapsed_s else (429, {"Retry-After": asked})

    context = Waiting(server, life)
    assert context.wait("--interval=2s", "--progress=none") == 0
    assert context.fake_clock.slept == [slept]


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


class SleepyClock(FakeClock):
    """A machine that is suspended for a night during the first nap."""

    def sleep(self, seconds: float) -> None:
        super().sleep(seconds + (0 if self.slept else 36000))


def test_after_a_suspended_night_it_looks_before_it_says_that_the_deadline_passed(
    server: responses.RequestsMock,
) -> None:
    context = Waiting(server, ends_after(1800))
    context.clock = context.fake_clock = SleepyClock()
    assert context.wait("--timeout=1h", "--interval=1m") == 0
    assert len(context.looks_at) == 2


def test_a_suspended_night_counts_for_the_deadline(server: responses.RequestsMock) -> None:
    context = Waiting(server, running)
    context.clock = context.fake_clock = SleepyClock()
    assert context.wait("--timeout=1h", "--interval=1m") == 124
    assert len(context.looks_at) == 2


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


def test_json_events_have_a_heartbeat_after_a_minute(server: responses.RequestsMock) -> None:
    context = Waiting(server, ends_after(200))
    assert context.wait("--interval=50s", "--progress=json") == 0
    events = [json.loads(line) for line in context.fake_stderr.text.splitlines()]
    assert [event["event"] for event in events] == [
        *("status", "heartbeat", "heartbeat", "heartbeat", "status", "done")
    ]
    assert [round(event["elapsedSeconds"]) for event in events] == [0, 60, 120, 180, 200, 200]


def test_a_pending_import_is_looked_at_every_few_seconds_and_then_less_often(
    server: responses.RequestsMock,
) -> None:
    context = Waiting(server, lambda elapsed_s: {"status": "PENDING"})
    context.wait("--timeout=20m", "--progress=none")
    slept = context.fake_clock.slept[:-1]
    assert 1 <= slept[0] <= 3
    assert max(slept) <= 15 * 1.1
    assert slept[-1] > slept[0]


def test_the_bar_shows_that_a_wait_is_pending_and_for_how_long(
    server: responses.RequestsMock,
) -> None:
    context = Waiting(
        server,
        lambda s: {"status": "PENDING" if s < 90 else "COMPLETED"},
        {"NO_COLOR": "1"},
        is_terminal=True,
    )
    assert context.wait("--interval=30s") == 0
    assert "import 7  PENDING" in context.fake_stderr.text
    assert "for 1m29s" in context.fake_stderr.text


def test_an_import_that_is_refused_for_good_takes_no_other_with_it(
    server: responses.RequestsMock,
) -> None:
    imports = ImportList(server, [8])
    imports.statuses[8] = "COMPLETED"
    imports.faults = {"GET 7": (409, {}, '{"detail": "it is locked"}')}
    context = FakeRuntime(environ=ENVIRON)
    assert cli.main(["path", "import", "wait", "7", "8"], context) == 1
    found = json.loads(context.fake_stdout.text)
    assert [record and record["status"] for record in found["data"]] == [None, "COMPLETED"]
    assert [job["outcome"] for job in found["wait"]["jobs"]] == ["error", "completed"]
    assert [job["exitCode"] for job in found["wait"]["jobs"]] == [1, 0]
    assert "it is locked (HTTP 409, GET /path/import/7)" in context.fake_stderr.text
