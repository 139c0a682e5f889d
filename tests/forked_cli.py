"""The program for scripts of tests: a short process that has a run of it forked.

`forks.py` makes a program of it, with a first line for `python -ISE`. It hands its arguments,
streams, environment and folder over to the zygote (`zygote.py`) that listens on the socket beside
it, passes signals on, and ends as what was forked does. It becomes the program itself where a fork
would differ from that: on a terminal, in another session, under limits of its own, or in an
environment that Python takes something from.
"""

from __future__ import annotations

import _signal as signal  # type: ignore[import-not-found] # there is no stub
import _socket as socket
import marshal
import os
import resource
import sys
from struct import pack

#: those that somebody may send to a process or keep from it
_SIGNALS = (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM)


def _is_open(fd: int) -> bool:
    try:
        os.fstat(fd)
    except OSError:
        return False
    return True


def _start() -> None:
    """Become the program."""
    os.execv(sys.executable, [sys.executable, "-m", "talkvalue_cli", *sys.argv[1:]])


def main() -> None:
    """Have the program run, and end as it does."""
    streams = [fd for fd in range(3) if _is_open(fd)]
    if any(os.isatty(fd) for fd in streams):
        _start()
    arrived: list[int] = []
    passed_on: list[int] = []

    def note(signum: int, frame: object) -> None:
        arrived.append(signum)
        for pid in passed_on:
            os.kill(pid, arrived.pop())

    ignored = [each for each in _SIGNALS if signal.getsignal(each) == signal.SIG_IGN]
    umask = os.umask(0)
    os.umask(umask)
    server = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    server.connect(os.path.dirname(os.path.realpath(sys.argv[0])) + "/socket")
    request = (
        *("talkvalue_cli", sys.argv[1:], dict(os.environ), os.getcwd(), None),
        *(streams, umask, ignored, os.getsid(0)),
        [resource.getrlimit(each) for each in range(16)],
    )
    fds = pack(f"{len(streams)}i", *streams)
    for each in set(_SIGNALS) - set(ignored):
        signal.signal(each, note)
    server.sendmsg([marshal.dumps(request)], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, fds)])
    pid = int(server.recv(20))
    if not pid:
        _start()
    passed_on.append(pid)
    for signum in arrived:
        os.kill(pid, signum)
    # 0 to 255, or a signal's number below zero
    code = int(server.recv(20))
    if code < 0:
        signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    os._exit(code)


if __name__ == "__main__":
    main()
