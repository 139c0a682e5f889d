"""What somebody may have meant whose command line is wrong; loaded when one is.

Commands are named as they can be typed. An option is suggested only where it is much like the one
that was typed, or another word for it.
"""

from __future__ import annotations

from collections.abc import Sequence

import click

from talkvalue_cli.commands.options import names
from talkvalue_cli.commands.options.groups import WordOption
from talkvalue_cli.commands.options.types import FILE_NAME
from talkvalue_cli.commands.wrong import option_words
from talkvalue_cli.commands.wrong.mistake import Mistake
from talkvalue_cli.commands.wrong.options import suggest_option
from talkvalue_cli.commands.wrong.runs import find_file, missing_run
from talkvalue_cli.commands.wrong.values import explain_extra, explain_value

#: how Click begins to say that there is a word too many
_EXTRA = "Got unexpected extra argument"
_NO_FIELDS = f"--json has no value; {option_words.PARTS}"


def explain(
    command: click.Command, ctx: click.Context, args: Sequence[str], error: click.UsageError
) -> click.UsageError:
    """Return what Click found with all that is missing, or with what may have been meant.

    args: what it was parsed from.
    """
    if isinstance(error, click.NoSuchOption):
        if isinstance(command, click.Group) and find_file(ctx, args):
            return missing_run(ctx, args)
        hint = suggest_option(command, ctx, args, error.option_name)
        return Mistake(f"No such option '{error.option_name}'.", ctx, hint)
    if any(word.partition("=")[0] == "--json" for word in args) and _has_value(error):
        return Mistake(error.format_message(), ctx, _NO_FIELDS)
    if error.message.startswith(_EXTRA):
        extra = error.message.partition("(")[2].removesuffix(")")
        hint = explain_extra(command, ctx, args, extra)
        return Mistake(error.message, ctx, hint) if hint else error
    if not isinstance(error, click.BadParameter):
        return error
    if meant := explain_value(ctx, args, error):
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
    if isinstance(param, click.Argument) and param.type is FILE_NAME:
        return "- is standard input"
    found_by = getattr(param, "found_by", "") or getattr(param.type, "found_by", "")
    if param.name == "import_id":
        found_by = names.describe_list("import")
    if param.metavar == "PROFILE":
        found_by = "talkvalue auth list shows the profiles"
    is_option = isinstance(param, click.Option)
    return f"{param.opts[0]}: {found_by}" if found_by and is_option else found_by
