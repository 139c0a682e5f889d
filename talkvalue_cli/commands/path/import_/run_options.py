"""The options of `run`: which columns go where, and what to do when it runs again."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

from talkvalue_cli.api.models import TARGET_FIELDS
from talkvalue_cli.commands.options.groups import hand_over
from talkvalue_cli.commands.options.types import (
    ID,
    Duration,
    Text,
    WholeNumber,
    complete_field,
)


class RuleType(click.ParamType[Any]):
    """`INDEX:FIELD` or `Header name:FIELD`; the last colon counts."""

    name = "mapping"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return a MappingRule; fail naming the text and what is wrong with it."""
        from talkvalue_cli.imports.file.mapping import MappingRule

        text = str(value)
        column, colon, field = text.rpartition(":")
        name = field.strip().upper()
        if not colon or not column.strip():
            self.fail(f"{text!r} is not INDEX:FIELD or 'Header name:FIELD'", param, ctx)
        if name not in TARGET_FIELDS:
            known = ", ".join(TARGET_FIELDS)
            self.fail(f"{text!r}: {field!r} is not a field; there are {known}", param, ctx)
        is_number = re.fullmatch("[0-9]{1,9}", column.strip())
        return MappingRule(int(column) if is_number else column.strip(), name)

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem[str]]:
        """Return the fields, once the column and the colon are there."""
        return complete_field(incomplete)


class Share(click.ParamType[float]):
    """A number from 0 to 1."""

    name = "share"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Return the number; fail naming the text otherwise."""
        if isinstance(value, float):
            return value
        if not re.fullmatch(r"0(\.[0-9]+)?|1(\.0+)?|\.[0-9]+", str(value)):
            self.fail(f"{str(value)!r} is not a number from 0 to 1", param, ctx)
        return float(value)


_OPTIONS = (
    click.Option(
        ["--mapping", "rules"],
        multiple=True,
        type=RuleType(),
        metavar="COLUMN:FIELD",
        help="Column, by its number from 0 or its header, and its field; overrides suggestions.",
    ),
    click.Option(
        ["--mapping-file"],
        type=click.Path(path_type=Path),
        metavar="PATH",
        help="YAML file that maps columns to fields; --mapping overrides it.",
    ),
    click.Option(
        ["--save-mapping"],
        type=click.Path(path_type=Path),
        metavar="PATH",
        help="Write the mapping that is used to such a file.",
    ),
    click.Option(
        ["--min-confidence"],
        type=Share(),
        default="0.8",
        show_default=True,
        help="Take the server's suggestions from this confidence on.",
    ),
    click.Option(
        ["--encoding"],
        default="utf-8",
        show_default=True,
        help="File encoding; sent as UTF-8.",
    ),
    click.Option(
        ["--allow-ragged"], is_flag=True, help="Send rows that are too short or too long."
    ),
    click.Option(
        ["--file-name"],
        type=Text(),
        metavar="NAME",
        help="What to call the file; - is stdin.csv otherwise.",
    ),
    click.Option(
        ["--again"], is_flag=True, help="Import the file again, whatever was imported before."
    ),
    click.Option(
        ["--again-after", "again_after_s"],
        type=Duration(),
        default="24h",
        show_default=True,
        help="Import again what was imported longer ago than this.",
    ),
    click.Option(
        ["--attach", "attach_id"],
        type=ID,
        metavar="ID",
        help="Take this import for the one that a cut-off run has made.",
    ),
    click.Option(["--no-wait"], is_flag=True, help="Create the import, print its id, and leave."),
    click.Option(
        ["--dry-run"], is_flag=True, help="Upload, print what would be created, and create nothing."
    ),
    click.Option(
        ["--parallel"],
        type=WholeNumber("number"),
        default="2",
        show_default=True,
        help="Of several files, imports in flight at once.",
    ),
    click.Option(
        ["--keep-going"], is_flag=True, help="Import the other files when one cannot be imported."
    ),
    click.Option(
        ["--no-failed-rows"],
        is_flag=True,
        help="Do not save failed rows; otherwise --failed-rows is on.",
    ),
)

#: hands the values to the function as `given`, by their names
run_options = hand_over("given", _OPTIONS, dict)
