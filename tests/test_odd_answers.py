"""Every value of every JSON answer, replaced by something odd, met by every command."""

from __future__ import annotations

import json
import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from talkvalue_cli.errors import Interrupted
from talkvalue_cli.exit_codes import ExitCode
from tests.odd_answers import Answer, OddApi, Oddity, holds, list_oddities
from tests.replies import Reply, Request
from tests.session_files import write_private
from tests.test_failure_matrix import LINES as COMMAND_LINES
from tests.test_failure_matrix import make_machine
from tests.world import TOKEN, Machine, Result, World

#: how many of a line's cases `make test` looks at
SAMPLE = 20
#: so many values are replaced at least, all lines together
LEAST_VALUES = 20_000
#: no command asks for more, or takes longer by the world's clock
MOST_REQUESTS, LONGEST_S = 150, 1000.0
#: a wait gives up after this
PATIENCE = {"TALKVALUE_WAIT_TIMEOUT": "60s"}
SIGN_IN_LINES = (
    "auth login --org x",
    "auth status",
    "auth switch x",
    "auth token --json",
)
#: goes on until it is interrupted, here after so many requests
WATCH, WATCHED = "path import list --watch", 5
WAITS = (
    "path import wait --active",
    "path import get 7 --wait --max-failed 50%",
    "path import run contacts.csv --source-id 7 --mode UPDATE",
)
LINES = (*COMMAND_LINES, *WAITS, WATCH, *SIGN_IN_LINES)
#: how a line is run, in turn: the format, and whether a terminal is there
FORMATS = (("json", False), ("table", False), ("csv", False), ("table", True))


#: what decides how a command ends, so that something odd there may be an error: whatever else
#: there is in an answer is shown as it came
DECIDING = {
    "id", "importJobId", "fileKey", "content", "data", "hasNext", "nextCursor", "files",
    "filename",
}  # fmt: skip
DECIDING_A_WAIT = {"status", "completedAt", "failedCount", "totalRows"}
DECIDING_A_RUN = {
    "headers", "columnMappings", "csvIndex", "suggestedField", "confidence", "missingRequired",
    "fileName", "mode",
}  # fmt: skip
DECIDING_AN_UPDATE = {"name", "timeZone", "startAt"}
#: of a line that ends with the name of a thing
DECIDING_A_LOOK_UP = {"name"}


class EndlessError(BaseException):
    """A command does not come to its end."""


def run(line: str, api: OddApi, machine: Machine, format: str, *, is_terminal: bool) -> Result:
    """Run a line against an API; raise EndlessError when it goes on and on."""
    sent = 0

    def take(request: Request) -> Reply:
        nonlocal sent
        sent += 1
        if sent > MOST_REQUESTS:
            raise EndlessError(f"more than {MOST_REQUESTS} requests")
        if line == WATCH and sent > WATCHED:
            raise Interrupted(2)
        return api.take(request)

    world = machine.world
    world.on_request = take
    words = ["--format", format] if line not in (WATCH, *SIGN_IN_LINES[3:]) else []
    if "--retry-for" in line or "import wait" in line or "--wait" in line:
        words += ["--progress", {"json": "json", "csv": "plain"}.get(format, "auto")]
    is_terminal = is_terminal or line == WATCH
    return machine.run(line, words=words, is_terminal=is_terminal, columns=None, **PATIENCE)


def prepare(line: str, world: World, name: str) -> Machine:
    """Return a machine on which the line makes sense."""
    machine = make_machine(world, name)
    if line in SIGN_IN_LINES:
        machine.forget_token()
        if "login" not in line:
            machine.write_config()
            machine.write_tokens(
                {"access_token": "opaque-token", "refresh_token": "refresh-token", "id_token": ""}
            )
        if "token" in line:  # which is renewed where it has expired
            ended = {"talkvalue:ada-baker:expires_at": "2020-01-01T00:00:00.000Z"}
            write_private(machine.tokens_path, json.dumps({**machine.tokens, **ended}))
    if line.startswith("path import resume"):
        started = next(each for each in COMMAND_LINES if each.endswith("--no-wait"))
        run(started, OddApi(), machine, "json", is_terminal=False)
    return machine


@pytest.mark.parametrize("line", LINES)
def test_a_sample_of_odd_values_is_told_or_shown(line: str, world: World) -> None:
    check_line(line, world, SAMPLE)


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("line", LINES)
def test_every_odd_value_is_told_or_shown(
    line: str,
    world: World,
    tmp_path_factory: pytest.TempPathFactory,
    record_property: Callable[[str, object], None],
) -> None:
    folder = find_shared_folder(tmp_path_factory)
    part = folder / f".{LINES.index(line)}"
    part.write_text(str(check_line(line, world, None)))
    part.rename(folder / str(LINES.index(line)))
    counts = [int(file.read_text()) for file in folder.glob("[0-9]*")]
    if len(counts) == len(LINES):  # this one is the last
        record_property("values replaced", sum(counts))
        assert sum(counts) >= LEAST_VALUES


def find_shared_folder(factory: pytest.TempPathFactory) -> Path:
    """Return a folder that the processes of one run of the tests share."""
    own = factory.getbasetemp()
    run = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    folder = run / "odd-values"
    folder.mkdir(exist_ok=True)
    return folder


