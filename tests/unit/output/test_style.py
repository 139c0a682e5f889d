"""When there is colour."""

from __future__ import annotations

import pytest

from talkvalue_cli.output.style import Style, is_terminal, style_of_status, wants_colour
from tests.fakes import FakeStream


@pytest.mark.parametrize(
    ("is_tty", "environ", "no_color", "expected"),
    [
        (True, {}, False, True),
        (False, {}, False, False),
        (True, {}, True, False),
        (True, {"NO_COLOR": "1"}, False, False),
        (True, {"NO_COLOR": "0"}, False, False),
        # https://no-color.org: an empty value does not count
        (True, {"NO_COLOR": ""}, False, True),
        (False, {"FORCE_COLOR": "1"}, False, True),
        (True, {"FORCE_COLOR": "0"}, False, False),
        (True, {"FORCE_COLOR": ""}, False, True),
        (False, {"FORCE_COLOR": ""}, False, False),
        (True, {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False, False),
        (True, {"FORCE_COLOR": "1"}, True, False),
        (True, {"TERM": "dumb"}, False, False),
        (True, {"TERM": "dumb", "FORCE_COLOR": "1"}, False, True),
        (True, {"TERM": "xterm"}, False, True),
    ],
)
def test_colour_is_decided_by_flag_environment_and_terminal(
    is_tty: bool, environ: dict[str, str], no_color: bool, expected: bool
) -> None:
    stream = FakeStream(is_terminal=is_tty)
    assert wants_colour(stream, environ, no_color=no_color) is expected


def test_a_stream_that_is_closed_or_missing_is_no_terminal() -> None:
    closed = open(0, closefd=False)  # noqa: SIM115 - closed at once
    closed.close()
    assert not is_terminal(closed)
    assert not is_terminal(None)


def test_text_is_painted_only_when_there_is_colour_and_something_to_paint() -> None:
    style = Style(True)
    assert style("x", "error") == "\x1b[1;31mx\x1b[0m"
    assert [style("", "error"), style("x", ""), style("x", "unknown")] == ["", "x", "x"]
    assert Style(False)("x", "error") == "x"


@pytest.mark.parametrize(
    ("status", "style"),
    [
        ("PENDING", "warning"),
        ("RUNNING", "active"),
        ("COMPLETED", "good"),
        ("PARTIAL_SUCCESS", "warning"),
        ("FAILED", "bad"),
        ("ARCHIVED", ""),
    ],
)
def test_a_status_has_its_style(status: str, style: str) -> None:
    assert style_of_status(status) == style
