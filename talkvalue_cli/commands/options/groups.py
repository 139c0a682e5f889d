"""Options that several commands share: one object each, handed over together."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

import click

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
