"""Markdown that is read as plain text as well: lines that fit a terminal, lists for tables."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence

#: the width of most terminals is 80, and less(1) shows a mark in the last column
WIDTH = 79


def wrap(text: str, *, begin: str = "", indent: str = "") -> str:
    """Return a paragraph in lines; words stay whole, however long they are.

    begin, indent: what the first line and the others start with.
    """
    return textwrap.fill(
        text,
        WIDTH,
        initial_indent=begin,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def list_items(rows: Iterable[tuple[str, str]]) -> str:
    """Return a list of terms, as code, with what they mean."""
    return "\n".join(wrap(f"`{term}`: {text}", begin="- ", indent="  ") for term, text in rows)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table, for what is read on a page only."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(_escape(cell) for cell in line) + " |" for line in lines)


def _escape(cell: str) -> str:
    return cell.replace("|", "\\|")
