"""Global options, tidied arguments and help, through main()."""

from __future__ import annotations

from typing import Any

import click
import pytest
import responses

from talkvalue_cli.commands.arguments import OptionalValue, tidy_arguments
from talkvalue_cli.commands.base import Group, keep_examples
from talkvalue_cli.context import AppContext
from tests.fakes import FakeRuntime
from tests.unit.commands.command_line import API, ENVIRON, run


def command(**settings: Any) -> click.Command:
    """Return a command with one option of each kind."""
    return click.Command(
        "demo",
        params=[
            click.Option(["-n", "--name"]),
            click.Option(["--json"], is_flag=True),
            click.Option(["-v"], count=True),
            click.Option(["--on/--off"]),
            OptionalValue(["--rows"], is_flag=False, flag_value=""),
        ],
        **settings,
    )


def tidy(*args: str, is_interspersed: bool = True) -> list[str]:
    demo = command()
    ctx = click.Context(demo, allow_interspersed_args=is_interspersed)
    return tidy_arguments(ctx, demo.get_params(ctx), list(args))


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (["-n=foo"], ["-n", "foo"]),
        (["-n="], ["-n", ""]),
        (["-n=--json"], ["-n", "--json"]),
        (["-nfoo"], ["-nfoo"]),
        (["-n", "=foo"], ["-n", "=foo"]),
        (["--name=--json"], ["--name=--json"]),
        (["--name", "x", "--json", "y"], ["--name", "x", "--json", "y"]),
        (["--name", "-5"], ["--name", "-5"]),
        (["--name", "--unknown"], ["--name", "--unknown"]),
        (["--name"], ["--name"]),
        (["-v", "--json", "--off", "x"], ["-v", "--json", "--off", "x"]),
        (["--rows"], ["--rows="]),
        (["--rows", "4218"], ["--rows=", "4218"]),
        (["--rows", "a.csv", "4218"], ["--rows=a.csv", "4218"]),
        (["--rows", "-", "4218"], ["--rows=-", "4218"]),
        (["--rows", "--json"], ["--rows=", "--json"]),
        (["--rows", "--", "a.csv"], ["--rows=", "--", "a.csv"]),
        (["--rows=12", "x"], ["--rows=12", "x"]),
        (["--", "-n=foo", "--rows", "a"], ["--", "-n=foo", "--rows", "a"]),
        (["-x=1", "-", "--else"], ["-x=1", "-", "--else"]),
    ],
)
def test_arguments_that_click_would_misread_are_put_right(
    args: list[str], expected: list[str]
) -> None:
    assert tidy(*args) == expected


def test_the_options_of_a_group_end_at_the_name_of_its_member() -> None:
    args = ["-n=a", "member", "-n=b", "--rows", "c"]
    assert tidy(*args, is_interspersed=False) == ["-n", "a", "member", "-n=b", "--rows", "c"]


@pytest.mark.parametrize("following", ["--json", "-n", "--name=x", "--off", "-v"])
def test_an_option_is_not_taken_for_the_value_of_another(following: str) -> None:
    with pytest.raises(click.BadOptionUsage) as caught:
        tidy("--name", following)
    assert caught.value.message == (
        "Option '--name' requires an argument. "
        f"(If {following!r} is meant as one: --name={following})"
    )


def test_the_last_of_two_urls_wins(http: responses.RequestsMock) -> None:
    http.get("https://second.test/path/channel", json=[])
    line = "--api-url https://first.test path channel list --api-url https://second.test"
    assert run(line).code == 0


def test_a_name_that_looks_like_an_option_can_be_given(http: responses.RequestsMock) -> None:
    http.post(f"{API}/path/channel", json={"id": 8, "name": "--json"})
    assert run("path channel create --name=--json").json == {"data": {"id": 8, "name": "--json"}}
    assert http.calls[0].request.body == b'{"name": "--json"}'


@pytest.mark.parametrize(("argument", "is_coloured"), [("", True), ("--no-color", False)])
def test_no_color_means_both_streams(
    http: responses.RequestsMock, argument: str, is_coloured: bool
) -> None:
    http.get(f"{API}/path/channel", json=[])
    environ = {name: value for name, value in ENVIRON.items() if name != "NO_COLOR"}
    out = run(f"path channel list {argument}", environ=environ, is_terminal=True).out
    err = run(f"path channel get x {argument}", environ=environ, is_terminal=True).err
    assert ("\x1b[" in out, "\x1b[" in err) == (is_coloured, is_coloured)


def test_only_lists_of_examples_stay_as_they_were_typed() -> None:
    text = """Do it.

    A sentence that goes on:
    here, not indented.

    Examples:
      talkvalue do it
      talkvalue do it again

    \b
    Marked by hand:
      talkvalue do it
    """
    assert keep_examples(text) == (
        "Do it.\n\nA sentence that goes on:\nhere, not indented.\n\n"
        "\b\nExamples:\n  talkvalue do it\n  talkvalue do it again\n\n"
        "\b\nMarked by hand:\n  talkvalue do it"
    )
    assert keep_examples(None) is None


def test_command_of_a_group_gets_the_context_first() -> None:
    group, made = Group("group"), FakeRuntime()

    @group.command("get")
    @click.argument("name")
    def get_command(context: AppContext, name: str) -> tuple[AppContext, str]:
        return context, name

    assert group.main(["get", "x"], obj=made, standalone_mode=False) == (made, "x")
