"""Writes what is generated, or says what is out of date."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.reference import documents


def main(argv: Sequence[str], root: Path = documents.ROOT) -> int:
    """Write the generated documents, or with --check compare them; return the exit code."""
    texts = documents.generate(root)
    if "--check" in argv:
        stale = [_is_stale(root / path, text) for path, text in texts.items()]
        return 1 if any(stale) else 0
    for path, text in texts.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")
    return 0


def _is_stale(path: Path, after: str) -> bool:
    """Tell whether a file is out of date, and say on standard error where."""
    before = path.read_text("utf-8") if path.exists() else ""
    if before == after:
        return False
    lines = difflib.unified_diff(
        before.splitlines(), after.splitlines(), path.name, "as it should be", "", "", 1, ""
    )
    sys.stderr.write("\n".join(lines) + f"\n{path.name} is out of date; `make docs` fixes it\n")
    return True
