"""Options that several commands share: described once, and named by the commands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import click

from talkvalue_cli.commands.options.export import export_options
from talkvalue_cli.commands.options.paging import paging_options
from talkvalue_cli.commands.options.people import FIELD_OPTIONS, PHONE_OPTION, people_filters
from talkvalue_cli.commands.path.import_.wait_options import wait_options
from tests.reference.tree import Entry, long_name

#: a command with fewer options of a set describes them itself
FEWEST = 2


class OptionSet(NamedTuple):
    """Options that one function of the program gives to commands, under one name.

    name: the heading, as a command's description names it too.
    introduction: what the heading is followed by.
    """

    name: str
    introduction: str
    options: Sequence[click.Option]

    def owned_by(self, entry: Entry) -> list[click.Option]:
        """Return the options of the set that a command leaves to it; none if they are too few."""
        owned = [option for option in self.options if option in entry.options]
        return owned if len(owned) >= FEWEST else []

    def describe_missing(self, entry: Entry) -> str:
        """Return which of the set's options a command has not, as `, but not …`."""
        missing = [long_name(option) for option in self.options if option not in entry.options]
        if not missing:
            return ""
        reason = ": it always waits" if "--wait" in missing else ""
        return f", but not {_join(missing)}{reason}"


def _join(names: Sequence[str]) -> str:
    quoted = [f"`{name}`" for name in names]
    return " and ".join([", ".join(quoted[:-1]), quoted[-1]] if len(quoted) > 2 else quoted)


def _options_of(decorate: Callable[..., Any]) -> Sequence[click.Option]:
    """Return what an option-set function adds to a command, in the order of the command line."""

    def command() -> None:
        """Stand in for a command."""

    return tuple(reversed(decorate(command).__click_params__))


def _shared(options: Iterable[click.Option], entries: Sequence[Entry]) -> list[click.Option]:
    """Return those that more than one command has: the others are described with theirs."""
    return [o for o in options if sum(o in entry.options for entry in entries) > 1]


def find_sets(entries: Sequence[Entry]) -> list[OptionSet]:
    """Return the sets in the order in which they are described."""
    sets = [
        OptionSet(
            "Wait flags",
            "The commands that can wait for an import share these.",
            _options_of(wait_options(always=False, many=True)),
        ),
        OptionSet(
            "People filters",
            "The lists of people share these, without the one that the list is about. "
            "A person is listed who fits all the filters that are given.",
            _options_of(people_filters()),
        ),
        OptionSet("Person fields", "What can be said of a person.", (*FIELD_OPTIONS, PHONE_OPTION)),
        OptionSet(
            "Paging flags", "Which part of a long list is printed.", _options_of(paging_options)
        ),
        OptionSet("Export flags", "Where the answer goes.", _options_of(export_options)),
    ]
    found = [each._replace(options=_shared(each.options, entries)) for each in sets]
    return [each for each in found if each.options]
