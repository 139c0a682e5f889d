"""The command line of the sandbox server."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from .faults.grammar import describe_faults, parse_fault
from .sign_in.devices import SignInRules


@dataclass(eq=False)
class OptionError(Exception):
    """An option that is wrong; option: its name, empty for arguments that are none."""

    option: str
    reason: str


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Raise the error instead of printing it with the usage."""
        found = re.fullmatch(r"argument (--[\w-]+): (.*)", message, re.DOTALL)
        raise OptionError(*found.groups()) if found else OptionError("", message)


def _read_port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port from 0 to 65535")
    return int(text)


def _read_rate(text: str) -> float:
    try:
        rate = float(text)
    except ValueError:
        rate = 0.0
    if not 0 < rate < 1e9:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of rows above 0")
    return rate


def _read_seconds(smallest: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not text.isdecimal() or not smallest <= int(text) < 1e9:
            raise argparse.ArgumentTypeError(
                f"{text!r} is not a whole number of seconds of at least {smallest}"
            )
        return int(text)

    return read


def parse_arguments(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Return host, port, db, rows_per_second, seed, fault (a list), exit_with_stdin, json, rules.

    Raises OptionError.
    """
    parser = _Parser(
        prog="python -m talkvalue_cli.sandbox",
        description="A TalkValue-compatible server on SQLite. The accepted token is taken from "
        "TALKVALUE_SANDBOX_TOKEN (default: sandbox-token).",
        epilog=describe_faults(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    add("--port", type=_read_port, default=8787, help="0 = a free one (%(default)s)")
    add("--db", type=Path, metavar="FILE", help="keep the data here; else it is gone at the end")
    add("--rows-per-second", type=_read_rate, metavar="N", help="pace of each import job")
    add("--seed", type=int, default=1, metavar="N", help="for sample data and faults")
    add("--fault", type=parse_fault, action="append", default=[], metavar="SPEC", help="see below")
    add("--exit-with-stdin", action="store_true", help="exit when standard input ends")
    add("--json", action="store_true", help="print one line of JSON: url and warning, or error")
    add("--auto-approve", action="store_true", help="approve each device code at once")
    for name, smallest, default, text in (
        ("--token-life", 1, SignInRules.token_life_s, "of an access token"),
        ("--device-life", 1, SignInRules.device_life_s, "of a device code"),
        ("--device-interval", 0, SignInRules.device_interval_s, "between polls; 0 = any pace"),
    ):
        text += " (%(default)s)"
        add(name, type=_read_seconds(smallest), default=default, metavar="SECONDS", help=text)
    options = parser.parse_args(argv)
    options.rules = SignInRules(
        options.token_life, options.device_life, options.device_interval, options.auto_approve
    )
    return options
