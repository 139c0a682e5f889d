"""`path import run` that is interrupted, or cannot write its journal, or does not know its job."""

from __future__ import annotations

import signal
import stat
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.harness import Sandbox, wait_for
from tests.process.desk import Desk, rows

StartSandbox = Callable[..., Sandbox]
CREATE = "method=POST,path=/path/import"
SIGNALS = [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
#: 0.2 s is promised; a busy machine takes longer to schedule two processes
AT_ONCE_S = 1.5


def test_stopped_while_a_file_is_checked_nothing_was_sent(
    start_sandbox: StartSandbox, tmp_path: Path
) -> None:
    desk = Desk(start_sandbox(), tmp_path)
    with desk.watch("-", stdin=subprocess.PIPE) as running:
        stdin = running.process.stdin
        assert stdin is not None
        # far more than a pipe holds: when all of it is written, the program is reading
        stdin.write("Email\n" + "ada@example.org\n" * 100_000)
        stdin.flush()
        time.sleep(0.3)  # until it is blocked in the next read
        done, took_s = running.stop(signal.SIGINT)
    assert (done.code, done.out) == (130, "")
    assert took_s < AT_ONCE_S
    assert done.error["code"] == "INTERRUPTED"
    assert done.error["message"] == "interrupted (SIGINT) while - was checked; nothing was sent"
    assert desk.jobs == []


def test_stopped_during_the_upload_nothing_exists(
    start_sandbox: StartSandbox, tmp_path: Path
) -> None:
    desk = Desk(start_sandbox("--fault=latency=9,path=/path/import/analyze,count=1"), tmp_path)
    name = desk.write("a.csv", rows(3))
    with desk.watch(name, "--verbose") as running:
        running.err.wait_for("/path/import/analyze\n")
        time.sleep(0.3)
        done, took_s = running.stop(signal.SIGINT)
    assert (done.code, done.out) == (130, "")
    assert took_s < AT_ONCE_S
    assert done.error["code"] == "INTERRUPTED"
    assert done.error["message"] == "interrupted (SIGINT) before the import was known to exist"
    assert done.error["hint"].startswith("talkvalue path import run a.csv --verbose --source-id 1")
    assert done.error["hint"].endswith("   goes on where this run has stopped")
    assert desk.jobs == []
    assert desk.run(name, "--interval=1s").code == 0


def test_stopped_while_the_import_is_created_the_next_run_finds_it(
    start_sandbox: StartSandbox, tmp_path: Path
) -> None:
    desk = Desk(start_sandbox(f"--fault=delay-answer=9,{CREATE},count=1"), tmp_path)
    name = desk.write("a.csv", rows(3))
    with desk.watch(name) as running:
        desk.wait_for_jobs(1)
        done, took_s = running.stop(signal.SIGINT)
    assert (done.code, done.out, done.error["code"]) == (130, "", "INTERRUPTED")
    assert took_s < AT_ONCE_S
    assert desk.steps == ["creating"]
    again = desk.run(name, "--interval=1s")
    assert (again.code, again.json["run"]["action"]) == (0, "adopted")
    assert len(desk.jobs) == 1


@pytest.mark.parametrize(("signum", "code"), SIGNALS)
def test_stopped_while_waiting_the_document_tells_how_to_go_on(
    start_sandbox: StartSandbox, tmp_path: Path, signum: int, code: int
) -> None:
    desk = Desk(start_sandbox("--rows-per-second=20"), tmp_path)
    name = desk.write("a.csv", rows(40))
    with desk.watch(name, "--interval=1h") as running:
        running.err.wait_for("import 1 ")
        done, took_s = running.stop(signum)
    assert done.code == done.json["wait"]["exitCode"] == code
    assert took_s < AT_ONCE_S
    assert done.json["data"]["id"] == 1
    assert done.json["run"] == {"file": "a.csv", "action": "created"}
    assert done.error["code"] == "INTERRUPTED"
    assert " path import wait 1 --failed-rows" in done.error["resumeCommand"]
    resumed = desk.call("path", "import", "resume", "--interval=1s")
    assert (resumed.code, resumed.json["data"]["newCount"]) == (0, 40)
    assert desk.run(name).json["run"]["action"] == "known"


def test_stopped_while_rejected_rows_are_saved_the_next_run_saves_them(
    start_sandbox: StartSandbox, tmp_path: Path
) -> None:
    fault = "--fault=drip,pause=9,path=/path/import/*/failed/export,count=1"
    desk = Desk(start_sandbox(fault), tmp_path)
    name = desk.write("a.csv", rows(3, bad=1))
    with desk.watch(name, "--interval=1s") as running:
        wait_for(lambda: list(tmp_path.glob(".import-1-failed.csv.*.part")), "a file that grows")
        done, took_s = running.stop(signal.SIGINT)
    assert done.code == 130
    assert took_s < AT_ONCE_S
    assert done.json["data"]["status"] == "PARTIAL_SUCCESS"
    assert list(tmp_path.glob(".import*")) == []
    assert desk.run(name, "--interval=1s").code == 6
    assert (tmp_path / "import-1-failed.csv").read_text().count("\n") == 2
    assert len(desk.jobs) == 1


def test_stopped_between_two_files_both_are_told_of(
    start_sandbox: StartSandbox, tmp_path: Path
) -> None:
    desk = Desk(
        start_sandbox(
            "--rows-per-second=10", "--fault=latency=9,path=/path/import/analyze,after=1,count=1"
        ),
        tmp_path,
    )
    names = [desk.write("a.csv", rows(40, "x")), desk.write("b.csv", rows(3, "y"))]
    with desk.watch(*names) as running:
        wait_for(lambda: desk.steps == ["created", "uploading"], "the second upload")
        time.sleep(0.3)
        done, took_s = running.stop(signal.SIGINT)
    assert done.code == 130
    assert took_s < AT_ONCE_S
    first, second = done.json["wait"]["jobs"]
    assert (first["id"], first["outcome"], first["exitCode"]) == (1, "interrupted", 130)
    assert (second["id"], second["exitCode"]) == (None, 130)
    assert [each["action"] for each in done.json["runs"]] == ["created", "none"]
    assert done.json["data"][0]["status"] in ("PENDING", "RUNNING")
    assert done.json["data"][1] is None
    assert " path import wait 1 " in done.json["wait"]["resumeCommand"]
    again = desk.run(*names, "--interval=1s")
    assert again.code == 0
    assert [each["action"] for each in again.json["runs"]] == ["attached", "created"]
    assert len(desk.jobs) == 2


def test_several_imports_that_it_may_be_are_listed_and_one_can_be_picked(
    start_sandbox: StartSandbox, tmp_path: Path
) -> None:
    sandbox = start_sandbox(f"--fault=delay-answer=9,{CREATE},count=1")
    desk = Desk(sandbox, tmp_path)
    name = desk.write("contacts.csv", rows(3))
    with desk.watch(name) as running:
        desk.wait_for_jobs(1)
        running.stop(signal.SIGKILL)
    # somebody else imports a file of that name
    other = sandbox.create_import(rows(2, "other"))
    done = desk.run(name)
    assert (done.code, done.error["code"]) == (1, "AMBIGUOUS")
    message = done.error["message"].splitlines()
    assert message[0] == (
        "contacts.csv: an earlier run was cut off while it created the import, and "
        "2 imports may be the one:"
    )
    assert [line.split()[0] for line in message[1:]] == [str(other), "1"]
    assert done.error["hint"] == "name it with --attach ID, or import anew with --again"
    picked = desk.run(name, "--attach", "1", "--interval=1s")
    assert (picked.code, picked.json["run"]["action"]) == (0, "adopted")
    assert picked.json["data"]["newCount"] == 3
    assert desk.run(name).json["data"]["id"] == 1
    assert len(desk.jobs) == 2


def test_a_lost_answer_is_looked_for_in_the_same_run(
    start_sandbox: StartSandbox, tmp_path: Path
) -> None:
    desk = Desk(start_sandbox(f"--fault=502,{CREATE},processed=yes,count=1"), tmp_path)
    done = desk.run(desk.write("a.csv", rows(3)), "--interval=1s")
    assert (done.code, done.json["run"]["action"]) == (0, "adopted")
    assert len(desk.jobs) == 1
    assert desk.new_people == 3


@pytest.mark.slow
@pytest.mark.timeout(150)
def test_a_create_that_never_arrived_is_sent_again_after_a_minute(
    start_sandbox: StartSandbox, tmp_path: Path
) -> None:
    desk = Desk(start_sandbox(f"--fault=502,{CREATE},processed=no,count=1"), tmp_path)
    began_at = time.monotonic()
    done = desk.run(desk.write("a.csv", rows(3)), "--interval=1s", timeout_s=120)
    assert (done.code, done.json["run"]["action"]) == (0, "created")
    assert time.monotonic() - began_at >= 60
    assert len(desk.jobs) == 1


def broken_journal(desk: Desk, **settings: Any) -> str:
    """Run with a journal that cannot be used; return the message."""
    done = desk.run(desk.write("a.csv", rows(3)), **settings)
    assert (done.code, done.out, done.error["code"]) == (1, "", "JOURNAL")
    assert done.error["hint"] == (
        "without it nobody could tell whether a file was imported already; "
        "XDG_STATE_HOME names another folder"
    )
    assert desk.jobs == []
    message: str = done.error["message"]
    return message


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A sandbox as fast as it can be."""
    sandbox = Sandbox(tmp_path_factory.mktemp("plain"))
    yield sandbox
    sandbox.stop()


def test_a_home_that_cannot_be_written_is_told_before_anything_is_created(
    plain: Sandbox, tmp_path: Path
) -> None:
    desk = Desk(plain, tmp_path)
    # nobody can make a folder there, not even root
    message = broken_journal(desk, environ=desk.environ(HOME="/proc/nobody"))
    assert message.startswith(
        "cannot use the journal /proc/nobody/.local/state/talkvalue/journal.db: "
    )


def test_xdg_state_home_is_the_way_out(plain: Sandbox, tmp_path: Path) -> None:
    desk = Desk(plain, tmp_path)
    environ = desk.environ(HOME="/proc/nobody", XDG_STATE_HOME=str(tmp_path / "state"))
    name = desk.write("a.csv", rows(3, "xdg"))
    assert desk.run(name, "--interval=1s", environ=environ).code == 0
    journal = tmp_path / "state" / "talkvalue" / "journal.db"
    assert stat.S_IMODE(journal.stat().st_mode) == 0o600
    assert stat.S_IMODE(journal.parent.stat().st_mode) == 0o700


def test_a_damaged_journal_is_told_before_anything_is_created(
    plain: Sandbox, tmp_path: Path
) -> None:
    desk = Desk(plain, tmp_path)
    desk.state.mkdir(parents=True)
    (desk.state / "journal.db").write_bytes(b"damaged " * 1000)
    assert broken_journal(desk) == (
        f"cannot use the journal {desk.state / 'journal.db'}: file is not a database"
    )


@pytest.mark.parametrize("kilobytes", [0, 4, 8, 10])
def test_a_full_disk_is_told_before_anything_is_created(
    plain: Sandbox, tmp_path: Path, kilobytes: int
) -> None:
    desk = Desk(plain, tmp_path)
    name = desk.write("a.csv", rows(3, "full"))
    # a write beyond the limit fails as it does on a full disk
    done = desk.server.shell(
        f"ulimit -f {2 * kilobytes}; $cli path import run {name} --source-id 1 --mode UPDATE",
        environ=desk.environ(),
        cwd=tmp_path,
    )
    assert (done.code, done.out, done.error["code"]) == (1, "", "JOURNAL")
    assert done.error["message"].startswith(f"cannot use the journal {desk.state}/journal.db: ")
    assert desk.jobs == []
    assert desk.run(name, "--interval=1s").code == 0
    assert len(desk.jobs) == 1
