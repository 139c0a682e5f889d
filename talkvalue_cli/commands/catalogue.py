"""The whole command tree as data, for programs that want to know what can be typed."""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Iterator
from typing import Any, NamedTuple

import click

from talkvalue_cli import __version__
from talkvalue_cli.api.models import TARGET_FIELDS
from talkvalue_cli.commands.base import GlobalOption, Group, find_section
from talkvalue_cli.exit_codes import ExitCode

#: what only a command that can wait for imports returns
_OF_A_WAIT = (ExitCode.PARTIAL, ExitCode.FAILED, ExitCode.NOT_FINISHED, ExitCode.DEADLINE)


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


def walk(ctx: click.Context) -> Iterator[click.Context]:
    """Yield the context of every command and group below one, each before its members."""
    command = ctx.command
    if isinstance(command, click.Group):
        for name in command.list_commands(ctx):
            member = command.get_command(ctx, name)
            assert member is not None, "it is in the list"
            below = click.Context(member, info_name=name, parent=ctx)
            yield below
            yield from walk(below)


def describe_program(root: click.Context) -> dict[str, Any]:
    """Return the tree below the root, with what all commands have in common."""
    from talkvalue_cli.commands import topics

    options = [p for p in root.command.params if isinstance(p, click.Option)]
    return {
        "version": __version__,
        **describe_command(root),
        "globalOptions": [_describe_option(option, root) for option in options],
        "aliases": _list_aliases(root),
        "exitCodes": [
            {"code": int(code), "name": code.name, "meaning": code.meaning} for code in ExitCode
        ],
        "importFields": [*TARGET_FIELDS],
        "topics": [
            {"name": name, "title": topics.describe_topic(name)} for name in topics.list_topics()
        ],
    }


def describe_command(ctx: click.Context) -> dict[str, Any]:
    """Return a command with its arguments, options and exit codes, and all that is below it."""
    command = ctx.command
    first, *rest = read_help(command)
    own = [p for p in command.params if not isinstance(p, GlobalOption) and p.name != "version"]
    summary, _, more = first.text.partition(". ")
    paragraphs = [more, *(block.text for block in rest if not block.examples)]
    found: dict[str, Any] = {
        "command": ctx.command_path,
        "usage": " ".join([ctx.command_path, *command.collect_usage_pieces(ctx)]),
        "summary": f"{summary.removesuffix('.')}.",
        "description": "\n\n".join(text for text in paragraphs if text),
        "examples": [b.examples for b in (first, *rest) if b.examples],
        "arguments": [_describe_argument(p, ctx) for p in own if isinstance(p, click.Argument)],
        "options": [_describe_option(p, ctx) for p in own if isinstance(p, click.Option)],
    }
    if isinstance(command, click.Group):
        found["commands"] = [describe_command(below) for below in walk(ctx) if below.parent is ctx]
    if not isinstance(command, click.Group) or command.invoke_without_command:
        can_wait = any(param.name == "timeout" for param in own)
        codes = [code for code in ExitCode if can_wait or code not in _OF_A_WAIT]
        found["exitCodes"] = [int(code) for code in codes]
    return found


def _describe_argument(param: click.Argument, ctx: click.Context) -> dict[str, Any]:
    return {
        "name": (param.metavar or str(param.name).upper()).removesuffix("...").strip("[]"),
        "required": param.required,
        "many": param.nargs != 1,
        "type": param.type.name,
    }


def _describe_option(option: click.Option, ctx: click.Context) -> dict[str, Any]:
    has_value = not (option.is_flag or option.count)
    is_plain = isinstance(option.default, (str, int, float)) and has_value
    words = getattr(option.type, "words", ())
    return {
        "names": [*option.opts],
        "value": option.make_metavar(ctx) if has_value else None,
        "words": [*words],
        "required": option.required,
        "multiple": option.multiple,
        "default": option.default if is_plain else None,
        "help": option.help,
        "section": find_section(ctx, option),
    }


def _list_aliases(root: click.Context) -> dict[str, str]:
    """Return each further name of a command, and the command that it is."""
    places = {id(ctx.command): ctx.command_path for ctx in walk(root)}
    return {
        f"{ctx.command_path} {alias}": places[id(ctx.command.get_command(ctx, alias))]
        for ctx in (root, *walk(root))
        if isinstance(ctx.command, Group)
        for alias in ctx.command.aliases
    }
