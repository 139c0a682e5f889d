"""`talkvalue version` and `talkvalue help`."""

from __future__ import annotations

import platform
import sys

import click

from talkvalue_cli import __version__
from talkvalue_cli.commands.base import Command, pass_context
from talkvalue_cli.context import AppContext


@click.command("version", cls=Command)
@pass_context
def version_command(context: AppContext) -> None:
    """Show the version of this program and of what it runs on.

    \b
    Example:
      talkvalue version
    """
    context.output.record(
        {
            # the existing CLI runs on Node; scripts find its key, and no version in it
            "nodeVersion": None,
            "platform": sys.platform,
            "version": __version__,
            "pythonVersion": platform.python_version(),
        }
    )


@click.command("help", cls=Command)
@click.argument("names", metavar="[COMMAND]...", nargs=-1)
@click.pass_context
def help_command(ctx: click.Context, names: tuple[str, ...]) -> None:
    """Show the help of a command.

    \b
    Example:
      talkvalue help path import get
    """
    current = ctx.find_root()
    for name in names:
        group = current.command
        found = group.get_command(current, name) if isinstance(group, click.Group) else None
        if found is None:
            raise click.UsageError(f"No such command {name!r}.", current)
        current = click.Context(found, info_name=name, parent=current)
    context: AppContext = ctx.obj
    context.output.write(current.get_help() + "\n")
