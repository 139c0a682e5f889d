"""Options that several commands share: one object each, handed over together."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import click

from talkvalue_cli.commands.options.types import Word
from talkvalue_cli.errors import UsageError

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def hand_over(
    name: str, options: Sequence[click.Option], collect: Callable[[dict[str, Any]], Any]
) -> Decorator:
    """Return a decorator that adds options to a command, and hands them to it as one value.

    name: the parameter of the function that gets the value.
    collect: makes it out of the values of the options, by their names. May raise UsageError.
    """

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def wrapper(*args: Any, **values: Any) -> Any:
            given = {option.name: values.pop(option.name) for option in options if option.name}
            return function(*args, **values, **{name: collect(given)})

        # where click's own decorators keep what a command is made from, last one first
        pending = getattr(function, "__click_params__", [])
        wrapper.__click_params__ = pending + list(reversed(options))  # type: ignore[attr-defined]
        return wrapper

    return decorate


def clear_option(words: Iterable[str]) -> Decorator:
    """Add --clear for fields with these names, handed to the function as `cleared`."""
    names = tuple(words)
    return click.option(
        "--clear",
        "cleared",
        multiple=True,
        type=Word("field", names),
        metavar="FIELD",
        help=f"Empty a field: {', '.join(names)}; repeatable.",
    )


def collect_changes(
    given: Mapping[str, Any], cleared: Sequence[str], fields: Mapping[str, str]
) -> dict[str, Any]:
    """Return what an update says, by the API's names of the fields.

    given: values of options by the API's names; None and () were not given.
    cleared: words of --clear. fields: the API's name for each of these words.
    Raises UsageError for a field that is both set and cleared, and for no change at all.
    """
    changes = {name: value for name, value in given.items() if value not in (None, ())}
    for word in cleared:
        name = fields[word]
        if name in changes and changes[name] is not None:
            raise UsageError(f"--{word} and --clear {word} exclude each other")
        changes[name] = None
    if not changes:
        raise UsageError("nothing to change was named", hint="name a field, or clear one")
    return changes
