"""The generated parts of README.md: exit codes, faults of the sandbox, and the commands.

They stand between two comments, `<!-- begin NAME -->` and `<!-- end NAME -->`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import click

from talkvalue_cli.exit_codes import ExitCode
from talkvalue_cli.sandbox.faults import grammar
from tests.reference.option_sets import OptionSet, find_sets
from tests.reference.tree import Entry, read_help, walk_commands

README = Path(__file__).parent.parent.parent / "README.md"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(_escape(cell) for cell in line) + " |" for line in lines)


def _escape(cell: str) -> str:
    return cell.replace("|", "\\|")


def describe_exit_codes() -> str:
    """Return the table of exit codes."""
    return _table(
        ("Code", "Meaning"), [(f"`{int(code)}`", _start(code.describe())) for code in ExitCode]
    )


def _start(text: str) -> str:
    return text[:1].upper() + text[1:]


def describe_faults() -> str:
    """Return the table of what `--fault` understands."""
    rows = []
    for name, kind in grammar.KINDS.items():
        value, colon, text = kind.help.partition(": ")
        if not colon:
            spec, text = name, kind.help
        else:
            spec = f"{name}={value}" if kind.default is None else f"{name}[={value}]"
        rows.append((f"`{spec}`", _start(text), ", ".join(f"`{key}`" for key in kind.keys)))
    return _table(("Fault", "What happens", "Keys"), rows)


def describe_commands() -> str:
    """Return the command reference: an overview, the shared options, and each command."""
    entries = list(walk_commands())
    sets = find_sets(entries)
    globals_ = [p for p in entries[0].command.params if isinstance(p, click.Option)]
    parts = [
        _describe_overview(entries),
        "### Global options",
        "Every command takes these, before or after its name.",
        _option_table(globals_, entries[0].context),
        *(part for each in sets for part in _describe_set(each, entries)),
        *(part for entry in entries for part in _describe_command(entry, sets)),
    ]
    return "\n\n".join(parts)


def _describe_overview(entries: Sequence[Entry]) -> str:
    """Return a table with a line for each group, and links to its commands."""
    rows: dict[str, list[str]] = {}
    for entry in entries:
        if not isinstance(entry.command, click.Group):
            parent, _, name = entry.path.rpartition(" ")
            rows.setdefault(parent, []).append(f"[{name}](#{_anchor(entry.path)})")
    lines = [(f"[`{path}`](#{_anchor(path)})", ", ".join(rows[path])) for path in sorted(rows)]
    return _table(("Group", "Commands"), lines)


def _anchor(heading: str) -> str:
    return heading.lower().replace(" ", "-")


def _describe_set(each: OptionSet, entries: Sequence[Entry]) -> Iterator[str]:
    yield f"### {each.name}"
    yield each.introduction
    owner = next(entry for entry in entries if each.options[0] in entry.options)
    yield _option_table(each.options, owner.context)


def _describe_command(entry: Entry, sets: Sequence[OptionSet]) -> Iterator[str]:
    command, context = entry
    yield ("### " if isinstance(command, click.Group) else "#### ") + entry.path
    usage = " ".join([entry.path, *command.collect_usage_pieces(context)])
    yield f"`{usage}`"
    for block in read_help(command):
        yield block.text
        if block.examples:
            yield f"```sh\n{block.examples}\n```"
    elsewhere = [option for each in sets for option in each.owned_by(entry)]
    own = [option for option in entry.options if option not in elsewhere]
    if own:
        yield _option_table(own, context)
    mentions = [
        f"[{each.name.lower()}](#{_anchor(each.name)}){each.describe_missing(entry)}"
        for each in sets
        if each.owned_by(entry)
    ]
    if mentions:
        yield f"{'And' if own else 'It has'} the {', and the '.join(mentions)}."


def _option_table(options: Sequence[click.Option], context: click.Context) -> str:
    rows = []
    for option in options:
        record = option.get_help_record(context)
        if record is not None:
            names, text = record
            rows.append((f"`{names}`", re.sub(r"  +", " ", text)))
    return _table(("Option", "Meaning"), rows)


#: name of each generated part → what writes it
PARTS: dict[str, Callable[[], str]] = {
    "exit codes": describe_exit_codes,
    "faults": describe_faults,
    "commands": describe_commands,
}


def fill(text: str) -> str:
    """Return the text with its generated parts made anew.

    Raises ValueError when the comments of a part are missing.
    """
    for name, describe in PARTS.items():
        begin, end = f"<!-- begin {name} -->\n", f"<!-- end {name} -->"
        before, found, rest = text.partition(begin)
        _, found_end, after = rest.partition(end)
        if not found or not found_end:
            raise ValueError(f"there are no comments around the part {name!r}")
        text = f"{before}{begin}\n{describe()}\n\n{end}{after}"
    return text
