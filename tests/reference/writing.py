"""Writes what is generated, or says what is out of date."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.reference import manpage, readme


def main(
    argv: Sequence[str], readme_path: Path = readme.README, page_path: Path = manpage.PAGE
) -> int:
    """Write README.md and the manual page, or with --check compare them; return the exit code.

    The manual page takes its environment from the README, so that comes first.
    """
    before = readme_path.read_text("utf-8")
    text = readme.fill(before)
    page = manpage.write_page(text)
    page_before = page_path.read_text("utf-8") if page_path.exists() else ""
    if "--check" not in argv:
        readme_path.write_text(text, "utf-8")
        page_path.parent.mkdir(exist_ok=True)
        page_path.write_text(page, "utf-8")
        return 0
    stale = _compare(readme_path.name, before, text) | _compare(page_path.name, page_before, page)
    return 1 if stale else 0


def _compare(name: str, before: str, after: str) -> bool:
    """Tell whether a file is out of date, and say on standard error where."""
    if before == after:
        return False
    lines = difflib.unified_diff(
        before.splitlines(), after.splitlines(), name, "as it should be", "", "", 1, ""
    )
    sys.stderr.write("\n".join(lines) + f"\n{name} is out of date; `make docs` mends it\n")
    return True
