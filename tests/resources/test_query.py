"""`--query`: part of an answer, chosen by a JMESPath expression."""

from __future__ import annotations

import json

import pytest

from tests.replies import Reply
from tests.world import World

JOB = {
    "id": 4218,
    "status": "RUNNING",
    "fileName": "a.csv",
    "totalRows": 600,
    "processedRows": 421,
    "failedCount": 3,
    "completedAt": None,
    "failedRows": [{"rowNum": 2, "errorCode": "E1"}, {"rowNum": 5, "errorCode": "E2"}],
    "share": 0.25,
    "isOld": False,
}
#: how the Node CLI's users count with jq, as the issue that asks for --query has it
SUMMARY = (
    "{status: status, failedCount: failedCount, totalRows: totalRows, processedRows: processedRows}"
)


@pytest.mark.parametrize(
    ("expression", "printed"),
    [
        ("failedCount", "3\n"),
        ("status", "RUNNING\n"),
        ("isOld", "false\n"),
        ("share", "0.25\n"),
        ("completedAt", ""),
        ("noSuchKey", ""),
        ("failedRows[].rowNum", "2\n5\n"),
        ("[id, completedAt, fileName]", "4218\n\na.csv\n"),
        ("failedRows[?rowNum > `9`].rowNum", ""),
        ("failedRows[0]", '{\n  "rowNum": 2,\n  "errorCode": "E1"\n}\n'),
        ("length(failedRows)", "2\n"),
        ("join(',', failedRows[].errorCode)", "E1,E2\n"),
        # a number that JSON has not is none
        ("to_number('1e999')", "null\n"),
        ("{a: to_number('nan')}", '{\n  "a": null\n}\n'),
    ],
)
def test_values_are_bare_and_anything_else_is_json(
    world: World, expression: str, printed: str
) -> None:
    world.answer(Reply(JOB))
    done = world.run("path import get 4218 --query", words=[expression])
    assert done.told == (0, printed, "")


def test_summary_of_failures_is_one_object(world: World) -> None:
    world.answer(Reply(JOB))
    done = world.run("path import get 4218 --query", words=[SUMMARY])
    assert (done.code, done.json) == (
        0,
        {"status": "RUNNING", "failedCount": 3, "totalRows": 600, "processedRows": 421},
    )


def test_selection_is_the_same_on_a_terminal_and_says_when_it_is_nothing(world: World) -> None:
    world.answer(Reply(JOB))
    assert world.run("path import get 4218 --query status", is_terminal=True).told == (
        0,
        "RUNNING\n",
        "",
    )
    done = world.run("path import get 4218 --query nothing", is_terminal=True)
    assert done.told == (0, "", "nothing in the answer's data is selected by 'nothing'\n")


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("data.status", "it begins within data, such as status or [0].id"),
        ('[?status=="FAILED"]', "text to compare with stands in single quotes: 'FAILED'"),
    ],
)
def test_nothing_is_selected_and_the_usual_reason_is_said(
    world: World, query: str, reason: str
) -> None:
    world.answer(Reply(JOB))
    done = world.run("path import get 4218 --query", words=[query], is_terminal=True)
    said = f"nothing in the answer's data is selected by {query!r}: {reason}\n"
    assert done.told == (0, "", said)


def test_a_dollar_of_jsonpath_is_left_out(world: World) -> None:
    done = world.run("path import get 4218 --query $.status")
    assert (done.code, done.sent) == (2, [])
    assert done.error["hint"] == "it begins without $., such as --query failedCount"


def test_terminal_obeys_nothing_of_what_is_selected(world: World) -> None:
    world.answer(Reply({**JOB, "fileName": "a\x1b[2Jb"}))
    line = "path import get 4218 --query fileName"
    assert world.run(line).out == "a\x1b[2Jb\n"
    assert "\x1b" not in world.run(line, is_terminal=True).out


@pytest.mark.parametrize(
    "expression", ["ceil(to_number('inf'))", "floor(to_number('nan'))", "floor(to_number('1e999'))"]
)
def test_what_a_function_stumbles_over_does_not_fit_the_answer(
    world: World, expression: str
) -> None:
    world.answer(Reply(JOB))
    done = world.run("path import get 4218 --query", words=[expression])
    told = f"--query {expression!r} does not fit the answer: a function cannot calculate with it"
    assert (done.code, done.error["code"], done.error["message"]) == (1, "QUERY", told)


@pytest.mark.parametrize(
    ("expression", "told"),
    [
        ("failed-Count", "'-' at character 7 does not fit there"),
        ("foo(", "it ends too early"),
        ("", "it is empty"),
        (".failedCount", "'.' at character 1 does not fit there"),
        ("size(@)", "there is no function size()"),
        ("length()", "length() takes 1 argument, not 0"),
        ("[?sort_by(@) > `1`]", "sort_by() takes 2 arguments, not 1"),
        ("{a: not_null()}", "not_null() takes at least 1 argument, not 0"),
        ("!" * 3000 + "a", "it is nested too deep, or has a number too large"),
        ("[" * 3000, "it is nested too deep, or has a number too large"),
        (f"[{'9' * 5000}]", "it is nested too deep, or has a number too large"),
    ],
)
def test_wrong_expression_is_a_usage_error_before_anything_is_sent(
    world: World, expression: str, told: str
) -> None:
    for line in ("path import get 4218", "path channel delete 1 --confirm"):
        done = world.run(line, "--query", words=[expression])
        assert (done.code, done.out, done.sent) == (2, "", [])
        assert told in done.error["message"]
    assert len(done.error["hint"]) > 20


