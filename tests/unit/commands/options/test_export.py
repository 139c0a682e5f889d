"""The five exports: the server's bytes, to standard output or into a file."""

from __future__ import annotations

from pathlib import Path

import pytest
import responses

from tests.unit.commands.command_line import API, run

COMMANDS = {
    "path person export": "/path/person/export",
    "path channel export 7": "/path/channel/7/person/export",
    "path event person export 16": "/path/event/16/person/export",
    "path company person export 3": "/path/company/3/person/export",
    "path import failed-export 42": "/path/import/42/failed/export",
}
#: a byte order mark, Latin-1, and no line end
BODY = b"\xef\xbb\xbfname;caf\xe9\r\n=1+1;\x00"
every_export = pytest.mark.parametrize("line", COMMANDS)


def serve(http: responses.RequestsMock, line: str) -> None:
    http.get(API + COMMANDS[line], body=BODY, content_type="text/csv; charset=iso-8859-1")


@every_export
@pytest.mark.parametrize("flag", ["--json", "--format csv"])
def test_a_format_changes_nothing_and_is_warned_about(
    http: responses.RequestsMock, line: str, flag: str, tmp_path: Path
) -> None:
    serve(http, line)
    done = run(f"{line} {flag} -o {tmp_path / 'x.csv'}")
    assert (done.code, done.out) == (0, "")
    assert done.err == "Warning: an export is always CSV; --format and --json change nothing\n"


@every_export
@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ({"status": 404, "json": {"detail": "gone"}}, 4),
        ({"json": {"data": []}}, 1),
        ({"body": "<html>", "content_type": "text/html"}, 1),
        ({"body": "", "content_type": "text/csv"}, 1),
        ({"status": 204}, 1),
    ],
    ids=str,
)
def test_what_is_no_export_leaves_no_file(
    http: responses.RequestsMock, line: str, answer: dict[str, object], code: int, tmp_path: Path
) -> None:
    http.get(API + COMMANDS[line], **answer)
    done = run(f"{line} -o {tmp_path / 'x.csv'}")
    # there need not be failed rows, but a list of people has a line of headers
    is_good = answer.get("status") == 204 and "failed-export" in line
    assert (done.code, done.out) == (0 if is_good else code, "")
    assert list(tmp_path.glob("x*")) == []


def test_a_person_is_told_how_much_was_written(
    http: responses.RequestsMock, tmp_path: Path
) -> None:
    serve(http, "path person export")
    done = run(f"path person export -o {tmp_path / 'x.csv'}", is_terminal=True)
    assert done.err == f"{len(BODY)} bytes written to {tmp_path / 'x.csv'}\n"
