"""`talkvalue path import`: load a CSV file into a channel, and wait until it is in."""

from __future__ import annotations

import click

from talkvalue_cli.commands.base import Group
from talkvalue_cli.commands.path.import_.sections import SECTIONS

#: each has a module here, with its `command`
VERBS = (
    "analyze",
    "create",
    "failed-export",
    "get",
    "history",
    "list",
    "prepare",
    "resume",
    "run",
    "wait",
)


@click.group(
    "import",
    cls=Group,
    members={verb: f"path.import_.{verb.replace('-', '_')}:command" for verb in VERBS},
    sections=SECTIONS,
    aliases={"watch": "path.import_.wait:command"},
)
def group() -> None:
    """Load contacts from a CSV file, and wait for the result.

    In one line, safe to run again at any moment:
      talkvalue path import run contacts.csv --source-id 1 --mode SKIP

    The same in steps:
      talkvalue path import analyze --file contacts.csv
      talkvalue path import create --file-key KEY --source-id 1 --mode UPDATE \\
          --mapping 0:EMAIL --mapping 1:NAME --wait
      talkvalue path import failed-export ID -o failed.csv
    """
