"""A world of its own: the program and the sandbox in one process, on one clock, without a socket.

`world.run("path import get 1 --wait")` goes from argv to exit code as a process does.
A sleep of the program moves the clock, and with it the server's work; nobody waits.
"""

from __future__ import annotations

import contextlib
import http.client
import io
import json
import math
import os
import random
import shlex
import sqlite3
import sys
import threading
import time
import unittest.mock
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple, TypeVar
from urllib.parse import urlsplit

import requests
import requests.adapters
import urllib3
from werkzeug.test import EnvironBuilder, TestResponse, run_wsgi_app

from talkvalue_cli import cli
from talkvalue_cli.imports.submitting.journal import Journal, open_journal
from talkvalue_cli.output import terminal
from talkvalue_cli.sandbox import arguments
from talkvalue_cli.sandbox.app import create_app
from talkvalue_cli.sandbox.faults.faulty_app import FaultyApp
from talkvalue_cli.sandbox.faults.grammar import Fault
from talkvalue_cli.sandbox.faults.plan import HttpFaultPlan, JobFaultPlan
from talkvalue_cli.sandbox.imports.worker import ImportWorker
from talkvalue_cli.sandbox.sample import seed
from talkvalue_cli.sandbox.sign_in import accounts
from talkvalue_cli.transport.client import Client
from talkvalue_cli.transport.session import BearerAuth, NoAuth, Session, make_session
from tests.fakes import FakeClock, FakeRuntime, FakeStream
from tests.quick_apps import open_store
from tests.replies import HANG_UP, REFUSAL, SILENCE, Reply, Request
from tests.session_files import SessionFiles

T = TypeVar("T")

TOKEN = "sandbox-token-of-the-tests"
URL = "https://sandbox.test"
#: how many people the sample data has in channel 1
PEOPLE_BEFORE = 141
#: what a pause of the program is cut into, so that the server can work meanwhile
SLICES, SHORTEST_SLICE_S = 5, 0.1
#: how often a screen is drawn again while an answer is awaited, in seconds
TICK_S = 0.25


class Result(NamedTuple):
    """What a command line left behind.

    sent: its requests. slept: its pauses, in seconds. took_s: how long it took by the
    world's clock.
    """

    code: int
    raw: bytes
    err: str
    sent: list[Request]
    slept: list[float]
    took_s: float

    @property
    def out(self) -> str:
        """Standard output as text."""
        return self.raw.decode()

    @property
    def json(self) -> Any:
        """Standard output as JSON."""
        return json.loads(self.raw)

    @property
    def data(self) -> Any:
        """The `data` of a JSON answer; fails when the command did."""
        assert (self.code, self.err) == (0, ""), (self.code, self.err)
        return self.json["data"]

    @property
    def told(self) -> tuple[int, str, str]:
        """The exit code and both streams."""
        return self.code, self.out, self.err

    @property
    def error(self) -> Any:
        """The error that stands last on standard error, as JSON."""
        return json.loads(self.err[self.err.index('{\n  "error"') :])["error"]

    @property
    def lines(self) -> list[str]:
        """Its requests as `METHOD path`, followed by their body where they have one."""
        return [request.line for request in self.sent]


class WorldClock(FakeClock):
    """The one clock: the program's sleeps move it, and so does a server that is slow."""

    def __init__(self) -> None:
        super().__init__()
        self._work: Callable[[], None] = lambda: None
        self._plans: list[tuple[float, Callable[[], object]]] = []

    def drive(self, work: Callable[[], None]) -> None:
        """Do this whenever some time has passed."""
        self._work = work

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.advance(seconds)

    def at(self, seconds: float, action: Callable[[], object]) -> None:
        """Do something in so many seconds from now; what it raises comes out of the sleep."""
        self._plans.append((self.seconds + seconds, action))
        self._plans.sort(key=lambda plan: plan[0])

    def advance(self, seconds: float) -> None:
        """Let time pass, in slices, with all that is to happen meanwhile."""
        end = self.seconds + seconds
        slice_s = max(SHORTEST_SLICE_S, seconds / SLICES)
        while self.seconds < end:
            self.seconds = min(end, self.seconds + slice_s, *(plan[0] for plan in self._plans[:1]))
            self._work()
            while self._plans and self._plans[0][0] <= self.seconds:
                self._plans.pop(0)[1]()


