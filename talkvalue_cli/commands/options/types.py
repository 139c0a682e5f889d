"""Parameter types and option sets that several commands share."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import click
from click.shell_completion import CompletionItem

from talkvalue_cli import times
from talkvalue_cli.api.models import ColumnMapping

F = TypeVar("F", bound=Callable[..., Any])

#: ids and counts are 64-bit integers on the server
LARGEST_NUMBER = 2**63 - 1

TARGET_FIELDS = (
    "EMAIL",
    "FIRST_NAME",
    "LAST_NAME",
    "NAME",
    "PHONE",
    "JOB_TITLE",
    "COMPANY_NAME",
    "ADDRESS",
    "LINKEDIN_URL",
    "X_URL",
    "JOINED_AT",
)


def complete_words(
    words: Iterable[str], incomplete: str, *, before: str = ""
) -> list[CompletionItem[str]]:
    """Return the words that begin like this in any case, each behind the text before."""
    start = incomplete.lower()
    return [CompletionItem(before + word) for word in words if word.lower().startswith(start)]


def complete_field(incomplete: str) -> list[CompletionItem[str]]:
    """Return the fields that a column may go to, once the column and its colon are there."""
    column, colon, field = incomplete.rpartition(":")
    return complete_words(TARGET_FIELDS, field, before=column + colon) if colon else []


def complete_files(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> list[CompletionItem[str]]:
    """Let the shell complete the name of a file."""
    return [CompletionItem(incomplete, type="file")]


class WholeNumber(click.ParamType[int]):
    """A whole number in plain decimal digits: no sign, no decimals, nothing behind it."""

    def __init__(self, name: str, *, smallest: int = 1) -> None:
        self.name, self._smallest = name, smallest

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the number; fail naming the text otherwise."""
        if isinstance(value, int):
            return value
        text = str(value)
        number = int(text) if re.fullmatch("[0-9]{1,19}", text) else -1
        if not self._smallest <= number <= LARGEST_NUMBER:
            kind = "whole positive number" if self._smallest else "whole number from 0 on"
            self.fail(f"{text!r} is not a {kind}", param, ctx)
        return number

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem[str]]:
        """Return ids with their names, as far as the server tells them at once."""
        from talkvalue_cli.commands.completion import ids

        return ids.complete_id(ctx, param, incomplete)


ID = WholeNumber("id")
PAGE = WholeNumber("number")
#: the server's own, and it does not say where it begins to count
CURSOR = WholeNumber("number", smallest=0)


class Duration(click.ParamType[float]):
    """A duration such as 90, 90s, 30m or 1h30m, as seconds.

    shortest_s: fail below it. has_none: `none` is accepted, and is infinity.
    """

    name = "duration"

    def __init__(self, shortest_s: float = 0.0, *, has_none: bool = False) -> None:
        self._shortest_s, self._has_none = shortest_s, has_none

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Return seconds; fail naming the text otherwise."""
        if isinstance(value, float):
            return value
        text = str(value)
        if self._has_none and text.strip().lower() == "none":
            return float("inf")
        try:
            seconds = times.parse_duration(text)
        except ValueError as error:
            self.fail(str(error) + (", or none" if self._has_none else ""), param, ctx)
        if seconds < self._shortest_s:
            self.fail(f"{text!r} is shorter than {self._shortest_s:g} s", param, ctx)
        return seconds


class Word(click.ParamType[str]):
    """One of a few words, in any case and with blanks around it; becomes the listed spelling."""

    def __init__(self, name: str, words: tuple[str, ...]) -> None:
        self.name, self._words = name, words

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the word; fail naming the text and the words otherwise."""
        wanted = str(value).strip().lower()
        found = next((word for word in self._words if word.lower() == wanted), None)
        if found is None:
            self.fail(f"{str(value)!r} is not one of {', '.join(self._words)}", param, ctx)
        return found

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem[str]]:
        """Return the words that begin like this."""
        return complete_words(self._words, incomplete)


class Text(click.ParamType[str]):
    """Text that must hold more than blanks."""

    name = "text"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the text unchanged."""
        if not str(value).strip():
            self.fail("it is empty", param, ctx)
        return str(value)


class Mapping(click.ParamType[ColumnMapping]):
    """`INDEX:FIELD`: which column, counted from 0, goes to which field."""

    name = "mapping"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> ColumnMapping:
        """Return a ColumnMapping; fail naming the text and what is wrong with it."""
        text = str(value)
        if text.count(":") != 1:
            self.fail(f"{text!r} is not INDEX:FIELD, such as 0:EMAIL", param, ctx)
        index, field = (part.strip() for part in text.split(":"))
        if not re.fullmatch("[0-9]{1,9}", index):
            self.fail(
                f"{text!r}: {index!r} is not a column number; the first column is 0", param, ctx
            )
        field = field.upper()
        if field not in TARGET_FIELDS:
            self.fail(
                f"{text!r}: {field!r} is not a field; there are {', '.join(TARGET_FIELDS)}",
                param,
                ctx,
            )
        return {"csvIndex": int(index), "targetField": field}

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem[str]]:
        """Return the fields, once the column and the colon are there."""
        return complete_field(incomplete)


def target_options(command: F) -> F:
    """Add --source-id and --mode: where an import goes, and what it does to people there."""
    command = click.option(
        "--mode",
        required=True,
        type=Word("mode", ("UPDATE", "SKIP")),
        help="UPDATE overwrites people who exist already, SKIP leaves them alone.",
    )(command)
    return click.option(
        "--source-id",
        required=True,
        type=ID,
        metavar="ID",
        help="Channel that receives the people.",
    )(command)
