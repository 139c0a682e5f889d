"""Runs of the program that are forked, not started: loading it takes most of their time."""

from __future__ import annotations

import atexit
import ctypes
import marshal
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, AnyStr

from tests import zygote
from tests.zygote import Run

CLI = (sys.executable, "-m", "talkvalue_cli")
FORKED_CLI = Path(__file__).with_name("forked_cli.py")
#: of <linux/prctl.h>
_PR_SET_CHILD_SUBREAPER = 36
#: for the environment of a run that is not to be forked; it changes nothing else
NOT_FORKED = {"PYTHONHASHSEED": "random"}


class _Zygote:
    """The process that forks, started when it is first needed; it ends with this one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def fork(self, run: Run, streams: Sequence[int]) -> int:
        """Run a module with these as its three streams; return the id of the process."""
        request: Any = tuple(run)
        with self._lock:
            socket.send_fds(self._connection, [marshal.dumps(request)], streams)
            return int(self._connection.recv(20))

    @cached_property
    def program(self) -> Path:
        """`talkvalue`, made of `forked_cli.py`, with a socket beside it."""
        folder = tempfile.mkdtemp(prefix="zygote-")
        atexit.register(shutil.rmtree, folder)
        program = Path(folder) / "talkvalue"
        program.write_text(f"#!{sys.executable} -ISE\n{FORKED_CLI.read_text()}")
        program.chmod(0o755)
        return program

    @cached_property
    def _connection(self) -> socket.socket:
        # what it forks is an orphan at once, and so becomes a child of this process
        assert ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0
        ours, others = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with others, socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listener:
            listener.bind(str(self.program.with_name("socket")))
            listener.listen()
            fds = others.fileno(), listener.fileno()
            process = subprocess.Popen(
                [sys.executable, "-m", zygote.__name__, *map(str, fds)],
                cwd=Path(__file__).parent.parent,
                # not those of pytest: for a moment they are those of what is forked
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=fds,
                env=zygote.AT_START,
            )

        def stop() -> None:
            with process:
                ours.close()

        atexit.register(stop)
        return ours

    def start(self) -> Path:
        """Have it ready, and return its program."""
        with self._lock:
            assert self._connection
        return self.program


_zygote = _Zygote()


def command() -> tuple[str, ...]:
    """Return the program as a command for scripts that do not care how it is started."""
    return (str(_zygote.start()),) if sys.platform == "linux" else CLI


def make_program(folder: Path) -> None:
    """Put the program into a folder for scripts that do not care how it is started."""
    program = folder / "talkvalue"
    if sys.platform == "linux":
        program.symlink_to(_zygote.start())
    else:
        program.write_text(f'#!/bin/sh\nexec {shlex.join(CLI)} "$@"\n')
        program.chmod(0o755)


def can_fork(command: Sequence[str], environ: Mapping[str, str]) -> bool:
    """Tell whether a run of this command can be forked, with nothing to be seen of it."""
    is_module = tuple(command[:2]) == (sys.executable, "-m")
    return is_module and zygote.is_usual(environ) and sys.platform == "linux"


class Forked(subprocess.Popen[AnyStr]):
    """A run of a module that was forked, with all that is known of a process.

    args: `sys.executable`, "-m", a module, and its arguments.
    terminal: opened as standard input by the process, as the leader of a new session.
    """

    def __init__(
        self,
        args: Sequence[str],
        *,
        env: Mapping[str, str],
        cwd: str | Path | None = None,
        terminal: str | None = None,
        **streams: Any,
    ) -> None:
        self._run = Run(args[2], list(args[3:]), dict(env), str(cwd or Path.cwd()), terminal)
        super().__init__(args, env=env, cwd=cwd, **streams)

    def _execute_child(self, *given: Any) -> None:
        """Fork in the place of what Popen does between making its pipes and using them."""
        pipes = given[10:16]
        own, others = (0, 1, 2), (pipes[0], pipes[3], pipes[5])
        streams = [other if other >= 0 else fd for fd, other in zip(own, others, strict=True)]
        self.pid = _zygote.fork(self._run, streams)
        self._child_created = True
        self._close_pipe_fds(*pipes)  # type: ignore[attr-defined] # as Popen itself ends it
