"""The flags of waiting, as values."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import pytest

from talkvalue_cli.commands.base import Command
from talkvalue_cli.commands.path.import_.wait_options import WaitOptions, wait_options
from talkvalue_cli.errors import UsageError
from talkvalue_cli.imports.waiting.limits import WaitLimits
from tests.fakes import FakeRuntime
from tests.unit.commands.command_line import run


def parse(*args: str, always: bool = True, **environ: str) -> WaitOptions:
    """Return what a command with the wait flags gets."""
    seen: list[WaitOptions] = []

    @click.command(cls=Command)
    @click.argument("number", required=False)
    @click.option("--exit-status", is_flag=True)
    @wait_options(always=always)
    def demo(number: str | None, exit_status: bool, wait: WaitOptions) -> None:
        seen.append(wait)

    context = demo.make_context("demo", list(args), obj=FakeRuntime(args, environ))
    with context:
        demo.invoke(context)
    return seen[0]


def test_the_defaults_are_the_documented_ones() -> None:
    found = parse()
    assert found.is_waiting
    assert found.limits.timeout_s == 86400.0
    assert found.limits.stall_timeout_s is None
    assert found.limits.interval_s is None
    assert found.limits.retry_for_s == 300.0
    assert found.tolerance == (False, None)
    assert found.failed_rows is None
    assert found.progress == "auto"
    assert (found.force, found.quiet, found.notify) == (False, False, False)


@pytest.mark.parametrize(
    ("args", "field", "value"),
    [
        (["--timeout", "90"], "timeout_s", 90.0),
        (["--timeout", "1h30m"], "timeout_s", 5400.0),
        (["--timeout", "0"], "timeout_s", 0.0),
        (["--timeout", "none"], "timeout_s", None),
        (["--wait-timeout", "5m"], "timeout_s", 300.0),
        (["--stall-timeout", "10m"], "stall_timeout_s", 600.0),
        (["--interval", "5"], "interval_s", 5.0),
        (["-i", "1"], "interval_s", 1.0),
        (["-i=2s"], "interval_s", 2.0),
        (["--interval", "Auto"], "interval_s", None),
        (["--poll-interval", "3"], "interval_s", 3.0),
        (["--polling-interval", "3"], "interval_s", 3.0),
        (["--wait-interval", "3"], "interval_s", 3.0),
        (["--retry-for", "0"], "retry_for_s", 0.0),
        (["--allow-partial"], "tolerance", (True, None)),
        (["--max-failed", "0"], "tolerance", (False, (0.0, False))),
        (["--max-failed", "12"], "tolerance", (False, (12.0, False))),
        (["--max-failed", "1.5%"], "tolerance", (False, (1.5, True))),
        (["--max-failed", " 100 % "], "tolerance", (False, (100.0, True))),
        (["--failed-rows"], "failed_rows", Path("")),
        (["--failed-rows", "4218"], "failed_rows", Path("")),
        (["--failed-rows", "a.csv", "4218"], "failed_rows", Path("a.csv")),
        (["--failed-rows=12"], "failed_rows", Path("12")),
        (["--failed-rows", "-"], "failed_rows", Path("-")),
        (["--force"], "force", True),
        (["--progress", "PLAIN"], "progress", "plain"),
        (["-q"], "quiet", True),
        (["--notify"], "notify", True),
    ],
)
def test_each_flag_says_one_thing(args: list[str], field: str, value: Any) -> None:
    found = parse(*args)
    assert getattr(found.limits if field in WaitLimits._fields else found, field) == value


@pytest.mark.parametrize("flag", ["-w", "--wait", "--watch"])
def test_waiting_is_turned_on(flag: str) -> None:
    assert parse(flag, "--timeout", "5", always=False).is_waiting
    assert not parse(always=False).is_waiting


@pytest.mark.parametrize(
    ("args", "flag"),
    [
        (["--timeout", "5m"], "--timeout"),
        # zero is a value like any other
        (["--timeout", "0"], "--timeout"),
        (["--timeout", "none"], "--timeout"),
        (["--retry-for", "0"], "--retry-for"),
        (["--stall-timeout", "5"], "--stall-timeout"),
        (["-i", "5"], "--interval"),
        (["--allow-partial"], "--allow-partial"),
        (["--max-failed", "0"], "--max-failed"),
        (["--failed-rows"], "--failed-rows"),
        (["--force"], "--force"),
        (["--progress", "none"], "--progress"),
        (["--quiet"], "--quiet"),
        (["--notify"], "--notify"),
    ],
)
def test_a_wait_flag_without_waiting_is_a_usage_error(args: list[str], flag: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse(*args, always=False)
    assert caught.value.message == f"{flag} only makes sense when the command waits"
    assert caught.value.hint == "add --wait"


@pytest.mark.parametrize("args", [["--allow-partial"], ["--max-failed", "3"], ["-q"]])
def test_a_look_that_is_judged_takes_what_the_verdict_needs(args: list[str]) -> None:
    assert not parse("--exit-status", *args, always=False).is_waiting


@pytest.mark.parametrize("args", [["--timeout", "0"], ["--failed-rows"], ["--progress", "none"]])
def test_a_look_that_is_judged_does_not_wait_either(args: list[str]) -> None:
    with pytest.raises(UsageError, match="only makes sense when the command waits"):
        parse("--exit-status", *args, always=False)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("-1", "is not a number of rows or a percentage"),
        ("many", "is not a number of rows or a percentage"),
        ("", "is not a number of rows or a percentage"),
        ("%", "is not a number of rows or a percentage"),
        (".5%", "is not a number of rows or a percentage"),
        ("1e3", "is not a number of rows or a percentage"),
        ("\uff15", "is not a number of rows or a percentage"),
        ("1.2.3%", "is not a number of rows or a percentage"),
        ("1.5", "is not a whole number of rows"),
        ("100.1%", "is more than all rows"),
    ],
)
def test_a_wrong_limit_of_failed_rows_is_named(text: str, reason: str) -> None:
    with pytest.raises(click.BadParameter) as caught:
        parse(f"--max-failed={text}")
    assert caught.value.message == f"{text!r} {reason}"


@pytest.mark.parametrize(
    ("args", "reason"),
    [
        (["--interval", "0.5"], "'0.5' is shorter than 1 s"),
        (["--interval", "soon"], "'soon' is not a duration; write 90, 90s, 30m, 2h or 1h30m"),
        (["--stall-timeout", "0"], "'0' is shorter than 1 s"),
        (["--retry-for", "none"], "'none' is not a duration; write 90, 90s, 30m, 2h or 1h30m"),
        (["--progress", "dots"], "'dots' is not one of auto, bar, plain, json, none"),
    ],
)
def test_a_wrong_value_is_named_with_the_reason(args: list[str], reason: str) -> None:
    with pytest.raises(click.BadParameter) as caught:
        parse(*args)
    assert caught.value.message == reason


def test_quiet_and_rows_on_standard_output_contradict_each_other() -> None:
    with pytest.raises(UsageError) as caught:
        parse("--quiet", "--failed-rows", "-")
    assert caught.value.message == (
        "--quiet keeps standard output empty, but --failed-rows - prints there"
    )


@pytest.mark.parametrize(
    ("variable", "args", "timeout_s"),
    [
        ("30m", [], 1800.0),
        ("none", [], None),
        ("0", [], 0.0),
        ("", [], 86400.0),
        ("30m", ["--timeout", "5"], 5.0),
        ("nonsense", ["--timeout", "5"], 5.0),
    ],
)
def test_the_environment_may_set_the_timeout(
    variable: str, args: list[str], timeout_s: float | None
) -> None:
    assert parse(*args, TALKVALUE_WAIT_TIMEOUT=variable).limits.timeout_s == timeout_s


def test_a_wrong_timeout_of_the_environment_is_named_but_only_when_it_counts() -> None:
    with pytest.raises(UsageError) as caught:
        parse(TALKVALUE_WAIT_TIMEOUT="soon")
    assert caught.value.message == (
        "TALKVALUE_WAIT_TIMEOUT: 'soon' is not a duration; write 90, 90s, 30m, 2h or 1h30m, or none"
    )
    assert not parse(always=False, TALKVALUE_WAIT_TIMEOUT="soon").is_waiting


def test_help_does_not_show_the_hidden_names() -> None:
    done = run("path import get --help")
    assert done.code == 0
    out = done.out
    for name in ("--watch", "--poll-interval", "--polling-interval", "--wait-interval"):
        assert name not in out
    for name in ("-w, --wait", "-i, --interval", "--failed-rows [PATH]", "--max-failed N|N%"):
        assert name in out
