"""Text as roff, the language of manual pages (the macros of man(7), and EX and EE for examples)."""

from __future__ import annotations

import re


def escape(text: str) -> str:
    """Return text that stands for itself: no escapes, no requests, hyphens as they are typed."""
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("`", "\\(ga").replace("'", "\\(aq")
    text = text.replace("~", "\\(ti").replace("^", "\\(ha")
    text = "".join(c if c.isascii() else f"\\[u{ord(c):04X}]" for c in text)
    return "\n".join(
        f"\\&{line}" if line.startswith((".", "'")) else line for line in text.split("\n")
    )


def quote(text: str) -> str:
    """Return text as one argument of a macro."""
    return '"' + escape(text).replace('"', "\\(dq") + '"'


def inline(text: str) -> str:
    """Return a sentence in which code between backticks is bold."""
    parts = re.split(r"`([^`]+)`", text)
    return "".join(
        f"\\fB{escape(part)}\\fR" if number % 2 else escape(part)
        for number, part in enumerate(parts)
    )


def section(title: str) -> str:
    """Return the heading of a section."""
    return f".SH {quote(title)}"


def subsection(title: str) -> str:
    """Return the heading of a part of a section."""
    return f".SS {quote(title)}"


def paragraph(text: str) -> str:
    """Return a paragraph of sentences."""
    return f".PP\n{inline(text)}"


def item(term: str, text: str) -> str:
    """Return a term, in bold, with what it means below it."""
    return f".TP\n\\fB{escape(term)}\\fR\n{inline(text)}"


def example(lines: str) -> str:
    """Return lines that keep their shape."""
    return f".PP\n.RS 4\n.EX\n{escape(lines)}\n.EE\n.RE"