class Case(NamedTuple):
    """A line, what it did when all was well, and what is odd this time.

    answers: those of the rehearsal. refuses_from: as in OddApi.
    """

    line: str
    expected: Result
    answers: dict[int, Answer]
    odd: Oddity
    refuses_from: int | None

    @property
    def waits(self) -> bool:
        """Tell whether the line waits for imports, or judges them."""
        return (
            self.expected.code == ExitCode.PARTIAL
            or "import wait" in self.line
            or any(
                word in self.line for word in ("--wait", "import run", "resume", "--exit-status")
            )
        )

    @property
    def may_differ(self) -> bool:
        """Tell whether the value decides how the line ends."""
        deciding = set(DECIDING)
        if self.waits:
            deciding |= DECIDING_A_WAIT
        if "import run" in self.line:
            deciding |= DECIDING_A_RUN
        if "update" in self.line and len(self.answers) > 1:
            deciding |= DECIDING_AN_UPDATE
        if self.line.endswith(" x"):
            deciding |= DECIDING_A_LOOK_UP
        if "--status" in self.line:
            deciding.add("status")
        if self.line in SIGN_IN_LINES or self.refuses_from is not None:
            return True
        return not self.odd.field or self.odd.field in deciding

    @property
    def is_shown(self) -> bool:
        """Tell whether the line prints the answer with the odd value."""
        if self.line.endswith("--all") and self.refuses_from is None:
            return self.odd.path[:1] == ("content",)
        if self.line.startswith("api") or self.refuses_from is not None:
            return self.refuses_from is None and "-o" not in self.line.split()
        value = self.answers[self.odd.number].value
        if isinstance(value, dict) and "content" in value:
            if self.waits and self.odd.path[:1] != ("content",):
                return False
            value = value["content"]
        return holds(self.expected.json, value)

    @property
    def is_asked_again(self) -> bool:
        """Tell whether the line may get over the value: what it decides on it asks for again."""
        return self.line in SIGN_IN_LINES or (self.waits and self.may_differ)

    @property
    def was_seen(self) -> bool:
        """Tell whether the import had been seen before something odd came."""
        return any(
            number < self.odd.number and answer.request.path == "/path/import/7"
            for number, answer in self.answers.items()
        )


def list_cases(line: str, world: World) -> list[Case]:
    """Return the line with everything that may be odd."""
    rehearsal = OddApi()
    expected = run(line, rehearsal, prepare(line, world, "rehearsal"), "json", is_terminal=False)
    assert expected.code in (0, 6, 8) or line == WATCH, expected.err
    cases = [
        Case(line, expected, rehearsal.answers, odd, None)
        for odd in list_oddities(rehearsal.answers)
    ]
    last = len(rehearsal.requests) - 1
    refusal = OddApi(refuses_from=last)
    refused = run(line, refusal, prepare(line, world, "refusal"), "json", is_terminal=False)
    answers = {last: refusal.answers[last]}
    return cases + [Case(line, refused, answers, odd, last) for odd in list_oddities(answers)]


def check_line(line: str, world: World, sample: int | None) -> int:
    """Run a line with odd values, all or a sample of them; return how many were in an answer."""
    cases = list(enumerate(list_cases(line, world)))
    if sample is not None:
        cases = random.Random(line).sample(cases, min(sample, len(cases)))
    problems = []
    count = 0
    for turn, case in cases:
        format, is_terminal = FORMATS[turn // 2 % len(FORMATS)]
        machine = prepare(line, world, "odd")
        api = OddApi(case.odd, refuses_from=case.refuses_from)
        try:
            check(case, run(line, api, machine, format, is_terminal=is_terminal), format)
        except (Exception, EndlessError) as error:  # noqa: BLE001 - whatever it is, it is told
            problems.append(f"{case.odd}, {format}: {type(error).__name__}: {error}")
        count += api.has_replaced
        shutil.rmtree(machine.folder)
    # half a surrogate cannot be told to another process
    assert not problems, ascii("\n".join(problems))
    return count


def check(case: Case, done: Result, format: str) -> None:
    """Look at how the line ended."""
    odd = case.odd
    assert done.code in set(ExitCode)
    assert "Traceback" not in done.err
    assert "was not foreseen" not in done.err
    assert TOKEN not in done.out + done.err
    assert done.took_s < LONGEST_S
    if not case.may_differ:
        assert done.code == case.expected.code, done.err
    elif done.code != case.expected.code and "was answered with" in done.err:
        is_named = f"{odd.field!r}" in done.err or " instead of a" in done.err
        # in place of a whole answer or an item anything may be missing
        assert is_named or not odd.field or isinstance(odd.path[-1], int), done.err
    if format != "json" or case.line == WATCH:
        return
    if case.refuses_from is not None:
        check_refusal(case, done)
    elif done.code == case.expected.code and case.is_shown and not case.is_asked_again:
        assert "--include" in case.line or holds(done.json, odd.value), done.out
    if case.waits and case.was_seen:
        assert done.json["data"], done.out


def check_refusal(case: Case, done: Result) -> None:
    """What the server says of a refusal is passed on as it came."""
    assert done.code == case.expected.code, done.err
    said = case.odd.value
    is_quoted = case.line not in SIGN_IN_LINES and done.error.get("status") == 422
    if is_quoted and case.odd.path == ("detail",) and isinstance(said, str) and said.strip():
        assert done.error["message"] == said
