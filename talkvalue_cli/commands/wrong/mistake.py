"""What the ways to be wrong share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import click


class Mistake(click.UsageError):
    """A wrong command line, with what to type instead, if that is known."""

    def __init__(self, message: str, ctx: click.Context, hint: str = "") -> None:
        super().__init__(message, ctx)
        self.hint = hint


def describe_lines(lines: Sequence[str]) -> str:
    """Return command lines as a question; empty when there are none."""
    if len(lines) <= 1:
        return f"did you mean {lines[0]}?" if lines else ""
    return "did you mean one of these?\n" + "\n".join(lines)


def find_near(word: str, names: Iterable[str], *, n: int, cutoff: float) -> list[str]:
    """Return the names that are written like a word, most alike first."""
    import difflib  # a bad value, the most frequent mistake, needs no names

    return difflib.get_close_matches(word, list(names), n=n, cutoff=cutoff)


def list_members(ctx: click.Context) -> list[str]:
    """Return the names of the commands of a group; none of a command that is no group."""
    command = ctx.command
    return command.list_commands(ctx) if isinstance(command, click.Group) else []


def members_of(ctx: click.Context) -> dict[str, click.Context]:
    """Return the contexts of the commands of a group by their names."""
    command, found = ctx.command, {}
    for name in list_members(ctx):
        member = command.get_command(ctx, name) if isinstance(command, click.Group) else None
        if member is not None:
            found[name] = click.Context(member, info_name=name, parent=ctx)
    return found


def takes_option(ctx: click.Context, option: str) -> bool:
    """Tell whether a command has an option of this name."""
    return any(option in param.opts for param in ctx.command.params)
