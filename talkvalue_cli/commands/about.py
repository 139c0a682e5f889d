"""`talkvalue version` and `talkvalue help`."""

from __future__ import annotations

import sys
from typing import Any

import click

from talkvalue_cli import __version__
from talkvalue_cli.commands.base import Command, new_command
from talkvalue_cli.context import AppContext


@new_command("version")
def version_command(context: AppContext) -> None:
    """Show the version of this program and of what it runs on.

    Example:
      talkvalue version
    """
    import platform  # which the list of commands, where this is loaded, does without

    context.output.record(
        {
            # the existing CLI runs on Node; scripts find its key, and no version in it
            "nodeVersion": None,
            "platform": sys.platform,
            "version": __version__,
            "pythonVersion": platform.python_version(),
        }
    )


def _complete_names(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    from talkvalue_cli.commands import topics

    known = topics.list_names(topics.find_command(ctx.find_root(), ctx.params.get("names") or ()))
    return [name for name in known if name.startswith(incomplete)]


def _describe(root: click.Context, names: tuple[str, ...]) -> dict[str, Any]:
    """Return a topic, a command, or without a name all commands, as data."""
    from talkvalue_cli.commands import catalogue, topics

    if not names:
        return catalogue.describe_program(root)
    if len(names) == 1 and names[0] in topics.list_topics():
        [name] = names
        text = topics.read_topic(name)
        return {"topic": name, "title": topics.describe_topic(name), "text": text}
    return catalogue.describe_command(topics.find_command(root, names))


@click.command("help", cls=Command)
@click.argument("names", metavar="[TOPIC|COMMAND]...", nargs=-1, shell_complete=_complete_names)
@click.pass_context
def help_command(ctx: click.Context, names: tuple[str, ...]) -> None:
    """Show a topic, or the help of a command.

    Without a name it lists the commands and the topics. On a terminal a topic
    is shown through the program that PAGER names, `less -FR` by default. With
    --json it prints the command, or the tree of all, as data: options, fields
    and exit codes.

    Examples:
      talkvalue help
      talkvalue help exit-codes
      talkvalue help path import get
      talkvalue help --json
    """
    # not above: the list of commands loads this module, and needs no topics
    from talkvalue_cli.commands import topics

    context: AppContext = ctx.obj
    root = ctx.find_root()
    if context.flags.json or (context.flags.format or "").lower() == "json":
        context.output.record(_describe(root, names))
    elif not names:
        context.output.write(f"{root.get_help()}\n\n{topics.render_list(root)}")
    elif len(names) == 1 and names[0] in topics.list_topics():
        topics.show(context, names[0])
    else:
        context.output.write(topics.find_command(root, names).get_help() + "\n")
