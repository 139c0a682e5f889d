"""The options of waiting: one set, used by every command that can wait."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any, NamedTuple

import click

from talkvalue_cli import files
from talkvalue_cli.commands.arguments import OptionalValue
from talkvalue_cli.commands.options.groups import Decorator, Option, flag, hand_over, option
from talkvalue_cli.commands.options.types import Duration, ParsedType, Word
from talkvalue_cli.errors import UsageError
from talkvalue_cli.imports.status import NO_TOLERANCE, MaxFailed, Tolerance
from talkvalue_cli.imports.waiting.limits import DEFAULT_LIMITS, WaitLimits

TIMEOUT_VARIABLE = "TALKVALUE_WAIT_TIMEOUT"
METRICS_VARIABLE = "TALKVALUE_METRICS"
STDOUT = Path(files.STDIO)
_NAMES_OF_STDOUT = ("/dev/stdout", "/dev/fd/1", "/proc/self/fd/1")
SHORTEST_INTERVAL_S = 1.0


class WaitOptions(NamedTuple):
    """What the command line says about waiting.

    failed_rows: where to save failed rows; None does not, STDOUT prints them,
        and a folder stands for import-ID-failed.csv in it.
    metrics: where to write how the imports ended, for Prometheus; None for nowhere.
    """

    is_waiting: bool
    limits: WaitLimits = DEFAULT_LIMITS
    tolerance: Tolerance = NO_TOLERANCE
    failed_rows: Path | None = None
    force: bool = False
    progress: str = "auto"
    quiet: bool = False
    notify: bool = False
    metrics: Path | None = None


class MaxFailedType(ParsedType[MaxFailed]):
    """`N` or `N%`: how many failed rows are acceptable."""

    name = "n|n%"

    def _parse(self, text: str) -> MaxFailed:
        bare = text.strip()
        is_percent = bare.endswith("%")
        number = bare.removesuffix("%").strip()
        whole, _, decimals = number.partition(".")
        if not (whole + decimals).isdigit() or not number.isascii() or not whole:
            raise ValueError(f"{text!r} is not a number of rows or a percentage")
        if decimals and not is_percent:
            raise ValueError(f"{text!r} is not a whole number of rows")
        if is_percent and float(number) > 100:
            raise ValueError(f"{text!r} is more than all rows")
        return MaxFailed(float(number), is_percent)


class Interval(Duration):
    """A pause between polls, or `auto`, which leaves it to the engine as no value at all does."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return seconds, None for `auto`."""
        is_auto = str(value).strip().lower() == "auto"
        return None if is_auto else super().convert(value, param, ctx)


class _FailedRowsOption(Option, OptionalValue):
    """--failed-rows, alone or with a path; an empty one stands for import-ID-failed.csv."""


def _read_quiet(ctx: click.Context, param: click.Parameter, is_quiet: bool) -> bool:
    """Have what is printed printed for people, unless a format is named: cron mails it."""
    # a format that is named takes precedence over it, wherever it stands
    ctx.obj.flags.quiet = is_quiet
    return is_quiet


