"""Which column goes to which field: what the user says, else what the server suggests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from talkvalue_cli import yaml_text
from talkvalue_cli.api.models import Analysis, ColumnMapping
from talkvalue_cli.errors import UsageError

DEFAULT_CONFIDENCE = 0.8


class Wish(NamedTuple):
    """One thing the user asks for: a column, by its number or its header, and a field.

    is_fallback: gives way to other wishes for the same column or the same field.
    """

    column: int | str
    field: str
    is_fallback: bool = False

    def __str__(self) -> str:
        return f"{self.column}:{self.field}"


class Choice(NamedTuple):
    """A column of the final mapping, and where it comes from.

    confidence: the server's, from 0 to 1; None for what the user asked for.
    """

    column: int
    header: str
    field: str
    confidence: float | None

    def to_wire(self) -> ColumnMapping:
        """Return it as `POST /path/import` takes it."""
        return {"csvIndex": self.column, "targetField": self.field}


def decide_mapping(
    analysis: Analysis, wishes: Sequence[Wish], min_confidence: float
) -> list[Choice]:
    """Return the mapping, in the order of the columns.

    A wish goes before every suggestion for its column or its field. Of two
    columns that seem to hold the same field the more confident one gets it.
    Raises UsageError for a column that does not exist, and when a field that
    the server requires is left without a column.
    """
    headers = [str(header) for header in analysis["headers"]]
    chosen = _take_wishes(headers, wishes)
    taken_columns = {choice.column for choice in chosen}
    taken_fields = {choice.field for choice in chosen}
    suggestions = _read_suggestions(analysis, headers)
    for choice in sorted(
        suggestions, key=lambda choice: (-(choice.confidence or 0), choice.column)
    ):
        is_free = choice.column not in taken_columns and choice.field not in taken_fields
        if is_free and (choice.confidence or 0) >= min_confidence:
            chosen.append(choice)
            taken_columns.add(choice.column)
            taken_fields.add(choice.field)
    _check_required(analysis, taken_fields, suggestions, headers)
    if not chosen:
        raise UsageError(
            "no column could be mapped" + _list_columns(headers, suggestions),
            hint="name one with --mapping 'Header:FIELD'",
        )
    return sorted(chosen, key=lambda choice: choice.column)


def _take_wishes(headers: Sequence[str], wishes: Sequence[Wish]) -> list[Choice]:
    found = [(wish, _find_column(headers, wish)) for wish in wishes]
    columns = {column for wish, column in found if not wish.is_fallback}
    fields = {wish.field for wish, _ in found if not wish.is_fallback}
    return [
        Choice(column, headers[column], wish.field, None)
        for wish, column in found
        if not (wish.is_fallback and (column in columns or wish.field in fields))
    ]


def _find_column(headers: Sequence[str], wish: Wish) -> int:
    if isinstance(wish.column, int):
        if wish.column < len(headers):
            return wish.column
        raise UsageError(
            f"mapping {wish}: the file has {len(headers)} columns; the last one is "
            f"{len(headers) - 1}"
        )
    wanted = _normalize(wish.column)
    found = [place for place, header in enumerate(headers) if _normalize(header) == wanted]
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(f"mapping {wish}: columns {found} all have this header; use the number")
    raise UsageError(f"mapping {wish}: there is no such column; there are {', '.join(headers)}")


def _normalize(header: str) -> str:
    """Return a header without what does not tell it from others: case, and blanks around it."""
    return header.strip().casefold()


def _read_suggestions(analysis: Analysis, headers: Sequence[str]) -> list[Choice]:
    """Return the server's first guess for each column that it has one for."""
    found = []
    for column in analysis["columnMappings"]:
        index, field = column.get("csvIndex"), column.get("suggestedField")
        confidence = column.get("confidence")
        if isinstance(index, int) and 0 <= index < len(headers) and isinstance(field, str):
            known = confidence if isinstance(confidence, (int, float)) else 0.0
            found.append(Choice(index, headers[index], field, float(known)))
    return found


def _check_required(
    analysis: Analysis, fields: set[str], suggestions: Sequence[Choice], headers: Sequence[str]
) -> None:
    """Raise UsageError when a required field has no column in the end.

    The server names the ones it found no column for; EMAIL, by which it
    recognizes people, may also be lost to --min-confidence.
    """
    required = {field for field in analysis.get("missingRequired") or () if isinstance(field, str)}
    unsure = {s.field for s in suggestions if s.field == "EMAIL"}
    missing = sorted((required | unsure) - fields)
    if missing:
        raise UsageError(
            f"no column is mapped to {', '.join(missing)}" + _list_columns(headers, suggestions),
            hint=f"name it with --mapping 'Header:{missing[0]}', or lower --min-confidence",
        )


def _list_columns(headers: Sequence[str], suggestions: Sequence[Choice]) -> str:
    guesses = {choice.column: choice for choice in suggestions}
    lines = []
    for index, header in enumerate(headers):
        guess = guesses.get(index)
        text = f"{guess.field} ({guess.confidence:.2f})" if guess else "no suggestion"
        lines.append(f"\n  {index}  {header}: {text}")
    return "".join(lines)


def read_mapping_file(path: Path, fields: Sequence[str]) -> list[Wish]:
    """Return the wishes in a YAML file that maps headers (or numbers) to fields, as fallbacks.

    Raises UsageError, naming the place, for anything else.
    """
    try:
        values = yaml_text.read(path.read_bytes())
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}") from error
    except ValueError as error:
        raise UsageError(f"{path} is {error}") from error
    if not isinstance(values, Mapping) or not values:
        raise UsageError(f"{path} must map columns to fields, such as `Email: EMAIL`")
    return [_read_wish(path, column, field, fields) for column, field in values.items()]


def _read_wish(path: Path, column: Any, field: Any, fields: Sequence[str]) -> Wish:
    name = str(field).strip().upper()
    if name not in fields:
        raise UsageError(f"{path}: {field!r} is not a field; there are {', '.join(fields)}")
    if isinstance(column, bool) or not isinstance(column, (int, str)):
        raise UsageError(f"{path}: {column!r} is not a header or a column number")
    if isinstance(column, int) and column < 0:
        raise UsageError(f"{path}: {column} is not a column number; the first column is 0")
    return Wish(column, name, is_fallback=True)


def render_mapping_file(choices: Sequence[Choice], headers: Sequence[str]) -> str:
    """Return the mapping as a file that `read_mapping_file` reads back.

    Columns are named by their header, or by their number where two have the same.
    """
    names = [_normalize(header) for header in headers]
    values = {
        choice.header
        if names.count(_normalize(choice.header)) == 1
        else choice.column: choice.field
        for choice in choices
    }
    return yaml_text.write(values).decode()
