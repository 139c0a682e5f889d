"""A terminal: a pseudo-terminal with a screen behind it that can be looked at."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

import pyte

from tests import forks
from tests.harness import CLI, PATIENCE_S


class Terminal:
    """Runs one command at a time; `close` it in the end.

    raw: every byte that was written to it.
    """

    def __init__(self, columns: int = 100, rows: int = 40) -> None:
        self._master, self._slave = pty.openpty()
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self.raw = b""
        self._process: subprocess.Popen[bytes] | None = None
        self.resize(columns, rows)

    def start(
        self,
        *args: str | Path,
        environ: Mapping[str, str],
        command: Sequence[str] = CLI,
        stdout: IO[bytes] | None = None,
        stderr: IO[bytes] | None = None,
        stdin: str | None = None,
    ) -> subprocess.Popen[bytes]:
        """Start a command with its streams on the terminal, apart from those given.

        The leader of a new session that opens a terminal has it as its own, and
        gets a signal when somebody types Ctrl-C.
        """
        words = [*command, *map(str, args)]
        streams = {"stdout": stdout or self._slave, "stderr": stderr or self._slave}
        opened, environ = stdin or os.ttyname(self._slave), {"TERM": "xterm-256color", **environ}
        given: dict[str, Any] = {"env": environ, "cwd": environ["HOME"], **streams}
        if forks.can_fork(words, environ):
            self._process = forks.Forked(words, terminal=opened, **given)
        else:
            shell = ["sh", "-c", f'exec "$0" "$@" <{opened}', *words]
            self._process = subprocess.Popen(
                shell, stdin=subprocess.DEVNULL, start_new_session=True, **given
            )
        return self._process

    def run(self, *args: str | Path, **settings: Any) -> int:
        """Run the program to its end and return its exit code."""
        self.start(*args, **settings)
        return self.finish()

    def finish(self, timeout_s: float = PATIENCE_S) -> int:
        """Wait until the command ends, show all that it wrote, and return its exit code."""
        process = self._process
        assert process is not None
        self.wait_until(lambda: process.poll() is not None, "the end", timeout_s)
        while self._pump(0.05):
            pass
        return process.wait()

    def _pump(self, timeout_s: float) -> bool:
        """Show what has been written; return whether there was anything."""
        if not select.select([self._master], [], [], timeout_s)[0]:
            return False
        data = os.read(self._master, 65536)
        self.raw += data
        self._stream.feed(data)
        return True

    def wait_until(
        self, condition: Callable[[], object], what: str, timeout_s: float = PATIENCE_S
    ) -> None:
        """Show what is written until the condition is true; fail when it never is."""
        end = time.monotonic() + timeout_s
        while not condition():
            self._pump(0.02)
            assert time.monotonic() < end, f"never happened: {what}\n" + "\n".join(self.lines)

    def wait_for(self, part: str) -> str:
        """Return the first line on the screen that has this part in it, once there is one."""
        self.wait_until(lambda: self.find(part), part)
        return self.find(part)

    def find(self, part: str) -> str:
        """Return the first line on the screen that has this part in it, else nothing."""
        return next((line for line in self.lines if part in line), "")

    @property
    def lines(self) -> list[str]:
        """The lines on the screen that have something in them."""
        return [line.rstrip() for line in self.screen.display if line.strip()]

    @property
    def is_cursor_hidden(self) -> bool:
        """Tell whether the cursor is hidden now."""
        return bool(self.screen.cursor.hidden)

    def place_of(self, part: str) -> tuple[int, int]:
        """Return row and first cell of a text on the screen; a wide character has two cells."""
        for row in range(self.screen.lines):
            cells = [self.screen.buffer[row][column].data for column in range(self.screen.columns)]
            for column in range(self.screen.columns):
                if "".join(cells[column:]).startswith(part) and cells[column]:
                    return row, column
        raise AssertionError(f"{part!r} is not on the screen\n" + "\n".join(self.lines))

    def style_of(self, part: str) -> tuple[str, bool]:
        """Return the colour of a text on the screen, and whether it is bold."""
        row, column = self.place_of(part)
        cell = self.screen.buffer[row][column]
        return cell.fg, cell.bold

    @property
    def echoes(self) -> bool:
        """Tell whether what is typed is shown, as a shell expects it."""
        return bool(termios.tcgetattr(self._slave)[3] & termios.ECHO)

    def type(self, text: str) -> None:
        """Type on the keyboard."""
        os.write(self._master, text.encode())

    def resize(self, columns: int, rows: int = 40) -> None:
        """Change the size of the window."""
        fcntl.ioctl(self._slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.screen.resize(rows, columns)

    def hang_up(self) -> None:
        """Close the window."""
        os.close(self._slave)
        os.close(self._master)
        self._slave = self._master = -1

    def close(self) -> None:
        """End what still runs."""
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        if self._master >= 0:
            self.hang_up()
