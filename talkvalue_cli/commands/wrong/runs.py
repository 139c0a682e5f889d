"""Files where a command line has no place for one: they are to be imported."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Sequence

import click

from talkvalue_cli.commands.wrong import option_words
from talkvalue_cli.commands.wrong.mistake import Mistake, describe_lines, list_members
from talkvalue_cli.commands.wrong.selection import quote_query, select_file

#: verbs that show what was imported
_SHOWING = ("list", "get", "history", "failed-export")


def find_file(ctx: click.Context, args: Sequence[str]) -> str | None:
    """Return the word behind `import` that is a file, which then is to be imported."""
    if (ctx.info_name if ctx.parent else None) != "import":
        return None
    if any(word in list_members(ctx) for word in args):
        return None
    words = (word for word in args if word == "-" or not word.startswith("-"))
    return next((w for w in words if w == "-" or "." in w or _is_file(w)), None)


def suggest_run(ctx: click.Context, word: str) -> str:
    """Return what is meant by a file behind a verb of imports; empty for other words.

    That is to import it, or to see the imports that were made of it.
    """
    is_file = _is_file(word) or is_table(word)
    if not (is_file and ctx.parent and find_file(ctx.parent, [word])):
        return ""
    hint = missing_run(ctx.parent, [word]).hint
    if ctx.info_name not in _SHOWING:
        return hint
    shown = f"{ctx.parent.command_path} list --query {quote_query(select_file(word))}"
    return describe_lines([shown, hint.partition("\n")[0]])


def missing_run(ctx: click.Context, args: Sequence[str]) -> Mistake:
    """Return the error for a file behind `import`, with the whole command in its hint."""
    assert isinstance(ctx.command, click.Group)
    words = [word for word in args if word not in option_words.ARGUMENTS]
    given = {word.partition("=")[0] for word in words}
    words, channel, mode = _take_target(words)
    if not given & {"--channel", "--source-id"}:
        words += ["--channel", channel]
    if "--mode" not in given:
        words += ["--mode", mode]
    line = f"{ctx.command_path} run {shlex.join(words)}"
    return Mistake(
        f"{find_file(ctx, args)!r} is not a command of import: put 'run' before the file.",
        ctx,
        f"{line}\n--mode SKIP leaves people alone who exist already; "
        "talkvalue path channel list shows the channels",
    )


def _take_target(words: Sequence[str]) -> tuple[list[str], str, str]:
    """Return words without what stands behind the file, as in `x.csv to Newsletter SKIP`.

    That is a channel and a mode, or what has to be put in their place.
    """
    place = next((n for n, word in enumerate(words) if "." in word or _is_file(word)), None)
    behind = [] if place is None else words[place + 1 :]
    if any(word.startswith("-") for word in words) or any("." in word for word in behind):
        return [*words], "NAME-OR-ID", "UPDATE"
    modes = [word for word in behind if word.upper() in ("UPDATE", "SKIP")]
    channels = [word for word in behind if word not in (*modes, "to", "into", "in")]
    if len(channels) > 1 or len(modes) > 1:
        return [*words], "NAME-OR-ID", "UPDATE"
    rest = words[: len(words) - len(behind)]
    channel, mode = channels or ["NAME-OR-ID"], modes or ["UPDATE"]
    return [*rest], channel[0], mode[0]


def _is_file(word: str) -> bool:
    """Tell whether a word is the name of something that can be read; a folder cannot."""
    return os.path.exists(word) and not os.path.isdir(word)


def is_table(word: str) -> bool:
    """Tell whether a word has the ending of a file that can be imported."""
    return bool(re.search(r"\.(csv|tsv|txt|xlsx?|ods|gz|zip)$", word, re.I))
