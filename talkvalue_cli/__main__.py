"""The `talkvalue` command, and `python -m talkvalue_cli`.

Nothing else of ours is loaded before a signal ends the process silently: somebody may press
Ctrl-C at once.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import NoReturn


def _leave(signum: int, frame: object) -> NoReturn:
    os._exit(128 + signum)


def run() -> NoReturn:
    """Run the command line of this process, and end the process with its exit code."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        signum = getattr(signal, name, None)
        if signum is not None and signal.getsignal(signum) is not signal.SIG_IGN:
            signal.signal(signum, _leave)
    import contextlib

    from talkvalue_cli import cli

    code = cli.main(sys.argv[1:])
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError, AttributeError):
            stream.flush()
    # taking the interpreter apart would be a tenth of a short command's time, for nothing
    os._exit(code)


if __name__ == "__main__":
    run()
