"""The --query for what other programs have options for: columns, an order, some of the rows."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from pathlib import PurePath

import click

from talkvalue_cli.commands.wrong import option_words
from talkvalue_cli.commands.wrong.mistake import takes_option

#: the commands whose data is a list
_LISTS = ("list", "people", "history")
#: options that an export has no place for
_OF_TABLES = (
    *option_words.COLUMNS,
    *option_words.ORDERS,
    *option_words.LIMITS,
    *option_words.HEADERS,
)
#: what JMESPath takes for the name of a key without quotes
_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def suggest_query(ctx: click.Context, args: Sequence[str], typed: str) -> str:
    """Return a question about the --query that does what an option was to do; empty for others.

    args: the words of the command line. typed: an option that the command does not have.
    """
    if (ctx.info_name or "").endswith("export") and typed in _OF_TABLES:
        return "an export is CSV, with every row and column"
    value, is_list = find_value(args, typed), ctx.info_name in _LISTS
    expression = ""
    if typed in option_words.COLUMNS:
        keys = [_name_key(each) for each in re.split("[,: ]+", value)]
        if all(keys):
            columns = ", ".join(f"{key}: {key}" for key in keys)
            expression = f"[].{{{columns}}}" if is_list else f"{{{columns}}}"
    elif is_list and typed in option_words.ORDERS:
        key = _name_key(re.sub(r"^[-+]|[:, ](asc|desc)$", "", value, flags=re.I))
        is_down = value.startswith("-") or value.lower().endswith("desc")
        expression = f"sort_by(@, &{key})" if key else "@"
        if is_down or typed in ("--reverse", "--desc"):
            expression = f"reverse({expression})"
        expression = "" if expression == "@" else expression
    elif is_list and typed in option_words.LIMITS and value.isdigit():
        expression = f"[:{value}]"
    elif is_list and takes_option(ctx, "--until") and typed in option_words.FILES and value:
        expression = select_file(value)
    elif ctx.info_name == "list" and typed in option_words.NAMES and value and "'" not in value:
        expression = f"[?contains(name, '{value}')]"
    return f"did you mean --query {quote_query(expression)}?" if expression else ""


def select_file(path: str) -> str:
    """Return the expression for the imports of a file, whose upload has a key behind its name."""
    name = PurePath(path).name.partition(".")[0].replace("'", "\\'")
    return f"[?starts_with(fileName, '{name}.')]"


def quote_query(text: str) -> str:
    """Return text in quotes for a shell: in double ones where that reads better."""
    return f'"{text}"' if "'" in text and not re.search(r'[$`"\\!]', text) else shlex.quote(text)


def _name_key(word: str) -> str:
    """Return the key that a column is called by; empty for what can be none."""
    return (word.lower() if word.isupper() else word) if _KEY.fullmatch(word) else ""


def find_value(args: Sequence[str], typed: str) -> str:
    """Return the value behind an option, or joined to it with `=`; empty without one."""
    for place, word in enumerate(args):
        name, joined, value = word.partition("=")
        if name == typed:
            following = args[place + 1 : place + 2]
            return value if joined else next((w for w in following if not w.startswith("--")), "")
    return ""
