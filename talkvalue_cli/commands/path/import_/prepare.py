"""`talkvalue path import prepare`."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from talkvalue_cli import files
from talkvalue_cli.commands.base import new_command
from talkvalue_cli.commands.options.groups import with_option
from talkvalue_cli.commands.options.places import check_place
from talkvalue_cli.commands.options.types import FILE_NAME
from talkvalue_cli.commands.path.import_.file_options import file_options, read_rules
from talkvalue_cli.commands.path.import_.sections import FILE_SECTIONS
from talkvalue_cli.context import AppContext
from talkvalue_cli.output.columns import Column, Layout, Record, Section, list_objects, make_field

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from talkvalue_cli.imports.file.conversion import Conversion


def _columns(record: Record) -> list[Record]:
    """Return all columns of the file in their order, each with its field, if it has one."""
    found = [*list_objects(record, "columns"), *list_objects(record, "unusedColumns")]
    return sorted(found, key=lambda column: column["column"])


def _counts(record: Record, key: str) -> list[Record]:
    counts: dict[str, int] = record[key]
    return [{"what": what, "count": count} for what, count in counts.items()]


_COUNT = Column("Count", "count", is_right=True)
_LAYOUT = Layout(
    (
        make_field("Encoding", "encoding"),
        make_field("Separator", "separator", repr),
        make_field("Header line", "headerLine"),
        make_field("Sheet", "sheet"),
        make_field("Sheets not read", "otherSheets", lambda names: ", ".join(names) or None),
        make_field("Rows", "rows"),
        make_field("Sent as it is", "sentAsItIs"),
    ),
    (
        Section(
            lambda record: "Columns, and the fields they go to",
            _columns,
            (
                Column("Column", "column", is_right=True),
                Column("Header", "header", can_shrink=True),
                Column("Field", "field"),
                Column("Why", "why", can_shrink=True),
            ),
        ),
        Section(
            lambda record: "Rows left out",
            lambda record: _counts(record, "rowsLeftOut"),
            (_COUNT, Column("Reason", "what")),
        ),
        Section(
            lambda record: "Rows in doubt, which are imported",
            lambda record: _counts(record, "rowsInDoubt"),
            (_COUNT, Column("Column and value", "what")),
        ),
        Section(
            lambda record: "Values changed",
            lambda record: _counts(record, "valuesChanged"),
            (_COUNT, Column("Change", "what")),
        ),
    ),
)


@new_command("prepare", sections=FILE_SECTIONS)
@click.argument("path", metavar="FILE", type=FILE_NAME)
@file_options
@with_option("--yes", "Ask nothing, not even on a terminal.", is_flag=True)
@with_option(
    "-o --output",
    "Write the CSV to a file, complete or not at all; - is standard output.",
    type=click.Path(path_type=Path),
)
@with_option("--force", "Let --output replace an existing file.", is_flag=True)
def command(
    context: AppContext,
    path: str,
    given: dict[str, Any],
    yes: bool,
    output: Path | None,
    force: bool,
) -> None:
    """Show how `run` would read a file; nothing is sent.

    That is its encoding, its table, the field of each column, and what would be
    left out or changed. What the server would suggest for columns that nobody knows is left out.
    --output writes the CSV that `run` would send; - shows nothing but that.

    Examples:
      talkvalue path import prepare contacts.csv
      talkvalue path import prepare contacts.csv -o plain.csv --force
    """
    from talkvalue_cli.commands.path.import_ import questions
    from talkvalue_cli.commands.path.import_.progress import ProgressReporter
    from talkvalue_cli.imports.file import checking, upload
    from talkvalue_cli.imports.file.source import label
    from talkvalue_cli.imports.options import FileOptions

    is_strict = given.pop("strict")
    read_rules(given)
    is_to_stdout = str(output) == files.STDIO
    save = None
    if output is not None and not is_to_stdout:
        check_place("--output", output, force=force)
        save = _make_saver(output, label(path), force=force, is_strict=is_strict)
    ask = questions.make_ask(context, asks=not yes and not is_strict and path != files.STDIO)
    with ExitStack() as stack:
        file = checking.prepare_file(
            path,
            FileOptions(**given),
            ProgressReporter(context),
            stack,
            context.stdin,
            ask,
            save,
            is_final=True,
        )
        assert file.prepared is not None, "nothing is sent untouched here"
        if is_strict:
            file.prepared.refuse_losses(label(path))
        if is_to_stdout:
            for line in file.prepared.describe():
                context.output.note(line)
            with upload.open_body(file) as body:
                context.output.write_bytes(body)
            return
    context.output.record(file.prepared.to_json(), _LAYOUT)


def _make_saver(
    output: Path, label: str, *, force: bool, is_strict: bool
) -> Callable[[Conversion], None]:
    """Return what writes a file as it is converted; an error of any kind leaves nothing there.

    label: what messages call the file that is read. is_strict: refuse every loss.
    """

    def chunks(conversion: Conversion) -> Iterator[bytes]:
        yield from conversion.chunks()
        if is_strict:
            conversion.prepared.refuse_losses(label)

    def save(conversion: Conversion) -> None:
        files.save_stream(chunks(conversion), output, force=force)

    return save
