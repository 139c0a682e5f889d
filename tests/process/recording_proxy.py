"""A proxy to the sandbox that keeps what is said on the wire."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from typing import IO

from tests.harness import Sandbox, Server
from tests.replies import Request


class RecordingProxy(Server):
    """Passes bytes on to a sandbox and back; the program is run against it as a process."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox, self.folder = sandbox, sandbox.folder
        self.requests: list[Request] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def sent(self) -> list[str]:
        """All requests so far, as `METHOD path` and their body where they have one."""
        return [request.line for request in self.requests]

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
