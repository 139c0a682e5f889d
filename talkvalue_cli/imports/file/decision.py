"""What is decided about a file in the end: its mapping, and what made it that import."""

from __future__ import annotations

import codecs
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from talkvalue_cli import files
from talkvalue_cli.imports.file import columns, mapping
from talkvalue_cli.imports.file.choice import ChosenColumn, UnusedColumn, check_choice
from talkvalue_cli.imports.file.mapping import MappedColumn, MappingRule

if TYPE_CHECKING:
    from talkvalue_cli.api.models import Analysis
    from talkvalue_cli.imports.file.checked import CheckedFile
    from talkvalue_cli.imports.file.plan import Plan
    from talkvalue_cli.imports.file.prepared import Prepared
    from talkvalue_cli.imports.listener import ProgressListener
    from talkvalue_cli.imports.options import FileOptions, RunOptions


def decide_mapping(
    file: CheckedFile,
    analysis: Analysis,
    options: RunOptions,
    listener: ProgressListener,
    inherited: Sequence[MappingRule] = (),
) -> tuple[list[MappedColumn], Prepared | None]:
    """Return the mapping, and what was decided about the file with it; save and tell it.

    inherited: the mapping of the import whose failed rows the file holds; nothing else is
        used then, but what the caller says.
    Raises UsageError when a required field has no column, and where nothing may be lost
    but something would be; LocalFileError.
    """
    columns = _choose_columns(file, analysis, options, inherited)
    prepared = _complete(file, columns)
    if options.strict and prepared is not None:
        prepared.refuse_losses(file.path)
    if options.save_mapping is not None:
        text = mapping.render_mapping_file(columns, analysis["headers"])
        remarks = "" if prepared is None else prepared.render_remarks()
        files.save_stream(
            [remarks.encode(), text.encode()], options.save_mapping, force=options.force
        )
    shown = ", ".join(f"{mapped.header} → {mapped.field}" for mapped in columns)
    listener.note(f"{file.path}: {shown}")
    for line in prepared.describe() if prepared is not None else ():
        listener.note(f"{file.path}: {line}")
    return columns, prepared


def said_of(file: CheckedFile, options: RunOptions) -> FileOptions:
    """Return what was said about a file, answers to questions included."""
    return options.file_options if file.options is None else file.options


def list_said(file: CheckedFile, options: RunOptions) -> tuple[tuple[str, str], ...]:
    """Return what of it changes what is sent, the mapping apart: names and values.

    An encoding that would have been found as well, and rows that may be ragged, change nothing.
    """
    said = said_of(file, options)
    encoding = None
    if said.encoding is not None and file.plan is not None and file.plan.is_encoding_said:
        encoding = codecs.lookup(said.encoding).name
    skipped = sorted(file.plan.skipped) if file.plan is not None else []
    values = {
        "as_is": "1" if options.as_is else None,
        "encoding": encoding,
        "delimiter": said.delimiter,
        "header_row": said.header_row,
        "date_order": said.date_order,
        "sheet": said.sheet,
        "skip_columns": ",".join(map(str, skipped)) or None,
    }
    return tuple((name, str(value)) for name, value in values.items() if value is not None)


def _choose_columns(
    file: CheckedFile, analysis: Analysis, options: RunOptions, inherited: Sequence[MappingRule]
) -> list[MappedColumn]:
    said = said_of(file, options)
    if inherited:
        rules = [*said.rules, *inherited]
        return mapping.decide_mapping(analysis, rules, math.inf)
    if file.plan is None:
        return mapping.decide_mapping(analysis, said.rules, options.min_confidence)
    return _weigh(file.plan, analysis, options.min_confidence)


def _weigh(plan: Plan, analysis: Analysis, min_confidence: float) -> list[MappedColumn]:
    """Return the mapping of what was chosen, and of what the server suggests for the rest."""
    headers = mapping.read_headers(analysis)
    suggestions = mapping.read_suggestions(analysis, headers)
    numbers = {place: number for number, place in plan.places.items()}
    ours = [s._replace(column=numbers[s.column]) for s in suggestions if s.column in numbers]
    rules = {column.index: column.field for column in plan.choice.columns}
    choice = columns.choose(
        plan.table.header, plan.sample, rules, plan.skipped, ours, min_confidence
    )
    if choice.undecided:
        check_choice(choice, plan.opened.label)
    found = {suggested.column: suggested for suggested in ours}
    chosen = [
        MappedColumn(
            plan.places[column.index],
            column.header,
            column.field,
            None if column.index in rules else found[column.index].confidence,
        )
        for column in choice.columns
        if column.index in plan.places
    ]
    mapping.check_required(analysis, {c.field for c in chosen}, suggestions, headers)
    return chosen


def _complete(file: CheckedFile, columns: Sequence[MappedColumn]) -> Prepared | None:
    """Return what was decided about a file, now that its mapping is known."""
    if file.plan is None or file.prepared is None:
        return file.prepared
    whys = {(c.index, c.field): c.why for c in file.plan.choice.columns}
    indices = {place: index for index, place in file.plan.places.items()}
    used = []
    for mapped in columns:
        index = indices[mapped.column]
        why = whys.get((index, mapped.field)) or _why(mapped)
        used.append(ChosenColumn(index, file.checked.header[index], mapped.field, why))
    taken = {column.index for column in used}
    reasons = {column.index: column.why for column in file.plan.choice.unused}
    unused = [
        UnusedColumn(index, header, reasons.get(index, ""))
        for index, header in enumerate(file.checked.header)
        if index not in taken
    ]
    return file.prepared._replace(used=used, unused=unused)


def _why(mapped: MappedColumn) -> str:
    if mapped.confidence is None:
        return "asked for"
    return f"the server suggests it ({mapped.confidence:.2f})"
