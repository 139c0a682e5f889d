"""Runs of the program that are forked, not started: loading it takes most of their time."""

from __future__ import annotations

import atexit
import marshal
import os
import select
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
#: for the environment of a run that is not to be forked; it changes nothing else
NOT_FORKED = {"PYTHONHASHSEED": "random"}


class _Zygote:
    """The process that forks, started when it is first needed; it ends with this one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    @property
    def program(self) -> Path:
        """`talkvalue`, made of `forked_cli.py`, with the zygote's socket beside it."""
        with self._lock:
            return self._program

    @cached_property
    def _program(self) -> Path:
        folder = Path(tempfile.mkdtemp(prefix="zygote-"))
        atexit.register(shutil.rmtree, folder)
        program = folder / "talkvalue"
        program.write_text(f"#!{sys.executable} -ISE\n{FORKED_CLI.read_text()}")
        program.chmod(0o755)
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listener:
            listener.bind(str(folder / "socket"))
            listener.listen()
            process = subprocess.Popen(
                [sys.executable, "-m", zygote.__name__, str(listener.fileno())],
                cwd=Path(__file__).parent.parent,
                # not those of pytest: for a moment they are those of what is forked
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=[listener.fileno()],
                env=zygote.AT_START,
            )
        # it ends when its standard input does
        atexit.register(process.communicate)
        return program


_zygote = _Zygote()


def command() -> tuple[str, ...]:
    """Return the program as a command for scripts that do not care how it is started."""
    return (str(_zygote.program),) if sys.platform == "linux" else CLI


def make_program(folder: Path) -> None:
    """Put the program into a folder for scripts that do not care how it is started."""
    program = folder / "talkvalue"
    if sys.platform == "linux":
        program.symlink_to(_zygote.program)
    else:
        program.write_text(f'#!/bin/sh\nexec {shlex.join(CLI)} "$@"\n')
        program.chmod(0o755)


def can_fork(command: Sequence[str], environ: Mapping[str, str]) -> bool:
    """Tell whether a run of this command can be forked, with nothing to be seen of it."""
    is_module = tuple(command[:2]) == (sys.executable, "-m")
    return is_module and zygote.is_usual(environ) and sys.platform == "linux"


class Forked(subprocess.Popen[AnyStr]):
    """A run of a module that was forked, with all that is known of a process.

    It is a child of the zygote, which says when it has ended, and how.

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
        self._zygote = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._zygote.connect(str(_zygote.program.with_name("socket")))
        request: Any = tuple(self._run)
        socket.send_fds(self._zygote, [marshal.dumps(request)], streams)
        self.pid = int(self._zygote.recv(20))
        self._child_created = True
        self._close_pipe_fds(*pipes)  # type: ignore[attr-defined] # as Popen itself ends it

    def has_ended(self, timeout_s: float | None = None) -> bool:
        """Wait for the end, but leave the process as it is: `wait` and `poll` then collect it."""
        if self.returncode is not None:
            return True
        return bool(select.select([self._zygote], [], [], timeout_s)[0])

    def _internal_poll(self, *args: Any, **settings: Any) -> int | None:
        if self.returncode is None and self.has_ended(0):
            self.returncode = int(self._zygote.recv(20))
            self._zygote.close()
        return self.returncode

    def _wait(self, timeout: float | None) -> int:
        if not self.has_ended(timeout):
            assert timeout is not None
            raise subprocess.TimeoutExpired(self.args, timeout)
        code = self._internal_poll()
        assert code is not None
        return code


def wait_for_end(process: subprocess.Popen[Any]) -> None:
    """Wait until a process has ended, but leave what the system knows of it."""
    if isinstance(process, Forked):
        process.has_ended()
    else:
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
