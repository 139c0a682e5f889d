"""The options of `run`: what to do when it runs again, beside those about the file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import click

from talkvalue_cli.commands.options.groups import flag, hand_over, option
from talkvalue_cli.commands.options.types import Duration, ParsedType, Text, WholeNumber
from talkvalue_cli.commands.path.import_.file_options import FILE_OPTIONS


class Share(ParsedType[float]):
    """A number from 0 to 1."""

    name = "share"

    def _parse(self, text: str) -> float:
        if not re.fullmatch(r"0(\.[0-9]+)?|1(\.0+)?|\.[0-9]+", text):
            raise ValueError(f"{text!r} is not a number from 0 to 1")
        return float(text)


def _option(names: str, help: str, default: str, **settings: Any) -> click.Option:
    return option(names, help, default=default, show_default=True, **settings)


_OPTIONS = (
    *FILE_OPTIONS,
    option(
        "--save-mapping",
        "Write the mapping that is used to such a file.",
        type=click.Path(path_type=Path),
    ),
    _option(
        "--min-confidence",
        "Take the server's suggestions from this confidence on.",
        "0.8",
        type=Share(),
    ),
    flag("--as-is", "Send the file untouched, with the server's suggestions alone."),
    flag("--yes", "Ask nothing, not even on a terminal."),
    option(
        "--file-name",
        "What to call the file; stdin.csv by default for -.",
        type=Text(),
        metavar="NAME",
    ),
    flag("--again", "Import the file again, whatever was imported before."),
    _option(
        "--again-after again_after_s",
        "Import again what was imported longer ago than this.",
        "24h",
        type=Duration(),
    ),
    flag(
        "--plain-name",
        "Send the file under its own name. Its import can then not be told from others of "
        "that name, should the answer be lost.",
    ),
    option(
        "--no-server-check asks_server",
        "Do not ask the server whether another machine has imported the file.",
        is_flag=True,
        flag_value=False,
        default=True,
    ),
    _option(
        "--settle settle_s",
        "After a lost answer look for the import for this long, then create it again.",
        "5m",
        type=Duration(),
    ),
    flag("--no-wait", "Create the import, print its id, and leave."),
    flag("--dry-run", "Upload, print what would be created, and create nothing."),
    _option(
        "--parallel",
        "Of several files, imports in flight at once.",
        "2",
        type=WholeNumber("number"),
    ),
    flag("--keep-going", "Import the other files when one cannot be imported."),
    flag("--no-failed-rows", "Do not save failed rows; otherwise --failed-rows is on."),
)

#: hands the values to the function as `given`, by their names
run_options = hand_over("given", _OPTIONS, dict)