def test_leading_dot_is_explained(world: World) -> None:
    done = world.run("path import get 4218 --query .failedCount")
    assert done.error["hint"] == "it begins without a dot, such as --query failedCount"


def test_function_that_cannot_take_the_answer_is_an_error_after_it(world: World) -> None:
    world.answer(Reply(JOB))
    done = world.run("path import get 4218 --query", words=["length(failedCount)"])
    assert (done.code, done.out, done.error["code"]) == (1, "", "QUERY")
    assert done.error["message"].startswith("--query 'length(failedCount)' does not fit the answer")


def test_created_import_is_named_when_its_answer_cannot_be_selected_from(world: World) -> None:
    world.answer(Reply({"importJobId": 77, "status": "PENDING"}), path="/path/import")
    create = "path import create --file-key k --source-id 1 --mode SKIP --mapping 0:EMAIL"
    done = world.run(create, "--query", words=["length(importJobId)"])
    assert (done.code, done.error["jobId"], done.error["id"]) == (1, 77, 77)
    assert world.run(create, "--query importJobId").told == (0, "77\n", "")
    assert world.run(create, "--query id").told == (0, "77\n", "")


def test_lists_are_selected_from_whole(world: World) -> None:
    everything = world.run("path person list --all --json").json["data"]
    ids = world.run("path person list --all --query '[].id'")
    assert ids.out.split() == [str(person["id"]) for person in everything]
    assert len(everything) > 100
    assert world.run("path person list --all --query", words=["length(@)"]).out == (
        f"{len(everything)}\n"
    )
    page = world.run("path person list --page-size 3 --query '[].id'").out.split()
    assert page == ids.out.split()[:3]


def test_expression_is_taken_anywhere_on_the_line(world: World) -> None:
    world.answer(Reply(JOB))
    for line in (
        "--query status path import get 4218",
        "path --query=status import get 4218",
        "path import get --query status 4218 --json",
    ):
        assert world.run(line).told == (0, "RUNNING\n", "")


@pytest.mark.parametrize("format", ["table", "csv"])
def test_other_formats_do_not_go_with_it(world: World, format: str) -> None:
    done = world.run(f"path import get 4218 --query status --format {format}")
    assert (done.code, done.out, done.sent) == (2, "", [])
    assert f"--format {format} does not go with it" in done.err


@pytest.mark.parametrize(
    "line",
    [
        "path person export",
        "path import failed-export 1",
        "path import wait 4218 --failed-rows -",
        "path import list --watch",
    ],
)
def test_what_prints_no_json_refuses_it(world: World, line: str) -> None:
    done = world.run(line, "--query id")
    assert (done.code, done.out, done.sent) == (2, "", [])


def test_failed_rows_of_a_run_go_into_a_variable(world: World) -> None:
    world.write("a.csv", "Email\nada@example.com\nnobody\n")
    line = "path import run a.csv --source-id 1 --mode SKIP --mapping Email:EMAIL"
    done = world.run(line, "--query failedCount --quiet")
    assert (done.code, done.out) == (6, "1\n")
    assert "\nError: import 1 ended as PARTIAL_SUCCESS: 1 of 2 rows failed" in done.err
    again = world.run(line, "--query failedCount --allow-partial --quiet --again")
    assert again.told == (0, "1\n", "")


def test_imports_that_are_waited_for_are_selected_from(world: World) -> None:
    ids = []
    for name in ("a", "b"):
        world.write(f"{name}.csv", f"Email\n{name}@example.com\n")
        line = f"path import run {name}.csv --source-id 1 --mode SKIP --mapping Email:EMAIL"
        ids.append(world.run(line, "--no-wait --query id").out.strip())
    done = world.run("path import wait", *ids, "--progress none --query '[].[id, status][]'")
    assert done.told == (0, f"{ids[0]}\nCOMPLETED\n{ids[1]}\nCOMPLETED\n", "")


def test_commands_that_ask_no_server_take_it_too(world: World) -> None:
    assert world.run("config get api_url --query value").out == "https://api.trytalkvalue.com\n"
    assert world.run("config path --query path").out == world.run("config path").out
    assert world.run("version --query version").out == world.run("--version").out
    token = world.machine.environ["TALKVALUE_TOKEN"]
    assert world.run("auth token --query token").out == f"{token}\n"
    assert world.run("auth token --query 'length(token)'").out == f"{len(token)}\n"


def test_short_name_of_format_is_free_where_no_file_is_written(world: World) -> None:
    world.answer(Reply(JOB))
    assert world.run("path import get 4218 -o csv").out.startswith("id,status,")
    assert world.run("-o csv path import get 4218").out.startswith("id,status,")
    assert world.run("path import get 4218 -ojson", is_terminal=True).json["data"] == JOB
    assert world.run("path import get 4218 -o yaml").code == 2
    world.answer_as_ever()
    assert world.run("path person export -o json").told == (0, "", "")
    assert (world.folder / "json").read_text().startswith("Person ID,")


def test_short_name_of_format_counts_for_a_mistake_in_the_rest(world: World) -> None:
    done = world.run("path import get x -o json", is_terminal=True)
    assert json.loads(done.err)["error"]["code"] == "USAGE"


def test_mistake_beside_quiet_is_for_people(world: World) -> None:
    done = world.run("path import wait 4218 --quiet --timeout nonsense")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("Error: ")
    assert world.run("path import wait 4218 -q --timeout nonsense --json").error["code"] == "USAGE"
