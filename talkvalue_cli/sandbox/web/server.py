"""The HTTP server: a listening socket and waitress behind it."""

from __future__ import annotations

import logging
import socket
import sys
import threading
from typing import TYPE_CHECKING, Any

from waitress import channel, task
from waitress.server import create_server

from .problems import CONTENT_TYPE, MARK, Problem

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

# A hanging or slow answer occupies a thread.
THREADS = 64
CONNECTIONS = 1000
BACKLOG = 1024
RECEIVE_BYTES = 256 * 1024
LARGEST_BODY_BYTES = 2**40

ClientDisconnected: type[Exception] = channel.ClientDisconnected


def open_socket(host: str, port: int) -> socket.socket:
    """Return a socket bound to host and port (0 means a free port); raises OSError."""
    family, kind, protocol, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    listener = socket.socket(family, kind, protocol)
    try:
        if sys.platform != "win32":  # there it would share a port that is in use
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener


def format_base_url(host: str, listener: socket.socket) -> str:
    """Return the base URL of a listening socket, with brackets around an IPv6 address."""
    port = listener.getsockname()[1]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class _ErrorTask(task.ErrorTask):
    """Answers a request that cannot even be parsed, in the API's own error shape."""

    def execute(self) -> None:
        """Write the problem document and have the connection closed."""
        request: Any = self.request
        error = request.error
        body = Problem(error.code, str(error.body)).encode()
        self.status = f"{error.code} {error.reason}"
        self.response_headers = [("Content-Type", CONTENT_TYPE), MARK]
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


class _Channel(channel.HTTPChannel):
    error_task_class = _ErrorTask


def serve(app: WSGIApplication, listener: socket.socket) -> threading.Thread:
    """Serve `app` on a socket from a background thread, and return that thread.

    A `ClientDisconnected` raised by the application closes the connection as it stands.
    """
    logging.getLogger("waitress").setLevel(logging.CRITICAL)  # it warns of busy threads
    server: Any = create_server(
        app,
        sockets=[listener],
        threads=THREADS,
        connection_limit=CONNECTIONS,
        backlog=BACKLOG,
        recv_bytes=RECEIVE_BYTES,
        max_request_body_size=LARGEST_BODY_BYTES,
        channel_timeout=3600,
        # Reading on during a request is how waitress notices that a client has gone.
        channel_request_lookahead=1,
        # select() fails above file descriptor 1023.
        asyncore_use_poll=True,
        ident="talkvalue-sandbox",
    )
    server.channel_class = _Channel
    thread = threading.Thread(target=server.run, name="http", daemon=True)
    thread.start()
    return thread
