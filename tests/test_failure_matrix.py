"""Every way in which the server can fail, met by every request of every command."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Container, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from talkvalue_cli.exit_codes import ExitCode
from talkvalue_cli.transport.session import MAX_REDIRECTS
from tests.api_calls import is_group_only, spell_command
from tests.failures import CUT, ELSEWHERE, FAILURES, Failure
from tests.faulty_api import FaultyApi
from tests.reference import Entry, walk_commands
from tests.replies import REFUSAL, Request
from tests.world import TOKEN, Machine, Result, World

FILE = Path("contacts.csv")
SAVED = Path("saved.csv")
FORMATS = ("json", "table", "csv")
#: these ask no server, or the one that signs in, which has tests of its own
LOCAL = {
    "talkvalue auth list",
    "talkvalue auth login",
    "talkvalue auth logout",
    "talkvalue auth status",
    "talkvalue auth switch",
    "talkvalue auth token",
    "talkvalue auth use",
    "talkvalue completion",
    "talkvalue config get",
    "talkvalue config list",
    "talkvalue config path",
    "talkvalue config set",
    "talkvalue help",
    "talkvalue path import history",
    "talkvalue path import prepare",
    "talkvalue sandbox run",
    "talkvalue sandbox serve",
    "talkvalue skills",
    "talkvalue version",
}
#: what a command wants beyond its required parameters
NEEDS = {
    "talkvalue path channel update": ("--name", "x"),
    "talkvalue path event update": ("--name", "x"),
    "talkvalue path import run": ("--mapping", "0:EMAIL", "--retry-for", "0"),
    "talkvalue path import wait": ("7",),
    "talkvalue path person update": ("--first-name", "x"),
    "talkvalue path tag attach": ("--name", "x"),
}
#: makes a wait end with the first look that fails
IMPATIENT = ("--retry-for", "0")
#: further ways to call a command, which ask for something else
VARIANTS: dict[str, Sequence[tuple[str, ...]]] = {
    "talkvalue path import list": [("--status", "COMPLETED")],
    "talkvalue path import get": [("--exit-status",)],
    "talkvalue path import wait": [("8", *IMPATIENT)],
    "talkvalue path import failed-export": [("--summary",)],
    "talkvalue path import run": [("--no-wait",)],
}
OTHERS = (
    "api GET /path/channel",
    "api GET /path/channel --include",
    f"api GET /path/channel -o {SAVED}",
    "api POST /path/tag -f name=x",
    "api PUT /path/tag/7 -f name=x",
    "api PATCH /path/person/7 -f firstName=x",
    "api DELETE /path/tag/7",
    "path import wait --latest --retry-for 0",
    "path channel people x",
    "path tag detach 7 x",
)


def list_lines() -> Iterator[str]:
    """Yield a line for each command, and more where it can be called for something else."""
    for entry in walk_commands():
        if is_group_only(entry) or entry.path in LOCAL or entry.path == "talkvalue api":
            continue
        words = [*spell_command(entry, FILE), *NEEDS.get(entry.path, ())]
        for more in _list_variants(entry):
            yield " ".join([*words, *more])
    yield from OTHERS


def _list_variants(entry: Entry) -> Iterator[tuple[str, ...]]:
    names = {option.name for option in entry.options}
    always = ("--confirm",) if "confirm" in names else ()
    yield IMPATIENT if "retry_for" in names and "is_waiting" not in names else always
    if "is_waiting" in names:
        yield ("--wait", *IMPATIENT)
    if "output" in names:
        yield ("-o", str(SAVED))
    if "is_all" in names:
        yield ("--all",)
    yield from VARIANTS.get(entry.path, ())


LINES = list(list_lines())


class Step(NamedTuple):
    """A request of a line, and how many come before it.

    kind: what a good answer is, as `FaultyApi.kind_of` has it; `anything` where
        the body is passed on unread, which `talkvalue api` does.
    """

    line: str
    number: int
    request: Request
    kind: str

    @property
    def is_write(self) -> bool:
        return self.request.method != "GET"

    @property
    def is_look(self) -> bool:
        """Tell whether a wait asks how an import stands."""
        is_listed = "wait 7 8" in self.line
        is_job = self.request.path in ("/path/import/7", "/path/import/8")
        return IMPATIENT[0] in self.line and not self.is_write and (is_job or is_listed)

    def accepts(self, failure: Failure) -> bool:
        """Tell whether this is no failure here: the answer confirms, or it is passed on."""
        if self.kind == "nothing":
            return failure.name in ("empty", "other-shape")
        return self.kind == "anything" and failure.is_success

    def expect_error(self, failure: Failure) -> tuple[int, str]:
        """Return the exit code and the code of the error."""
        if failure.is_redirect:
            return ExitCode.GENERAL, "HTTP_ERROR" if self.is_write else "NETWORK"
        if self.kind == "index":  # its refusals have nothing to do with our token
            return ExitCode.GENERAL, "HTTP_ERROR" if failure.status > 200 else failure.code
        if self.is_look and failure.is_transient:
            return ExitCode.NOT_FINISHED, "WAIT_LOST"
        is_lost = failure.is_transient and failure.status != 429 and failure.reply is not REFUSAL
        if self.request.method == "POST" and self.request.path == "/path/import" and is_lost:
            return failure.exit_code, "CREATE_UNCERTAIN"
        return failure.exit_code, failure.code

    def expect_requests(self, failure: Failure) -> Container[int]:
        """Return how often the request may arrive at the server."""
        if failure.reply is REFUSAL:
            return [0]
        if self.is_write or failure.is_redirect:
            return [1]
        if self.is_look and self.number and failure.code == "NOT_FOUND":
            return range(1, 31)  # what was just created may not be visible yet, for 30 seconds
        # a connection that was kept open may have died meanwhile: that does not count
        extra = 1 if failure.name == "hang-up" and self.number else 0
        is_passed_on = self.kind in ("csv", "anything") and failure.status == 200
        is_once = is_passed_on or self.is_look or self.kind == "index"
        if is_once or failure.name == "other-shape" or not failure.is_transient:
            return [1 + extra]
        return [3 + extra]


@pytest.fixture
def server() -> FaultyApi:
    return FaultyApi()


@pytest.fixture
def world(world: World, server: FaultyApi) -> World:
    """A world in which nobody but this server answers."""
    world.on_request = server.take
    return world


def make_machine(world: World, name: str) -> Machine:
    """Return a machine with nothing but a file that can be imported."""
    machine = world.another_machine(name)
    machine.write(str(FILE), "Email\na@example.org\n")
    machine.environ["PIP_INDEX_URL"] = f"{world.url}/simple"
    return machine


def prepare(line: str, server: FaultyApi, machine: Machine) -> None:
    """Do what has to be done before the line makes sense; then all is forgotten."""
    server.be_good()
    if line.startswith("path import resume"):
        started = next(each for each in LINES if each.endswith("--no-wait"))
        assert machine.run(started).code == 0
        server.be_good()


def rehearse(line: str, server: FaultyApi, machine: Machine) -> list[Step]:
    """Return what the line asks for when all goes well; of a long list the first two pages."""
    prepare(line, server, machine)
    done = machine.run(line)
    assert done.code == 0, f"a new command may want an entry in NEEDS: {done.err}"
    assert server.requests, "a new command that asks no server is to be named in LOCAL"
    paths = [request.path.partition("?")[0] for request in server.requests]
    return [
        Step(line, number, request, _kind_of(line, request, server))
        for number, request in enumerate(server.requests)
        if paths[:number].count(paths[number]) < 2
    ]


def _kind_of(line: str, request: Request, server: FaultyApi) -> str:
    return "anything" if line.startswith("api ") else server.kind_of(request)


@pytest.mark.parametrize("line", LINES)
def test_each_failure_is_told_and_nothing_else(line: str, server: FaultyApi, world: World) -> None:
    problems = []
    for step in rehearse(line, server, make_machine(world, "rehearsal")):
        for turn, failure in enumerate(FAILURES, start=LINES.index(line) + step.number):
            if failure.reply is REFUSAL and (step.number or "resume" in line):
                continue  # it is the server that has answered before
            machine = make_machine(world, f"{step.number}-{failure.name}")
            prepare(line, server, machine)
            server.fail_after(step.number, failure.reply)
            format = FORMATS[turn % len(FORMATS)]
            done = machine.run(line, "--format", format)
            try:
                check(step, failure, done, format, server.requests)
                assert step.accepts(failure) or _list_files(machine) == [FILE.name, "home"]
            except AssertionError as error:
                problems.append(f"{failure.name} of {step.request[:2]}, {format}: {error}")
    assert not problems, "\n".join(problems)


def _list_files(machine: Machine) -> list[str]:
    return sorted(os.listdir(machine.folder))


def check(
    step: Step, failure: Failure, done: Result, format: str, requests: Sequence[Request]
) -> None:
    """Look at everything that a line did when the server failed."""
    check_requests(step, failure, requests)
    assert sum(done.slept) < 60
    assert TOKEN not in done.out + done.err
    assert "Traceback" not in done.err
    if step.accepts(failure):
        assert done.code == 0, done.err
    else:
        check_error(step, failure, done, format)
        check_stdout(step, failure, done, format)


def check_requests(step: Step, failure: Failure, requests: Sequence[Request]) -> None:
    """A write arrives once, and never where a redirect leads; a read as often as is agreed."""
    sent = [request[:2] for request in requests[step.number :]]
    times, others = sent.count(step.request[:2]), set(sent) - {step.request[:2]}
    assert times in step.expect_requests(failure), sent
    if failure.is_redirect:
        expected = set() if step.is_write else {("GET", ELSEWHERE)}
        assert others == expected
        assert len(sent) <= 1 + MAX_REDIRECTS
    # `run` looks whether an import was created whose answer it did not get
    assert {method for method, _ in others} <= {"GET"}


def check_error(step: Step, failure: Failure, done: Result, format: str) -> None:
    """The error stands last on standard error, in the format of the command line."""
    exit_code, code = step.expect_error(failure)
    assert done.code == exit_code, done.err
    if format == "json":
        _, _, text = done.err.rpartition('{\n  "error": ')
        error = json.loads('{"error": ' + text)["error"]
        assert error["code"] == code
        is_told = code not in ("NETWORK", "WAIT_LOST") and "jobIds" not in error
        if is_told and failure.status >= 300:
            asked = {"method": step.request.method, "path": step.request.path.partition("?")[0]}
            assert error["status"] == failure.status
            assert step.kind == "index" or error.items() >= asked.items()
        if is_told and failure.name == "fields" and step.kind != "index":
            assert [each["field"] for each in error["errors"]] == ["email", "name"]
        message = error["message"]
    elif format == "csv":
        _, _, text = done.err.rpartition("error,message\n")
        [[kind, message]] = csv.reader([text], strict=True)
        assert kind.endswith("Error")
    else:
        assert "\nError: " in f"\n{done.err}"
        message = done.err.rpartition("Error: ")[2]
    if step.kind != "index":
        # of several imports each has one line
        said = failure.says[: 2 if "wait 7 8" in step.line else None]
        is_quoted = failure.status >= 300 and code not in ("CREATE_UNCERTAIN", "WAIT_LOST")
        if is_quoted and format != "table" and "wait 7 8" not in step.line:
            # scripts get the server's words and nothing else; JSON has the rest beside them
            assert message.rstrip("\n") == failure.says[0] if failure.says else message
            said = ()
        for part in said:
            assert part in message


def check_stdout(step: Step, failure: Failure, done: Result, format: str) -> None:
    """Nothing is printed but what had arrived, or the document of a wait, which has the code."""
    is_saved = str(SAVED) in step.line or "--summary" in step.line
    if step.is_look:
        if format == "json":
            assert json.loads(done.out)["wait"]["exitCode"] == done.code
        assert step.number or "COMPLETED" not in done.out
    elif failure.name == "cut" and step.kind in ("csv", "anything") and not is_saved:
        assert CUT.decode().startswith(done.out.rpartition("\n")[2])
        assert len(done.out) > 100_000, "what had arrived was passed on"
    elif step.number and step.line.endswith("--all"):
        assert done.out, "the first page was printed when it came"
        assert format != "json" or not is_json(done.out)
    else:
        assert done.out == ""


def is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True
