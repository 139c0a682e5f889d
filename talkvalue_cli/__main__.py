"""The `talkvalue` command, and `python -m talkvalue_cli`.

Next to nothing is loaded before a signal ends the process silently: somebody may press Ctrl-C
at once.
"""

from __future__ import annotations

# what `signal` is made of: without its enumerations, which take longer than all the rest
import _signal as signal  # type: ignore[import-not-found] # there is no stub
import gc
import os
import sys

#: objects between two looks for cycles: what loads makes many and none in vain, and Python's 700
#: cost a twentieth of a short command
_OBJECTS_A_LOOK = 50_000


def _leave(signum: int, frame: object) -> None:
    os._exit(128 + signum)


def run() -> None:
    """Run the command line of this process, and end the process with its exit code."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        signum = getattr(signal, name, None)
        if signum is not None and signal.getsignal(signum) != signal.SIG_IGN:
            signal.signal(signum, _leave)
    gc.set_threshold(_OBJECTS_A_LOOK)
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
