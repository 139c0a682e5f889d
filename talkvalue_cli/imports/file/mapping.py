"""Which column goes to which field: what the caller says, else what the server suggests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from talkvalue_cli import files, yaml_text
from talkvalue_cli.api import models
from talkvalue_cli.api.models import TARGET_FIELDS, Analysis, ColumnMapping
from talkvalue_cli.counts import read_count
from talkvalue_cli.errors import UsageError

DEFAULT_CONFIDENCE = 0.8
#: bytes of a mapping file
LARGEST_MAPPING = 1 << 20
#: what an analysis is the answer to
REQUEST = "POST /path/import/analyze"


class MappingRule(NamedTuple):
    """One thing the caller asks for: a column, by its number or its header, and a field.

    is_from_file: gives way to other rules for the same column or the same field.
    """

    column: int | str
    field: str
    is_from_file: bool = False

    def __str__(self) -> str:
        return f"{self.column}:{self.field}"


class MappedColumn(NamedTuple):
    """A column of the final mapping, and where it comes from.

    confidence: the server's, from 0 to 1; None for what the caller asked for.
    """

    column: int
    header: str
    field: str
    confidence: float | None

    def to_wire(self) -> ColumnMapping:
        """Return it as `POST /path/import` takes it."""
        return {"csvIndex": self.column, "targetField": self.field}


def decide_mapping(
    analysis: Analysis,
    rules: Sequence[MappingRule],
    min_confidence: float,
) -> list[MappedColumn]:
    """Return the mapping, in the order of the columns.

    A rule takes precedence over every suggestion for its column or its field. Of two
    columns that seem to hold the same field the more confident one gets it.
    Raises UsageError for a column that does not exist, and when a field that
    the server requires is left without a column; UnexpectedAnswerError for an
    analysis from which a mapping cannot be made.
    """
    headers = read_headers(analysis)
    chosen = resolve_rules(headers, rules)
    taken_columns = {mapped.column for mapped in chosen}
    taken_fields = {mapped.field for mapped in chosen}
    suggestions = read_suggestions(analysis, headers)
    for mapped in sorted(
        suggestions, key=lambda mapped: (-(mapped.confidence or 0), mapped.column)
    ):
        is_free = mapped.column not in taken_columns and mapped.field not in taken_fields
        if is_free and (mapped.confidence or 0) >= min_confidence:
            chosen.append(mapped)
            taken_columns.add(mapped.column)
            taken_fields.add(mapped.field)
    check_required(analysis, taken_fields, suggestions, headers)
    if not chosen:
        raise UsageError(
            "no column could be mapped" + _list_columns(headers, suggestions),
            remedy=("mapping", "FIELD"),
        )
    return sorted(chosen, key=lambda mapped: mapped.column)


def read_headers(analysis: Analysis) -> list[str]:
    """Return the headers that an analysis names. Raises UnexpectedAnswerError."""
    checked = models.check(dict(analysis), REQUEST, headers=list, columnMappings=list)
    return [str(header) for header in checked["headers"]]


def resolve_rules(headers: Sequence[str], rules: Sequence[MappingRule]) -> list[MappedColumn]:
    """Return the columns that rules name, without those that give way to others.

    Raises UsageError for a column that does not exist, or is not the only one of its header.
    """
    found = [(rule, _find_column(headers, rule.column, f"mapping {rule}")) for rule in rules]
    columns = {column for rule, column in found if not rule.is_from_file}
    fields = {rule.field for rule, _ in found if not rule.is_from_file}
    return [
        MappedColumn(column, headers[column], rule.field, None)
        for rule, column in found
        if not (rule.is_from_file and (column in columns or rule.field in fields))
    ]


def find_columns(headers: Sequence[str], names: Sequence[int | str]) -> set[int]:
    """Return the columns with these headers or numbers. Raises UsageError as resolve_rules does."""
    return {_find_column(headers, name, f"column {name}") for name in names}


def _find_column(headers: Sequence[str], name: int | str, what: str) -> int:
    if isinstance(name, int):
        if name < len(headers):
            return name
        raise UsageError(
            f"{what}: the file has {len(headers)} columns; the last one is {len(headers) - 1}"
        )
    wanted = _normalize(name)
    found = [place for place, header in enumerate(headers) if _normalize(header) == wanted]
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(f"{what}: columns {found} all have this header; use the number")
    raise UsageError(f"{what}: there is no such column; there are {', '.join(headers)}")


def _normalize(header: str) -> str:
    """Return a header without what does not tell it from others: case, and blanks around it."""
    return header.strip().casefold()


def read_suggestions(analysis: Analysis, headers: Sequence[str]) -> list[MappedColumn]:
    """Return the server's first guess for each column that it has one for."""
    found = []
    for column in analysis["columnMappings"]:
        if not isinstance(column, Mapping):
            continue
        index, field = read_count(column.get("csvIndex")), column.get("suggestedField")
        if index is not None and index < len(headers) and field in TARGET_FIELDS:
            confidence = _read_confidence(column.get("confidence"))
            found.append(MappedColumn(index, headers[index], field, confidence))
    return found


