"""Options that are handed to a command as one value."""

from __future__ import annotations

from typing import Any

import click
import pytest
from click.testing import CliRunner

from talkvalue_cli.commands.options import groups
from talkvalue_cli.errors import UsageError


def call(decorate: groups.Decorator, *argv: str) -> dict[str, Any]:
    """Run a command with these options and --judge; return what its function got."""
    got: dict[str, Any] = {}

    @click.command()
    @click.option("--judge", is_flag=True)
    @decorate
    def command(**values: Any) -> None:
        got.update(values)

    CliRunner().invoke(command, argv, catch_exceptions=False)
    return got


def test_options_become_one_value_and_the_others_stay() -> None:
    options = (click.Option(["--one"]), click.Option(["--two", "second"], type=int))
    decorate = groups.hand_over("both", options, dict)
    assert call(decorate, "--one", "a", "--judge") == {
        "both": {"one": "a", "second": None},
        "judge": True,
    }


def test_value_is_made_in_view_of_other_options_that_the_command_keeps() -> None:
    options = [click.Option(["--one"])]
    decorate = groups.hand_over("all", options, dict, beside=["judge", "unknown"])
    assert call(decorate, "--judge") == {"all": {"one": None, "judge": True}, "judge": True}


def test_fields_go_by_the_names_of_the_api_and_only_those_that_were_given() -> None:
    options = (click.Option(["--end-at"]), click.Option(["--tag-id"], type=int))
    assert call(groups.new_fields(*options), "--tag-id", "0")["fields"] == {"tagId": 0}


CHANGED = groups.changed_fields(
    click.Option(["--end-at"]), click.Option(["--name"]), clearable={"end-at": "endAt"}
)


def test_field_that_is_cleared_is_none() -> None:
    assert call(CHANGED, "--name", "", "--clear", "END-AT")["changes"] == {
        "name": "",
        "endAt": None,
    }


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["--end-at", "x", "--clear", "end-at"], "--end-at and --clear end-at exclude each other"),
        ([], "nothing to change was named"),
    ],
)
def test_contradiction_and_no_change_are_usage_errors(argv: list[str], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        call(CHANGED, *argv)
