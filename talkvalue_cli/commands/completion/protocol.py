"""What a shell asks for when Tab is pressed: the protocol between its script and this program."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import click
from click.shell_completion import CompletionItem, ShellComplete, split_arg_string

from talkvalue_cli.context import AppContext
from talkvalue_cli.output.columns import clean

#: asks for completions instead of a command: bash_complete, zsh_complete or fish_complete
VARIABLE = "_TALKVALUE_COMPLETE"
#: the command line up to the cursor
LINE = "COMP_LINE"
#: bash only: why it asks (the code of a key), and the characters at which it splits words
TYPE, BREAKS = "COMP_TYPE", "COMP_WORDBREAKS"
#: the keys % and *: what is offered is put into the line, so it must be nothing but the value
_INSERTING = ("37", "42")
_MARK = "\x01"


def answer(root: click.Command, environ: Mapping[str, str]) -> str:
    """Return lines of `kind<TAB>value<TAB>help`; kind is plain, file or dir.

    Raises whatever goes wrong: the caller stays silent about it.
    """
    shell = environ[VARIABLE].removesuffix("_complete")
    args, word = split_line(environ.get(LINE, ""))
    # without streams nothing can be printed, and nobody can be asked
    context = AppContext(args, environ)
    completer = ShellComplete(root, {"obj": context}, "talkvalue", VARIABLE)
    items = completer.get_completions(list(args), word)
    if shell == "bash":
        lines = [*_for_bash(items, word, environ)]
    else:
        lines = [f"{item.type}\t{_whole(item, word)}\t{_one_line(item.help)}" for item in items]
    return "".join(f"{line}\n" for line in lines)


def split_line(line: str) -> tuple[Sequence[str], str]:
    """Return the finished words behind the program's name, and the one at the cursor."""
    # the mark makes a word of the place behind a blank, too
    words = split_arg_string(line + _MARK)
    return words[1:-1], words[-1].removesuffix(_MARK)


def _whole(item: CompletionItem[str], word: str) -> str:
    """Return the word as it should stand on the line: with the `--name=` typed before it."""
    name, mark, _ = word.partition("=")
    return f"{name}{mark}{item.value}" if mark and name.startswith("-") else item.value


def _for_bash(
    items: Sequence[CompletionItem[str]], word: str, environ: Mapping[str, str]
) -> Iterator[str]:
    """Bash has no place for help, so names of ids go behind them while a choice is shown.

    It wants the part of the word behind its last word break only.
    """
    breaks = environ.get(BREAKS, "")
    typed = max((word.rfind(mark) + 1 for mark in ":=" if mark in breaks), default=0)
    is_choice = len(items) > 1 and environ.get(TYPE) not in _INSERTING
    for item in items:
        text = _whole(item, word)[typed:]
        # options and commands are clear enough by themselves
        is_id = is_choice and item.value.isdigit() and item.help
        yield f"{item.type}\t{text}" + (f"  ({_one_line(item.help)})" if is_id else "")


def _one_line(text: str | None) -> str:
    return clean(" ".join((text or "").split()))
