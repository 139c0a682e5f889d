"""The program in this process, and a relay to the sandbox that keeps what is said on the wire."""

from __future__ import annotations

import contextlib
import json
import shlex
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, NamedTuple

from talkvalue_cli import cli
from tests.fakes import FakeRuntime, FakeStream
from tests.harness import Sandbox, Server
from tests.replies import Request


class Called(NamedTuple):
    """What a command line did.

    sent: each request as `METHOD target`, followed by its body where it has one.
    """

    code: int
    raw: bytes
    err: str
    sent: list[str]

    @property
    def out(self) -> str:
        """Standard output as text."""
        return self.raw.decode()

    @property
    def json(self) -> Any:
        """Standard output as JSON."""
        return json.loads(self.raw)

    @property
    def data(self) -> Any:
        """The `data` of a JSON answer; fails when the command did."""
        assert (self.code, self.err) == (0, ""), (self.code, self.err)
        return self.json["data"]

    @property
    def error(self) -> Any:
        """The error on standard error, as JSON."""
        return json.loads(self.err)["error"]


class Relay(Server):
    """Passes bytes on to a sandbox and back. `call` runs the program here, `run` as a process."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox, self.folder = sandbox, sandbox.folder
        self.requests: list[Request] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def call(
        self,
        line: str,
        *more: str | Path,
        types: str | None = None,
        is_terminal: bool = False,
        **variables: str,
    ) -> Called:
        """Run a command line in this process.

        line: as a shell reads it; more: further words as they are.
        types: what somebody at a terminal types. variables: more of the environment.
        """
        argv = [*shlex.split(line), *map(str, more)]
        context = FakeRuntime(
            argv,
            self.environ(NO_COLOR="1", TALKVALUE_SANDBOX="1", **variables),
            is_terminal=is_terminal,
        )
        if types is not None:
            context.stdin = FakeStream(types, is_terminal=True)
            context.stderr = context.fake_stderr = FakeStream(is_terminal=True)
        before = len(self.requests)
        code = cli.main(argv, context)
        context.fake_stdout.flush()
        raw: bytes = context.fake_stdout.buffer.getvalue()  # type: ignore[attr-defined]
        return Called(code, raw, context.fake_stderr.text, self.sent[before:])

    @property
    def sent(self) -> list[str]:
        """All requests so far, as `Called` has them."""
        return [
            f"{each.method} {each.path}" + (f" {each.body.decode()}" if each.body else "")
            for each in self.requests
        ]

    def close(self) -> None:
        """Close the port."""
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client = self._listener.accept()[0]
                server = socket.create_connection(("127.0.0.1", self.sandbox.port))
                for work in (self._pass_requests, self._pass_answers):
                    threading.Thread(target=work, args=(client, server), daemon=True).start()

    def _pass_requests(self, client: socket.socket, server: socket.socket) -> None:
        with contextlib.suppress(OSError), _ending(client, server), client.makefile("rb") as stream:
            while head := _read_head(stream):
                lines = head.decode("latin-1").split("\r\n")
                method, target, _ = lines[0].split(" ")
                headers = dict(line.split(": ", 1) for line in lines[1:-1])
                body = stream.read(int(headers.get("Content-Length", 0)))
                self.requests.append(Request(method, target, headers, body))
                server.sendall(head + b"\r\n" + body)

    def _pass_answers(self, client: socket.socket, server: socket.socket) -> None:
        with contextlib.suppress(OSError), _ending(server, client):
            while data := server.recv(65536):
                client.sendall(data)


@contextlib.contextmanager
def _ending(source: socket.socket, target: socket.socket) -> Iterator[None]:
    """Close the source in the end, and let both who wait for the target know."""
    with source:
        try:
            yield
        finally:
            # closing a socket does not wake up another thread that reads from it
            with contextlib.suppress(OSError):
                target.shutdown(socket.SHUT_RDWR)


def _read_head(stream: IO[bytes]) -> bytes:
    """Return the first line and the headers of a request, nothing at the end of the stream."""
    head = b""
    while (line := stream.readline()) not in (b"\r\n", b""):
        head += line
    return head
