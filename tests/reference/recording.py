"""Writes the recording of `make demo` into the README: what a terminal shows, as text.

`python -m tests.reference.recording`; takes ten seconds. `make docs-check` only
looks whether there is one.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections.abc import Sequence

from tests.reference import documents, parts
from tests.tty.terminal import Terminal

COLUMNS, ROWS = 100, 80
DEMO = ["make", "--no-print-directory", "-C", str(documents.ROOT), "demo"]
#: the bar is taken from when the import is so far, in percent
HALF = 50
#: how many failed rows are shown
SAMPLE = 4


def record() -> str:
    """Run the demo on a terminal, and return what stays of it, with the bar at about half."""
    terminal = Terminal(COLUMNS, ROWS)
    with tempfile.TemporaryDirectory() as home:
        terminal.start(command=DEMO, environ={"PATH": os.environ["PATH"], "HOME": home})
        terminal.wait_until(lambda: find_bar(terminal.lines), "the bar at half", 60)
        bar = find_bar(terminal.lines)
        terminal.finish(60)
    lines = [line.rstrip() for line in terminal.screen.display]
    terminal.close()
    return compose(lines, bar)


def find_bar(lines: Sequence[str]) -> str:
    """Return the line with the bar once the import is far enough, else nothing."""
    bars = (line for line in lines if re.match(r"import \d+ +RUNNING", line))
    return next((bar for bar in bars if int(re.findall(r"(\d+) %", bar)[0]) >= HALF), "")


def compose(lines: Sequence[str], bar: str) -> str:
    """Return the picture: the commands, the bar, the record, some failed rows, the exit code.

    lines: what the terminal shows in the end.
    """
    first = next(number for number, line in enumerate(lines) if line.startswith("$ "))
    begin = lines.index("== The import") + 1
    sample = next(number for number, line in enumerate(lines) if re.match("-+  -+  -+  ", line))
    last = next(line for line in lines if line.startswith("The exit code was"))
    shown = [*lines[first:begin], bar, *lines[begin : sample + 1 + SAMPLE], "  …", "", last]
    return "\n".join(shown)


def main() -> int:
    """Put the recording into the README."""
    readme = documents.ROOT / documents.README
    picture = f"```text\n{record()}\n```"
    text = parts.fill(readme.read_text("utf-8"), {"recording": lambda: picture})
    readme.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
