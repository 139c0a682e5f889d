"""Generated parts of documents: from `<!-- begin NAME -->` to `<!-- end NAME -->`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from talkvalue_cli.exit_codes import ExitCode
from talkvalue_cli.sandbox.faults import grammar
from tests.reference.text import list_items, table


def tabulate_exit_codes() -> str:
    """Return the exit codes as a table."""
    return table(("Code", "Meaning"), [(f"`{code}`", text) for code, text in _exit_codes()])


def list_exit_codes() -> str:
    """Return the exit codes as a list."""
    return list_items((code, f"{text}.") for code, text in _exit_codes())


def _exit_codes() -> list[tuple[str, str]]:
    return [(str(int(code)), _start(code.meaning)) for code in ExitCode]


def _start(text: str) -> str:
    return text[:1].upper() + text[1:]


def list_faults() -> str:
    """Return what `--fault` understands, as a list."""
    rows = []
    for name, kind in grammar.KINDS.items():
        value, colon, text = kind.help.partition(": ")
        if not colon:
            spec, text = name, kind.help
        else:
            spec = f"{name}={value}" if kind.default is None else f"{name}[={value}]"
        keys = ", ".join(f"`{key}`" for key in kind.keys)
        rows.append((spec, f"{_start(text)}. Keys: {keys}."))
    return list_items(rows)


def fill(text: str, parts: Mapping[str, Callable[[], str]]) -> str:
    """Return the text with its generated parts written again.

    parts: name of each → what writes it.
    Raises ValueError when the comments of a part are missing.
    """
    for name, describe in parts.items():
        before, _, after = split(text, name)
        text = f"{before}\n{describe()}\n\n{after}"
    return text


def split(text: str, name: str) -> tuple[str, str, str]:
    """Return what is before a part, the part, and what is behind it; comments go with the rest.

    Raises ValueError when they are missing.
    """
    begin, end = f"<!-- begin {name} -->\n", f"<!-- end {name} -->"
    before, found, rest = text.partition(begin)
    part, found_end, after = rest.partition(end)
    if not found or not found_end:
        raise ValueError(f"there are no comments around the part {name!r}")
    return before + begin, part, end + after
