"""Which options may be meant by those that a command does not have."""

from __future__ import annotations

import shlex
from collections.abc import Collection, Sequence

import click

from talkvalue_cli.commands.wrong import option_words
from talkvalue_cli.commands.wrong.mistake import find_near, members_of, takes_option
from talkvalue_cli.commands.wrong.selection import find_value, suggest_query
from talkvalue_cli.output.choice import FORMATS

#: how alike a name has to be to be suggested, from 0 to 1
_NEAR = 0.8
#: so many commands that have an option are named
_MOST = 4


def suggest_option(
    command: click.Command, ctx: click.Context, args: Sequence[str], typed: str
) -> str:
    """Return a hint for an option that a command does not have; empty when there is none.

    args: the words of the command line. typed: the option, as Click names it.
    """
    params = command.get_params(ctx)
    known = [n for p in params if isinstance(p, click.Option) for n in p.opts if n[:2] == "--"]
    if long := _find_one_dash(args, known):
        return f"did you mean {long}?"
    meant = [
        each for each in option_words.OPTIONS.get(typed, ()) if each.partition(" ")[0] in known
    ]
    if meant:
        return _ask_for_format(args, typed) if meant == ["--format"] else _ask(meant)
    if query := suggest_query(ctx, args, typed):
        return query
    whose, advice = option_words.ADVICE.get(typed, ("", ""))
    if whose in (*known, ctx.info_name):
        return advice
    arguments = [param for param in params if isinstance(param, click.Argument)]
    kinds = {kind for each in arguments for kind in getattr(each.type, "kinds", ())}
    if arguments and (typed in option_words.ARGUMENTS or typed[2:].removesuffix("-id") in kinds):
        usage = " ".join([ctx.command_path, *command.collect_usage_pieces(ctx)])
        return f"give it as an argument: {usage}"
    if typed in option_words.NEWEST and any(each.name == "import_id" for each in arguments):
        return f"{ctx.command_path} $(talkvalue path import get --latest --query id)"
    if typed in option_words.VARIABLES:
        variable = option_words.VARIABLES[typed]
        if "sandbox" in ctx.command_path.split():
            return "TALKVALUE_SANDBOX_TOKEN in the environment is the token that it accepts"
        return f"set {variable}: a command line can be seen by other users of the machine"
    near = find_near(typed.lower(), known, n=2, cutoff=_NEAR)
    near = [each for each in near if each[:3] == typed.lower()[:3]]
    return _ask(near) if near else _find_below(ctx, typed)


def _ask(options: Sequence[str]) -> str:
    return f"did you mean {' or '.join(options)}?"


def _ask_for_format(args: Sequence[str], typed: str) -> str:
    """Return what is meant by --output of a command that writes no file of its own."""
    value = find_value(args, typed)
    if value.lower() in FORMATS:
        return f"did you mean --format {value}?"
    return f"> {shlex.quote(value)} saves what is printed" if "." in value else _ask(["--format"])


def _find_one_dash(args: Sequence[str], known: Collection[str]) -> str:
    """Return the option that was typed with one dash, as in -help; Click sees several in it."""
    words = (f"-{word}".partition("=")[0] for word in args if len(word) > 2 and word[1] != "-")
    return next((word for word in words if word in known), "")


def _find_below(ctx: click.Context, typed: str) -> str:
    """Return which commands of a group have an option, for it stands before their names."""
    found = [each for each in members_of(ctx).values() if takes_option(each, typed)]
    listed = ", ".join(each.command_path for each in found[:_MOST])
    return f"it is an option of {listed}" if listed else ""