class _GivenUpError(BaseException):
    """The time of an exchange is over, whatever the server does."""


class _Script(NamedTuple):
    """Replies that are given in the sandbox's place; the last one for ever if it is `endless`."""

    method: str
    path: str
    replies: list[Reply]
    endless: bool

    def take(self, request: Request) -> Reply | None:
        """Return the next reply, if this is a request for it and there is one left."""
        is_meant = self.method in ("*", request.method) and fnmatchcase(
            request.path.partition("?")[0], self.path
        )
        if not is_meant or not self.replies:
            return None
        is_last = len(self.replies) == 1
        return self.replies[0] if is_last and self.endless else self.replies.pop(0)


class World:
    """A sandbox with sample data, and machines that run the program.

    options: as `python -m talkvalue_cli.sandbox` takes them; of the pace of HTTP
        answers (`latency`, `delay-answer`, `hang`, `drip`) the world's clock has it.
    began_at: epoch seconds when it begins; None is now.
    requests: all that was sent, oldest first.
    on_request: may look at each request before it is answered, or answer it.
    """

    def __init__(self, folder: Path, *options: str, began_at: float | None = None) -> None:
        self.url, self._root, self._options = URL, folder, options
        self.clock = WorldClock()
        self._born_at = (time.time() if began_at is None else began_at) - self.clock.now()
        #: by how many seconds the clock of the server is ahead
        self.ahead_s = 0.0
        self.requests: list[Request] = []
        self.on_request: Callable[[Request], Reply | None] = _leave_alone
        self._scripts: list[_Script] = []
        self._bounds: list[tuple[float, Callable[[], None] | None]] = []
        # the sandbox keeps a connection to its database for each thread that asks it
        self._thread = ThreadPoolExecutor(1, "sandbox")
        self.clock.drive(self.work)
        self.machine = Machine(self, folder / "desk")
        self.folder, self.write = self.machine.folder, self.machine.write
        self.run, self.paste = self.machine.run, self.machine.paste
        self.import_files = self.machine.import_files

    def close(self) -> None:
        """End the sandbox in order."""
        if "_server" in vars(self):
            self._serve(self._server.close)
        self._thread.shutdown()

    @cached_property
    def _server(self) -> _Server:
        """The sandbox; there is none as long as it is not asked."""
        return self._serve(lambda: _Server(self._root / "server", self, self._options))

    def another_machine(self, name: str) -> Machine:
        """Return a machine with a home and a folder of its own."""
        return Machine(self, self._root / name)

    def now(self) -> float:
        """Return the time on the wall, in seconds since 1970."""
        return self._born_at + self.clock.now()

    def server_now(self) -> float:
        """Return the same as the server has it."""
        return self.now() + self.ahead_s

    # the server's answers

    def answer(self, *replies: Reply, method: str = "*", path: str = "*") -> World:
        """Give these replies in turn in the sandbox's place, and the last one for ever."""
        self._scripts.append(_Script(method, path, list(replies), endless=True))
        return self

    def answer_next(self, *replies: Reply, method: str = "*", path: str = "*") -> None:
        """Give these replies in turn in the sandbox's place, which then answers again."""
        self._scripts.append(_Script(method, path, list(replies), endless=False))

    def answer_as_ever(self) -> None:
        """Let the sandbox answer everything again."""
        self._scripts.clear()

    def take(self, request: Request) -> Reply | None:
        """Remember a request; return what it is answered in the sandbox's place."""
        self.requests.append(request)
        for reply in [self.on_request(request), *(each.take(request) for each in self._scripts)]:
            if reply is not None:
                return reply
        return None

    # the server's data

    def ask(self, method: str, path: str, **options: Any) -> TestResponse:
        """Ask the sandbox without the program, and without its faults."""
        headers = {"Authorization": f"Bearer {TOKEN}"}
        browser = self._server.browser
        return self._serve(
            lambda: browser.open(path, method=method, headers=headers, buffered=True, **options)
        )

    def post(self, path: str, **options: Any) -> dict[str, Any]:
        """Send a form (`data`) or a document (`json`) to the sandbox, and return its answer."""
        answer = self.ask("POST", path, **options)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json  # type: ignore[assignment]
        return found

    def count_requests(self, **wanted: Any) -> int:
        """Return how many requests the sandbox has answered whose counter has these values."""
        return sum(
            each["count"]
            for each in self.get("/sandbox/requests")
            if all(each[key] == value for key, value in wanted.items())
        )

    def get(self, path: str, **query: Any) -> Any:
        """Return what the sandbox has under a path."""
        answer = self.ask("GET", path, query_string=query)
        assert answer.status_code == 200, answer.text
        return answer.json

    def create_import(
        self,
        text: str,
        *,
        mode: str = "UPDATE",
        source_id: int = 1,
        fields: Sequence[str] = ("EMAIL",),
    ) -> int:
        """Load a CSV text, and return the id of the job."""
        mappings = [{"csvIndex": i, "targetField": field} for i, field in enumerate(fields)]
        order = {"fileKey": self.analyze(text), "sourceId": source_id, "mode": mode}
        created = self.ask("POST", "/path/import", json={**order, "columnMappings": mappings})
        assert created.status_code == 200, created.text
        job_id: int = created.json["importJobId"]  # type: ignore[index]
        return job_id

    def analyze(self, text: str) -> str:
        """Upload a CSV text, and return its file key."""
        file = {"file": (io.BytesIO(text.encode()), "contacts.csv", "text/csv")}
        analysis: Any = self.ask("POST", "/path/import/analyze", data=file).json
        key: str = analysis["fileKey"]
        return key

    def finish_import(self, text: str) -> int:
        """Load a CSV text, let the job end, and return its id."""
        job_id = self.create_import(text)
        for _ in range(1000):
            if self.job(job_id)["completedAt"]:
                return job_id
            self.clock.advance(1)
        raise AssertionError(f"import {job_id} never ends")

    def job(self, job_id: int) -> dict[str, Any]:
        """Return the record of an import."""
        record: dict[str, Any] = self.get(f"/path/import/{job_id}")
        return record

    @property
    def jobs(self) -> list[dict[str, Any]]:
        """The imports that the server has, oldest first."""
        found: list[dict[str, Any]] = []
        pages = 1
        for page in range(1, 1000):
            answer = self.get("/path/import", pageNumber=page, pageSize=100)
            found += answer["content"]
            pages = answer["totalPages"]
            if page >= pages:
                break
        return found[::-1]

    def count_people(self, source_id: int = 1) -> int:
        """Return how many people a channel has."""
        [count] = [c["peopleCount"] for c in self.get("/path/channel") if c["id"] == source_id]
        return int(count)

    @property
    def new_people(self) -> int:
        """How many people channel 1 has won since the beginning."""
        return self.count_people() - PEOPLE_BEFORE

    @property
    def steps(self) -> list[str]:
        """The steps that the journal of the first machine has, oldest attempt first."""
        return self.machine.steps

    # time

    def work(self) -> None:
        """Let the sandbox work at its imports, as far as the time has come for it."""
        if "_server" in vars(self):
            self._serve(self._server.work)

    def lapse(self, seconds: float, timeout_s: float) -> None:
        """Let time pass in which the server says nothing.

        timeout_s: how long a read of the client may take. Raises TimeoutError
        when it is over, as a socket does.
        """
        now = self.clock.now()
        patient_until = now + timeout_s
        bounds_end = min((end for end, _ in self._bounds), default=math.inf)
        end = min(now + seconds, patient_until, bounds_end)
        on_tick = next((tick for _, tick in reversed(self._bounds) if tick is not None), None)
        while self.clock.now() < end:
            left_s = end - self.clock.now()
            self.clock.advance(left_s if on_tick is None else min(TICK_S, left_s))
            if on_tick is not None:
                on_tick()
        if end == now + seconds:
            return
        if end == bounds_end:
            raise _GivenUpError(end)
        raise TimeoutError("timed out")

    def run_within(
        self,
        limit_s: float | None,
        work: Callable[[], T],
        on_tick: Callable[[], None] | None = None,
    ) -> T:
        """Do as the program's own `run_within`, by the world's clock and without a thread."""
        end = math.inf if limit_s is None else self.clock.now() + limit_s
        self._bounds.append((end, on_tick))
        try:
            return work()
        except _GivenUpError as given_up:
            if given_up.args[0] != end:
                raise
            raise TimeoutError(f"no complete answer within {limit_s:.3g} s") from None
        finally:
            self._bounds.pop()

    def handle(self, environ: dict[str, Any], timeout_s: float) -> Answered:
        """Have the sandbox handle a request, with its faults."""
        server = self._server
        return self._serve(lambda: server.handle(environ, timeout_s))

    def _serve(self, work: Callable[[], T]) -> T:
        if threading.current_thread().name.startswith("sandbox"):
            return work()
        return self._thread.submit(work).result()


