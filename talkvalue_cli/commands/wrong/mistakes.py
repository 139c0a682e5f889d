"""What somebody may have meant whose command line is wrong; loaded when one is.

Commands are named as they can be typed. An option is suggested only where it is much like the one
that was typed, or another word for it.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence

import click

from talkvalue_cli.commands.options import names
from talkvalue_cli.commands.options.groups import WordOption
from talkvalue_cli.commands.options.types import WholeNumber
from talkvalue_cli.commands.wrong import synonyms
from talkvalue_cli.commands.wrong.mistake import Mistake, find_near
from talkvalue_cli.commands.wrong.runs import find_file, missing_run, suggest_run

#: how alike a name has to be to be suggested, from 0 to 1
_NEAR_OPTION = 0.8
#: so many commands that have an option are named
_MOST = 4
#: how Click begins to say that there is a word too many
_EXTRA = "Got unexpected extra argument"
_NO_FIELDS = "--json has no value; --query prints parts of the data: --query id, --query '[].id'"
#: the options of lists that search
_SEARCHES = ("--keyword", "--name")


def explain(
    command: click.Command, ctx: click.Context, args: Sequence[str], error: click.UsageError
) -> click.UsageError:
    """Return what Click found with all that is missing, or with what may have been meant.

    args: what it was parsed from.
    """
    if isinstance(error, click.NoSuchOption):
        if isinstance(command, click.Group) and find_file(ctx, args):
            return missing_run(ctx, args)
        hint = _suggest_option(command, ctx, error)
        return Mistake(f"No such option '{error.option_name}'.", ctx, hint)
    if any(word.partition("=")[0] == "--json" for word in args) and _has_value(error):
        return Mistake(error.format_message(), ctx, _NO_FIELDS)
    if error.message.startswith(_EXTRA):
        hint = _explain_extra(command, ctx, error.message)
        return Mistake(error.message, ctx, hint) if hint else error
    if not isinstance(error, click.BadParameter):
        return error
    if meant := _explain_id(ctx, args, error):
        return Mistake(error.format_message(), ctx, meant)
    missing = _find_missing(command, ctx, args)
    if not missing:
        return error
    values = dict.fromkeys(map(_describe_values, missing))
    found_by = "; ".join(filter(None, values))
    usage = f"{ctx.command_path} --help shows how it is used"
    hint = f"{found_by}; {usage}" if found_by else usage
    listed = ", ".join(f"{p.param_type_name} {p.get_error_hint(ctx)}" for p in missing)
    if isinstance(error, click.MissingParameter):
        return Mistake(f"Missing {listed}.", ctx, hint)
    return Mistake(f"{error.format_message()} Also missing: {listed}.", ctx, hint)


def _has_value(error: click.UsageError) -> bool:
    """Tell whether there is a word too many, which may have been meant for a flag."""
    is_of_json = isinstance(error, click.BadOptionUsage) and error.option_name == "--json"
    return is_of_json or error.message.startswith(_EXTRA)


def _explain_extra(command: click.Command, ctx: click.Context, message: str) -> str:
    """Return a hint for words that a command has no argument for; empty when there is none."""
    words = message.partition("(")[2].removesuffix(")")
    if hint := suggest_run(ctx, words):
        return hint
    params = command.get_params(ctx)
    usage = f"{ctx.command_path} --help shows how it is used"
    quotes = f"put a name with blanks in quotes; {usage}" if _takes_name(command) else ""
    searches = [name for name in _SEARCHES if any(name in param.opts for param in params)]
    if not searches or any(isinstance(p, (click.Argument, WordOption)) for p in params):
        return quotes
    return f"did you mean {searches[0]} {shlex.quote(words)}? {quotes or usage}"


def _explain_id(ctx: click.Context, args: Sequence[str], error: click.BadParameter) -> str:
    """Return a hint for what stands in the place of an id; empty when there is none."""
    if not (isinstance(error.param, click.Argument) and isinstance(error.param.type, WholeNumber)):
        return ""
    word = next((each for each in args if repr(each) in error.message), "")
    if hint := suggest_run(ctx, word):
        return hint
    if word.lower() in synonyms.NEWEST and _takes(ctx, "--latest"):
        return f"did you mean {ctx.command_path} --latest?"
    number = re.search(r"^(?:https?://.*/|#)([0-9]{1,19})/?$", word)
    return f"did you mean {number[1]}?" if number else ""


def _find_missing(
    command: click.Command, ctx: click.Context, args: Sequence[str]
) -> list[click.Parameter]:
    """Return the parameters that are required and have no value."""
    values, _, _ = command.make_parser(ctx).parse_args(list(args))

    def is_given(param: click.Parameter) -> bool:
        word = [param.argument] if isinstance(param, WordOption) else []
        # what has no value is nothing that can be typed, or an empty sequence
        found = [values.get(each.name or "") for each in (param, *word)]
        return any(isinstance(v, str) or (isinstance(v, (list, tuple)) and v) for v in found)

    params = command.get_params(ctx)
    return [param for param in params if param.required and not is_given(param)]


def _describe_values(param: click.Parameter) -> str:
    """Return where the values of a parameter come from, empty where there is nothing to say."""
    found_by = getattr(param, "found_by", "") or getattr(param.type, "found_by", "")
    if param.name == "import_id":
        found_by = names.describe_list("import")
    is_option = isinstance(param, click.Option)
    return f"{param.opts[0]}: {found_by}" if found_by and is_option else found_by


def _suggest_option(command: click.Command, ctx: click.Context, error: click.NoSuchOption) -> str:
    """Return a hint for an option that a command does not have."""
    options = [p for p in command.get_params(ctx) if isinstance(p, click.Option)]
    known = [name for option in options for name in option.opts if name.startswith("--")]
    typed = error.option_name
    meant = [each for each in synonyms.OPTIONS.get(typed, ()) if each.partition(" ")[0] in known]
    instead, advice = synonyms.NEEDLESS.get(typed, ("", ""))
    if instead in known:
        return advice
    has_argument = any(isinstance(param, click.Argument) for param in command.params)
    if not meant and has_argument and typed in synonyms.ARGUMENTS:
        usage = " ".join([ctx.command_path, *command.collect_usage_pieces(ctx)])
        return f"give it as an argument: {usage}"
    if not meant and typed in synonyms.VARIABLES:
        variable = synonyms.VARIABLES[typed]
        return f"set {variable}: a command line can be seen by other users of the machine"
    near = meant or find_near(typed.lower(), known, n=2, cutoff=_NEAR_OPTION)
    if near:
        return f"did you mean {' or '.join(near)}?"
    from talkvalue_cli.commands import catalogue

    below = [each for each in catalogue.walk(ctx) if each.parent is ctx and _takes(each, typed)]
    if below:
        listed = ", ".join(each.command_path for each in below[:_MOST])
        return f"it is an option of {listed}"
    return ""


def _takes_name(command: click.Command) -> bool:
    """Tell whether an argument of a command may be a name."""
    return any(
        isinstance(param, WordOption) or hasattr(param.type, "kinds") for param in command.params
    )


def _takes(ctx: click.Context, option: str) -> bool:
    return any(option in param.opts for param in ctx.command.params)
