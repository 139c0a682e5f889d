"""Which format an answer has, and which an error, which is for who reads it."""

from __future__ import annotations

import pytest

from talkvalue_cli.errors import UsageError
from talkvalue_cli.output.choice import choose_error_format, choose_format
from tests.fakes import FakeStream


@pytest.mark.parametrize(
    ("chosen", "is_tty", "format"),
    [
        (None, True, "table"),
        (None, False, "json"),
        ("csv", True, "csv"),
        ("TABLE", False, "table"),
        ("Json", True, "json"),
    ],
)
def test_the_format_is_the_one_asked_for_else_it_goes_by_the_terminal(
    chosen: str | None, is_tty: bool, format: str
) -> None:
    assert choose_format(chosen, FakeStream(is_terminal=is_tty)) == format


@pytest.mark.parametrize("chosen", ["xml", "", "json ", "yaml"])
def test_an_unknown_format_is_a_usage_error(chosen: str) -> None:
    with pytest.raises(UsageError) as caught:
        choose_format(chosen, None)
    assert caught.value.message == f"unsupported output format: {chosen}"
    hint = "choose one of json, table, csv; --query prints parts of the data"
    assert caught.value.hint == hint


@pytest.mark.parametrize(
    ("named", "is_quiet", "is_stdout_terminal", "is_stderr_terminal", "expected"),
    [
        (None, False, False, False, "json"),  # a script that captures both, as with the Node CLI
        (None, False, False, True, "table"),  # n=$(talkvalue …) of a person
        (None, False, True, False, "table"),
        (None, False, True, True, "table"),
        (None, True, False, False, "table"),  # cron mails it
        ("json", True, True, True, "json"),
        ("json", False, False, True, "json"),
        ("csv", True, False, True, "csv"),
        ("table", False, False, False, "table"),
    ],
)
def test_error_is_for_who_reads_it(
    named: str | None,
    is_quiet: bool,
    is_stdout_terminal: bool,
    is_stderr_terminal: bool,
    expected: str,
) -> None:
    stdout = FakeStream(is_terminal=is_stdout_terminal)
    stderr = FakeStream(is_terminal=is_stderr_terminal)
    found = choose_error_format(named, is_quiet=is_quiet, stdout=stdout, stderr=stderr)
    assert found == expected


def test_closed_streams_are_no_terminals() -> None:
    assert choose_error_format(None, is_quiet=False, stdout=None, stderr=None) == "json"
