"""What `talkvalue help` shows: topics, Markdown files that come with the program, and commands."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from importlib import resources

import click

from talkvalue_cli.context import AppContext
from talkvalue_cli.errors import UsageError
from talkvalue_cli.output import pager

_SUFFIX = ".md"
#: what marks a generated part, with the empty line behind it
_MARK = re.compile(r"^<!-- .* -->\n\n?", re.MULTILINE)


def list_topics() -> list[str]:
    """Return the names in alphabetical order."""
    files = (resources.files("talkvalue_cli") / "help").iterdir()
    return sorted(file.name.removesuffix(_SUFFIX) for file in files if file.name.endswith(_SUFFIX))


def read_topic(name: str) -> str:
    """Return the text of a topic that exists."""
    file = resources.files("talkvalue_cli") / "help" / f"{name}{_SUFFIX}"
    return _MARK.sub("", file.read_text("utf-8"))


def describe_topic(name: str) -> str:
    """Return what a topic is about, in a line: its first heading."""
    return read_topic(name).partition("\n")[0].removeprefix("# ")


def render_list(root: click.Context) -> str:
    """Return the topics as a section, in the manner of Click's."""
    formatter = root.make_formatter()
    with formatter.section(f"Topics ({root.command_path} help TOPIC)"):
        formatter.write_dl([(name, describe_topic(name)) for name in list_topics()])
    return formatter.getvalue()


def show(context: AppContext, name: str) -> None:
    """Print a topic, through a pager where a person reads."""
    output, text = context.output, read_topic(name)
    is_paged = output.is_on_terminal and not output.is_dumb
    if not (is_paged and pager.show(text, context.environ)):
        output.write(text)


def find_command(root: click.Context, names: Sequence[str]) -> click.Context:
    """Return the context of a command below the root.

    Raises UsageError when there is none, with the names that are nearest.
    """
    current = root
    for name in names:
        group = current.command
        found = group.get_command(current, name) if isinstance(group, click.Group) else None
        if found is None:
            raise _unknown(current, name)
        current = click.Context(found, info_name=name, parent=current)
    return current


def list_names(current: click.Context) -> list[str]:
    """Return what may follow a command in `talkvalue help`: its members; at the root topics too."""
    command = current.command
    members = command.list_commands(current) if isinstance(command, click.Group) else []
    return members if current.parent else sorted({*members, *list_topics()})


def _unknown(current: click.Context, name: str) -> UsageError:
    """Return the error for a name that neither a command nor, at the root, a topic has."""
    things = "command" if current.parent else "command or topic"
    from talkvalue_cli.commands.wrong import commands, synonyms

    near = difflib.get_close_matches(name.lower(), list_names(current), cutoff=commands.NEAR)
    if current.parent is None and name.lower() in synonyms.TOPICS:
        near = [synonyms.TOPICS[name.lower()]]
    is_group = isinstance(current.command, click.Group)
    if near:
        hint = f"did you mean {' or '.join(near)}?"
    elif is_group and (meant := commands.suggest(current, [name])):
        hint = meant
    elif current.parent:
        hint = f"{current.command_path} --help shows how it is used"
    else:
        hint = f"{current.command_path} help lists the topics"
    return UsageError(f"No such {things} {name!r}.", hint=hint)
