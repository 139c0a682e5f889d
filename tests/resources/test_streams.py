"""Standard output that is full or closed, whatever is to be written there.

As a process meets it: tests/process/test_streams.py.
"""

from __future__ import annotations

import contextlib
import io
import json

import pytest

from talkvalue_cli import cli
from tests.fakes import FakeRuntime

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


def fail_to_write(line: str, stdout: io.TextIOWrapper | None) -> tuple[str, str]:
    """Run a line that cannot write its answer; return code and message of the error."""
    context = FakeRuntime(line.split())
    # standard output of a process that has none
    context.stdout = stdout
    with contextlib.redirect_stdout(stdout):
        assert cli.main(line.split(), context) == 1
    error = json.loads(context.fake_stderr.text)["error"]
    return error["code"], error["message"]


@pytest.mark.parametrize("line", ANSWERS)
def test_a_full_disk_is_an_error(line: str) -> None:
    with open("/dev/full", "wb", buffering=0) as full:
        stdout = io.TextIOWrapper(full, "utf-8", write_through=True)
        told = fail_to_write(line, stdout)
    assert told == ("STDOUT", "cannot write the output: No space left on device")


@pytest.mark.parametrize("line", ANSWERS)
def test_closed_stdout_is_an_error(line: str) -> None:
    assert fail_to_write(line, None) == ("STDOUT_CLOSED", "standard output is closed")