_WAIT = flag(
    "-w --wait is_waiting",
    "Block until the import is COMPLETED, PARTIAL_SUCCESS or FAILED.",
    hidden_names=["--watch"],
)
_OPTIONS = (
    option(
        "--timeout",
        "Give up after this long with exit code 124: 90, 30m, 1h30m; `none` never, 0 asks "
        f"once. Default 24h, or the environment's {TIMEOUT_VARIABLE}.",
        hidden_names=["--wait-timeout"],
        type=Duration(has_none=True),
    ),
    option(
        "--stall-timeout",
        "Give up (124) after this long without progress, in status or counters.",
        type=Duration(1.0),
    ),
    option(
        "-i --interval",
        "Poll interval: a duration of at least 1s, or `auto` (the default), which "
        "goes by the pace of the import.",
        hidden_names=["--poll-interval", "--polling-interval", "--wait-interval"],
        type=Interval(SHORTEST_INTERVAL_S),
    ),
    option(
        "--retry-for",
        "Keep retrying for this long while the server cannot be reached (exit code 8 after "
        "it); 0 not at all. Default 5m.",
        type=Duration(),
    ),
    flag("--allow-partial", "Exit 0 for PARTIAL_SUCCESS."),
    option(
        "--max-failed",
        "Exit 0 up to so many failed rows (or percent of all rows), 6 above.",
        type=MaxFailedType(),
    ),
    _FailedRowsOption(
        ["--failed-rows"],
        help="Save failed rows, if there are any, to PATH (import-ID-failed.csv when it is left "
        "out, or in a folder); `-` prints them instead of the record.",
        type=click.Path(readable=False, path_type=Path),
        metavar="[PATH]",
        is_flag=False,
        flag_value="",
    ),
    flag("--force", "Let --failed-rows replace an existing file."),
    option(
        "--progress",
        "auto, bar, plain, json or none, on standard error. auto is a bar on a terminal "
        "and plain lines elsewhere.",
        type=Word(
            "how",
            ("auto", "bar", "plain", "json", "none"),
            others={"off": "none", "no": "none", "text": "plain", "on": "auto"},
        ),
    ),
    flag(
        "-q --quiet",
        "Print nothing at all when the exit code is 0, and otherwise what people read, unless "
        "a format is named.",
        callback=_read_quiet,
    ),
    flag("--notify", "Ring the terminal at the end of a wait of more than 20s."),
    option(
        "--metrics",
        "Write how the import ended to a file, for node_exporter's textfile collector. Default: "
        f"the environment's {METRICS_VARIABLE}.",
        type=click.Path(readable=False, path_type=Path),
        metavar="PATH",
    ),
)
_FAIL_FAST = flag("--fail-fast", "Of several imports, stop at the first that is FAILED.")
#: these also make sense for a plain look that is judged (--exit-status)
_VERDICT_NAMES = frozenset({"allow_partial", "max_failed", "quiet"})
#: options, and the limits that they set
_LIMITS = {
    "timeout": "timeout_s",
    "stall_timeout": "stall_timeout_s",
    "interval": "interval_s",
    "retry_for": "retry_for_s",
    "fail_fast": "fail_fast",
}


def wait_options(*, always: bool, many: bool = False) -> Decorator:
    """Add the wait flags, and hand them to the function as `wait`, a WaitOptions.

    always: the command always waits; otherwise --wait turns it on, and a wait
    flag without it is a usage error. many: it can wait for several imports.
    """
    options = [] if always else [_WAIT]
    options += [*_OPTIONS, _FAIL_FAST] if many else _OPTIONS
    return hand_over("wait", options, _collect, beside=["exit_status"])


def _collect(given: dict[str, Any]) -> WaitOptions:
    """Return what was given. Raises UsageError for options that contradict each other."""
    if given["failed_rows"] is not None and str(given["failed_rows"]) in _NAMES_OF_STDOUT:
        given["failed_rows"] = STDOUT  # two documents would go there
    is_judged, is_waiting = given.pop("exit_status", False), given.pop("is_waiting", True)
    if not is_waiting:
        _refuse_stray(given, _VERDICT_NAMES if is_judged else ())
    if given["quiet"] and given["failed_rows"] == STDOUT:
        raise UsageError(
            "--quiet keeps standard output empty, but --failed-rows - prints there",
            hint="name a file for --failed-rows",
        )
    if given["failed_rows"] == STDOUT and click.get_current_context().obj.flags.query is not None:
        raise UsageError(
            "--query and --failed-rows - both print to standard output",
            hint="name a file for --failed-rows",
        )
    chosen = {name: value for name, value in given.items() if value is not None}
    tolerance = {name: chosen.pop(name) for name in Tolerance._fields if name in chosen}
    if "timeout" not in chosen and is_waiting:
        chosen |= _timeout_of_environment()
    if "metrics" not in chosen and is_waiting:
        path = click.get_current_context().obj.environ.get(METRICS_VARIABLE)
        chosen |= {"metrics": Path(path)} if path else {}
    limits = {field: chosen.pop(name) for name, field in _LIMITS.items() if name in chosen}
    if limits.get("timeout_s") == float("inf"):
        limits["timeout_s"] = None
    return WaitOptions(is_waiting, WaitLimits(**limits), Tolerance(**tolerance), **chosen)


def _refuse_stray(given: dict[str, Any], allowed: Collection[str]) -> None:
    """Raise UsageError for a flag that says something about a wait that does not happen."""
    for name, value in given.items():
        # not `in (None, False)`: a duration of 0 equals False
        if value is not None and value is not False and name not in allowed:
            flag = "--" + name.replace("_", "-")
            raise UsageError(f"{flag} only makes sense when the command waits", hint="add --wait")


def _timeout_of_environment() -> dict[str, float]:
    """Return the timeout that the environment asks for, in seconds, if it asks for one."""
    text = click.get_current_context().obj.environ.get(TIMEOUT_VARIABLE)
    if not text:
        return {}
    try:
        return {"timeout": Duration(has_none=True).convert(text, None, None)}
    except click.BadParameter as error:
        raise UsageError(f"{TIMEOUT_VARIABLE}: {error.message}") from error
