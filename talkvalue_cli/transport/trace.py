"""What the client does, told on standard error: all of it with --verbose, little without."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from talkvalue_cli import times

if TYPE_CHECKING:
    import requests

    from talkvalue_cli.errors import TalkValueError

_SECRET_HEADERS = frozenset({"authorization", "cookie", "proxy-authorization", "set-cookie"})
#: how the sandbox tells that its data is made up
SANDBOX_HEADER = "X-TalkValue-Sandbox"
#: this much of a body is shown
LONGEST_BODY = 2000


class Trace:
    """Passes lines of text on.

    tell: takes a line that people at a terminal should see.
    on_sandbox: is called once when a sandbox answers, whose data is made up.
    tell_all: takes every line of every request and response; None without --verbose.
    redact: removes secrets, before a body is cut short in the middle of one.
    """

    def __init__(
        self,
        tell: Callable[[str], None],
        tell_all: Callable[[str], None] | None = None,
        redact: Callable[[str], str] = str,
        *,
        on_sandbox: Callable[[], None] = lambda: None,
    ) -> None:
        self._tell, self._tell_all, self._redact = tell, tell_all, redact
        self._on_sandbox, self._is_sandbox_known = on_sandbox, False

    def sent(self, request: requests.PreparedRequest) -> None:
        """Tell the request line, headers and JSON body."""
        if self._tell_all is None:
            return
        self._tell_all(f"> {request.method} {request.url}")
        self._headers(">", request.headers)
        if isinstance(request.body, bytes):
            self._body(">", request.body)

    def responded(self, response: requests.Response, seconds: float) -> None:
        """Tell the status and headers; pass on once that the answers are made up."""
        if SANDBOX_HEADER in response.headers and not self._is_sandbox_known:
            self._is_sandbox_known = True
            self._on_sandbox()
        if self._tell_all is None:
            return
        for step in (*response.history, response):
            self._tell_all(f"< {step.status_code} {step.reason or ''} {step.url}")
        self._tell_all(f"< after {seconds:.3f} s")
        self._headers("<", response.headers)

    def received(self, body: bytes) -> None:
        """Tell the body of a JSON response."""
        if self._tell_all is not None:
            self._body("<", body)

    def repeating(self, error: TalkValueError, pause_s: float) -> None:
        """Tell that a request is sent again."""
        (self._tell_all or self._tell)(
            f"{error.text}; trying again in {times.format_duration(pause_s)}"
        )

    def _headers(self, mark: str, headers: Mapping[str, str]) -> None:
        assert self._tell_all is not None
        for name, value in headers.items():
            self._tell_all(f"{mark} {name}: {'***' if name.lower() in _SECRET_HEADERS else value}")

    def _body(self, mark: str, body: bytes) -> None:
        assert self._tell_all is not None
        text = self._redact(body.decode("utf-8", "replace"))[:LONGEST_BODY]
        more = f" … ({len(body)} bytes)" if len(body) > LONGEST_BODY else ""
        self._tell_all(f"{mark} {text}{more}")
