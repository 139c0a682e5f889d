"""Parameter types that several commands share."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import click

from talkvalue_cli import times
from talkvalue_cli.api.models import TARGET_FIELDS
from talkvalue_cli.counts import LARGEST

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

T = TypeVar("T")

#: ids and counts are 64-bit integers on the server
#: characters of what is no number that a message repeats
LONGEST_SHOWN = 60


def complete_words(
    words: Iterable[str], incomplete: str, *, before: str = ""
) -> list[CompletionItem[str]]:
    """Return the words that begin like this in any case, each behind the text before."""
    from click.shell_completion import CompletionItem  # which nothing but a shell needs

    start = incomplete.lower()
    return [CompletionItem(before + word) for word in words if word.lower().startswith(start)]


class ParsedType(click.ParamType[T]):
    """A type that `_parse` describes: what a text stands for, or ValueError with what is wrong.

    name: what help shows for a value, in capitals.
    found_by: the command that shows the values that there are, with what it shows.
    """

    found_by = ""

    def _parse(self, text: str) -> T:
        """Return what the text stands for. Raises ValueError, whose message names the text."""
        raise NotImplementedError

    def _complete(self, incomplete: str) -> list[CompletionItem[str]]:
        """Return what a text that begins like this may become."""
        return []

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem[str]]:
        """Return what may be meant, for the shell."""
        return self._complete(incomplete)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> T:
        """Return what a text stands for; what is none was converted before."""
        if not isinstance(value, str):
            converted: T = value
            return converted
        try:
            return self._parse(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


class WholeNumber(ParsedType[int]):
    """A whole number in plain decimal digits: no sign, no decimals, nothing behind it."""

    def __init__(self, name: str, *, smallest: int = 1) -> None:
        self.name, self._smallest = name, smallest

    def _parse(self, text: str) -> int:
        number = int(text) if re.fullmatch("[0-9]{1,19}", text) else -1
        if not self._smallest <= number <= LARGEST:
            kind = "a positive integer" if self._smallest else "0 or a positive integer"
            shown = text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"
            raise ValueError(f"{shown!r} must be {kind}")
        return number

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem[str]]:
        """Return ids with their names, as far as the server tells them at once."""
        from talkvalue_cli.commands.completion import ids

        return ids.complete_id(ctx, param, incomplete)


ID = WholeNumber("id")
COUNT = WholeNumber("n")
#: the server's own, and it does not say where it begins to count
CURSOR = WholeNumber("n", smallest=0)
#: the name of a file, as text; whether it can be read is seen when it is opened
FILE_NAME = click.Path(readable=False)


class Duration(ParsedType[float]):
    """A duration such as 90, 90s, 30m or 1h30m, as seconds.

    shortest_s: fail below it. has_none: `none` is accepted, and is infinity.
    """

    name = "duration"

    def __init__(self, shortest_s: float = 0.0, *, has_none: bool = False) -> None:
        self._shortest_s, self._has_none = shortest_s, has_none

    def _parse(self, text: str) -> float:
        if self._has_none and text.strip().lower() == "none":
            return float("inf")
        try:
            seconds = times.parse_duration(text)
        except ValueError as error:
            raise ValueError(f"{error}, or none" if self._has_none else str(error)) from error
        if seconds < self._shortest_s:
            raise ValueError(f"{text!r} is shorter than {self._shortest_s:g} s")
        return seconds


class Word(ParsedType[str]):
    """One of a few words, in any case and with blanks around it; becomes the listed spelling."""

    def __init__(
        self, name: str, words: tuple[str, ...], *, others: dict[str, str] | None = None
    ) -> None:
        """others: what the words are called elsewhere, in lower case → the word."""
        self.name, self.words, self._others = name, words, others or {}
        self.found_by = " or ".join(filter(None, (", ".join(words[:-1]), words[-1])))

    def _parse(self, text: str) -> str:
        wanted = text.strip().lower()
        found = next((word for word in self.words if word.lower() == wanted), None)
        if found is None:
            meant = self._others.get(wanted)
            hint = f"; did you mean {meant}?" if meant else ""
            raise ValueError(f"{text!r} is not one of {', '.join(self.words)}{hint}")
        return found

    def _complete(self, incomplete: str) -> list[CompletionItem[str]]:
        return complete_words(self.words, incomplete)


class Text(ParsedType[str]):
    """Text that must hold more than blanks."""

    name = "text"

    def _parse(self, text: str) -> str:
        if not text.strip():
            raise ValueError("it is empty")
        return text


class Moment(ParsedType[str]):
    """A time in ISO 8601, with or without an offset; stays as it was typed."""

    name = "time"
    found_by = "ISO 8601, such as 2027-03-01T18:30:00"

    def _parse(self, text: str) -> str:
        date, separator, clock = text.partition("T")
        # Python 3.10 reads no other offset than one with hours, a colon and minutes
        clock = re.sub(r"([+-]\d\d)(\d\d)?$", lambda m: f"{m[1]}:{m[2] or '00'}", clock)
        if times.parse_timestamp(date + separator + clock) is None:
            raise ValueError(f"{text!r} is not a time in ISO 8601, such as 2027-03-01T18:30:00")
        return text


class PointInTime(ParsedType[float]):
    """A time as people write it, such as 2d, yesterday or 2027-03-01; becomes epoch seconds.

    is_end: a day stands for its end.
    """

    name = "time"

    def __init__(self, *, is_end: bool = False) -> None:
        self._is_end = is_end

    def _parse(self, text: str) -> float:
        now = click.get_current_context().obj.wall_clock()
        return times.parse_point(text, now, is_end=self._is_end)


class TimeZone(ParsedType[str]):
    """The IANA name of a time zone; any, where this machine knows no zones at all."""

    name = "zone"
    found_by = "an IANA name, such as Europe/Berlin"

    def _parse(self, text: str) -> str:
        if not _is_zone(text) and _is_zone("UTC"):
            raise ValueError(f"{text!r} is not the IANA name of a time zone, such as Europe/Berlin")
        return text


def _is_zone(name: str) -> bool:
    # takes longer to import than everything else that reads a command line
    import zoneinfo

    try:
        zoneinfo.ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # OSError: part of a name, which is a folder
        return False
    return True


class FieldOfColumn(ParsedType[T]):
    """A column, a colon, and the field that the column goes to."""

    def _complete(self, incomplete: str) -> list[CompletionItem[str]]:
        column, colon, field = incomplete.rpartition(":")
        return complete_words(TARGET_FIELDS, field, before=column + colon) if colon else []

    @staticmethod
    def _read_field(text: str, field: str) -> str:
        """Return the name of a field, which may be typed in any case. Raises ValueError."""
        name = field.strip().upper()
        if name not in TARGET_FIELDS:
            known = ", ".join(TARGET_FIELDS)
            raise ValueError(f"{text!r}: {field!r} is not a field; there are {known}")
        return name


class ColumnChoice(NamedTuple):
    """A column, counted from 0, and the field it goes to; None: it is not imported."""

    column: int
    field: str | None


class Mapping(FieldOfColumn[ColumnChoice]):
    """`INDEX:FIELD`, or `INDEX:null`, which `analyze` suggests where it has no guess."""

    name = "index:field"

    def _parse(self, text: str) -> ColumnChoice:
        if text.count(":") != 1:
            raise ValueError(f"{text!r} is not INDEX:FIELD, such as 0:EMAIL")
        index, field = (part.strip() for part in text.split(":"))
        if not re.fullmatch("[0-9]{1,9}", index):
            raise ValueError(f"{text!r}: {index!r} is not a column number; the first column is 0")
        known = None if field.upper() == "NULL" else self._read_field(text, field.upper())
        return ColumnChoice(int(index), known)
