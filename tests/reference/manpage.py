"""The manual page talkvalue(1): the same commands and options, for man(1)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import click

import talkvalue_cli
from talkvalue_cli.exit_codes import ExitCode
from tests.reference import roff
from tests.reference.option_sets import OptionSet, find_sets
from tests.reference.tree import Entry, read_help, walk_commands


def write_page(environment: str) -> str:
    """Return the page.

    environment: the text of the topic that has the environment variables.
    """
    entries = list(walk_commands())
    sets = find_sets(entries)
    root = entries[0]
    version = f"talkvalue-cli {talkvalue_cli.__version__}"
    # no date: the same sources make the same page on every day
    lines = [
        '.\\" made by `make docs` from the program itself; changes to it get lost',
        f'.TH TALKVALUE 1 "" {roff.quote(version)} "User Commands"',
        # words stay whole: many of them are to be typed or searched for
        ".nh",
        ".nr HY 0",
        ".ad l",
        roff.section("NAME"),
        f"talkvalue \\- {roff.escape(_start_small(read_help(root.command)[0].text))}",
        roff.section("SYNOPSIS"),
        "\\fBtalkvalue\\fR [\\fIoptions\\fR] \\fIcommand\\fR [\\fIarguments\\fR]",
        roff.section("DESCRIPTION"),
        *_describe_help(root.command),
        roff.section("GLOBAL OPTIONS"),
        roff.paragraph("Every command takes these, before or after its name."),
        *_describe_options([p for p in root.command.params if isinstance(p, click.Option)], root),
        *(line for each in sets for line in _describe_set(each, entries)),
        roff.section("COMMANDS"),
        *(line for entry in entries[1:] for line in _describe_command(entry, sets)),
        roff.section("EXIT STATUS"),
        *(roff.item(str(int(code)), f"{_start_big(code.meaning)}.") for code in ExitCode),
        roff.section("ENVIRONMENT"),
        *(roff.item(names, text) for names, text in read_environment(environment)),
    ]
    # a heading begins a paragraph by itself
    return re.sub(r"(?m)^(\.S[HS] .+\n)\.PP\n", r"\1", "\n".join(lines) + "\n")


def _start_small(sentence: str) -> str:
    return (sentence[:1].lower() + sentence[1:]).removesuffix(".")


def _start_big(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def _describe_help(command: click.Command) -> Iterator[str]:
    for block in read_help(command):
        yield roff.paragraph(block.text)
        if block.examples:
            yield roff.example(block.examples)


def _describe_set(each: OptionSet, entries: Sequence[Entry]) -> Iterator[str]:
    yield roff.section(each.name.upper())
    yield roff.paragraph(each.introduction)
    yield from _describe_options(
        each.options, next(entry for entry in entries if each.options[0] in entry.options)
    )


def _describe_command(entry: Entry, sets: Sequence[OptionSet]) -> Iterator[str]:
    usage = [entry.path, *entry.command.collect_usage_pieces(entry.context)]
    yield roff.subsection(" ".join(usage))
    yield from _describe_help(entry.command)
    elsewhere = [option for each in sets for option in each.owned_by(entry)]
    yield from _describe_options([o for o in entry.options if o not in elsewhere], entry)
    for each in sets:
        if each.owned_by(entry):
            missing = each.describe_missing(entry)
            yield roff.paragraph(f"See also {each.name.upper()} above{missing}.")


def _describe_options(options: Sequence[click.Option], entry: Entry) -> Iterator[str]:
    for option in options:
        record = option.get_help_record(entry.context)
        if record is not None:
            yield roff.item(record[0], re.sub(r"  +", " ", record[1]))


def read_environment(topic: str) -> Iterator[tuple[str, str]]:
    """Yield the variables that the list of a topic has, and what they mean."""
    for item in re.findall(r"^- (.+(?:\n  .+)*)", topic, re.MULTILINE):
        found = re.fullmatch(r"((?:`[A-Z_]+`(?:, )?)+): (.+)", " ".join(item.split()))
        if found:
            yield found[1].replace("`", ""), found[2]
