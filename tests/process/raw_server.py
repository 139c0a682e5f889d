"""A server that sends the bytes of a test and nothing else, on a real socket of loopback."""

from __future__ import annotations

import contextlib
import re
import socket
import threading
from collections.abc import Callable, Iterator, Sequence

#: what is sent, and the seconds between; called with the URL of the server and the path asked for
Script = Callable[[str, str], Iterator[bytes | float]]


class RawServer:
    """Sends for each request to `/N/...` what script N yields, and closes the connection."""

    def __init__(self, scripts: Sequence[Script]) -> None:
        self._scripts = scripts
        self._closing = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=100)
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Close the port, and send no more."""
        self._closing.set()
        # a listener that is closed does not wake up accept() everywhere
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)

    def _find(self, path: str) -> Script:
        number = path.split("/")[1]
        return self._scripts[int(number)] if number.isdecimal() else _find_nothing

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection = self._listener.accept()[0]
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        # a client that goes away in the middle is what most of this is about
        with connection, contextlib.suppress(OSError):
            connection.settimeout(20)
            # the pieces of a drip are to arrive one by one
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            path = _read_request(connection)
            for item in self._find(path)(self.url, path):
                if isinstance(item, bytes):
                    connection.sendall(item)
                elif self._closing.wait(item):
                    return


def _find_nothing(url: str, path: str) -> Iterator[bytes | float]:
    yield b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"


def _read_request(connection: socket.socket) -> str:
    """Read a request with its body, and return its path."""
    data = b""
    while b"\r\n\r\n" not in data:
        chunk = connection.recv(65536)
        if not chunk:
            raise ConnectionError("there was no request")
        data += chunk
    head, _, body = data.partition(b"\r\n\r\n")
    found = re.search(rb"\r\ncontent-length: *(\d+)", head, re.IGNORECASE)
    left = int(found[1]) - len(body) if found else 0
    while left > 0:
        left -= len(connection.recv(65536)) or left
    return head.split(b" ")[1].decode("latin-1")
