"""Questions before a change, and what to say when nobody knows whether one was made.

What cannot be taken back has one rule: --confirm does it, a person is asked, a script fails.
Questions are asked on standard error, and answered by a line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

from talkvalue_cli import signals
from talkvalue_cli.commands.options.groups import flag, hand_over
from talkvalue_cli.context import AppContext
from talkvalue_cli.errors import Interrupted, StoppedError, TalkValueError, UsageError
from talkvalue_cli.output.cleaning import clean_lines
from talkvalue_cli.output.style import is_terminal

T = TypeVar("T")

#: hands --confirm to the function as `is_confirmed`
confirm_option = hand_over(
    "is_confirmed",
    [flag("--confirm --yes -y", "Do it without asking; required in a script.")],
    lambda given: given["confirm"],
)


def require(
    context: AppContext, is_confirmed: bool, missing: str, question: Callable[[], str]
) -> None:
    """Return when it is to be done.

    missing: the message when nobody can be asked.
    question: asks the server about the thing, and returns what will happen to it.
    Raises UsageError where nobody can be asked, and TalkValueError when the answer is no.
    """
    if is_confirmed:
        return
    if not can_ask(context):
        raise UsageError(missing)
    _ = context.client  # tells that there is no token before it asks anything
    if not ask_yes(context, question()):
        raise TalkValueError("cancelled, nothing was changed", code="NOT_CONFIRMED")


def can_ask(context: AppContext) -> bool:
    """Tell whether somebody sees a question and can type an answer."""
    return is_terminal(context.stdin) and context.output.has_reader


def ask_line(context: AppContext, prompt: str) -> str:
    """Return the answer, without blanks around it.

    Raises UsageError at the end of input, and for what is no text; Interrupted.
    """
    assert context.stdin is not None, "can_ask() is asked before"
    context.output.write_error(clean_lines(prompt))
    try:
        with signals.point():
            line = context.stdin.readline()
    except UnicodeDecodeError as error:  # a terminal with another encoding
        raise UsageError("the answer is not text") from error
    if not line:
        context.output.write_error("\n")
        raise UsageError("the question was not answered")
    return line.strip()


def ask_yes(context: AppContext, question: str) -> bool:
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


@contextmanager
def telling_uncertainty(
    context: AppContext, *look: str, or_look: Sequence[str] = ()
) -> Iterator[None]:
    """Add to a failure that leaves a change uncertain how to see whether it was made.

    look: the command that shows it, without the program; or_look: another that may.
    """
    commands = " or ".join(context.command_line(*words) for words in (look, or_look) if words)
    _ = context.client
    with advising(f"it may have happened all the same; {commands} shows it"):
        yield


@contextmanager
def advising(advice: str) -> Iterator[None]:
    """Add advice to a failure that leaves a change uncertain, a signal's among them."""
    try:
        yield
    except Interrupted as interrupt:
        raise StoppedError(
            f"interrupted ({interrupt.name}) before the server answered",
            interrupt.signum,
            code="UNCERTAIN",
            hint=advice,
        ) from interrupt
    except TalkValueError as error:
        if not error.may_have_arrived:
            raise
        hint = f"{advice}; {error.hint}" if error.hint else advice
        raise error.evolve(hint=hint) from error.__cause__