def _read_confidence(value: Any) -> float:
    """Return a number from 0 to 1; nothing speaks for a suggestion with any other confidence."""
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return float(value) if is_number and 0 <= value <= 1 else 0.0


def check_required(
    analysis: Analysis,
    fields: set[str],
    suggestions: Sequence[MappedColumn],
    headers: Sequence[str],
) -> None:
    """Raise UsageError when a required field has no column in the end.

    The server names the ones it found no column for; EMAIL, by which it
    recognizes people, may also be lost to min_confidence.
    """
    named = analysis.get("missingRequired") or []
    if not isinstance(named, list) or not all(isinstance(field, str) for field in named):
        raise models.unusable(REQUEST, "missingRequired")
    required = set(named)
    unsure = {s.field for s in suggestions if s.field == "EMAIL"}
    missing = sorted((required | unsure) - fields)
    if missing:
        raise UsageError(
            f"no column is mapped to {', '.join(missing)}" + _list_columns(headers, suggestions),
            remedy=("min_confidence", missing[0]),
        )


def _list_columns(headers: Sequence[str], suggestions: Sequence[MappedColumn]) -> str:
    guesses = {mapped.column: mapped for mapped in suggestions}
    lines = []
    for index, header in enumerate(headers):
        guess = guesses.get(index)
        text = f"{guess.field} ({guess.confidence:.2f})" if guess else "no suggestion"
        lines.append(f"\n  {index}  {header}: {text}")
    return "".join(lines)


def read_mapping_file(path: Path) -> list[MappingRule]:
    """Return the rules in a YAML file that maps headers (or numbers) to fields.

    Raises UsageError, naming the place, for anything else.
    """
    try:
        with path.open("rb") as file:
            values = yaml_text.read(files.read_whole(file, LARGEST_MAPPING))
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}") from error
    except ValueError as error:
        raise UsageError(f"{path} is {error}") from error
    if not isinstance(values, Mapping) or not values:
        raise UsageError(f"{path} must map columns to fields, such as `Email: EMAIL`")
    rules = make_rules(values, str(path))
    return [rule._replace(is_from_file=True) for rule in rules]


def make_rules(columns: Mapping[Any, Any], where: str = "mapping") -> list[MappingRule]:
    """Return a rule for each column, named by its header or its number from 0, and its field.

    where: what the columns stand in, for messages. Raises UsageError.
    """
    return [_make_rule(where, column, field) for column, field in columns.items()]


def _make_rule(where: str, column: Any, field: Any) -> MappingRule:
    name = str(field).strip().upper()
    if name not in TARGET_FIELDS:
        raise UsageError(f"{where}: {field!r} is not a field; there are {', '.join(TARGET_FIELDS)}")
    if isinstance(column, bool) or not isinstance(column, (int, str)):
        raise UsageError(f"{where}: {column!r} is not a header or a column number")
    if isinstance(column, int) and column < 0:
        raise UsageError(f"{where}: {column} is not a column number; the first column is 0")
    return MappingRule(column, name)


def render_mapping_file(columns: Sequence[MappedColumn], headers: Sequence[str]) -> str:
    """Return the mapping as a file that `read_mapping_file` reads back.

    Columns are named by their header, or by their number where two have the same.
    """
    names = [_normalize(header) for header in headers]
    values = {
        mapped.header
        if names.count(_normalize(mapped.header)) == 1
        else mapped.column: mapped.field
        for mapped in columns
    }
    return yaml_text.write(values).decode()