class Answered(NamedTuple):
    """An answer of the sandbox, as far as it came.

    pause_s: how long each byte takes. is_cut: the connection was closed. error: what
    the client got to feel of its slowness.
    """

    status: str
    headers: list[tuple[str, str]]
    body: bytes
    pause_s: float
    is_cut: bool
    error: BaseException | None


class _Cut(Exception):
    """The server closes the connection."""


class _Server:
    """The sandbox as its own process puts it together, but on the world's clock."""

    def __init__(self, folder: Path, world: World, options: Sequence[str]) -> None:
        chosen = arguments.parse_arguments(options)
        self.store = open_store(folder, chosen.seed)
        jobs = JobFaultPlan(chosen.fault)
        clock = world.clock.now
        self._worker = ImportWorker(
            self.store, chosen.rows_per_second, jobs.choose, clock, world.server_now
        )
        tokens = accounts.Tokens({TOKEN: seed.ORGANIZATION_ID})
        app = create_app(
            self.store, tokens, self.take_turn, jobs.is_silent, chosen.rules, world.server_now
        )
        self.browser = app.test_client(use_cookies=False)
        self._plan = _Plan(chosen.fault, chosen.seed, world)
        self._app = FaultyApp(app, self._plan, threading.Event(), _Cut, clock, world.server_now)

    def take_turn(self) -> None:
        """Let the worker begin with what is new."""
        self._worker.run_turn()

    def work(self) -> None:
        """Let the worker do what can be done by now."""
        while self._worker.run_turn() == 0.0:
            pass

    def handle(self, environ: dict[str, Any], timeout_s: float) -> Answered:
        """Handle one request."""
        self._plan.begin(timeout_s)
        # how FaultyApp learns that it need not wait any longer: the plan has done it
        environ["waitress.client_disconnected"] = lambda: True
        pieces: list[bytes] = []
        status, headers, is_cut = "", [], False
        try:
            chunks, status, sent = run_wsgi_app(self._app, environ)
            headers = list(sent)
            pieces.extend(chunks)
        except _Cut:
            is_cut = True
        self._plan.end()
        body = b"".join(pieces)
        return Answered(status, headers, body, self._plan.pause_s, is_cut, self._plan.error)

    def close(self) -> None:
        """Leave the jobs where they are, as when the process ends."""
        self._worker.release()
        self.store.close()


