"""Answers as no server should give them: each ends in one sentence, in time, in little memory."""

from __future__ import annotations

import json
import subprocess
import sys
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.harness import TOKEN, clean_environ
from tests.process.raw_server import RawServer
from tests.process.wire_cases import COMMANDS, CONTACTS, CSV, SAVED, Case, list_cases

CASES = list_cases()
#: what the documentation lists, without what only an import's end or a signal has
CODES = {0, 1, 3, 4, 5, 8}
LARGEST_MIB = 100
#: three tries within shortened limits, and as much again for a machine that does something else
LONGEST_S = 20.0


@pytest.fixture
def server() -> Iterator[RawServer]:
    """A server for all cases."""
    started = RawServer([case.script for case in CASES])
    yield started
    started.close()


def run(
    server: RawServer, folder: Path, numbers: list[int], thread_count: int
) -> dict[int, dict[str, Any]]:
    """Run some of the cases in one process, and return how each ended."""
    (folder / CONTACTS).write_bytes(b"Email\na@b.example\n")
    lines = [
        {
            "argv": COMMANDS[CASES[number].command].line.format(number).split(),
            "environ": {"TALKVALUE_API_URL": f"{server.url}/{number}", "TALKVALUE_TOKEN": TOKEN},
        }
        for number in numbers
    ]
    done = subprocess.run(
        [sys.executable, "-m", "tests.process.wire_client", str(thread_count)],
        input=json.dumps(lines),
        capture_output=True,
        text=True,
        env=clean_environ(folder, PYTHONPATH=str(Path(__file__).parents[2])),
        cwd=folder,
        check=False,
        timeout=280,
    )
    assert done.returncode == 0, done.stderr
    return dict(zip(numbers, json.loads(done.stdout), strict=True))


def find_fault(case: Case, number: int, end: dict[str, Any], folder: Path) -> str:
    """Return what is wrong with the end of a case, empty for nothing."""
    if end["raised"] or "Traceback" in end["err"]:
        return f"traceback {end['raised']}"
    if end["code"] not in CODES or (end["code"] == 0 and not case.may_succeed):
        return f"exit {end['code']}: {end['out'][:200]}"
    if end["seconds"] > LONGEST_S:
        return f"took {end['seconds']:.1f} s"
    saved = folder / SAVED.format(number)
    if saved.exists() and (end["code"] or saved.read_bytes() != CSV):
        return "a part of an export was saved"
    return find_fault_of_text(end) if end["code"] else ""


def find_fault_of_text(end: dict[str, Any]) -> str:
    """Return what is wrong with the text of an error, empty for nothing."""
    try:
        message = json.loads(end["err"][end["err"].index('{\n  "error"') :])["error"]["message"]
    except ValueError:
        return f"no error: {end['err'][:200]}"
    if not 2 < len(message) < 1000 or "\n" in message or " object at 0x" in message:
        return f"no sentence: {message[:1000]!r}"
    strange = {each for each in end["err"] if unicodedata.category(each) in ("Cc", "Cf")} - {"\n"}
    return f"control characters {strange}" if strange else ""


#: `make test` looks at each answer with every fifth of the commands that may meet it
EVERY = 5


def choose_daily() -> set[int]:
    """Return the numbers of the cases of every day: each answer is among them, in turns."""
    by_name: dict[str, list[int]] = {}
    for number, case in enumerate(CASES):
        by_name.setdefault(case.name, []).append(number)
    return {
        number
        for turn, numbers in enumerate(by_name.values())
        for number in numbers[turn % min(EVERY, len(numbers)) :: EVERY]
    }


DAILY = choose_daily()


@pytest.mark.timeout(300)
@pytest.mark.parametrize("is_heavy", [False, True], ids=["light", "heavy"])
@pytest.mark.parametrize(
    "is_daily",
    [pytest.param(True, id="daily"), pytest.param(False, id="rest", marks=pytest.mark.slow)],
)
def test_no_answer_breaks_a_command(
    server: RawServer,
    tmp_path: Path,
    is_heavy: bool,
    is_daily: bool,
    record_property: Callable[[str, object], None],
) -> None:
    numbers = [
        number
        for number, case in enumerate(CASES)
        if (case.is_heavy, number in DAILY) == (is_heavy, is_daily)
    ]
    # what would take memory is run one after the other, so that one figure is one command's
    ends = run(server, tmp_path, numbers, 1 if is_heavy else 8)
    faults = [
        f"{number} {CASES[number].command}: {CASES[number].name}: {fault}"
        for number, end in ends.items()
        if (fault := find_fault(CASES[number], number, end, tmp_path))
    ]
    peak_kb = max(end["peak_kb"] for end in ends.values())
    record_property("cases", len(ends))
    record_property("peak memory, MiB", round(peak_kb / 1024))
    record_property("longest, s", round(max(end["seconds"] for end in ends.values()), 1))
    assert faults == []
    assert len(ends) == len(numbers)
    assert peak_kb < LARGEST_MIB << 10


def test_there_are_enough_of_them() -> None:
    assert len(CASES) >= 500


def test_those_of_every_day_are_of_each_kind() -> None:
    daily = [CASES[number] for number in DAILY]
    assert {case.name for case in daily} == {case.name for case in CASES}
    assert {(case.command, case.is_heavy) for case in daily} == {
        (case.command, case.is_heavy) for case in CASES
    }
