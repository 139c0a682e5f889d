"""What an update changes: options that were given, and fields that --clear empties."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import click

from talkvalue_cli.commands.options.groups import Decorator
from talkvalue_cli.commands.options.types import Word
from talkvalue_cli.errors import UsageError


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
