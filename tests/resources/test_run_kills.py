"""`run` dies at each moment of its life and is run again: one import, whatever happened.

The program is taken away around each request, each line of the journal and each pause, one
moment after the other; tests/process/test_run_crashes.py does the same to real processes.
After each death the world goes on: requests arrive late, others import under the same name,
clocks are set. Then the same command is run to its end, and everything is counted.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from talkvalue_cli.imports.submitting.journal.sqlite import SqliteJournal
from tests.csv_texts import rows
from tests.replies import Request
from tests.world import Answered, Machine, MakeWorld, World

CREATE, CREATE_LINE = "method=POST,path=/path/import", "POST /path/import"
NAME = "contacts.csv"
PEOPLE = 3
#: longer than a request of a dead program takes to arrive, and to be listed then
SETTLE = "--settle=2m"
ARRIVES_IN_S = 20
DAY_S = 86_400
#: whose writes are moments to die at
JOURNALS: tuple[type[Any], ...] = (SqliteJournal,)
WRITES = ("begin", "will_create", "is_creating", "was_refused", "was_created", "was_finished")

#: what goes wrong beside the deaths, by name
SERVERS: dict[str, tuple[str, ...]] = {
    "well": (),
    "answer lost": (f"--fault=502,{CREATE},processed=yes,count=1",),
    "never arrived": (f"--fault=502,{CREATE},processed=no,count=1",),
    "cut": (f"--fault=cut-before,{CREATE},count=1",),
    "listed late": ("--fault=list-late=75",),
    "lost and late": ("--fault=list-late=75", f"--fault=503,{CREATE},processed=yes,count=1"),
    "not made and late": ("--fault=list-late=75", f"--fault=503,{CREATE},processed=no,count=1"),
    "names replaced": ("--fault=rename=replace", f"--fault=502,{CREATE},processed=yes,count=1"),
    "names cleaned": ("--fault=rename=clean", f"--fault=503,{CREATE},processed=no,count=1"),
    "slow": ("--rows-per-second=2", f"--fault=delay-answer=5,{CREATE}"),
}


class Killed(BaseException):
    """The program is gone; nothing of it goes on."""


class Death(NamedTuple):
    """A moment at which the program dies, counted from 0 in each run."""

    moment: int
    #: a request that was about to be sent arrives nevertheless, so much later
    arrives_in_s: float | None = None


class Killer:
    """Takes the program away at one moment of a run.

    moments: what was passed in the present run. kills: what the program was at when it died.
    """

    def __init__(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        self._world, self._death = world, Death(-1)
        self.moments: list[str] = []
        self.kills: Counter[str] = Counter()
        self._handle = world.handle
        monkeypatch.setattr(world, "handle", self._pass_request)
        monkeypatch.setattr(world.clock, "sleep", self._around("a pause", world.clock.sleep))
        for kind in JOURNALS:
            for name in WRITES:
                monkeypatch.setattr(kind, name, self._around(name, getattr(kind, name)))

    def run(self, machine: Machine, death: Death, *flags: str) -> bool:
        """Run the program until it dies; tell whether it did."""
        self._death, self.moments = death, []
        try:
            machine.import_files(NAME, SETTLE, *flags)
        except Killed:
            self.kills[self.moments[-1]] += 1
            return True
        finally:
            self._death = Death(-1)
        return False

    def _comes(self, moment: str) -> bool:
        self.moments.append(moment)
        return len(self.moments) - 1 == self._death.moment

    def _around(self, name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def do(*args: Any, **settings: Any) -> Any:
            if self._comes(f"before {name}"):
                raise Killed
            done = work(*args, **settings)
            if self._comes(f"after {name}"):
                raise Killed
            return done

        return do

    def _pass_request(self, environ: dict[str, Any], timeout_s: float) -> Answered:
        name = f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}".rstrip("0123456789")
        if self._comes(f"before {name}"):
            if self._death.arrives_in_s is not None:
                arrives_in_s = self._death.arrives_in_s
                self._world.clock.at(arrives_in_s, lambda: self._handle(environ, timeout_s))
            raise Killed
        answered = self._handle(environ, timeout_s)
        if self._comes(f"after {name}"):
            raise Killed
        return answered


class Others:
    """Somebody who imports under the same name as we do, as soon as we request an import."""

    def __init__(self, world: World, *, is_busy: bool) -> None:
        self._world, self._is_busy = world, is_busy
        self.ids: set[int] = set()
        world.on_request = self._look

    @property
    def people(self) -> int:
        """How many people they have brought."""
        return PEOPLE * len(self.ids)

    def _look(self, request: Request) -> None:
        if self._is_busy and request.method == "POST" and request.path == "/path/import":
            text = rows(PEOPLE, f"other{len(self.ids)}x", bad=1)
            self.ids.add(self._world.create_import(text))


def finish(machine: Machine, *flags: str) -> str:
    """Run it to its end, as a job that comes again after a failure does; return its action."""
    for _ in range(4):
        done = machine.import_files(NAME, SETTLE, *flags)
        if done.code == 6:
            action: str = done.json["run"]["action"]
            return action
        assert (done.code, done.error["code"]) in ((1, "CREATE_UNCERTAIN"), (8, "LOST")), done.err
        machine.world.clock.advance(300)
    raise AssertionError(done.err)


def check_end(world: World, others: Others, *machines: Machine) -> None:
    """Each file is there exactly once, with all its people, and nothing of others is ours."""
    for machine in machines:
        assert finish(machine) == "known"
    mine = [job["id"] for job in world.jobs if job["id"] not in others.ids]
    contents = {(machine.folder / NAME).read_bytes() for machine in machines}
    assert len(mine) == len(contents), (mine, others.ids)
    assert world.new_people == PEOPLE * len(contents) + others.people
    for machine in machines:
        with machine.journal() as book:
            assert book.list_job_ids(world.url) <= set(mine)


class Plan(NamedTuple):
    """One life of a file: a death, what happens until the next run, and perhaps another death.

    later_s: when the next run begins. skew_s: how the clock of the machine is set meanwhile.
    others: somebody imports under the same name. twin: another machine has the same file, and
    imports it before the next run.
    """

    first: Death
    second: Death | None
    later_s: float
    skew_s: float
    others: bool
    twin: bool


def make_plan(server: str, first: Death, seed: int) -> Plan:
    """Return a life by the dice."""
    dice = random.Random(f"{server} {first} {seed}")
    # before an import shows in the list, no other machine can know of it
    is_late = "late" in server or first.arrives_in_s is not None
    return Plan(
        first,
        second=Death(dice.randrange(40)) if dice.random() < 0.5 else None,
        later_s=dice.choice((0, 3, 30, 200)),
        skew_s=dice.choice((0, 0, -DAY_S, DAY_S)),
        others=dice.random() < 0.5,
        twin=not is_late and dice.random() < 0.3,
    )


def live(world: World, plan: Plan, monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Import a file with deaths in between, and count; return what the program died at.

    Nothing is returned when it ended before its first death.
    """
    others = Others(world, is_busy=plan.others)
    machine, other = world.machine, world.another_machine("other")
    machine.write(NAME, rows(PEOPLE, "ours", bad=1))
    other.write(NAME, rows(PEOPLE, "ours" if plan.twin else "theirs", bad=1))
    with monkeypatch.context() as patches:
        killer = Killer(world, patches)
        if not killer.run(machine, plan.first):
            return killer.kills
        world.clock.advance(plan.later_s)
        machine.ahead_s += plan.skew_s
        finish(other)
        if plan.second is not None:
            killer.run(machine, plan.second)
    world.clock.advance(plan.later_s)
    finish(machine)
    check_end(world, others, machine, other)
    return killer.kills


