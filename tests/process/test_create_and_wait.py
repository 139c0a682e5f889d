"""`create --wait`: the exit codes of an import that this very command has started."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

from tests.harness import Finished, Lines, Running, Sandbox, people

FORMATS = ("json", "table", "csv")


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A sandbox in which an import of 5 rows takes an instant, and one of 500 some time."""
    server = Sandbox(tmp_path_factory.mktemp("create"), "--rows-per-second=100")
    yield server
    server.stop()


def _analyze(sandbox: Sandbox, text: str) -> str:
    done = sandbox.run("path", "import", "analyze", "--file=-", stdin=text)
    assert done.code == 0, done.err
    key: str = done.json["data"]["fileKey"]
    return key


def _arguments(key: str, *more: str) -> list[str]:
    base = ["path", "import", "create", "--file-key", key, "--source-id=1", "--mode=SKIP"]
    return [*base, "--mapping=0:EMAIL", "--wait", "--interval=1s", *more]


def _create(sandbox: Sandbox, text: str, *more: str) -> Finished:
    return sandbox.run(*_arguments(_analyze(sandbox, text), *more))


@pytest.mark.parametrize("format", FORMATS)
def test_a_completed_import_exits_0(sandbox: Sandbox, format: str) -> None:
    done = _create(sandbox, people(3), f"--format={format}", "--progress=none")
    assert done.code == 0
    assert "COMPLETED" in done.out
    # the id comes before the wait, so that it is known whatever happens then
    assert done.err.startswith("import ")
    assert done.err.endswith(" created\n")


@pytest.mark.parametrize("format", FORMATS)
def test_rejected_rows_exit_6(sandbox: Sandbox, format: str) -> None:
    done = _create(sandbox, people(3, bad=2), f"--format={format}")
    assert done.code == 6
    assert "PARTIAL_SUCCESS" in done.out
    assert "2 of 5 rows failed" in done.err


@pytest.mark.parametrize("format", FORMATS)
def test_nothing_but_rejected_rows_exit_7(sandbox: Sandbox, format: str) -> None:
    done = _create(sandbox, people(0, bad=3), f"--format={format}")
    assert done.code == 7
    assert "FAILED" in done.out
    assert "ended as FAILED: 3 of 3 rows failed" in done.err


@pytest.mark.parametrize("format", FORMATS)
def test_a_deadline_exits_124_and_the_import_goes_on(sandbox: Sandbox, format: str) -> None:
    done = _create(sandbox, people(500), f"--format={format}", "--timeout=1s")
    assert done.code == 124
    assert "RUNNING" in done.out
    assert "timed out after 1s; import " in done.err
    assert " is still RUNNING (" in done.err
    assert "%), not failed" in done.err


def test_a_look_without_patience_exits_8(sandbox: Sandbox) -> None:
    done = _create(sandbox, people(300), "--timeout=0")
    assert done.code == 8
    assert done.json["data"]["status"] in ("PENDING", "RUNNING")
    assert done.json["wait"]["outcome"] == "not-finished"
    assert done.error["code"] == "NOT_FINISHED"
    assert done.error["resumeCommand"].endswith(f"path import wait {done.json['data']['id']}")


@pytest.mark.parametrize(
    ("signum", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_a_signal_exits_128_plus_n_and_the_import_goes_on(
    sandbox: Sandbox, signum: int, code: int
) -> None:
    arguments = _arguments(_analyze(sandbox, people(400)))
    with Running(sandbox.start(*arguments)) as waiting:
        _await_look(waiting.err)
        done, _ = waiting.stop(signum)
    assert done.code == code
    assert (done.json["wait"]["outcome"], done.json["wait"]["exitCode"]) == ("interrupted", code)
    assert done.error["code"] == "INTERRUPTED"
    job_id = done.json["data"]["id"]
    assert sandbox.job(job_id)["status"] == "RUNNING"


def _await_look(err: Lines) -> None:
    created = err.wait_for(" created")
    assert created.split()[0] == "import"
    err.wait_for("RUNNING")


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("--source-id", "99"), 4, "HTTP 404"),
        (("--file-key", "nobody/knows"), 1, "fileKey: is unknown; analyze the file first"),
    ],
)
def test_a_refused_create_has_nothing_to_wait_for(
    sandbox: Sandbox, arguments: tuple[str, ...], code: int, message: str
) -> None:
    key = _analyze(sandbox, people(1))
    done = sandbox.run(*_arguments(key, *arguments))
    assert (done.code, done.out) == (code, "")
    assert message in done.error["message"]


def test_an_unknown_token_exits_3(sandbox: Sandbox) -> None:
    environ = sandbox.environ(TALKVALUE_TOKEN="not-the-token-of-the-sandbox")
    done = sandbox.run(*_arguments("any"), environ=environ)
    assert (done.code, done.out) == (3, "")
    assert done.error["code"] == "AUTHENTICATION"
