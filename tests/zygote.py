"""A process that has loaded the program, and forks for each run of it, when `forks.py` asks.

Run as `python -m tests.zygote FD`, it answers requests on the socket FD until that is closed. What
it forks runs a module as `python -m` does, with streams, environment, folder, arguments and session
as if Python had just been started with them. It differs in what is loaded already, in its command
line in /proc, and in what Python takes from the environment before anything else.
"""

from __future__ import annotations

import gc
import importlib
import io
import json
import os
import pkgutil
import runpy
import signal
import socket
import sys
import time
from typing import NamedTuple, TextIO

#: a request is no longer, in bytes; arguments and environment are in it
LARGEST = 150_000
#: what is not loaded: it needs what need not be installed, or does something when it is loaded
_LEFT_OUT = ("talkvalue_cli.airflow", "talkvalue_cli.imports.submitting.journal.postgres")


class Run(NamedTuple):
    """What is to be run, beside its streams.

    module: as behind `python -m`.
    terminal: opened as standard input, as the leader of a new session.
    """

    module: str
    arguments: list[str]
    environ: dict[str, str]
    folder: str
    terminal: str | None


def _load() -> None:
    """Load all that a run may load, and see to it that forks share it."""
    import talkvalue_cli

    for found in pkgutil.walk_packages(talkvalue_cli.__path__, "talkvalue_cli."):
        if not found.name.startswith(_LEFT_OUT) and not found.name.endswith("__main__"):
            importlib.import_module(found.name)
    for name in ("encodings.idna", "keyring", "http.server", "stringprep"):
        importlib.import_module(name)
    gc.freeze()


def _serve(connection: socket.socket) -> Run:
    """Fork for each request; return in what was forked, with what it is to run."""
    while True:
        request, streams, _, _ = socket.recv_fds(connection, LARGEST, 3)
        if not request:
            connection.close()
            sys.exit()
        pid = _fork_orphan()
        if not pid:
            for target, source in enumerate(streams):
                os.dup2(source, target)
            connection.detach()
            os.closerange(3, os.sysconf("SC_OPEN_MAX"))
            return Run(*json.loads(request))
        for stream in streams:
            os.close(stream)
        connection.send(b"%d" % pid)


def _fork_orphan() -> int:
    """Fork what is no child of this process; return its id, and 0 in it."""
    reading, writing = os.pipe()
    middle = os.fork()
    if middle:
        os.waitpid(middle, 0)
        pid = int(os.read(reading, 20))
        os.close(reading)
        os.close(writing)
        return pid
    parent = os.getpid()
    if pid := os.fork():
        os.write(writing, b"%d" % pid)
        os._exit(0)
    while os.getppid() == parent:  # until it is adopted
        time.sleep(0.0002)
    return 0


def _open(fd: int, like: TextIO) -> io.TextIOWrapper:
    """Return a standard stream, as Python opens it when it starts."""
    raw = io.FileIO(fd, like.mode, closefd=False)
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
    os.chdir(run.folder)
    os.environ.clear()
    os.environ.update(run.environ)
    time.tzset()
    signal.signal(signal.SIGINT, signal.default_int_handler)
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
    run = _serve(socket.socket(fileno=int(sys.argv[1])))
    _settle(run)
    runpy.run_module(run.module, run_name="__main__", alter_sys=True)
