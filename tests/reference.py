"""Writes the generated parts of README.md: `python -m tests.reference [--check]`.

They stand between two comments, `<!-- begin NAME -->` and `<!-- end NAME -->`, and are made
from the program itself: the exit codes, the faults of the sandbox, and the commands. It is a
tool of the developers and lives with the tests, so that the program never loads it.
"""

from __future__ import annotations

import difflib
import inspect
import re
import sys
import textwrap
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import click

from talkvalue_cli.cli import root
from talkvalue_cli.commands.base import GlobalOption
from talkvalue_cli.errors import ExitCode
from talkvalue_cli.sandbox import faults

README = Path(__file__).parent.parent / "README.md"


class Entry(NamedTuple):
    """A command of the Click tree with the context in which its name is complete."""

    command: click.Command
    context: click.Context

    @property
    def path(self) -> str:
        """The command as it is typed, such as `talkvalue path import get`."""
        return self.context.command_path

    @property
    def options(self) -> list[click.Option]:
        """Its own options, without the global ones."""
        return [
            param
            for param in self.command.params
            if isinstance(param, click.Option)
            and not isinstance(param, GlobalOption)
            and param.name != "version"
        ]


def walk_commands(entry: Entry | None = None) -> Iterator[Entry]:
    """Yield every command and group, each before its members."""
    entry = entry or Entry(
        root, click.Context(root, info_name="talkvalue", **root.context_settings)
    )
    yield entry
    command, context = entry
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            member = command.get_command(context, name)
            assert member is not None
            below = click.Context(member, info_name=name, parent=context)
            yield from walk_commands(Entry(member, below))


class Block(NamedTuple):
    """A paragraph of a help text, or a list of examples with the line that introduces it."""

    text: str
    examples: str = ""


def read_help(command: click.Command) -> list[Block]:
    """Return the paragraphs of a command's help text.

    A paragraph that Click leaves as it is (\\b), and whose first line ends with
    a colon, is a heading and examples; in any other the line ends are blanks.
    """
    blocks = []
    for paragraph in inspect.cleandoc(command.help or "").split("\n\n"):
        lines = paragraph.strip("\n").split("\n")
        if lines[0] == "\b":
            lines = lines[1:]
            if lines[0].endswith(":"):
                blocks.append(Block(lines[0], textwrap.dedent("\n".join(lines[1:]))))
                continue
        blocks.append(Block(" ".join(line.strip() for line in lines)))
    return blocks


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
    for name, kind in faults.KINDS.items():
        value, colon, text = kind.help.partition(": ")
        if not colon:
            spec, text = name, kind.help
        else:
            spec = f"{name}={value}" if kind.default is None else f"{name}[={value}]"
        rows.append((f"`{spec}`", _start(text), ", ".join(f"`{key}`" for key in kind.keys)))
    return _table(("Fault", "What happens", "Keys"), rows)


def describe_commands() -> str:
    """Return the command reference.

    Options that several commands share, because they are one object in the
    program, are described once, under the name of the first that has them.
    """
    entries = list(walk_commands())
    shared = _find_shared(entries)
    globals_ = [p for p in entries[0].command.params if isinstance(p, click.Option)]
    parts = [
        "### Global options",
        "Every command takes these, before or after its name.",
        _option_table(globals_, entries[0].context),
        "### Wait flags",
        "The commands that can wait share these, but for the exceptions that each one names.",
        _option_table(shared, next(e.context for e in entries if shared[0] in e.options)),
        *(part for entry in entries for part in _describe_command(entry, shared)),
    ]
    return "\n\n".join(parts)


def _find_shared(entries: Sequence[Entry]) -> list[click.Option]:
    every = [option for entry in entries for option in entry.options]
    counts = {id(option): sum(other is option for other in every) for option in every}
    return [o for n, o in enumerate(every) if counts[id(o)] > 1 and o not in every[:n]]


def _describe_command(entry: Entry, shared: Sequence[click.Option]) -> Iterator[str]:
    command, context = entry
    yield f"### {entry.path}"
    usage = " ".join([entry.path, *command.collect_usage_pieces(context)])
    yield f"`{usage}`"
    for block in read_help(command):
        yield block.text
        if block.examples:
            yield f"```sh\n{block.examples}\n```"
    own = [option for option in entry.options if option not in shared]
    if own:
        yield _option_table(own, context)
    if len(own) < len(entry.options):
        missing = [_long_name(option) for option in shared if option not in entry.options]
        names = " and ".join(f"`{name}`" for name in missing)
        reason = ": this command always waits" if "--wait" in missing else ""
        yield "And the [wait flags](#wait-flags)" + (f" but {names}{reason}." if missing else ".")


def _long_name(option: click.Option) -> str:
    return next(name for name in option.opts if name.startswith("--"))


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


def main(argv: Sequence[str], readme: Path = README) -> int:
    """Write the parts, or with --check only compare them; return the exit code."""
    before = readme.read_text("utf-8")
    after = fill(before)
    if "--check" not in argv:
        readme.write_text(after, "utf-8")
        return 0
    if after == before:
        return 0
    lines = difflib.unified_diff(
        before.splitlines(), after.splitlines(), readme.name, "as it should be", "", "", 1, ""
    )
    sys.stderr.write("\n".join(lines) + f"\n{readme.name} is out of date; `make docs` mends it\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
