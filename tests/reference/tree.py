"""The commands, as the Click tree has them, and the parts of their help texts."""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Iterator
from typing import NamedTuple

import click

from talkvalue_cli.cli import root
from talkvalue_cli.commands.base import GlobalOption


class Entry(NamedTuple):
    """A command of the Click tree with the context in which its name is complete."""

    command: click.Command
    context: click.Context

    @property
    def path(self) -> str:
        """The command as it is typed, such as `talkvalue path import get`."""
        return self.context.command_path

    @property
    def options(self) -> list[click.Option]:
        """Its own options, without the global ones."""
        return [
            param
            for param in self.command.params
            if isinstance(param, click.Option)
            and not isinstance(param, GlobalOption)
            and param.name != "version"
        ]


def walk_commands(entry: Entry | None = None) -> Iterator[Entry]:
    """Yield every command and group, each before its members."""
    entry = entry or Entry(
        root, click.Context(root, info_name="talkvalue", **root.context_settings)
    )
    yield entry
    command, context = entry
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            member = command.get_command(context, name)
            assert member is not None
            below = click.Context(member, info_name=name, parent=context)
            yield from walk_commands(Entry(member, below))


class Block(NamedTuple):
    """A paragraph of a help text, or a list of examples with the line that introduces it."""

    text: str
    examples: str = ""


def read_help(command: click.Command) -> list[Block]:
    """Return the paragraphs of a command's help text.

    A paragraph that Click leaves as it is (\\b), and whose first line ends with
    a colon, is a heading and examples; in any other the line ends are blanks.
    """
    blocks = []
    for paragraph in inspect.cleandoc(command.help or "").split("\n\n"):
        lines = paragraph.strip("\n").split("\n")
        if lines[0] == "\b":
            lines = lines[1:]
            if lines[0].endswith(":"):
                blocks.append(Block(lines[0], textwrap.dedent("\n".join(lines[1:]))))
                continue
        blocks.append(Block(" ".join(line.strip() for line in lines)))
    return blocks


def long_name(option: click.Option) -> str:
    """Return the first of an option's names that is a word."""
    return next(name for name in option.opts if name.startswith("--"))
