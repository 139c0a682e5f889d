"""The engine as Python calls it: what tests/resources/test_python_api.py does not tell."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from talkvalue_cli import imports
from talkvalue_cli.errors import Interrupted, StoppedError, UsageError
from talkvalue_cli.imports import Outcome
from talkvalue_cli.transport.client import Client
from tests.csv_texts import rows
from tests.unit.imports.waiting.jobs_seen import Watched
from tests.world import MakeWorld, World


class Uploads(Watched):
    """Remembers uploads as well."""

    def upload_began(self, name: str, size: int) -> None:
        self.told.append(f"{name} of {size} bytes")

    def sent(self, size: int) -> None:
        self.told.append(f"sent {size}")

    def upload_ended(self) -> None:
        self.told.append("uploaded")


@pytest.fixture
def client(world: World) -> Client:
    return world.machine.connect()


def write(world: World, name: str, text: str) -> Path:
    """Write a file into the world's folder, and return its path."""
    return world.folder / world.write(name, text)


def test_what_is_run_again_is_found_in_the_journal_of_the_user(
    world: World, client: Client, own_home: Path
) -> None:
    file = write(world, "a.csv", rows(2, bad=1))
    first, second, third = (
        imports.run(client, str(file), source_id=1, mode="UPDATE", clock=world.clock, again=again)
        for again in (False, False, True)
    )
    assert [each.action for each in (first, second, third)] == ["created", "known", "created"]
    assert [each.job_id for each in (first, third)] == [1, 2]
    assert second.job is not None
    assert second.job["id"] == 1
    assert (second.outcome, second.is_success) == (Outcome.PARTIAL, False)
    assert (own_home / ".local/state/talkvalue/journal.db").exists()


def test_a_journal_that_is_given_is_used_and_left_open(
    world: World, client: Client, own_home: Path, tmp_path: Path
) -> None:
    file = write(world, "a.csv", rows(1))
    with imports.open_journal(
        environ={"XDG_STATE_HOME": str(tmp_path)}, wall_clock=world.now, sleep=world.clock.sleep
    ) as journal:
        imports.run(client, file, source_id=1, mode="SKIP", clock=world.clock, journal=journal)
        [attempt] = journal.list_newest(9)
    assert (attempt.step, attempt.job_id, attempt.mode) == ("finished", 1, "SKIP")
    assert not (own_home / ".local").exists()


def test_settings_reach_the_check_the_mapping_the_wait_and_the_verdict(
    make_world: MakeWorld,
) -> None:
    world = make_world("--rows-per-second=1")
    file = write(world, "a.csv", rows(3, bad=1).replace("Email", "Post") + "ragged\n")
    result = imports.run(
        world.machine.connect(),
        file,
        source_id=1,
        mode="UPDATE",
        clock=world.clock,
        mapping={0: "EMAIL", "Name": "NAME"},
        min_confidence=1.0,
        allow_ragged=True,
        timeout_s=60,
        interval_s=4,
        max_failed=imports.MaxFailed(2),
    )
    assert (result.outcome, result.error) == (Outcome.PARTIAL, None)
    assert set(world.clock.slept) == {4}
    [create] = [sent for sent in world.requests if sent.line.startswith("POST /path/import {")]
    assert '"targetField": "NAME"' in create.line


def test_files_that_cannot_be_used_are_an_error_before_anything_is_sent(
    world: World, client: Client
) -> None:
    files = [write(world, name, rows(1, name)) for name in ("a.csv", "b.csv")]
    one_file = world.folder / "failed.csv"
    with pytest.raises(UsageError, match="is one file for several imports"):
        imports.run(client, files, source_id=1, mode="SKIP", failed_rows=one_file)
    with pytest.raises(UsageError, match="is one file for several imports"):
        imports.wait(client, [1, 2], failed_rows=one_file)
    with pytest.raises(UsageError, match="no-such"):
        imports.wait(client, 1, failed_rows=world.folder / "no-such" / "failed.csv")
    assert world.requests == []


def test_a_bad_file_among_good_ones_has_its_place_when_the_others_go_on(
    world: World, client: Client
) -> None:
    files = [
        write(world, "a.csv", "Email\n"),
        write(world, "b.csv", rows(1, "b")),
        write(world, "c.csv", "Nothing,At All\n1,2\n"),
        write(world, "d.csv", rows(1, "d")),
    ]
    submitted = imports.submit(
        client, files, source_id=1, mode="SKIP", clock=world.clock, keep_going=True
    )
    assert [each.job_id for each in submitted] == [None, 1, None, 2]
    assert [each.file for each in submitted] == [str(file) for file in files]
    assert isinstance(submitted[0].error, UsageError)
    results = imports.run(
        client, files, source_id=1, mode="SKIP", clock=world.clock, keep_going=True
    )
    assert [each.file for each in results] == [str(file) for file in files]
    assert [each.is_success for each in results] == [False, True, False, True]
    assert [each.action for each in results] == ["none", "attached", "none", "attached"]


def test_failed_rows_replace_a_file_by_force(world: World, client: Client) -> None:
    there = write(world, "failed.csv", "mine\n")
    file = write(world, "a.csv", rows(3, bad=1))
    result = imports.run(
        client,
        file,
        source_id=1,
        mode="SKIP",
        failed_rows=str(there),
        force=True,
        clock=world.clock,
    )
    assert (result.failed_rows, result.failed_rows_error) == (there, None)
    assert "nobody p0" in there.read_text()


def test_a_listener_hears_of_the_upload_and_of_every_end(world: World, client: Client) -> None:
    listener = Uploads()
    file = write(world, "a.csv", "Email\na@b.cd\n")
    imports.run(client, file, source_id=1, mode="SKIP", clock=world.clock, listener=listener)
    assert listener.told == ["a.csv of 13 bytes", "sent 13", "uploaded", "1 completed", "all"]


def test_a_signal_before_an_import_exists_leaves_all_files_to_be_run_again(
    world: World, client: Client
) -> None:
    class Signalled(Watched):
        def upload_began(self, name: str, size: int) -> None:
            raise Interrupted(15)

    files = [write(world, f"{tag}.csv", rows(1, tag)) for tag in ("a", "b")]
    results = imports.run(
        client, files, source_id=1, mode="SKIP", clock=world.clock, listener=Signalled()
    )
    for result in results:
        assert (result.outcome, result.action) == (Outcome.ERROR, "none")
        assert isinstance(result.error, StoppedError)
        assert result.error.message == (
            "interrupted (SIGTERM) before the import was known to exist"
        )
        assert (result.error.signum, result.error.remedy) == (15, ("run", "again"))
    assert world.jobs == []


def test_a_signal_while_failed_rows_are_saved_ends_the_saving_of_all(
    world: World, client: Client
) -> None:
    class Signalled(io.BytesIO):
        def write(self, chunk: object, /) -> int:
            raise Interrupted(15)

    ids = [world.finish_import(rows(1, tag, bad=1)) for tag in ("a", "b")]
    first, second = imports.wait(client, ids, failed_rows=Signalled(), clock=world.clock)
    assert first.outcome is Outcome.INTERRUPTED
    assert first.error is not None
    assert first.error.message.startswith("interrupted (SIGTERM) while saving the failed rows; ")
    assert (second.outcome, second.failed_rows) == (Outcome.PARTIAL, None)
    assert not any("failed" in sent.line and f"/{ids[1]}/" in sent.line for sent in world.requests)
