"""What may be meant by words in the wrong place, and by what stands for an id."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence

import click

from talkvalue_cli.commands.options.groups import WordOption
from talkvalue_cli.commands.options.types import WholeNumber
from talkvalue_cli.commands.wrong import synonyms
from talkvalue_cli.commands.wrong.mistake import takes_option
from talkvalue_cli.commands.wrong.runs import suggest_run

#: the options of lists that search
_SEARCHES = ("--keyword", "--name")
_ONE = "it takes one at a time"
#: what stands before a number in an address, or in another program
_BEFORE_ID = r"(?:https?://.*/|#|[a-z]+[/#:=])?"


def explain_extra(command: click.Command, ctx: click.Context, words: str) -> str:
    """Return a hint for words that a command has no argument for; empty when there is none.

    words: as Click shows them, with blanks between them.
    """
    if hint := suggest_run(ctx, words):
        return hint
    usage = f"{ctx.command_path} --help shows how it is used"
    arguments = [param for param in command.params if isinstance(param, click.Argument)]
    if re.fullmatch("[0-9 ]+", words) and any(isinstance(p.type, WholeNumber) for p in arguments):
        return f"{_ONE}; {usage}"
    if option := _find_option(ctx, words):
        return f"did you mean {option}?"
    has_word = any(isinstance(param, WordOption) for param in command.params)
    takes_name = has_word or any(hasattr(param.type, "kinds") for param in arguments)
    quotes = f"put a name with blanks in quotes; {usage}" if takes_name else ""
    search = next((name for name in _SEARCHES if takes_option(ctx, name)), "")
    # behind an argument a name is the new one
    if not search or has_word or (arguments and search != "--name"):
        return quotes
    return f"did you mean {search} {shlex.quote(words)}? {quotes or usage}"


def _find_option(ctx: click.Context, words: str) -> str:
    """Return the option that words were meant for, as in phone=1; empty when there is none."""
    name, _, value = words.partition("=")
    typed = "--" + re.sub("_|(?<=[a-z])(?=[A-Z])", "-", name).lower()
    if takes_option(ctx, typed):
        return f"{typed} {shlex.quote(value)}" if value else typed
    others = synonyms.OPTIONS.get(typed, ())
    return next((each for each in others if takes_option(ctx, each.partition(" ")[0])), "")


def explain_id(ctx: click.Context, args: Sequence[str], error: click.BadParameter) -> str:
    """Return a hint for what stands in the place of an id; empty when there is none."""
    param = error.param
    if param is None or not isinstance(param.type, WholeNumber):
        return ""
    word = next((each for each in args if repr(each) in error.message), "")
    if not word.strip() and any(not each.strip() for each in args):
        return f"is a variable empty? {ctx.command_path} --help shows how it is used"
    if not isinstance(param, click.Argument):
        return ""
    if hint := suggest_run(ctx, word):
        return hint
    if word.lower() in synonyms.NEWEST and takes_option(ctx, "--latest"):
        return f"did you mean {ctx.command_path} --latest?"
    ids = [
        found[1]
        for each in re.split(r"[\s,;]+", word.strip(" ,;[]\t\n"))
        if (found := re.fullmatch(_BEFORE_ID + "([0-9]{1,19})/?", each))
    ]
    if len(ids) > 1 and param.nargs == 1:
        return f"{_ONE}; {ctx.command_path} --help shows how it is used"
    return f"did you mean {' '.join(ids)}?" if ids and ids != [word] else ""
