"""A server that passes requests on to another one, and remembers the secrets that went back."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import requests

from tests.harness import PATIENCE_S, Server

SECRET_KEYS = ("device_code", "access_token", "refresh_token", "id_token")


class Recorder(Server):
    """Stands before a server; `secrets` are those that it has given out since."""

    def __init__(self, server: Server) -> None:
        self.target = server.url
        self.secrets: dict[str, str] = {}
        recorder = self

        class Handler(_Handler):
            owner = recorder

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def note(self, answer: bytes) -> None:
        """Remember the secrets in an answer."""
        try:
            found: Any = json.loads(answer)
        except ValueError:
            return
        if isinstance(found, dict):
            self.secrets.update({found[key]: key for key in SECRET_KEYS if key in found})

    def stop(self) -> None:
        """Close the port."""
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    owner: Recorder
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def _pass_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        names = ("Authorization", "Content-Type")
        headers = {name: self.headers[name] for name in names if name in self.headers}
        url = self.owner.target + self.path
        answer = requests.request(self.command, url, data=body, headers=headers, timeout=PATIENCE_S)
        self.owner.note(answer.content)
        self.send_response(answer.status_code)
        self.send_header("Content-Type", answer.headers.get("Content-Type", "text/plain"))
        self.send_header("Content-Length", str(len(answer.content)))
        self.end_headers()
        self.wfile.write(answer.content)

    do_GET = do_POST = _pass_on
