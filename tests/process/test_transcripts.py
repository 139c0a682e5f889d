"""What a call in this process shows, once more from outside: each group as a command."""

from __future__ import annotations

import pytest

from tests.harness import Sandbox

#: command → exit code, what standard output begins with, what standard error has in it
TRANSCRIPTS = {
    "path analysis event insights --tag-id=2": (0, '{\n  "data": {\n    "limitedData": ', ""),
    "path company get 1 --format=table": (0, "Field        Value\n", ""),
    "path overview --timezone UTC stats --format csv": (0, "totalPeople,newPeopleThisMonth,", ""),
    "path person update 1 --first-name Zoë": (0, '{\n  "data": {\n    "id": 1,\n', ""),
    "path company person export 2": (0, "Person ID,Email,", ""),
    "path import wait 999 --progress=none": (4, '{\n  "data": null,', '"code": "NOT_FOUND"'),
    "api GET /path/company/1": (0, "{", ""),
}


@pytest.mark.parametrize("line", TRANSCRIPTS)
def test_an_installed_program_does_the_same(sandbox: Sandbox, line: str) -> None:
    code, out, err = TRANSCRIPTS[line]
    done = sandbox.run(*line.split())
    assert done.code == code
    assert done.out.startswith(out) if out else done.out == ""
    assert err in done.err if err else done.err == ""