class _Plan(HttpFaultPlan):
    """The sandbox's faults; what takes time takes the world's.

    error: how the client gave up. pause_s: how long a byte of the answer takes.
    """

    def __init__(self, faults: Sequence[Fault], number: int, world: World) -> None:
        super().__init__(faults, number)
        self._world = world
        self.begin(0.0)

    def begin(self, timeout_s: float) -> None:
        """Take the next request, of a client with so much patience."""
        self._timeout_s, self._later_s = timeout_s, 0.0
        self.pause_s = 0.0
        self.error: BaseException | None = None

    def choose(self, method: str, path: str, bearer: str = "") -> list[Fault]:
        """Return what happens to a request, after the latency that it has."""
        chosen = super().choose(method, path, bearer)
        for fault in chosen:
            if fault.name == "latency":
                self._lapse(fault.value)
            elif fault.name == "delay-answer":
                self._later_s += fault.value
            elif fault.name == "hang":
                self._later_s = math.inf
            elif fault.name == "drip":
                self.pause_s = fault.read_seconds("pause", 1)
        return chosen

    def end(self) -> None:
        """Let pass what passes before the answer is sent."""
        self._lapse(self._later_s)

    def _lapse(self, seconds: float) -> None:
        if self.error is None:
            try:
                self._world.lapse(seconds, self._timeout_s)
            except (TimeoutError, _GivenUpError) as error:
                self.error = error


