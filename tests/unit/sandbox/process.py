"""A real sandbox process, and requests to it through real sockets."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from . import multipart

TOKEN = "unit-token"
AUTH = {"Authorization": f"Bearer {TOKEN}"}


def start_process(folder: Path, *options: str, token: str | None = TOKEN) -> subprocess.Popen[str]:
    """Start the server with pipes for its three streams and temporary files in `folder`."""
    environment = {**os.environ, "TMPDIR": str(folder), "PYTHONPATH": os.pathsep.join(sys.path)}
    environment.pop("TALKVALUE_SANDBOX_TOKEN", None)
    if token is not None:
        environment["TALKVALUE_SANDBOX_TOKEN"] = token
    return subprocess.Popen(
        [sys.executable, "-m", "talkvalue_cli.sandbox", *options],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )


def wait_until(condition: Callable[[], bool], limit_s: float = 10.0) -> None:
    """Wait for a condition; fails after `limit_s`."""
    end = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < end, "the condition never came true"
        time.sleep(0.01)


class ServerProcess:
    """A running server on a free port."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.process = start_process(folder, "--port", "0", *options)
        assert self.process.stdout is not None
        self.url = self.process.stdout.readline().strip()
        assert self.url.startswith("http://127.0.0.1:"), self.finish()
        self.port = int(self.url.rsplit(":", 1)[1])

    def connect(self, timeout_s: float = 10.0) -> http.client.HTTPConnection:
        """Return a keep-alive connection."""
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout_s)

    def ask(
        self, method: str, path: str, body: bytes | None = None, content_type: str | None = None
    ) -> tuple[int, http.client.HTTPMessage, bytes]:
        """Send one request on a connection of its own; return status, headers, body."""
        connection = self.connect()
        try:
            headers = dict(AUTH)
            if content_type is not None:
                headers["Content-Type"] = content_type
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def get(self, path: str) -> Any:
        """Return the JSON of a GET."""
        status, _, body = self.ask("GET", path)
        assert status == 200, body
        return json.loads(body)

    def queue(self, content: str) -> int:
        """Upload a file whose first column is the e-mail and create a job for channel 4."""
        part = multipart.encode_file(content.encode(), "p.csv")
        status, _, body = self.ask("POST", "/path/import/analyze", part, multipart.CONTENT_TYPE)
        assert status == 200, body
        job = {
            "fileKey": json.loads(body)["fileKey"],
            "sourceId": 4,
            "mode": "UPDATE",
            "columnMappings": [{"csvIndex": 0, "targetField": "EMAIL"}],
        }
        status, _, body = self.ask(
            "POST", "/path/import", json.dumps(job).encode(), "application/json"
        )
        assert status == 200, body
        job_id: int = json.loads(body)["importJobId"]
        return job_id

    def read_raw(self, path: str, timeout_s: float = 5.0) -> bytes:
        """Return all bytes the server sends before it closes a keep-alive connection."""
        with socket.create_connection(("127.0.0.1", self.port), timeout_s) as raw:
            raw.sendall(
                f"GET {path} HTTP/1.1\r\nHost: localhost\r\n"
                f"Authorization: Bearer {TOKEN}\r\n\r\n".encode()
            )
            received = b""
            while block := raw.recv(65536):
                received += block
            return received

    def kill(self) -> None:
        """Kill the process as with kill -9."""
        self.process.kill()
        self.finish()

    def finish(self) -> tuple[int, str, str]:
        """Wait for the end; return exit code and the rest of stdout and stderr."""
        if self.process.stdin is not None and self.process.stdin.closed:
            self.process.stdin = None
        if self.process.returncode is None:
            out, err = self.process.communicate(timeout=10)
        else:
            out, err = "", ""
        return self.process.returncode, out, err
