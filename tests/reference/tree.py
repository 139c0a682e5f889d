"""The commands, as the Click tree has them, and the parts of their help texts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import click

from talkvalue_cli.cli import root
from talkvalue_cli.commands.base import GlobalOption
from talkvalue_cli.commands.catalogue import Block, read_help

__all__ = ["Block", "Entry", "long_name", "read_help", "walk_commands"]


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


def long_name(option: click.Option) -> str:
    """Return the first of an option's names that is a word."""
    return next(name for name in option.opts if name.startswith("--"))
