"""A server that says what a test wants it to say: for answers that the sandbox never gives."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.harness import Server
from tests.replies import HANG_UP, SILENCE, Reply, Request


class StubServer(Server):
    """Gives the replies in turn, and the last one for ever; remembers the requests."""

    def __init__(self, folder: Path, *replies: Reply) -> None:
        self.folder, self.replies = folder, list(replies)
        self.requests: list[Request] = []
        self._lock = threading.Lock()
        self.closing = threading.Event()
        stub = self

        class Handler(_Handler):
            owner = stub

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def take(self, request: Request) -> Reply:
        """Remember a request and return its reply."""
        with self._lock:
            self.requests.append(request)
            return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]

    def stop(self) -> None:
        """Close the port."""
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    owner: StubServer
    protocol_version = "HTTP/1.1"
    # head and body are two writes: the second is not to wait until the first is acknowledged
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        request = Request(self.command, self.path, dict(self.headers), body)
        reply = self.owner.take(request)
        if reply is SILENCE:
            self.owner.closing.wait(60)
        if reply in (SILENCE, HANG_UP):
            self.close_connection = True
            return
        if reply.length is not None:
            self.close_connection = True
        self.send_response(reply.status)
        for name, value in reply.all_headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(reply.content)
        if reply.holds:
            self.owner.closing.wait(60)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _answer
