"""Questions to the person at the terminal. They are asked on standard error, answered by a line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from talkvalue_cli.errors import UsageError
from talkvalue_cli.output.paint import is_terminal
from talkvalue_cli.runtime import Runtime

T = TypeVar("T")


def can_ask(runtime: Runtime) -> bool:
    """Tell whether somebody sees a question and can type an answer."""
    return is_terminal(runtime.stdin) and runtime.output.has_reader


def ask_line(runtime: Runtime, prompt: str) -> str:
    """Return the answer, without blanks around it.

    Raises UsageError at the end of input, and for what is no text.
    """
    assert runtime.stdin is not None, "can_ask() is asked before"
    runtime.output.write_error(prompt)
    try:
        line = runtime.stdin.readline()
    except UnicodeDecodeError as error:  # a terminal with another encoding
        raise UsageError("the answer is not text") from error
    if not line:
        runtime.output.write_error("\n")
        raise UsageError("the question was not answered")
    return line.strip()


def confirm(runtime: Runtime, question: str) -> bool:
    """Ask a question whose answer is yes or no; anything but yes is no."""
    return ask_line(runtime, f"{question} [y/N] ").lower() in ("y", "yes")


def choose(
    runtime: Runtime, title: str, items: Sequence[tuple[T, str]], find: Callable[[str], T | None]
) -> T:
    """Let the user choose one of the items, each with its label, by number or as `find` says.

    find: returns the item that a typed text means, None for none; raises
        UsageError for more than one.
    """
    runtime.output.note(title)
    for number, (_, label) in enumerate(items, start=1):
        runtime.output.note(f"  {number}  {label}")
    while True:
        text = ask_line(runtime, f"Number or name [1-{len(items)}]: ")
        if text.isascii() and text.isdigit() and 1 <= int(text) <= len(items):
            return items[int(text) - 1][0]
        try:
            found = find(text) if text else None
        except UsageError as error:  # it means more than one
            runtime.output.note(f"{error.message}; type the number")
            continue
        if found is not None:
            return found
        runtime.output.note(f"{text!r} is none of them")
