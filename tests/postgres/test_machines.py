"""Machines that share a journal, and those that do not yet: `run`, `history` and `resume`."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable
from typing import Any

import pytest

from talkvalue_cli import imports
from talkvalue_cli.errors import Interrupted
from tests.csv_texts import rows
from tests.postgres.database import Database
from tests.postgres.server import PASSWORD, QUOTED_PASSWORD, Server
from tests.replies import Reply, Request
from tests.world import Machine, MakeWorld, World

Share = Callable[[World], World]
CREATE = "method=POST,path=/path/import"
MINUTE_S, DAY_S = 60.0, 86_400.0


def import_from(machine: Machine, *flags: str, text: str = rows(3)) -> tuple[int, str]:
    """Import a file from a machine; return the exit code and what was done."""
    done = machine.import_files(machine.write("a.csv", text), *flags)
    assert done.code == 0, done.err
    return done.code, done.json["run"]["action"]


def test_what_one_machine_has_imported_no_other_imports(shared: World) -> None:
    assert import_from(shared.machine) == (0, "created")
    other = shared.another_machine("other")
    assert import_from(other, "--no-server-check") == (0, "known")
    assert len(shared.jobs) == 1
    assert not (other.home / ".local").exists()


def test_an_import_that_one_machine_has_begun_is_finished_by_another(shared: World) -> None:
    machine, other = shared.machine, shared.another_machine("other")
    done = machine.import_files(machine.write("a.csv", rows(3)), "--no-wait")
    assert done.json["data"]["importJobId"] == 1
    resumed = other.run("path import resume")
    assert (resumed.code, resumed.json["data"]["id"]) == (0, 1)
    nothing_left = machine.run("path import resume")
    assert (nothing_left.code, nothing_left.json["data"]) == (0, None)


def test_a_journal_can_be_named_by_the_command_line(world: World, url: str) -> None:
    name = world.write("a.csv", rows(3))
    done = world.import_files(name, f"--journal={url}")
    assert done.code == 0, done.err
    assert world.run("path import history").json["data"] == []
    [row] = world.run(f"path import history --journal={url}").json["data"]
    assert row["file"] == "a.csv"
    assert world.run(f"path import resume 1 --journal={url}").code == 0


def test_history_says_who_made_what(shared: World) -> None:
    import_from(shared.machine)
    [row] = shared.another_machine("other").run("path import history").json["data"]
    assert (row["file"], row["step"], row["importJobId"]) == ("a.csv", "finished", 1)
    assert row["host"] == socket.gethostname()
    assert row["run"].partition("-")[0].isdecimal()
    table = shared.run("path import history --format table").out
    assert table.splitlines()[0].split()[-2:] == ["Host", "Run"]
    assert socket.gethostname() in table


@pytest.mark.parametrize("ahead_s", [MINUTE_S, -MINUTE_S, 2 * DAY_S, -2 * DAY_S])
def test_the_clock_of_a_machine_changes_nothing(shared: World, ahead_s: float) -> None:
    other = shared.another_machine("other")
    other.ahead_s = ahead_s
    assert import_from(other) == (0, "created")
    assert import_from(shared.machine, "--no-server-check") == (0, "known")
    assert import_from(other, "--no-server-check", "--again-after=30s") == (0, "known")
    assert len(shared.jobs) == 1


def test_an_old_import_is_made_again_whatever_the_clock_of_a_machine(
    shared: World, place: Database
) -> None:
    machine = shared.machine
    import_from(machine)
    machine.ahead_s = -2 * DAY_S
    shared.clock.advance(2 * DAY_S)
    place.ask(
        "UPDATE talkvalue_attempts SET began_at = began_at - interval '2 days',"
        " updated_at = updated_at - interval '2 days'"
    )
    assert import_from(machine) == (0, "created")
    assert len(shared.jobs) == 2


def count_asked(world: World) -> int:
    """Return how often the program has asked for the organization."""
    return sum(each.path == "/auth/organization" for each in world.requests)


def test_the_organization_is_asked_for_once_a_run(shared: World, place: Database) -> None:
    names = [shared.write(f"{letter}.csv", rows(2, letter)) for letter in "abc"]
    assert shared.import_files(*names).code == 0
    assert count_asked(shared) == 1
    assert place.ask("SELECT DISTINCT organization FROM talkvalue_attempts") == [("org_sandbox",)]


def test_a_session_and_a_token_of_one_organization_are_the_same(
    make_world: MakeWorld, share: Share
) -> None:
    world = share(make_world("--auto-approve"))
    import_from(world.machine)
    member = world.another_machine("member")
    member.forget_token()
    member.log_in()
    asked = count_asked(world)
    assert import_from(member, "--no-server-check") == (0, "known")
    # a profile knows its organization
    assert count_asked(world) == asked
    assert len(world.jobs) == 1


def test_a_token_that_may_not_ask_has_an_organization_that_is_not_known(
    shared: World, place: Database
) -> None:
    shared.answer_next(Reply({}, 403), path="/auth/organization")
    assert import_from(shared.machine) == (0, "created")
    assert place.ask("SELECT organization FROM talkvalue_attempts") == [("",)]


def test_a_user_of_several_organizations_has_one_that_is_not_known(
    shared: World, place: Database
) -> None:
    several = {"data": [{"id": "org_1", "name": "A"}, {"id": "org_2", "name": "B"}]}
    shared.answer(Reply(several), path="/auth/organization")
    assert import_from(shared.machine) == (0, "created")
    assert import_from(shared.another_machine("other"), "--no-server-check") == (0, "known")
    assert place.ask("SELECT DISTINCT organization FROM talkvalue_attempts") == [("",)]


def test_without_an_answer_about_the_organization_nothing_is_sent(shared: World) -> None:
    shared.answer(Reply({}, 503), path="/auth/organization")
    done = shared.import_files(shared.write("a.csv", rows(2)), "--retry-for=10s")
    assert done.code == 1
    assert not any(each.method == "POST" for each in shared.requests)


def test_what_was_imported_before_the_journal_was_shared_is_not_imported_again(
    world: World, share: Share
) -> None:
    # with a journal of its own, a machine does not know its organization
    assert import_from(world.another_machine("before")) == (0, "created")
    shared = share(world)
    done = shared.import_files(shared.write("a.csv", rows(3)))
    assert (done.code, done.json["run"]["action"]) == (0, "known")
    assert "was imported by import 1 on another machine" in done.err
    # from now on it is in the journal
    other = shared.another_machine("other")
    assert import_from(other, "--no-server-check") == (0, "known")
    assert len(world.jobs) == 1


def test_a_session_that_ends_before_the_request_sends_none(shared: World, place: Database) -> None:
    def end(request: Request) -> Reply | None:
        if request.path == "/path/import/analyze":
            end_sessions(place)
        return None

    shared.on_request = end
    name = shared.write("a.csv", rows(3))
    done = shared.import_files(name)
    assert (done.code, done.error["code"]) == (1, "JOURNAL")
    assert "the connection that held the lock of this import was lost" in done.error["message"]
    assert shared.jobs == []
    assert [row[0] for row in place.ask("SELECT step FROM talkvalue_attempts")] == ["uploading"]
    shared.on_request = lambda request: None
    assert import_from(shared.machine) == (0, "created")
    assert len(shared.jobs) == 1


def test_a_session_that_ends_between_two_requests_sends_no_second_one(
    make_world: MakeWorld, share: Share, place: Database
) -> None:
    shared = share(make_world(f"--fault=429,{CREATE},count=1"))
    shared.on_request = end_at_create(place)
    done = shared.import_files(shared.write("a.csv", rows(3)))
    assert (done.code, done.error["code"]) == (1, "JOURNAL")
    sent = [each for each in shared.requests if each.method == "POST"]
    assert [each.path for each in sent] == ["/path/import/analyze", "/path/import"]
    assert shared.jobs == []
    shared.on_request = lambda request: None
    # whoever comes next looks for it first
    other = shared.another_machine("other")
    assert import_from(other, "--settle=30s") == (0, "created")
    assert len(shared.jobs) == 1


@pytest.mark.parametrize("is_answered", [True, False])
def test_a_session_that_ends_in_the_middle_of_the_request_makes_no_double(
    make_world: MakeWorld, share: Share, place: Database, is_answered: bool
) -> None:
    faults = () if is_answered else (f"--fault=502,{CREATE},processed=yes,count=1",)
    shared = share(make_world(*faults))
    shared.on_request = end_at_create(place)
    done = shared.import_files(shared.write("a.csv", rows(3)))
    if is_answered:
        assert (done.code, done.json["run"]["action"]) == (0, "created")
    else:
        assert (done.code, done.error["code"]) == (1, "CREATE_UNCERTAIN")
    other = shared.another_machine("other")
    done = other.import_files(other.write("a.csv", rows(3)))
    assert (done.code, done.json["run"]["action"]) == (0, "known" if is_answered else "adopted")
    assert len(shared.jobs) == 1


def end_at_create(place: Database) -> Callable[[Request], Reply | None]:
    """Return what ends all sessions of the program when it sends a create request."""

    def end(request: Request) -> Reply | None:
        if request.method == "POST" and request.path == "/path/import":
            end_sessions(place)
        return None

    return end


def end_sessions(place: Database) -> None:
    """End all sessions of the program, as the server may at any moment."""
    place.ask(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )


def test_while_another_machine_sends_the_file_it_is_waited_for(
    shared: World, place: Database
) -> None:
    with imports.open_journal(place.url) as holder:
        import_from(shared.machine, text=rows(1, "first"))
        [key] = [row[0] for row in place.ask("SELECT import_key FROM talkvalue_attempts")]
        session: Any = holder
        assert session._session.try_lock(
            int.from_bytes(bytes.fromhex(key[:16]), "big", signed=True)
        )
        done = shared.import_files("a.csv", "--timeout=5s")
    assert (done.code, done.error["code"]) == (124, "WAIT_TIMEOUT")
    assert "another run is sending it; waiting for it" in done.err
    assert 5 <= done.took_s < 7


@pytest.mark.parametrize(
    "command",
    [
        "path import run a.csv --source-id 1 --mode SKIP",
        "path import run a.csv --source-id 1 --mode SKIP --verbose",
        "path import history",
        "path import history --json",
        "path import resume 1",
        "config list",
    ],
)
@pytest.mark.parametrize("is_right", [True, False])
def test_the_password_is_nowhere(
    shared: World, server: Server, url: str, command: str, is_right: bool
) -> None:
    shared.write("a.csv", rows(2))
    if not is_right:
        shared.machine.environ["TALKVALUE_JOURNAL"] = url.replace("/journal_", "/nothing_")
    by_variable = shared.run(command)
    is_used = command != "config list"
    option = f"--journal={shared.machine.environ['TALKVALUE_JOURNAL']}" if is_used else ""
    by_option = shared.run(command, option)
    for done in (by_variable, by_option):
        if is_used and not is_right:
            assert (done.code, done.error["code"]) == (1, "JOURNAL")
            assert f"postgresql://keeper@127.0.0.1:{server.port}/nothing_" in done.err
        for shown in (done.out, done.err):
            assert PASSWORD not in shown
            assert QUOTED_PASSWORD not in shown


def test_the_hint_to_run_it_again_has_no_password(shared: World, url: str) -> None:
    def interrupt(request: Request) -> Reply | None:
        if request.path == "/path/import/analyze":
            raise Interrupted(signal.SIGINT)
        return None

    shared.on_request = interrupt
    done = shared.import_files(shared.write("a.csv", rows(2)), f"--journal={url}")
    assert done.code == 130
    assert "--journal=***" in done.error["hint"]
    assert QUOTED_PASSWORD not in done.err


def test_the_engine_takes_either_journal(shared: World, url: str) -> None:
    name = shared.folder / shared.write("a.csv", rows(2))
    client = shared.machine.connect()
    with imports.open_journal(url, sleep=shared.clock.sleep) as journal:
        first = imports.run(
            client, name, source_id=1, mode="UPDATE", clock=shared.clock, journal=journal
        )
        assert journal.is_shared
    assert first.action == "created"
    assert import_from(shared.machine, text=rows(2)) == (0, "known")
