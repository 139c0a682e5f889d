"""Long texts on a terminal, through the program that PAGER names."""

from __future__ import annotations

import contextlib
import shlex
import shutil
import signal
from collections.abc import Iterator, Mapping

#: F: a text that fits the screen is only printed. R: colours are shown as such.
DEFAULT = "less -FR"


def show(text: str, environ: Mapping[str, str]) -> bool:
    """Show a text through the pager; return False when there is none, and nothing was shown.

    An empty PAGER asks for none. A pager that is left before the end of the
    text is no error.
    """
    import subprocess  # which the help of a command, where this is loaded too, does without

    command = shlex.split(environ.get("PAGER", DEFAULT))
    program = shutil.which(command[0], path=environ.get("PATH")) if command else None
    if program is None:
        return False
    with _leave_ctrl_c_to_it():
        subprocess.run(
            [program, *command[1:]], input=text, env=environ, encoding="utf-8", check=False
        )
    return True


@contextlib.contextmanager
def _leave_ctrl_c_to_it() -> Iterator[None]:
    """Let Ctrl-C do what it does in the pager, such as to end a search, and nothing here.

    A handler, unlike SIG_IGN, is not passed on to the pager.
    """
    before = signal.signal(signal.SIGINT, lambda signum, frame: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