def die_at(
    make_world: MakeWorld, monkeypatch: pytest.MonkeyPatch, server: str, moments: range, seed: int
) -> Counter[str]:
    """Live once for each moment of a run, and once more for a request that arrives after all."""
    kills: Counter[str] = Counter()
    for moment in moments:
        for arrives_in_s in (None, ARRIVES_IN_S):
            plan = make_plan(server, Death(moment, arrives_in_s), seed)
            try:
                died = live(make_world(*SERVERS[server]), plan, monkeypatch)
            except AssertionError as error:
                raise AssertionError(f"{server}: {plan}") from error
            if not died:
                return kills
            kills += died
            if f"before {CREATE_LINE}" not in died:
                break
    return kills


@pytest.mark.parametrize("server", SERVERS)
def test_it_dies_now_and_then(
    make_world: MakeWorld, monkeypatch: pytest.MonkeyPatch, server: str
) -> None:
    kills = die_at(make_world, monkeypatch, server, range(len(server) % 8, 200, 8), 0)
    # ten of these make 30 at the least
    assert kills.total() >= 3, kills


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("server", SERVERS)
def test_it_dies_at_every_moment(
    make_world: MakeWorld,
    monkeypatch: pytest.MonkeyPatch,
    server: str,
    seed: int,
    record_property: Callable[..., None],
) -> None:
    kills = die_at(make_world, monkeypatch, server, range(200), seed)
    record_property("kills", f"{kills.total()} kills at {dict(kills)}")
    # thirty of these make 540 at the least
    assert kills.total() >= 18, kills