class Machine(SessionFiles):
    """Somebody's computer: a folder to work in, a home, and the program.

    environ: what the program finds in its environment.
    """

    def __init__(self, world: World, folder: Path) -> None:
        self.world, self.folder, self.home = world, folder, folder / "home"
        self.post = world.post
        self.home.mkdir(parents=True)
        #: by how many seconds the clock of this machine is ahead
        self.ahead_s = 0.0
        self.environ = {
            "HOME": str(self.home),
            "NO_COLOR": "1",
            # nobody is told that the data is made up
            "TALKVALUE_SANDBOX": "1",
            "TALKVALUE_API_URL": world.url,
            "TALKVALUE_AUTH_API_URL": world.url,
            "TALKVALUE_TOKEN": TOKEN,
        }

    def forget_token(self) -> None:
        """Have no token in the environment any more, and sign in."""
        del self.environ["TALKVALUE_TOKEN"]

    @property
    def said(self) -> str:
        """What the present command has written to standard error by now."""
        return self._context.fake_stderr.text

    def log_in(self, organization: str = "org_sandbox", *lines: str) -> Result:
        """Sign in with the program, which has to succeed; the sandbox approves by itself."""
        done = self.run("auth login", *lines, words=["--org", organization])
        assert done.code == 0, done.err
        return done

    def write(self, name: str, content: str | bytes) -> str:
        """Write a file into the folder and return its name."""
        data = content.encode() if isinstance(content, str) else content
        (self.folder / name).write_bytes(data)
        return name

    def run(
        self,
        *lines: str | Path,
        words: Sequence[str | Path] = (),
        stdin: str | bytes = "",
        types: str | None = None,
        is_terminal: bool = False,
        columns: int | None = None,
        **variables: str | None,
    ) -> Result:
        """Run a command line.

        lines: strings as a shell reads them, paths as they are; words: what comes last, as it is.
        stdin: what standard input holds; types: what somebody at a terminal types.
        is_terminal: standard output and standard error are one. columns: one so wide.
        variables: more of the environment; None takes one out of it.
        """
        argv = [*_split(lines), *map(str, words)]
        environ = {k: v for k, v in {**self.environ, **variables}.items() if v is not None}
        is_terminal = is_terminal or columns is not None
        context = self._context = _Context(self, argv, environ, is_terminal=is_terminal)
        if types is not None:
            context.stdin = FakeStream(types, is_terminal=True)
            context.stderr = context.fake_stderr = FakeStream(is_terminal=True)
        elif stdin:
            context.stdin = FakeStream(stdin)
        clock = self.world.clock
        sent, slept, began_at = len(self.world.requests), len(clock.slept), clock.now()
        with self._as_process(argv, context), _terminal_of(columns):
            code = cli.main(argv, context)
        return Result(
            code,
            context.fake_stdout.content,
            context.fake_stderr.text,
            self.world.requests[sent:],
            clock.slept[slept:],
            clock.now() - began_at,
        )

    def connect(self) -> Client:
        """Return what `talkvalue_cli.connect()` would, on the world's clock."""
        return _Context(self, [], self.environ, is_terminal=False).client

    def now(self) -> float:
        """Return the time on the wall as this machine has it, in seconds since 1970."""
        return self.world.now() + self.ahead_s

    def journal(self) -> contextlib.AbstractContextManager[Journal]:
        """Open the journal that the program has here."""
        return open_journal(environ=self.environ, wall_clock=self.now, sleep=self.world.clock.sleep)

    def import_files(self, *lines: str | Path, **settings: Any) -> Result:
        """Run `path import run` with these files and flags, for channel 1 if they name none."""
        source = "" if any("--source-id" in str(line) for line in lines) else "--source-id 1"
        return self.run("path import run", *lines, source, "--mode UPDATE", **settings)

    def paste(self, command: str) -> Result:
        """Run what the program told to type."""
        name, *words = shlex.split(command)
        assert name == "talkvalue", command
        return self.run(words=words)

    @contextlib.contextmanager
    def _as_process(self, argv: Sequence[str], context: _Context) -> Iterator[None]:
        """Be in the folder, called `talkvalue`, and write where it does."""
        folder, words = os.getcwd(), sys.argv
        os.chdir(self.folder)
        sys.argv = ["talkvalue", *argv]
        try:
            # Click writes the help
            with (
                contextlib.redirect_stdout(context.fake_stdout),
                contextlib.redirect_stderr(context.fake_stderr),
            ):
                yield
        finally:
            os.chdir(folder)
            sys.argv = words

    @property
    def state(self) -> Path:
        """The folder of the journal."""
        return self.home / ".local" / "state" / "talkvalue"

    @property
    def steps(self) -> list[str]:
        """The steps that the journal has, oldest attempt first."""
        if not (self.state / "journal.db").exists():
            return []
        with contextlib.closing(sqlite3.connect(self.state / "journal.db")) as database:
            rows = database.execute("SELECT step FROM attempts ORDER BY id").fetchall()
        return [step for (step,) in rows]


