"""The topic `reference`: every command and option, made from the Click tree."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import click

from tests.reference.option_sets import OptionSet, find_sets
from tests.reference.text import list_items, wrap
from tests.reference.tree import Entry, read_help, walk_commands


def describe_commands() -> str:
    """Return the topic: an overview, the shared options, and each command."""
    entries = list(walk_commands())
    sets = find_sets(entries)
    globals_ = [p for p in entries[0].command.params if isinstance(p, click.Option)]
    parts = [
        "# Every command and every option",
        wrap("Made from the program by `make docs`; `--help` of a command shows the same."),
        _describe_overview(entries),
        "## Global options",
        "Every command takes these, before or after its name.",
        _describe_options(globals_, entries[0].context),
        *(part for each in sets for part in _describe_set(each, entries)),
        *(part for entry in entries for part in _describe_command(entry, sets)),
    ]
    return "\n\n".join(parts) + "\n"


def _describe_overview(entries: Sequence[Entry]) -> str:
    """Return a list with an item for each group that has commands."""
    groups: dict[str, list[str]] = {}
    for entry in entries:
        if not isinstance(entry.command, click.Group):
            parent, _, name = entry.path.rpartition(" ")
            groups.setdefault(parent, []).append(name)
    return list_items((path, ", ".join(groups[path])) for path in sorted(groups))


def _describe_set(each: OptionSet, entries: Sequence[Entry]) -> Iterator[str]:
    yield f"## {each.name}"
    yield wrap(each.introduction)
    owner = next(entry for entry in entries if each.options[0] in entry.options)
    yield _describe_options(each.options, owner.context)


def _describe_command(entry: Entry, sets: Sequence[OptionSet]) -> Iterator[str]:
    command, context = entry
    yield ("## " if isinstance(command, click.Group) else "### ") + entry.path
    usage = " ".join([entry.path, *command.collect_usage_pieces(context)])
    yield f"`{usage}`"
    for block in read_help(command):
        yield wrap(block.text)
        if block.examples:
            yield f"```sh\n{block.examples}\n```"
    elsewhere = [option for each in sets for option in each.owned_by(entry)]
    own = [option for option in entry.options if option not in elsewhere]
    if own:
        yield _describe_options(own, context)
    mentions = [
        f"{each.name.lower()}{each.describe_missing(entry)}"
        for each in sets
        if each.owned_by(entry)
    ]
    if mentions:
        yield wrap(f"{'And' if own else 'It has'} the {', and the '.join(mentions)}.")


def _describe_options(options: Sequence[click.Option], context: click.Context) -> str:
    records = (option.get_help_record(context) for option in options)
    return list_items(
        (record[0], re.sub(r"  +", " ", record[1])) for record in records if record is not None
    )
