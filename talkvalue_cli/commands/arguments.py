"""Words of a command line, before Click parses them: what it would misread is put right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click


class OptionalValue(click.Option):
    """An option whose value may be left out.

    A whole number behind it is not taken for its value: `--failed-rows 4218`
    is an option and an id.
    """


def tidy_arguments(
    ctx: click.Context, params: Sequence[click.Parameter], args: list[str]
) -> list[str]:
    """Return the arguments with what Click would misread put right.

    `-n=foo` means foo, not =foo. An option that wants a value does not take
    another option of the command for it. Options of a group end at the name of
    its member.
    """
    options = {
        name: param
        for param in params
        if isinstance(param, click.Option)
        for name in param.opts + param.secondary_opts
    }
    tidy: list[str] = []
    rest = list(args)
    while rest:
        token = rest.pop(0)
        if token == "--" or (not _is_option(token) and not ctx.allow_interspersed_args):
            return [*tidy, token, *rest]
        option = options.get(token)
        if option is None and token[2:3] == "=" and token[:2] in options:
            tidy += [token[:2], token[3:]]
        elif isinstance(option, OptionalValue):
            has_value = bool(rest) and not _is_option(rest[0]) and not rest[0].isdigit()
            tidy.append(f"{token}={rest.pop(0) if has_value else ''}")
        elif option is None or option.is_flag or option.count or not rest:
            tidy.append(token)
        elif rest[0].partition("=")[0] in options:
            raise click.BadOptionUsage(
                token,
                f"Option '{token}' requires an argument. "
                f"(If {rest[0]!r} is meant as one: {token}={rest[0]})",
                ctx,
            )
        else:
            tidy += [token, rest.pop(0)]
    return tidy


def _is_option(token: str) -> bool:
    return token.startswith("-") and token != "-"


def check_text(value: Any, param: click.Parameter, ctx: click.Context) -> None:
    """Raise click.BadParameter for text that is not UTF-8, which no request can carry."""
    if isinstance(value, str) and not value.startswith("@"):  # @ begins the name of a file
        try:
            value.encode()
        except UnicodeEncodeError:
            raise click.BadParameter(f"{value!r} is not UTF-8 text", ctx, param) from None
    elif isinstance(value, (list, tuple)):
        for item in value:
            check_text(item, param, ctx)
