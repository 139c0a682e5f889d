"""Streams that are closed, full or missing, and a machine that lacks the usual things."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.csv_texts import people
from tests.harness import Sandbox
from tests.process.stub_server import StubServer
from tests.replies import Reply, job

StartStub = Callable[..., StubServer]


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A sandbox in which import 1 has many failed rows."""
    server = Sandbox(tmp_path_factory.mktemp("streams"))
    server.finish_import(people(5, bad=20_000))
    yield server
    server.stop()


@pytest.mark.parametrize(
    ("arguments", "first"),
    [
        ("path import failed-export 1", "Email,Name,rowNum,errorCode,errorMessage\r"),
        ("help --json", "{"),
    ],
)
def test_a_reader_that_has_seen_enough_is_told_by_141_and_no_word(
    sandbox: Sandbox, arguments: str, first: str
) -> None:
    done = sandbox.shell(f"{{ $cli {arguments}; echo $? >code; }} | head -1")
    assert (done.code, done.out, done.err) == (0, first + "\n", "")
    assert (sandbox.folder / "code").read_text() == "141\n"


@pytest.mark.parametrize("target", [">/dev/full", ">&-", "| true"])
def test_the_exit_code_of_a_wait_is_worth_more_than_its_reader(
    sandbox: Sandbox, target: str
) -> None:
    done = sandbox.shell(f"{{ $cli path import wait 1; echo $? >code; }} {target}")
    assert (sandbox.folder / "code").read_text() == "6\n"
    assert '"code": "IMPORT_PARTIAL"' in done.err


def test_so_it_is_when_the_failed_rows_go_to_stdout(sandbox: Sandbox) -> None:
    sandbox.shell("{ $cli path import wait 1 --failed-rows=-; echo $? >code; } >/dev/full")
    assert (sandbox.folder / "code").read_text() == "6\n"


@pytest.mark.parametrize(
    "arguments", ["path channel list", "path import failed-export 1", "--help", "help --json"]
)
def test_a_full_disk_is_an_error_without_a_traceback(sandbox: Sandbox, arguments: str) -> None:
    done = sandbox.shell(f"$cli {arguments} >/dev/full")
    assert done.code == 1
    assert done.error["message"] == "cannot write the output: No space left on device"
    assert done.error["code"] == "STDOUT"


@pytest.mark.parametrize("arguments", ["path channel list", "--help"])
def test_closed_stdout_is_an_error(sandbox: Sandbox, arguments: str) -> None:
    done = sandbox.shell(f"$cli {arguments} >&-")
    assert (done.code, done.error["code"]) == (1, "STDOUT_CLOSED")


@pytest.mark.parametrize("target", ["&-", "/dev/full"])
def test_stderr_that_is_closed_or_full_changes_nothing_else(sandbox: Sandbox, target: str) -> None:
    done = sandbox.shell(f"$cli path import wait 1 2>{target}")
    assert (done.code, done.json["wait"]["exitCode"], done.err) == (6, 6, "")


def test_closed_stdin_matters_only_to_who_reads_it(sandbox: Sandbox) -> None:
    done = sandbox.shell("$cli path channel list <&- && $cli path import analyze --file - <&-")
    assert (done.code, done.out[:1], done.error["message"]) == (2, "{", "standard input is closed")


def test_all_three_streams_may_be_closed(sandbox: Sandbox) -> None:
    assert sandbox.shell("$cli path import wait 1 <&- >&- 2>&-").code == 6


def test_no_home_is_needed_when_the_environment_says_everything(start_stub: StartStub) -> None:
    stub = start_stub(Reply(job("COMPLETED")))
    environ = stub.environ()
    del environ["HOME"]
    assert stub.run("path", "import", "wait", "7", environ=environ).code == 0


def test_a_locale_without_utf8_does_not_damage_names(start_stub: StartStub) -> None:
    stub = start_stub(Reply([{"id": 1, "name": "Übersicht 東京 🎉"}]))
    environ = stub.environ(LANG="C", LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    done = stub.run("path", "channel", "list", environ=environ)
    assert done.json["data"][0]["name"] == "Übersicht 東京 🎉"


def test_standard_input_that_is_no_text_is_a_usage_error_in_any_locale(sandbox: Sandbox) -> None:
    environ = sandbox.environ(LANG="C", PYTHONIOENCODING="utf-8:strict")
    done = sandbox.run("path", "import", "wait", "-", stdin=b"1 \xff\xfe", environ=environ)
    assert (done.code, done.out) == (2, "")
    assert done.error["message"] == "standard input is not text"


@pytest.mark.parametrize(
    "arguments",
    [
        "path import wait -",
        "api POST /path/tag -F name=@-",
        "path import run --source-id 1 --mode SKIP --mapping-file /dev/zero contacts.csv",
    ],
)
def test_input_without_end_is_a_usage_error_and_takes_no_memory(
    sandbox: Sandbox, arguments: str
) -> None:
    (sandbox.folder / "contacts.csv").write_text("Email\na@b.example\n")
    # KiB of address space, in which the libraries and the stacks of threads have room
    done = sandbox.shell(f"ulimit -v 600000; head -c 1G /dev/zero | $cli {arguments}")
    assert (done.code, done.error["code"]) == (2, "USAGE")
    assert "larger than" in done.error["message"]
    assert len(done.err) < 1000


@pytest.mark.parametrize(
    "arguments", ["path import run - --source-id 1 --mode SKIP", "api POST /path/tag --input -"]
)
def test_input_that_finds_no_room_is_a_failure_of_this_machine(
    sandbox: Sandbox, arguments: str
) -> None:
    # KiB that a file may have
    done = sandbox.shell(f"ulimit -f 10000; yes ada@example.org | $cli {arguments}")
    assert (done.code, done.error["code"]) == (1, "LOCAL_FILE")
    assert done.error["message"] == (
        "cannot keep standard input in a temporary file: File too large"
    )
    assert done.error["hint"] == "TMPDIR names the folder of temporary files"


def test_text_that_is_not_utf8_is_a_usage_error(sandbox: Sandbox) -> None:
    done = sandbox.shell("bad=$(printf 'a\\377'); $cli path tag create --name $bad")
    assert (done.code, done.error["code"]) == (2, "USAGE")
    assert "a\\udcff" in done.error["message"]


def test_the_name_of_a_file_may_be_anything(sandbox: Sandbox) -> None:
    done = sandbox.shell(
        "bad=$(printf 'a\\377.csv'); printf 'Email\\na@b.example\\n' >$bad; "
        "$cli path import analyze --file $bad && $cli path person export -o $bad.out "
        "&& $cli api POST /path/tag -F name=@$bad"
    )
    assert done.code == 0, done.err
