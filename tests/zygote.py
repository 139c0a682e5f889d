"""A process that has loaded the program, and forks for each run of it, when `forks.py` asks.

Run as `python -m tests.zygote FD FD`, it answers requests on the first socket until that is closed,
and connections of `forked_cli.py` to the second one. What it forks runs a module as `python -m`
does, with streams, environment, folder, arguments and session as if Python had just been started
with them. It differs in what is loaded already, in its command line in /proc, and in what Python
takes from the environment before anything else.
"""

from __future__ import annotations

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
from typing import NamedTuple, TextIO

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


def _serve(connection: socket.socket, listener: socket.socket) -> Run:
    """Fork for each request; return in what was forked, with what it is to run."""
    kept = _Kept()
    asked = connection.fileno(), listener.fileno()
    while True:
        ready = select.select([*asked, *kept.handles], [], [])[0]
        run = None
        if asked[0] in ready:
            run = _fork_child(connection)
        elif asked[1] in ready:
            run = _fork_kept(listener, kept)
        kept.settle(ready)
        if run is not None:
            connection.detach()
            listener.detach()
            return run


class _Kept:
    """Runs of `forked_cli.py`: their processes, and the connections to who asked for them."""

    def __init__(self) -> None:
        self._runs: list[tuple[int, int, int]] = []

    @property
    def handles(self) -> list[int]:
        """What can be read when one of the two has ended."""
        return [handle for _, *handles in self._runs for handle in handles]

    def add(self, pid: int, asking: int) -> None:
        """Tell who asks which process it is, and keep both in mind."""
        os.write(asking, b"%d" % pid)
        self._runs.append((pid, os.pidfd_open(pid), asking))

    def settle(self, ready: Sequence[int]) -> None:
        """Tell who asked how a process has ended; kill one whose other half has ended."""
        for run in [each for each in self._runs if set(each[1:]) & set(ready)]:
            pid, ended, asking = run
            if ended not in ready:
                os.kill(pid, signal.SIGKILL)
            code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
            if ended in ready:
                os.write(asking, b"%d" % code)
            _close([ended, asking])
            self._runs.remove(run)


def _receive(asking: socket.socket) -> tuple[Run | None, list[int]]:
    """Return a request and its streams; None at the end of a connection."""
    request, fds, _, _ = socket.recv_fds(asking, LARGEST, 3)
    return Run(*marshal.loads(request)) if request else None, fds


def _fork_child(connection: socket.socket) -> Run | None:
    """Fork what becomes a child of the tests; return in it."""
    run, fds = _receive(connection)
    if run is None:
        sys.exit()
    pid = _fork_orphan()
    if not pid:
        _take_streams(run, fds)
        return run
    _close(fds)
    connection.send(b"%d" % pid)
    return None


def _fork_orphan() -> int:
    """Fork what is no child of this process; return its id, and 0 in it."""
    reading, writing = os.pipe()
    middle = os.fork()
    if middle:
        os.waitpid(middle, 0)
        pid = int(os.read(reading, 20))
        _close([reading, writing])
        return pid
    parent = os.getpid()
    if pid := os.fork():
        os.write(writing, b"%d" % pid)
        os._exit(0)
    while os.getppid() == parent:  # until it is adopted
        time.sleep(0.0002)
    return 0


def _fork_kept(listener: socket.socket, kept: _Kept) -> Run | None:
    """Fork what runs for a process of `forked_cli.py`; return in it."""
    asking = listener.accept()[0]
    run, fds = _receive(asking)
    handle = asking.detach()
    if run is not None and is_usual(run.environ) and (run.session, run.limits) == _bounds():
        pid = os.fork()
        if not pid:
            _take_streams(run, fds)
            return run
        kept.add(pid, handle)
    else:
        os.write(handle, b"0")
        os.close(handle)
    _close(fds)
    return None


def _bounds() -> tuple[int, list[tuple[int, int]]]:
    """Return the session of this process, and its limits of resources."""
    return os.getsid(0), [resource.getrlimit(each) for each in range(16)]


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
    asking, listener = (socket.socket(fileno=int(fd)) for fd in sys.argv[1:])
    with asking, listener:
        run = _serve(asking, listener)
    _settle(run)
    runpy.run_module(run.module, run_name="__main__", alter_sys=True)
