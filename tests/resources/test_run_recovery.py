"""`path import run` that does not know what became of its import, or cannot write it down."""

from __future__ import annotations

import stat
from typing import Any

from tests.csv_texts import rows
from tests.replies import Request
from tests.world import MakeWorld, World

CREATE = "method=POST,path=/path/import"


def test_a_lost_answer_is_looked_for_in_the_same_run(make_world: MakeWorld) -> None:
    world = make_world(f"--fault=502,{CREATE},processed=yes,count=1")
    done = world.import_files(world.write("a.csv", rows(3)))
    assert (done.code, done.json["run"]["action"]) == (0, "adopted")
    assert len(world.jobs) == 1
    assert world.new_people == 3


def test_a_create_that_never_arrived_is_sent_again_after_a_minute(make_world: MakeWorld) -> None:
    world = make_world(f"--fault=502,{CREATE},processed=no,count=1")
    done = world.import_files(world.write("a.csv", rows(3)))
    assert (done.code, done.json["run"]["action"]) == (0, "created")
    assert 60 <= done.took_s < 66
    assert len(world.jobs) == 1


def test_several_imports_that_it_may_be_are_listed_and_one_can_be_picked(
    make_world: MakeWorld,
) -> None:
    world = make_world(f"--fault=502,{CREATE},processed=yes,count=1")

    def import_another(request: Request) -> None:
        # somebody else imports a file of that name before the run looks for its own
        if request.method == "GET" and len(world.jobs) == 1:
            world.create_import(rows(2, "other"))

    world.on_request = import_another
    name = world.write("contacts.csv", rows(3))
    done = world.import_files(name)
    assert (done.code, done.error["code"]) == (1, "AMBIGUOUS")
    message = done.error["message"].splitlines()
    assert message[0] == (
        "contacts.csv: an earlier run was cut off while it created the import, and "
        "2 imports may be the one:"
    )
    assert [line.split()[0] for line in message[1:]] == ["2", "1"]
    assert done.error["hint"] == "name it with --attach ID, or import it again with --again"
    picked = world.import_files(name, "--attach 1")
    assert (picked.code, picked.json["run"]["action"]) == (0, "adopted")
    assert picked.json["data"]["newCount"] == 3
    assert world.import_files(name).json["data"]["id"] == 1
    assert len(world.jobs) == 2


def _fail_to_journal(world: World, **variables: Any) -> str:
    """Run with a journal that cannot be used; return the message."""
    done = world.import_files(world.write("a.csv", rows(3)), **variables)
    assert (done.code, done.out, done.error["code"]) == (1, "", "JOURNAL")
    assert done.error["hint"] == (
        "without it nobody could tell whether a file was imported already; "
        "XDG_STATE_HOME names another folder"
    )
    assert world.jobs == []
    message: str = done.error["message"]
    return message


def test_a_home_that_cannot_be_written_is_told_before_anything_is_created(world: World) -> None:
    # nobody can make a folder there, not even root
    assert _fail_to_journal(world, HOME="/proc/nobody").startswith(
        "cannot use the journal /proc/nobody/.local/state/talkvalue/journal.db: "
    )


def test_xdg_state_home_is_the_way_out(world: World) -> None:
    name = world.write("a.csv", rows(3))
    state = world.folder / "state"
    done = world.import_files(name, HOME="/proc/nobody", XDG_STATE_HOME=str(state))
    assert done.code == 0
    journal = state / "talkvalue" / "journal.db"
    assert stat.S_IMODE(journal.stat().st_mode) == 0o600
    assert stat.S_IMODE(journal.parent.stat().st_mode) == 0o700


def test_a_damaged_journal_is_told_before_anything_is_created(world: World) -> None:
    state = world.machine.state
    state.mkdir(parents=True)
    (state / "journal.db").write_bytes(b"damaged " * 1000)
    assert _fail_to_journal(world) == (
        f"cannot use the journal {state / 'journal.db'}: file is not a database"
    )
