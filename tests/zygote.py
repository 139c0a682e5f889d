"""A process that has loaded the program, and forks for each run of it, when `forks.py` asks.

Run as `python -m tests.zygote FD`, it forks for each connection to that socket, until its standard
input is closed. What it forks runs a module as `python -m`
does, with streams, environment, folder, arguments and session as if Python had just been started
with them. It differs in what is loaded already, in its command line in /proc, and in what Python
takes from the environment before anything else.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import io
import marshal
import os
import pkgutil
import resource
import runpy
import select
import signal
import socket
import sys
import time
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, TextIO

#: a request is no longer, in bytes; arguments and environment are in it
LARGEST = 150_000
#: what Python takes from its environment when it starts, in this process and in what it forks
AT_START = {"LANG": "C.UTF-8", "PYTHONWARNINGS": "error"}
#: what begins so is such a variable as well, but for those that are looked at later
_PREFIXES = ("LANG", "LC_", "LD_", "MALLOC_", "PYTHON")
_LATER = ("PYTHON_KEYRING_BACKEND", "PYTHONDONTWRITEBYTECODE")
#: what is not loaded: it needs what need not be installed, or does something when it is loaded
_LEFT_OUT = ("talkvalue_cli.airflow", "talkvalue_cli.imports.submitting.journal.postgres")


class Run(NamedTuple):
    """What is to be run.

    module: as behind `python -m`.
    terminal: opened as standard input, as the leader of a new session.
    streams: which of the first three descriptors come with the request, in their order; the
        others are closed. umask, ignored (signals): None and none leave what this process has.
    session, limits (of resources): those that it is to have, None for those of this process.
    """

    module: str
    arguments: Sequence[str]
    environ: Mapping[str, str]
    folder: str
    terminal: str | None = None
    streams: Sequence[int] = (0, 1, 2)
    umask: int | None = None
    ignored: Sequence[int] = ()
    session: int | None = None
    limits: Sequence[tuple[int, int]] | None = None


def is_usual(environ: Mapping[str, str]) -> bool:
    """Tell whether Python takes the same from this environment as from that of the zygote."""
    taken = {
        name: value
        for name, value in environ.items()
        if name.startswith(_PREFIXES) and name not in _LATER
    }
    return taken == AT_START


def _load() -> None:
    """Load all that a run may load, and see to it that forks share it."""
    import talkvalue_cli

    for found in pkgutil.walk_packages(talkvalue_cli.__path__, "talkvalue_cli."):
        if not found.name.startswith(_LEFT_OUT) and not found.name.endswith("__main__"):
            importlib.import_module(found.name)
    for name in ("encodings.idna", "keyring", "http.server", "stringprep"):
        importlib.import_module(name)
    gc.freeze()


def _serve(listener: socket.socket) -> Run:
    """Fork for each request; return in what was forked, with what it is to run."""
    children: list[_Child] = []
    while True:
        handles = [handle for child in children for handle in child.handles]
        awaited: list[Any] = [0, listener, *handles]
        ready = select.select(awaited, [], [])[0]
        if 0 in ready:
            sys.exit()
        children = [child for child in children if not child.settle(ready)]
        if listener in ready:
            asking, _ = listener.accept()
            run = _fork(asking.detach(), children)
            if run is not None:
                listener.detach()
                return run


class _Child:
    """A process that was forked, and the connection to who asked for it.

    handles: those of which one can be read when something has changed.
    """

    def __init__(self, pid: int, asking: int) -> None:
        self._pid, self._asking, self._ended = pid, asking, os.pidfd_open(pid)
        self.handles = [asking, self._ended]
        os.write(asking, b"%d" % pid)

    def settle(self, ready: Sequence[Any]) -> bool:
        """Tell who asked how it has ended; when nobody asks any more, end it and return True."""
        if self._asking in ready:
            os.kill(self._pid, signal.SIGKILL)
            os.waitpid(self._pid, 0)
            _close([self._asking, self._ended])
            return True
        if self._ended in ready:
            # who asked may want to look at what has ended, so it is kept until then
            end = os.waitid(os.P_PID, self._pid, os.WEXITED | os.WNOWAIT)
            assert end is not None
            code = end.si_status if end.si_code == os.CLD_EXITED else -end.si_status
            with contextlib.suppress(BrokenPipeError):
                os.write(self._asking, b"%d" % code)
            self.handles = [self._asking]
        return False


def _fork(asking: int, children: list[_Child]) -> Run | None:
    """Fork for who has connected, unless it has to start Python itself; return in the child."""
    with socket.socket(fileno=os.dup(asking)) as connection:
        request, fds, _, _ = socket.recv_fds(connection, LARGEST, 3)
    run = Run(*marshal.loads(request)) if request else None
    if run is not None and is_usual(run.environ) and _has_usual_bounds(run):
        pid = os.fork()
        if not pid:
            _take_streams(run, fds)
            return run
        children.append(_Child(pid, asking))
    else:
        with contextlib.suppress(BrokenPipeError):
            os.write(asking, b"0")
        os.close(asking)
    _close(fds)
    return None


def _has_usual_bounds(run: Run) -> bool:
    """Tell whether it is to have the session of this process, and its limits of resources."""
    limits = [resource.getrlimit(each) for each in range(16)]
    return run.session in (None, os.getsid(0)) and run.limits in (None, limits)


def _close(fds: Sequence[int]) -> None:
    for fd in fds:
        os.close(fd)


def _take_streams(run: Run, fds: Sequence[int]) -> None:
    """Have these as first descriptors, and no others."""
    given = dict(zip(run.streams, fds, strict=True))
    for target in range(3):
        if target in given:
            os.dup2(given[target], target)
        else:
            os.close(target)
    os.closerange(3, os.sysconf("SC_OPEN_MAX"))


def _open(fd: int, like: TextIO) -> io.TextIOWrapper | None:
    """Return a standard stream, as Python opens it when it starts; None if it is closed."""
    try:
        raw = io.FileIO(fd, like.mode, closefd=False)
    except OSError:
        return None
    raw.name = like.name
    buffer = io.BufferedReader(raw) if fd == 0 else io.BufferedWriter(raw)
    is_by_line = raw.isatty() or fd == 2
    stream = io.TextIOWrapper(buffer, like.encoding, like.errors, "\n", is_by_line)
    stream.mode = like.mode  # type: ignore[misc] # Python sets it, too
    return stream


def _settle(run: Run) -> None:
    """Make this process what Python would have started."""
    if run.terminal is not None:
        os.setsid()
        # the leader of a session that opens a terminal has it as its own
        terminal = os.open(run.terminal, os.O_RDONLY)
        os.dup2(terminal, 0)
        os.close(terminal)
    if run.umask is not None:
        os.umask(run.umask)
    os.chdir(run.folder)
    os.environ.clear()
    os.environ.update(run.environ)
    time.tzset()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for signum in run.ignored:
        signal.signal(signum, signal.SIG_IGN)
    sys.dont_write_bytecode = bool(run.environ.get("PYTHONDONTWRITEBYTECODE"))
    sys.stdin = sys.__stdin__ = _open(0, sys.stdin)  # type: ignore[misc]
    sys.stdout = sys.__stdout__ = _open(1, sys.stdout)  # type: ignore[misc]
    sys.stderr = sys.__stderr__ = _open(2, sys.stderr)  # type: ignore[misc]
    sys.path[0] = os.getcwd()
    sys.argv = ["-m", *run.arguments]


if __name__ == "__main__":
    # a Ctrl-C for the tests ends it without a word
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    _load()
    with socket.socket(fileno=int(sys.argv[1])) as listener:
        run = _serve(listener)
    _settle(run)
    runpy.run_module(run.module, run_name="__main__", alter_sys=True)
