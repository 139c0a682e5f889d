"""Doing faults to HTTP answers: a WSGI layer around the application.

It also marks every answer, so that nobody takes sample data for theirs.
"""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from email.utils import formatdate
from typing import TYPE_CHECKING, Any

from ..web.problems import ACCESS_ENDED, CONTENT_TYPE, MARK, TOKEN_ENDED, Problem
from . import alterations
from .grammar import ALTERATIONS, OAUTH_FAULTS, Fault
from .plan import HttpFaultPlan

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

HTML_PAGE = b"<!DOCTYPE html><html><body><h1>This is not the API</h1></body></html>\n"
#: status and detail of those whose name is not a status
REFUSALS = {
    "revoke": (401, "The token was revoked."),
    "removed-member": (403, "You are no longer a member of this organization."),
    "expired-workspace": (403, "The plan of this workspace has expired; renew it to go on."),
    "expired-key": (410, "The fileKey has expired; analyze the file again."),
}
#: the number of those that end a session
ERROR_CODES = {"revoke": TOKEN_ENDED, "removed-member": ACCESS_ENDED}
LOOK_S = 0.05


class CutConnectionError(Exception):
    """Raised to have the connection closed without another byte."""


@dataclass(frozen=True)
class FaultyApp:
    """The application with faults, as a WSGI application.

    All waiting is `stopping.wait`, and ends when that returns True. cut: makes the exception
    that the HTTP server takes as "close this connection now". clock: seconds, by which waiting
    is measured. wall: seconds since 1970, for headers.
    """

    app: WSGIApplication
    plan: HttpFaultPlan
    stopping: threading.Event
    cut: Callable[[], Exception] = CutConnectionError
    clock: Callable[[], float] = time.monotonic
    wall: Callable[[], float] = time.time

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Handle one request with the faults that the plan chose for it."""

        def start(status: str, headers: list[tuple[str, str]], *args: Any) -> Any:
            return start_response(
                status, [*headers, MARK, ("Date", formatdate(self.wall(), usegmt=True))], *args
            )

        faults = self.plan.choose(
            environ["REQUEST_METHOD"], environ["PATH_INFO"], environ.get("HTTP_AUTHORIZATION", "")
        )
        for fault in faults:
            if fault.name == "latency":
                self._wait(environ, fault.value)
        alterations.ask_for(environ, [fault for fault in faults if fault.name in ALTERATIONS])
        for fault in faults:
            if fault.name not in ("latency", "delay-answer", *ALTERATIONS):
                return self._spoil(fault, environ, start)
        answer = self.app(environ, start)
        for fault in faults:
            if fault.name == "delay-answer":
                self._wait(environ, fault.value)
        return answer

    def _wait(self, environ: WSGIEnvironment, seconds: float) -> None:
        """Wait, but no longer than the client does or the server runs."""
        has_gone: Callable[[], bool] = environ.get("waitress.client_disconnected", lambda: False)
        end = self.clock() + seconds
        while not has_gone() and (left := end - self.clock()) > 0:
            if self.stopping.wait(min(left, LOOK_S)):
                break

    def _spoil(
        self, fault: Fault, environ: WSGIEnvironment, start: StartResponse
    ) -> Iterable[bytes]:
        if fault.name == "cut-middle":
            return self._cut_body(environ, start)
        if fault.name == "drip":
            return self._drip(self.app(environ, start), environ, fault.read_seconds("pause", 1))
        if fault.processed:
            _exhaust(self.app(environ, _ignore_start))
        if fault.name == "cut-before":
            raise self.cut()
        if fault.name == "hang":
            self._wait(environ, float("inf"))
            raise self.cut()
        status, headers, body = _make_answer(fault, self.wall())
        start(f"{status} {http.client.responses.get(status, 'Unknown')}", headers)
        return [body]

    def _cut_body(self, environ: WSGIEnvironment, start: StartResponse) -> Iterator[bytes]:
        """Send the header and half of the first piece of the body, then cut."""
        send: list[Callable[[bytes], object]] = []

        def announce(status: str, headers: list[tuple[str, str]], *args: Any) -> Any:
            # An empty answer can only be cut when it has promised something.
            promised = [
                ("Content-Length", "1") if header == ("Content-Length", "0") else header
                for header in headers
            ]
            send.append(start(status, promised, *args))
            return send[0]

        answer = self.app(environ, announce)
        try:
            send[0](b"")
            for piece in answer:
                if piece:
                    yield piece[: len(piece) // 2]
                    break
            raise self.cut()
        finally:
            _close(answer)

    def _drip(
        self, answer: Iterable[bytes], environ: WSGIEnvironment, pause_s: float
    ) -> Iterator[bytes]:
        try:
            for piece in answer:
                for index in range(len(piece)):
                    yield piece[index : index + 1]
                    self._wait(environ, pause_s)
        finally:
            _close(answer)


def _make_answer(fault: Fault, now_s: float) -> tuple[int, list[tuple[str, str]], bytes]:
    """Return status, headers and body of an answer that replaces the real one."""
    status = fault.read_count("status") or 200
    if fault.name == "empty":
        return status, [("Content-Length", "0")], b""
    if fault.name == "html":
        body, kind = HTML_PAGE, "text/html; charset=utf-8"
    elif fault.name in OAUTH_FAULTS:
        error = {"error": fault.name, "error_description": "The sandbox was asked to say so."}
        body, kind, status = json.dumps(error).encode(), "application/json", 400
    else:
        usual, detail = REFUSALS.get(fault.name) or (
            int(fault.name),
            f"The sandbox was asked to answer {fault.name}.",
        )
        status, error_code = fault.read_count("status") or usual, ERROR_CODES.get(fault.name)
        problem = Problem(status, detail, error_code=error_code)
        body, kind, status = problem.encode(), CONTENT_TYPE, problem.status
    headers = [("Content-Type", kind), ("Content-Length", str(len(body)))]
    if fault.name == "429" or "retry-after" in fault.keys:
        headers.append(("Retry-After", _format_retry_after(fault, now_s)))
    return status, headers, body


def _format_retry_after(fault: Fault, now_s: float) -> str:
    seconds = fault.read_count("retry-after")
    seconds = 1 if seconds is None else seconds
    if fault.keys.get("retry-after-form") == "date":
        return formatdate(now_s + seconds, usegmt=True)
    return str(seconds)


def _ignore_start(
    status: str, headers: list[tuple[str, str]], *args: Any
) -> Callable[[bytes], object]:
    return lambda data: None


def _exhaust(answer: Iterable[bytes]) -> None:
    try:
        for _ in answer:
            pass
    finally:
        _close(answer)


def _close(answer: Iterable[bytes]) -> None:
    close = getattr(answer, "close", None)
    if close is not None:
        close()