@contextlib.contextmanager
def _terminal_of(columns: int | None) -> Iterator[None]:
    """Have terminals of so many columns; None: they do not say how many they have."""
    size = (0, 0) if columns is None else (columns, 24)
    with unittest.mock.patch.object(terminal, "_terminal_size", lambda stream: size):
        yield


class _Context(FakeRuntime):
    """What a command works with: the world's clock, and the world in the network's place."""

    def __init__(
        self, machine: Machine, argv: Sequence[str], environ: dict[str, str], *, is_terminal: bool
    ) -> None:
        super().__init__(argv, environ, is_terminal=is_terminal)
        self._world = machine.world
        self.clock, self.wall_clock = self._world.clock, machine.now
        self.random = random.Random(1)

    def make_session(self, auth: BearerAuth | NoAuth | None) -> Session:
        """Return a session whose requests go nowhere but into the world."""
        session = make_session(auth)
        session.run_within = self._world.run_within
        for scheme in ("https://", "http://"):
            session.mount(scheme, _Adapter(self._world))
        return session


class _Adapter(requests.adapters.HTTPAdapter):
    """Takes requests to the world, and brings back what a socket would have brought."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self._world = world

    def send(
        self, request: requests.PreparedRequest, *args: Any, **settings: Any
    ) -> requests.Response:
        """Exchange a request for its answer, or for what requests raises."""
        timeout_s = settings["timeout"][1]
        sent = _read_request(request)
        try:
            reply = self._world.take(sent)
            if reply is not None:
                raw = self._play(request, reply, timeout_s)
            else:
                raw = self._ask(request, sent, timeout_s)
        except TimeoutError as error:
            late = f"Read timed out. (read timeout={timeout_s})"
            raise requests.ReadTimeout(late, request=request) from error
        return self.build_response(request, raw)

    def _play(
        self, request: requests.PreparedRequest, reply: Reply, timeout_s: float
    ) -> urllib3.HTTPResponse:
        if reply is REFUSAL:
            raise _refused(request)
        if reply is SILENCE:
            self._world.lapse(math.inf, timeout_s)
        if reply is HANG_UP:
            raise _hung_up(request)
        hold_s = math.inf if reply.holds else 0.0
        body = _Body(self._world, reply.content, timeout_s, hold_s=hold_s)
        headers = list(reply.all_headers.items())
        return _make_response(request, str(reply.status), headers, body)

    def _ask(
        self, request: requests.PreparedRequest, sent: Request, timeout_s: float
    ) -> urllib3.HTTPResponse:
        if not str(request.url).startswith(f"{self._world.url}/"):
            raise _refused(request)
        path, _, query = sent.path.partition("?")
        environ = EnvironBuilder(
            path=path,
            base_url=self._world.url,
            query_string=query,
            method=sent.method,
            headers=list(sent.headers.items()),
            data=sent.body,
        ).get_environ()
        answered = self._world.handle(environ, timeout_s)
        if answered.error is not None:
            raise answered.error
        if answered.is_cut and not answered.status:
            raise _hung_up(request)
        body = _Body(
            self._world,
            answered.body,
            timeout_s,
            pause_s=answered.pause_s,
            is_cut=answered.is_cut,
        )
        return _make_response(request, answered.status, answered.headers, body)


class _Body(io.BytesIO):
    """The body of an answer as it comes out of a socket.

    pause_s: how long a byte takes; hold_s: how long nothing comes after the last one.
    is_cut: the connection ends before the last chunk has come.
    """

    def __init__(
        self,
        world: World,
        content: bytes,
        timeout_s: float,
        *,
        pause_s: float = 0.0,
        hold_s: float = 0.0,
        is_cut: bool = False,
    ) -> None:
        super().__init__(content)
        self._world, self._timeout_s = world, timeout_s
        self._pause_s, self._hold_s, self._is_cut = pause_s, hold_s, is_cut

    def read(self, size: int | None = -1) -> bytes:
        """Return what has come so far."""
        if not self._pause_s:
            data = super().read(size)
        else:
            data = super().read(1)
            while data and (size is None or size < 0 or len(data) < size):
                self._world.lapse(self._pause_s, self._timeout_s)
                byte = super().read(1)
                if not byte:
                    break
                data += byte
        if not data and self._hold_s:
            self._world.lapse(self._hold_s, self._timeout_s)
        if not data and self._is_cut:
            raise http.client.IncompleteRead(data)
        return data


def _leave_alone(request: Request) -> None:
    """Let the sandbox answer."""


def _split(lines: Sequence[str | Path]) -> Iterator[str]:
    for line in lines:
        yield from shlex.split(line) if isinstance(line, str) else [str(line)]


def _read_request(request: requests.PreparedRequest) -> Request:
    """Return a request as it goes over the wire."""
    body: Any = request.body or b""
    if hasattr(body, "read"):
        body = b"".join(iter(lambda: request.body.read(65536), b""))  # type: ignore[union-attr]
    elif not isinstance(body, (str, bytes)):
        body = b"".join(body)
    content = body.encode() if isinstance(body, str) else body
    url = urlsplit(str(request.url))
    path = f"{url.path or '/'}?{url.query}" if url.query else url.path or "/"
    headers = {name: _text(value) for name, value in request.headers.items()}
    return Request(str(request.method), path, headers, content, url.netloc)


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


def _make_response(
    request: requests.PreparedRequest, status: str, headers: list[tuple[str, str]], body: _Body
) -> urllib3.HTTPResponse:
    code, _, reason = status.partition(" ")
    return urllib3.HTTPResponse(
        body,
        urllib3.HTTPHeaderDict(headers),
        int(code),
        reason=reason or http.client.responses.get(int(code), ""),
        preload_content=False,
        request_method=request.method,
        enforce_content_length=True,
    )


def _hung_up(request: requests.PreparedRequest) -> requests.ConnectionError:
    """Return what requests raises when the server closes the connection without an answer."""
    lost = http.client.RemoteDisconnected("Remote end closed connection without response")
    broken = urllib3.exceptions.ProtocolError("Connection aborted.", lost)
    return requests.ConnectionError(broken, request=request)


def _refused(request: requests.PreparedRequest) -> requests.ConnectionError:
    """Return what requests raises when nobody listens."""
    url = urlsplit(str(request.url))
    pool = urllib3.HTTPConnectionPool(url.hostname or "", url.port)
    cause = ConnectionRefusedError(111, "Connection refused")
    failed = urllib3.exceptions.NewConnectionError(
        urllib3.connection.HTTPConnection(url.hostname or ""),
        f"Failed to establish a new connection: {cause}",
    )
    failed.__cause__ = cause
    return requests.ConnectionError(
        urllib3.exceptions.MaxRetryError(pool, str(request.url), failed), request=request
    )


#: what the fixture `make_world` is
MakeWorld = Callable[..., World]
