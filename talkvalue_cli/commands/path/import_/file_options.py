"""How a file is read, and which of its columns go where: the options of `run` and `prepare`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import click

from talkvalue_cli.commands.options.groups import flag, hand_over, option
from talkvalue_cli.commands.options.types import FieldOfColumn, ParsedType, Text, WholeNumber, Word

#: how a tab may be written, because shells make it hard to type one
_TABS = ("tab", "\\t", "\t")


class RuleType(FieldOfColumn[Any]):
    """`INDEX:FIELD` or `Header name:FIELD`, as a MappingRule; the last colon counts.

    With null for a field, which `analyze` suggests where it has no guess, the column alone.
    """

    name = "column:field"

    def _parse(self, text: str) -> Any:
        from talkvalue_cli.imports.file.mapping import MappingRule

        column, colon, field = text.rpartition(":")
        if not colon or not column.strip():
            raise ValueError(f"{text!r} is not INDEX:FIELD or 'Header name:FIELD'")
        place = _read_column(column)
        if field.strip().lower() == "null":
            return place
        return MappingRule(place, self._read_field(text, field))


class ColumnType(ParsedType[Any]):
    """A column: its number from 0, or its header."""

    name = "column"

    def _parse(self, text: str) -> Any:
        if not text.strip():
            raise ValueError("it is empty")
        return _read_column(text)


def _read_column(text: str) -> int | str:
    """Return the number of a column, or its header."""
    return int(text) if re.fullmatch("[0-9]{1,9}", text.strip()) else text.strip()


class Delimiter(ParsedType[str]):
    """One character; a tab may be written out."""

    name = "character"

    def _parse(self, text: str) -> str:
        if text.lower() in _TABS:
            return "\t"
        if len(text) != 1 or text in '\r\n"' or text.isalnum():
            raise ValueError(
                f"{text!r} is not one character that separates cells, such as ; or tab"
            )
        return text


FILE_OPTIONS = (
    option(
        "--mapping rules",
        "Column, by its number from 0 or its header, and its field; overrides suggestions. "
        "null in place of a field is the same as --skip-column.",
        multiple=True,
        type=RuleType(),
    ),
    option(
        "--mapping-file",
        "YAML file that maps columns to fields; --mapping overrides it.",
        type=click.Path(path_type=Path),
    ),
    option(
        "--skip-column skip_columns",
        "Column, by its number from 0 or its header, of which nothing is imported; repeatable.",
        multiple=True,
        type=ColumnType(),
    ),
    option("--encoding", "The file's encoding; detected by default.", type=Text()),
    option(
        "--delimiter",
        "What separates cells, such as ; or tab; detected by default.",
        type=Delimiter(),
    ),
    option(
        "--header-row",
        "Line that names the columns, from 1; detected by default.",
        type=WholeNumber("line"),
    ),
    option(
        "--date-order",
        "Order of day and month where dates do not show it: dmy, mdy or ymd.",
        type=Word("order", ("dmy", "mdy", "ymd")),
    ),
    option("--sheet", "Sheet of a workbook; the first one by default.", type=Text()),
    flag("--allow-ragged", "Send rows that are too short or too long."),
    flag("--strict", "Fail when a column is not used, a value changed, or a row left out."),
)


#: those of them that make no sense for a file that is sent untouched
CHANGING = ("skip_columns", "delimiter", "header_row", "date_order", "sheet", "strict")


def read_rules(given: dict[str, Any]) -> None:
    """Put the rules of --mapping-file behind those of --mapping, in place; null skips a column."""
    from talkvalue_cli.imports.file.mapping import MappingRule, read_mapping_file

    skipped = [each for each in given["rules"] if not isinstance(each, MappingRule)]
    given["rules"] = [each for each in given["rules"] if isinstance(each, MappingRule)]
    given["skip_columns"] = [*given["skip_columns"], *skipped]
    mapping_file = given.pop("mapping_file")
    if mapping_file is not None:
        given["rules"] = [*given["rules"], *read_mapping_file(mapping_file)]


#: hands the values to the function as `given`, by their names
file_options = hand_over("given", FILE_OPTIONS, dict)
