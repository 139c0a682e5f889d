"""What may be meant by words in the wrong place, and by what stands for an id."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence

import click

from talkvalue_cli.commands.options.groups import WordOption
from talkvalue_cli.commands.options.types import WholeNumber, Word
from talkvalue_cli.commands.wrong import option_words, synonyms
from talkvalue_cli.commands.wrong.mistake import members_of, takes_option
from talkvalue_cli.commands.wrong.runs import is_table, suggest_run

#: the options of lists that search
_SEARCHES = ("--keyword", "--name")
_ONE = "it takes one at a time"
#: what stands before a number in an address, or in another program
_BEFORE_ID = r"(?:https?://.*/|#|[a-z]+[/#:=])?"


def explain_extra(
    command: click.Command, ctx: click.Context, args: Sequence[str], words: str
) -> str:
    """Return a hint for words that a command has no argument for; empty when there is none.

    args: the whole line. words: as Click shows them, with blanks between them.
    """
    if is_table(words) and takes_option(ctx, "--output"):
        return f"did you mean --output {shlex.quote(words)}?"
    if hint := suggest_run(ctx, words):
        return hint
    usage = f"{ctx.command_path} --help shows how it is used"
    arguments = [param for param in command.params if isinstance(param, click.Argument)]
    if re.fullmatch("[0-9 ]+", words) and any(isinstance(p.type, WholeNumber) for p in arguments):
        ids = [word for word in args if word.isdigit()]
        return _list_each(ctx, ids) if len(arguments) == 1 else f"{_ONE}; {usage}"
    if option := _find_option(ctx, words):
        return f"did you mean {option}?"
    has_word = any(isinstance(param, WordOption) for param in command.params)
    takes_name = has_word or any(map(_takes_names, arguments))
    quotes = f"put a name with blanks in quotes; {usage}" if takes_name else ""
    search = next((name for name in _SEARCHES if takes_option(ctx, name)), "")
    get = members_of(ctx.parent).get("get") if ctx.parent and ctx.info_name == "list" else None
    if get and not search and (words.isdigit() or any(map(_takes_names, get.command.params))):
        return f"did you mean {get.command_path} {shlex.quote(words)}? {usage}"
    # behind an argument a name is the new one
    if not search or has_word or (arguments and search != "--name"):
        return quotes
    return f"did you mean {search} {shlex.quote(words)}? {quotes or usage}"


def _takes_names(param: click.Parameter) -> bool:
    """Tell whether a name may stand where a parameter takes an id."""
    return hasattr(param.type, "kinds")


def _find_option(ctx: click.Context, words: str) -> str:
    """Return the option that words were meant for, as in phone=1; empty when there is none."""
    name, _, value = words.partition("=")
    typed = "--" + re.sub("_|(?<=[a-z])(?=[A-Z])", "-", name).lower()
    if takes_option(ctx, typed):
        return f"{typed} {shlex.quote(value)}" if value else typed
    others = option_words.OPTIONS.get(typed, ())
    return next((each for each in others if takes_option(ctx, each.partition(" ")[0])), "")


def _list_each(ctx: click.Context, ids: Sequence[str]) -> str:
    """Return the command with each id, as one line for a shell."""
    return f"{_ONE}: {'; '.join(f'{ctx.command_path} {each}' for each in ids)}"


def explain_value(ctx: click.Context, args: Sequence[str], error: click.BadParameter) -> str:
    """Return a hint for a value that is none; empty when there is none."""
    param = error.param
    words = [part for each in args for part in (each, each.partition("=")[2])]
    word = next((each for each in words if each and repr(each) in error.message), "")
    if isinstance(param, click.Option) and param.multiple and isinstance(param.type, Word):
        values = [part.strip() for part in word.split(",")]
        if len(values) > 1 and {*map(str.upper, values)} <= {*param.type.words}:
            return f"did you mean {' '.join(f'{param.opts[0]} {each}' for each in values)}?"
    if param is None or not isinstance(param.type, WholeNumber):
        return ""
    return _explain_id(ctx, args, param, word)


def _explain_id(ctx: click.Context, args: Sequence[str], param: click.Parameter, word: str) -> str:
    """Return a hint for a word in the place of an id."""
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
        return _list_each(ctx, ids)
    if word == "-" and param.nargs == 1:
        return f"each of standard input: xargs -n1 {ctx.command_path}"
    if re.search("[A-Za-z]", word) and getattr(param.type, "kinds", ()) == ("person",):
        return f"did you mean talkvalue path person list --keyword {shlex.quote(word)}?"
    return f"did you mean {' '.join(ids)}?" if ids and ids != [word] else ""
