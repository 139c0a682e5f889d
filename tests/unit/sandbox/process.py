"""A real sandbox process, and requests to it through real sockets."""

from __future__ import annotations

import http.client
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests import harness
from tests.harness import TOKEN, Sandbox, clean_environ

AUTH = {"Authorization": f"Bearer {TOKEN}"}


def start_process(folder: Path, *options: str) -> subprocess.Popen[str]:
    """Start the server with pipes for its three streams and temporary files in `folder`."""
    return harness.start(
        [sys.executable, "-m", "talkvalue_cli.sandbox", *options],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=clean_environ(folder, TMPDIR=str(folder), TALKVALUE_SANDBOX_TOKEN=TOKEN),
    )


class ServerProcess(Sandbox):
    """A running server on a free port, which need not end with its standard input."""

    def _start(self, port: int) -> None:
        self.process = start_process(self.folder, f"--port={port}", *self.options)
        assert self.process.stdout is not None
        self.url = self.process.stdout.readline().strip()
        assert self.url.startswith("http://127.0.0.1:"), self.finish()

    def connect(self, timeout_s: float = 10.0) -> http.client.HTTPConnection:
        """Return a keep-alive connection."""
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout_s)

    def get(self, path: str) -> Any:
        """Return the JSON of a GET."""
        answer = self.ask("GET", path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def read_raw(self, request: str, timeout_s: float = 5.0) -> bytes:
        """Return all that the server answers to a request before it closes the connection."""
        with socket.create_connection(("127.0.0.1", self.port), timeout_s) as raw:
            more = f"Host: localhost\r\nAuthorization: Bearer {TOKEN}"
            raw.sendall(f"{request}\r\n{more}\r\n\r\n".encode())
            received = b""
            while block := raw.recv(65536):
                received += block
            return received

    def finish(self) -> tuple[int, str, str]:
        """Wait for the end; return exit code and the rest of stdout and stderr."""
        if self.process.stdin is not None and self.process.stdin.closed:
            self.process.stdin = None
        out, err = self.process.communicate(timeout=harness.PATIENCE_S)
        return self.process.returncode, out, err
