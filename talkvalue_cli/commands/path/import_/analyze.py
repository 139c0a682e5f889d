"""`talkvalue path import analyze`."""

from __future__ import annotations

from talkvalue_cli.api import imports
from talkvalue_cli.commands.base import new_command
from talkvalue_cli.commands.options.groups import with_option, with_word_option
from talkvalue_cli.commands.options.types import FILE_NAME, Text
from talkvalue_cli.commands.path.import_ import tables
from talkvalue_cli.context import AppContext
from talkvalue_cli.imports.file.source import is_stream, open_csv


@new_command("analyze")
@with_word_option(
    "--file path", "CSV file; - is standard input.", "FILE", required=True, type=FILE_NAME
)
@with_option("--file-name", "What to call the file.", type=Text(), metavar="NAME")
def command(context: AppContext, path: str, file_name: str | None) -> None:
    """Upload a CSV file and show what is in it.

    No contact is changed. The answer has the file key that `create` needs, and
    for each column the field that it seems to hold.

    Examples:
      talkvalue path import analyze --file contacts.csv
      zcat contacts.csv.gz | talkvalue path import analyze --file - --file-name contacts.csv
    """
    if is_stream(path):
        _ = context.client  # tells that there is no token before everything is read
    with open_csv(path, context.stdin, file_name) as source:
        analysis = imports.analyze_file(context.client, source.file, source.size, source.name)
    context.output.record(analysis, tables.ANALYSIS_LAYOUT)
