"""Questions to the person at the terminal. They are asked on standard error, answered by a line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from talkvalue_cli.context import AppContext
from talkvalue_cli.errors import UsageError
from talkvalue_cli.output.style import is_terminal

T = TypeVar("T")


def can_ask(context: AppContext) -> bool:
    """Tell whether somebody sees a question and can type an answer."""
    return is_terminal(context.stdin) and context.output.has_reader


def ask_line(context: AppContext, prompt: str) -> str:
    """Return the answer, without blanks around it.

    Raises UsageError at the end of input, and for what is no text.
    """
    assert context.stdin is not None, "can_ask() is asked before"
    context.output.write_error(prompt)
    try:
        line = context.stdin.readline()
    except UnicodeDecodeError as error:  # a terminal with another encoding
        raise UsageError("the answer is not text") from error
    if not line:
        context.output.write_error("\n")
        raise UsageError("the question was not answered")
    return line.strip()


def confirm(context: AppContext, question: str) -> bool:
    """Ask a question whose answer is yes or no; anything but yes is no."""
    return ask_line(context, f"{question} [y/N] ").lower() in ("y", "yes")


def choose(
    context: AppContext, title: str, items: Sequence[tuple[T, str]], find: Callable[[str], T | None]
) -> T:
    """Let the user choose one of the items, each with its label, by number or as `find` says.

    find: returns the item that a typed text means, None for none; raises
        UsageError for more than one.
    """
    context.output.note(title)
    for number, (_, label) in enumerate(items, start=1):
        context.output.note(f"  {number}  {label}")
    while True:
        text = ask_line(context, f"Number or name [1-{len(items)}]: ")
        if text.isascii() and text.isdigit() and 1 <= int(text) <= len(items):
            return items[int(text) - 1][0]
        try:
            found = find(text) if text else None
        except UsageError as error:  # it means more than one
            context.output.note(f"{error.message}; type the number")
            continue
        if found is not None:
            return found
        context.output.note(f"{text!r} is none of them")
