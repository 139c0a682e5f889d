"""--page, --page-size and --all, which are the same for every list that has pages."""

from __future__ import annotations

import itertools
import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
import responses

from tests.fakes import FakeRuntime
from tests.unit.commands.command_line import API, ENVIRON, run

#: command → what it asks for
LISTS = {
    "path person list": "/path/person",
    "path channel people 7": "/path/channel/7/person",
    "path event person list 16": "/path/event/16/person",
    "path company person list 3": "/path/company/3/person",
    "path company list": "/path/company",
    "path import list": "/path/import",
}


class Pages:
    """Answers with pages of items, numbered from 1; `asked` has the query of each request."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.asked: list[dict[str, str]] = []
        self.broken_page = 0

    def answer(self, request: requests.PreparedRequest) -> tuple[int, dict[str, str], str]:
        query = {
            name: value[0] for name, value in parse_qs(urlsplit(str(request.url)).query).items()
        }
        self.asked.append(query)
        page, size = int(query.get("pageNumber", 1)), int(query.get("pageSize", 20))
        if page == self.broken_page:
            return 403, {}, json.dumps({"detail": "no more"})
        ids = range(1, self.total + 1)[(page - 1) * size : page * size]
        item: dict[str, Any] = {"name": "Ada", "domain": "x.org", "status": "FAILED"}
        numbers = {"pageNumber": page, "pageSize": size, "totalElements": self.total}
        content = [{"id": number, **item} for number in ids]
        pages = -(-self.total // size)
        return 200, {}, json.dumps({"content": content, **numbers, "totalPages": pages})


def serve(mock: responses.RequestsMock, command: str, total: int = 250) -> Pages:
    pages = Pages(total)
    mock.add_callback("GET", API + LISTS[command], pages.answer)
    return pages


@pytest.mark.parametrize("command", LISTS)
def test_a_page_is_asked_for_and_described(mock: responses.RequestsMock, command: str) -> None:
    pages = serve(mock, command)
    done = run(f"{command} --page 2 --page-size 3")
    assert done.code == 0
    assert pages.asked == [{"pageNumber": "2", "pageSize": "3"}]
    assert [item["id"] for item in done.json["data"]] == [4, 5, 6]
    assert done.json["pagination"] == {
        "page": 2,
        "pageSize": 3,
        "totalElements": 250,
        "totalPages": 84,
    }


@pytest.mark.parametrize("command", LISTS)
def test_the_server_decides_when_nothing_is_said(
    mock: responses.RequestsMock, command: str
) -> None:
    pages = serve(mock, command)
    assert len(run(command).json["data"]) == 20
    assert pages.asked == [{}]


@pytest.mark.parametrize("command", LISTS)
def test_with_all_the_page_size_is_that_of_the_requests(
    mock: responses.RequestsMock, command: str
) -> None:
    pages = serve(mock, command, total=5)
    done = run(f"{command} --all --page-size 2 --format csv")
    assert [line.split(",")[0] for line in done.out.splitlines()] == ["ID", *"12345"]
    assert [query["pageSize"] for query in pages.asked] == ["2", "2", "2"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("--all --page 1", "--page and --all exclude each other"),
        ("--page 0", "Invalid value for '--page': '0' must be a positive integer"),
        ("--page-size 2x", "Invalid value for '--page-size': '2x' must be a positive integer"),
    ],
)
def test_a_page_that_makes_no_sense_is_a_usage_error(
    mock: responses.RequestsMock, arguments: str, message: str
) -> None:
    done = run(f"path person list {arguments}")
    assert (done.code, done.out) == (2, "")
    assert json.loads(done.err)["error"]["message"] == message
    assert len(mock.calls) == 0


def test_a_table_of_all_pages_has_one_header_and_no_page_line(mock: responses.RequestsMock) -> None:
    serve(mock, "path company list", total=120)
    lines = run("path company list --all --format table").out.splitlines()
    assert len(lines) == 122
    assert [line.split()[0] for line in lines[:3]] == ["ID", "----", "1"]
    assert lines[-1].split() == ["120", "x.org"]


@pytest.mark.parametrize("format", ["json", "csv", "table"])
def test_an_error_in_the_middle_has_its_code_and_keeps_what_was_printed(
    mock: responses.RequestsMock, format: str
) -> None:
    serve(mock, "path person list").broken_page = 3
    done = run(f"path person list --all --format {format}")
    assert done.code == 5
    said = "no more (HTTP 403, GET /path/person)" if format == "table" else "no more"
    assert said in done.err
    assert "200" in done.out and "201" not in done.out
    if format == "json":
        with pytest.raises(json.JSONDecodeError):
            json.loads(done.out)


def test_a_reader_that_goes_away_stops_the_walking(
    mock: responses.RequestsMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    from talkvalue_cli import cli

    pages = serve(mock, "path person list")
    argv = ["path", "person", "list", "--all", "--page-size", "10"]
    context = FakeRuntime(argv, ENVIRON)
    writes = itertools.count()

    def write(text: str) -> int:
        if next(writes) == 1:
            raise BrokenPipeError(32, "Broken pipe")
        return len(text)

    monkeypatch.setattr(context.fake_stdout, "write", write)
    assert cli.main(argv, context) == 141
    assert len(pages.asked) == 2
