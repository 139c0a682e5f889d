"""A tiny server on a real socket, for tests where the bytes on the wire matter."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable

from talkvalue_cli.transport.client import Client
from talkvalue_cli.transport.session import BearerAuth, make_session

TOKEN = "tok-3f9a1c77e2"

#: takes a connection whose first request has been read; may read more, and closes by returning
Handler = Callable[[socket.socket], None]


class Wire:
    """Serves one handler per connection, the last one for ever, and keeps what was sent.

    requests: the bytes of each request's head, and of its body where a length was announced.
    """

    def __init__(self, *handlers: Handler, tls: ssl.SSLContext | None = None) -> None:
        self.requests: list[bytes] = []
        self._handlers, self._tls = list(handlers), tls
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._threads: list[threading.Thread] = []
        self._open: list[socket.socket] = []
        self._spawn(self._accept)

    @property
    def port(self) -> int:
        port: int = self._listener.getsockname()[1]
        return port

    @property
    def url(self) -> str:
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}"

    @property
    def body(self) -> bytes:
        """The body of the last request."""
        return self.requests[-1].partition(b"\r\n\r\n")[2]

    def header(self, name: str, number: int = -1) -> str | None:
        """Return a header of a request, None when it was not sent."""
        head = self.requests[number].partition(b"\r\n\r\n")[0].decode("latin-1")
        fields = dict(line.partition(": ")[::2] for line in head.split("\r\n")[1:])
        return {key.lower(): value for key, value in fields.items()}.get(name.lower())

    def line(self, number: int = -1) -> str:
        """Return the first line of a request."""
        return self.requests[number].partition(b"\r\n")[0].decode("latin-1")

    def read(self, connection: socket.socket) -> bool:
        """Read one request from a connection; tell whether there was one."""
        data = b""
        # a TLS handshake begins with 0x16; a server that expects HTTP does not wait for its end
        while b"\r\n\r\n" not in data and data[:1] != b"\x16":
            chunk = connection.recv(65536)
            if not chunk:
                return False
            data += chunk
        self.requests.append(data)
        if data[:1] == b"\x16":
            return True
        length = int(self.header("Content-Length") or 0)
        wanted = data.index(b"\r\n\r\n") + 4 + length
        while len(data) < wanted:
            chunk = connection.recv(65536)
            if not chunk:
                break
            data += chunk
        self.requests[-1] = data
        return True

    def close(self) -> None:
        self._listener.close()
        for connection in self._open:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)

    def _spawn(self, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                # a listener that is closed does not wake up accept() everywhere
                self._listener.settimeout(0.05)
                try:
                    connection = self._listener.accept()[0]
                except TimeoutError:
                    continue
                connection.settimeout(5)
                self._open.append(connection)
                handler = self._handlers.pop(0) if len(self._handlers) > 1 else self._handlers[0]
                self._spawn(lambda c=connection, h=handler: self._serve(c, h))  # type: ignore[misc]

    def _serve(self, connection: socket.socket, handler: Handler) -> None:
        # a client that gives up in the middle is what some tests are about
        with contextlib.suppress(OSError), connection:
            if self._tls:
                connection = self._tls.wrap_socket(connection, server_side=True)
            with connection:
                if self.read(connection):
                    handler(connection)


def http(
    body: bytes = b"", *headers: str, status: str = "200 OK", length: int | None = None
) -> bytes:
    """Return the bytes of an answer; `length` is announced instead of the true one."""
    lines = [
        f"HTTP/1.1 {status}",
        *headers,
        f"Content-Length: {len(body) if length is None else length}",
    ]
    return "\r\n".join([*lines, "", ""]).encode() + body


def reply(
    body: bytes = b"", *headers: str, status: str = "200 OK", length: int | None = None
) -> Handler:
    """Return a handler that sends one answer and closes the connection."""
    answer = http(body, *headers, status=status, length=length)
    return lambda connection: connection.sendall(answer)


def hang_up(connection: socket.socket) -> None:
    """Close the connection without an answer."""


def make_client(url: str, **settings: object) -> tuple[Client, list[float]]:
    """Return a client with a token, and the list of the pauses that it would make."""
    slept: list[float] = []
    session = make_session(BearerAuth(TOKEN))
    return Client(session, url, sleep=slept.append, **settings), slept  # type: ignore[arg-type]
