"""Streams that are closed, full or missing, and a machine that lacks the usual things."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.csv_texts import people
from tests.harness import Sandbox, clean_environ, run_cli
from tests.process.stub import Stub
from tests.replies import Reply, job

StartStub = Callable[..., Stub]


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A sandbox in which import 1 has many rejected rows."""
    server = Sandbox(tmp_path_factory.mktemp("streams"))
    server.finish_import(people(5, bad=20_000))
    yield server
    server.stop()


@pytest.mark.parametrize(
    ("arguments", "first"),
    [
        ("path channel list", "{"),
        ("path channel list --format csv", "ID,Name,Icon,Color,People,Tags,Created At"),
        ("path import failed-export 1", "Email,Name,rowNum,errorCode,errorMessage\r"),
        ("help path import", "Usage: talkvalue path import [OPTIONS] COMMAND [ARGS]..."),
    ],
)
def test_a_reader_that_has_seen_enough_is_no_error_worth_a_word(
    sandbox: Sandbox, arguments: str, first: str
) -> None:
    done = sandbox.shell(f"$cli {arguments} | head -1")
    assert (done.code, done.out, done.err) == (0, first + "\n", "")


def test_a_reader_that_went_away_is_told_by_141(sandbox: Sandbox) -> None:
    done = sandbox.shell("{ $cli path import failed-export 1; echo $? >code; } | head -1; cat code")
    assert done.out.splitlines()[1:] == ["141"]
    assert done.err == ""


def test_the_exit_code_of_a_wait_is_worth_more_than_its_reader(sandbox: Sandbox) -> None:
    for target in (">/dev/full", ">&-", "| true"):
        done = sandbox.shell(f"{{ $cli path import wait 1; echo $? >code; }} {target}; cat code")
        code = sandbox.shell("cat code").out
        assert code == "6\n", target
        assert '"code": "IMPORT_PARTIAL"' in done.err


@pytest.mark.parametrize("target", [">/dev/full", "| true"])
def test_so_it_is_when_the_rejected_rows_go_to_stdout(sandbox: Sandbox, target: str) -> None:
    sandbox.shell(f"{{ $cli path import wait 1 --failed-rows=-; echo $? >code; }} {target}")
    assert sandbox.shell("cat code").out == "6\n"


#: what asks no server
ANSWERS = [
    "",
    "--help",
    "-h",
    "path import get --help",
    "--version",
    "version",
    "help",
    "help files",
    "help path import get",
    "help --json",
    "completion bash",
    "skills",
]


@pytest.mark.parametrize(
    "arguments",
    ["path channel list", "path import failed-export 1", *ANSWERS],
)
def test_a_full_disk_is_an_error_without_a_traceback(sandbox: Sandbox, arguments: str) -> None:
    done = sandbox.shell(f"$cli {arguments} >/dev/full")
    assert done.code == 1
    assert done.error["message"] == "cannot write the output: No space left on device"
    assert done.error["code"] == "STDOUT"


@pytest.mark.parametrize("arguments", ["path channel list", *ANSWERS])
def test_closed_stdout_is_an_error(sandbox: Sandbox, arguments: str) -> None:
    done = sandbox.shell(f"$cli {arguments} >&-")
    assert (done.code, done.error["code"]) == (1, "STDOUT_CLOSED")


def test_closed_stderr_changes_nothing_else(sandbox: Sandbox) -> None:
    done = sandbox.shell("$cli path import wait 1 2>&-")
    assert (done.code, done.err) == (6, "")
    assert done.json["data"]["status"] == "PARTIAL_SUCCESS"
    done = sandbox.shell("$cli path import wait abc 2>&-")
    assert (done.code, done.out, done.err) == (2, "", "")


def test_stderr_on_a_full_disk_changes_nothing_else(sandbox: Sandbox) -> None:
    done = sandbox.shell("$cli path import wait 1 2>/dev/full")
    assert (done.code, done.err) == (6, "")
    assert done.json["wait"]["exitCode"] == 6


def test_closed_stdin_matters_only_to_who_reads_it(sandbox: Sandbox) -> None:
    assert sandbox.shell("$cli path channel list <&-").code == 0
    done = sandbox.shell("$cli path import analyze --file - <&-")
    assert (done.code, done.error["message"]) == (2, "standard input is closed")


def test_all_three_streams_may_be_closed(sandbox: Sandbox) -> None:
    assert sandbox.shell("$cli path import wait 1 <&- >&- 2>&-").code == 6


def test_no_home_is_needed_when_the_environment_says_everything(start_stub: StartStub) -> None:
    stub = start_stub(Reply(job("COMPLETED")))
    environ = stub.environ()
    del environ["HOME"]
    assert stub.run("path", "import", "wait", "7", environ=environ).code == 0


def test_a_config_file_that_cannot_be_read_is_told_when_it_is_needed(
    start_stub: StartStub,
) -> None:
    stub = start_stub(Reply(job("COMPLETED")))
    # a folder in its place cannot be read by anybody, not even by root
    (stub.folder / ".talkvalue" / "config.yml").mkdir(parents=True)
    assert stub.run("path", "import", "get", "7").code == 0
    environ = clean_environ(stub.folder, TALKVALUE_TOKEN="a-token-of-this-test")
    done = run_cli("path", "import", "get", "7", environ=environ)
    assert (done.code, done.error["code"]) == (1, "CONFIG")
    assert done.error["message"].endswith("config.yml is not a file")


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
        "api POST /path/tag -F name=@/dev/zero",
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


@pytest.mark.parametrize(
    "arguments",
    [
        "path tag create --name $bad",
        "path person list --keyword $bad",
        "api GET /path/tag -f name=$bad",
        "api GET /path/$bad",
        "path import run contacts.csv --source-id 1 --mode SKIP --mapping $bad:EMAIL",
    ],
)
def test_text_that_is_not_utf8_is_a_usage_error(sandbox: Sandbox, arguments: str) -> None:
    done = sandbox.shell(f"bad=$(printf 'a\\377'); $cli {arguments}")
    assert (done.code, done.error["code"]) == (2, "USAGE")
    assert "a\\udcff" in done.error["message"]


def test_the_name_of_a_file_may_be_anything(sandbox: Sandbox) -> None:
    done = sandbox.shell(
        "bad=$(printf 'a\\377.csv'); printf 'Email\\na@b.example\\n' >$bad; "
        "$cli path import analyze --file $bad && $cli path person export -o $bad.out "
        "&& $cli api POST /path/tag -F name=@$bad"
    )
    assert done.code == 0, done.err
