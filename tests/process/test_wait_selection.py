"""Which imports `path import wait` waits for: ids, standard input, the newest, the live ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.harness import Sandbox, people

WAIT = ("path", "import", "wait", "--progress=none")


@pytest.fixture(scope="module")
def lively(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A sandbox: 1 and 2 COMPLETED, 3 and 4 PENDING for ever."""
    sandbox = Sandbox(tmp_path_factory.mktemp("lively"), "--fault=queue=3600,after=2")
    for _ in range(2):
        sandbox.finish_import(people(3))
    for _ in range(2):
        sandbox.create_import(people(3))
    yield sandbox
    sandbox.stop()


@pytest.mark.parametrize("stdin", ["2 1", "2\n1\n", "2\r\n\t1\n2\n"])
def test_a_dash_reads_ids_from_standard_input(lively: Sandbox, stdin: str) -> None:
    done = lively.run(*WAIT, "-", stdin=stdin)
    assert done.code == 0, done.err
    assert [job["id"] for job in done.json["data"]] == [2, 1]


def test_a_single_id_on_standard_input_is_a_list_of_one(lively: Sandbox) -> None:
    done = lively.run(*WAIT, "-", stdin="1")
    assert [job["id"] for job in done.json["data"]] == [1]
    assert [job["exitCode"] for job in done.json["wait"]["jobs"]] == [0]


def test_ids_and_standard_input_add_up(lively: Sandbox) -> None:
    done = lively.run(*WAIT, "2", "-", stdin="1 2")
    assert [job["id"] for job in done.json["data"]] == [2, 1]


def test_ids_can_come_from_a_pipe_of_this_program(lively: Sandbox) -> None:
    script = (
        "$cli path import list --status completed --format csv | tail -n +2 | cut -d, -f1 | "
        "$cli path import wait - --quiet"
    )
    assert lively.shell(script) == (0, "", "")


@pytest.mark.parametrize(
    ("stdin", "message"),
    [
        ("", "there are no ids on standard input"),
        ("\n \n", "there are no ids on standard input"),
        ("1 two", "standard input: 'two' must be a positive integer"),
        ("1, 2", "standard input: '1,' must be a positive integer"),
        ("id\n1\n", "standard input: 'id' must be a positive integer"),
    ],
)
def test_standard_input_without_ids_or_with_other_words_exits_2(
    lively: Sandbox, stdin: str, message: str
) -> None:
    done = lively.run(*WAIT, "-", stdin=stdin)
    assert (done.code, done.out, done.error["message"]) == (2, "", message)


@pytest.mark.parametrize("locale", ["C.UTF-8", "C"])
def test_standard_input_that_is_no_text_exits_2(lively: Sandbox, locale: str) -> None:
    environ = lively.environ(LANG=locale, PYTHONIOENCODING="utf-8:strict")
    done = lively.run(*WAIT, "-", stdin=b"1 \xff\xfe", environ=environ)
    assert (done.code, done.out) == (2, "")
    assert done.error["message"] == "standard input is not text"


def test_active_waits_for_all_that_are_alive(lively: Sandbox) -> None:
    done = lively.run(*WAIT, "--active", "--timeout=0")
    assert done.code == 8
    assert [job["id"] for job in done.json["data"]] == [4, 3]
    assert done.json["wait"]["resumeCommand"].endswith("path import wait 4 3")


def test_without_an_id_and_several_alive_the_candidates_are_listed(lively: Sandbox) -> None:
    done = lively.run(*WAIT)
    assert (done.code, done.out, done.error["code"]) == (2, "", "USAGE")
    assert done.error["message"] == (
        "2 imports are PENDING or RUNNING:\n  4  PENDING  contacts.csv\n  3  PENDING  contacts.csv"
    )
    assert done.error["hint"] == "name one by its id, or wait for all of them with --active"


def test_the_latest_is_the_newest_and_a_single_document(lively: Sandbox) -> None:
    done = lively.run(*WAIT, "--latest", "--timeout=0")
    assert (done.code, done.json["data"]["id"]) == (8, 4)
    assert done.json["wait"]["outcome"] == "not-finished"


@pytest.mark.parametrize("arguments", ["1 --latest", "1 --active", "--latest --active"])
def test_ways_to_choose_exclude_each_other(lively: Sandbox, arguments: str) -> None:
    done = lively.run(*WAIT, *arguments.split())
    assert (done.code, done.out) == (2, "")
    assert done.error["message"] == "ids, --latest and --active exclude each other"


def test_nothing_alive_is_fine_for_active_and_a_usage_error_without_an_id(
    sandbox: Sandbox,
) -> None:
    sandbox.finish_import(people(3))
    done = sandbox.run(*WAIT, "--active")
    assert (done.code, done.json["data"], done.err) == (0, [], "")
    assert (done.json["wait"]["exitCode"], done.json["wait"]["jobs"]) == (0, [])
    assert sandbox.run(*WAIT, "--active", "--quiet") == (0, "", "")
    table = sandbox.run(*WAIT, "--active", "--format=table")
    assert (table.code, table.err) == (0, "No import is PENDING or RUNNING.\n")
    done = sandbox.run(*WAIT)
    assert (done.code, done.out) == (2, "")
    assert done.error["message"] == (
        "no import is PENDING or RUNNING; name one by its id, or use --latest"
    )


def test_no_import_at_all_has_no_latest(start_sandbox: Callable[..., Sandbox]) -> None:
    done = start_sandbox().run(*WAIT, "--latest")
    assert (done.code, done.out, done.error["code"]) == (4, "", "NOT_FOUND")
    assert done.error["message"] == "there is no import yet"


def test_without_an_id_the_only_one_alive_is_waited_for(
    start_sandbox: Callable[..., Sandbox],
) -> None:
    sandbox = start_sandbox("--fault=queue=1,after=1")
    sandbox.finish_import(people(3))
    job_id = sandbox.create_import(people(3))
    done = sandbox.run(*WAIT)
    assert done.code == 0
    # one import: the document of one
    assert (done.json["data"]["id"], done.json["data"]["status"]) == (job_id, "COMPLETED")
