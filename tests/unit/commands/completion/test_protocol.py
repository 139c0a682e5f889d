"""Completion: what is offered for a line, and that it is quiet and quick when it cannot be."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import responses

from talkvalue_cli import cli
from tests.fakes import FakeRuntime
from tests.unit.wire import Wire

API = "https://api.test"
ENVIRON = {"TALKVALUE_TOKEN": "token-of-this-test", "TALKVALUE_API_URL": API}
EVENT = {"id": 1001, "name": "Gala", "timeZone": "UTC", "startAt": "2026-01-01"}
NUMBERS = {"pageNumber": 1, "pageSize": 100, "totalElements": 1, "totalPages": 1}
BREAKS = " \t\n\"'><=;|&(:"
CHANNELS = [{"id": 7, "name": "Spring\tfair\x1b[31m"}, {"id": 71, "name": "Zoë & Co"}]


def complete(line: str, shell: str = "zsh", **environ: str) -> str:
    """Return what a shell is answered; it is always a success, and says nothing else."""
    asked = {"_TALKVALUE_COMPLETE": f"{shell}_complete", "COMP_LINE": line, "COMP_TYPE": "9"}
    context = FakeRuntime([], {**ENVIRON, "COMP_WORDBREAKS": BREAKS, **asked, **environ})
    assert cli.main([], context) == 0
    assert context.fake_stderr.text == ""
    return context.fake_stdout.text


def values(line: str, shell: str = "zsh", **environ: str) -> list[str]:
    return [answer.split("\t")[1] for answer in complete(line, shell, **environ).splitlines()]


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("talkvalue path im", ["import"]),
        ("talkvalue comp", ["completion", "company"]),
        ("talkvalue im", ["import"]),
        ("talkvalue w", ["whoami"]),
        ("talkvalue import wa", ["wait", "watch"]),
        ("talkvalue import list --status=F", ["--status=FAILED"]),
        ("talkvalue completion ", ["bash", "zsh", "fish"]),
        ("talkvalue help ma", ["mapping"]),
        ("talkvalue help imp", ["imports"]),
        ("talkvalue help path im", ["import"]),
        ("talkvalue help nothing im", []),
        ("talkvalue --json path import failed", ["failed-export"]),
        ("talkvalue path import get --exit", ["--exit-status"]),
        ("talkvalue path import list --status p", ["PARTIAL_SUCCESS", "PENDING"]),
        ("talkvalue path import list --status=F", ["--status=FAILED"]),
        ("talkvalue path import list --format ", ["json", "table", "csv"]),
        ("talkvalue path import create --mode ", ["UPDATE", "SKIP"]),
        ("talkvalue path import create --mapping 0:li", ["0:LINKEDIN_URL"]),
        ("talkvalue path import create --mapping 0", []),
        (
            "talkvalue path import run 'my file.csv' --mapping 'E-mail: work:em",
            ["E-mail: work:EMAIL"],
        ),
        ("talkvalue api pa", ["PATCH"]),
        ("talkvalue path import get 7 ", []),
        ("talkvalue person get ", []),
        ("talkvalue channel create ", []),
        ("talkvalue path import list --page ", []),
        ("talkvalue", []),
    ],
)
def test_words_are_completed(line: str, offered: list[str]) -> None:
    found = values(line)
    assert sorted(found) == sorted(offered)


@pytest.mark.parametrize(
    "line",
    [
        "talkvalue path import run con",
        "talkvalue path import analyze --file=con",
        "talkvalue path import get 7 --failed-rows con",
        "talkvalue path person export -o con",
        "talkvalue api POST /x --input con",
    ],
)
def test_files_are_left_to_the_shell(line: str) -> None:
    assert complete(line).split("\t")[0] == "file"


def test_ids_come_with_their_names_from_the_server_that_the_line_names(
    mock: responses.RequestsMock,
) -> None:
    mock.get("https://other.test/path/channel", json=CHANNELS)
    line = "talkvalue --api-url https://other.test path channel get "
    # nothing of a name can be taken for the end of a field, or obeyed by a terminal
    assert complete(line) == "plain\t7\tSpring fair\\x1b[31m\nplain\t71\tZoë & Co\n"
    assert mock.calls[0].request.headers["Authorization"] == "Bearer token-of-this-test"


@pytest.mark.parametrize(
    ("line", "path", "answer", "offered"),
    [
        ("path import create --source-id ", "/path/channel", CHANNELS, ["7", "71"]),
        ("path import create --source-id=71", "/path/channel", CHANNELS, ["--source-id=71"]),
        ("path person list --event-id 10", "/path/event", [EVENT], ["1001"]),
        ("import run x.csv --channel ", "/path/channel", CHANNELS, ["7", "71"]),
        ("person export --channel ", "/path/channel", CHANNELS, ["7", "71"]),
        ("tag attach 7 ", "/path/tag", [{"id": 3, "name": "vip"}], ["3"]),
        ("analysis event trend --tag ", "/path/tag", [{"id": 3, "name": "vip"}], ["3"]),
        ("path tag delete ", "/path/tag", [{"id": 3, "name": "vip"}], ["3"]),
        (
            "path company get ",
            "/path/company?pageSize=100",
            {"content": [{"id": 5, "domain": "x.org"}], **NUMBERS},
            ["5"],
        ),
        (
            "path import wait 4 ",
            "/path/import?pageSize=100",
            {"content": [{"id": 9, "fileName": "a.csv", "status": "FAILED"}], **NUMBERS},
            ["9"],
        ),
    ],
)
def test_ids_are_those_of_the_thing_that_the_parameter_names(
    mock: responses.RequestsMock, line: str, path: str, answer: object, offered: list[str]
) -> None:
    mock.get(f"{API}{path}", json=answer)
    assert values(f"talkvalue {line}") == offered


def test_a_company_that_nobody_has_named_is_told_by_its_domain(
    mock: responses.RequestsMock,
) -> None:
    companies = [
        {"id": 5, "domain": "x.org", "displayName": None},
        {"id": 6, "domain": "y.org", "displayName": "Why"},
    ]
    mock.get(f"{API}/path/company?pageSize=100", json={"content": companies, **NUMBERS})
    offered = complete("talkvalue path company get ")
    assert offered == "plain\t5\tx.org\nplain\t6\tWhy, y.org\n"


def test_tag_goes_to_a_channel_or_an_event(mock: responses.RequestsMock) -> None:
    mock.get(f"{API}/path/channel", json=CHANNELS)
    mock.get(f"{API}/path/event", json=[EVENT])
    assert values("talkvalue path tag attach ") == ["7", "71", "1001"]


@pytest.mark.parametrize("line", ["path person get ", "path person merge ", "path person delete "])
def test_people_are_not_listed_in_a_menu(mock: responses.RequestsMock, line: str) -> None:
    assert values(f"talkvalue {line}") == []
    assert len(mock.calls) == 0


@pytest.mark.parametrize(
    ("type_", "offered"),
    [("9", ["7  (Spring fair\\x1b[31m)", "71  (Zoë & Co)"]), ("37", ["7", "71"])],
)
def test_bash_shows_names_unless_it_inserts_what_it_is_given(
    mock: responses.RequestsMock, type_: str, offered: list[str]
) -> None:
    mock.get(f"{API}/path/channel", json=CHANNELS)
    line = "talkvalue path channel get "
    assert values(line, "bash", COMP_TYPE=type_) == offered
    assert values(f"{line}71", "bash", COMP_TYPE=type_) == ["71"]


@pytest.mark.parametrize(
    ("breaks", "line", "offered"),
    [
        (BREAKS, "path import create --mapping=0:em", ["EMAIL"]),
        ("", "path import create --mapping=0:em", ["--mapping=0:EMAIL"]),
        ("=", "path import create --mapping=0:em", ["0:EMAIL"]),
        (BREAKS, "path import create --mode=", ["UPDATE", "SKIP"]),
    ],
)
def test_bash_gets_the_part_behind_its_last_word_break(
    breaks: str, line: str, offered: list[str]
) -> None:
    assert values(f"talkvalue {line}", "bash", COMP_WORDBREAKS=breaks) == offered


def test_profiles_come_from_the_config_file(tmp_path: Path) -> None:
    folder = tmp_path / "talkvalue"
    folder.mkdir()
    profile = "{org_id: org_1, org_name: Acme, member_email: a@b.c, auth_method: oauth}"
    names = ("acme", "apex", "zoo")
    lines = [f"  {name}: {profile}\n" for name in names]
    (folder / "config.yml").write_text("profiles:\n" + "".join(lines))
    environ = {"XDG_CONFIG_HOME": str(tmp_path)}
    assert values("talkvalue --profile a", **environ) == ["acme", "apex"]
    (folder / "config.yml").write_text("profiles: [")
    assert values("talkvalue --profile a", **environ) == []


@pytest.mark.parametrize(
    "environ",
    [
        {"TALKVALUE_TOKEN": ""},
        {"TALKVALUE_TOKEN": "two words"},
        {"TALKVALUE_API_URL": "nonsense"},
        {"TALKVALUE_API_URL": "http://127.0.0.1:1"},
    ],
)
def test_without_a_server_nothing_is_offered_or_said(environ: dict[str, str]) -> None:
    assert complete("talkvalue path channel get ", **environ) == ""


@pytest.mark.parametrize(
    "answer",
    [{"status": 401}, {"status": 503}, {"body": "<html>"}, {"json": {"a": 1}}, {"json": [1]}],
)
def test_failure_is_silent_and_not_repeated(
    mock: responses.RequestsMock, answer: dict[str, object]
) -> None:
    mock.get(f"{API}/path/channel", **answer)
    assert complete("talkvalue path channel get ") == ""
    assert len(mock.calls) == 1


def test_silent_server_is_given_up_soon(serve: Callable[..., Wire]) -> None:
    # waits for more of a request, which never comes
    wire = serve(lambda connection: connection.recv(1) and None)
    began_at = time.monotonic()
    assert complete("talkvalue path channel get ", TALKVALUE_API_URL=wire.url) == ""
    # anything else would have waited for half a minute
    assert time.monotonic() - began_at < 15
    assert wire.line() == "GET /path/channel HTTP/1.1"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_script_calls_back_and_help_says_where_it_goes(shell: str) -> None:
    context = FakeRuntime()
    assert cli.main(["completion", shell.upper()], context) == 0
    script = context.fake_stdout.text
    assert f"_TALKVALUE_COMPLETE={shell}_complete" in script
    assert all(word in script for word in ("COMP_LINE=", "plain", "file", "dir", "2>/dev/null"))


def test_other_shell_is_a_usage_error() -> None:
    context = FakeRuntime(["completion", "csh"])
    assert cli.main(["completion", "csh"], context) == 2
    message = json.loads(context.fake_stderr.text)["error"]["message"]
    assert "'csh' is not one of bash, zsh, fish" in message
