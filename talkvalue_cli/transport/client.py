"""Client: sends requests and turns every response that is no success into an error."""

from __future__ import annotations

import copy
import itertools
import random
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

import requests
import requests.utils

from talkvalue_cli.errors import (
    AuthError,
    NetworkError,
    NoContentError,
    TalkValueError,
    UnexpectedAnswerError,
)
from talkvalue_cli.transport import deadline, problems, responses
from talkvalue_cli.transport.failures import exchange
from talkvalue_cli.transport.responses import JsonResponse
from talkvalue_cli.transport.session import BearerAuth, Session
from talkvalue_cli.transport.trace import Trace

T = TypeVar("T")

#: how often a GET is sent at the most, and the first pause between two, in seconds
TRIES = 3
FIRST_PAUSE_S = 0.5
#: a server that asks for a longer pause than this gets its error reported instead
LONGEST_PAUSE_S = 60.0
#: for each write, and for each read
_TIMEOUTS_S = deadline.CONNECT_TIMEOUT_S, deadline.READ_TIMEOUT_S
_UPLOAD_TIMEOUTS_S = deadline.UPLOAD_WRITE_TIMEOUT_S, deadline.UPLOAD_READ_TIMEOUT_S
#: what says that all of it comes: 206 is a part, and 202 is about something that comes later
_WHOLE = (200, 203)
#: what a CSV export never is, whatever the status says
_NOT_CSV = ("application/json", "application/problem+json", "text/html")


class Client:
    """Access to one TalkValue server.

    base_url: without a slash at its end.
    profile: whose session is in use, empty for a token without a profile.
    organization: the id of the one that it belongs to, empty where that is not known.
    tries: how often a GET is sent before its failure is reported.
    limit_s: how long one exchange of JSON may take altogether, and each chunk
        of a download, in seconds.
    trace: is told what the client does.
    on_tick: called a few times a second while a response is awaited.
    """

    def __init__(
        self,
        session: Session,
        base_url: str,
        *,
        profile: str = "",
        organization: str = "",
        sleep: Callable[[float], None] = time.sleep,
        trace: Trace | None = None,
        tries: int = TRIES,
        limit_s: float = deadline.EXCHANGE_LIMIT_S,
        on_tick: Callable[[], None] | None = None,
    ) -> None:
        self._session, self.base_url = session, base_url
        self.profile, self.organization = profile, organization
        self._sleep, self._trace = sleep, trace or Trace(lambda line: None)
        self._tries, self._limit_s, self._on_tick = tries, limit_s, on_tick

    def for_one_poll(self, limit_s: float | None, on_tick: Callable[[], None]) -> Client:
        """Return a client for a wait: no repeats of its own, and within the time left."""
        client = self.with_tick(on_tick)
        client._tries = 1
        limit = deadline.READ_TIMEOUT_S if limit_s is None else limit_s
        client._limit_s = min(limit, deadline.READ_TIMEOUT_S)
        return client

    def with_tick(self, on_tick: Callable[[], None]) -> Client:
        """Return a client that does something now and then while it awaits a response."""
        client = copy.copy(self)
        client._on_tick = on_tick
        return client

    def get(self, path: str, params: Mapping[str, Any] | None = None) -> JsonResponse:
        """GET a JSON value; None values of params are left out.

        Sent again on transient failures, with pauses. Raises TalkValueError.
        """
        return self._repeating(lambda: self._exchange("GET", path, params=params))

    def post(self, path: str, body: Mapping[str, Any] | None = None) -> JsonResponse:
        """POST a JSON value, or nothing; sent like every write, see `_write`."""
        return self._write("POST", path, responses.read_json, body)

    def put(self, path: str, body: Mapping[str, Any]) -> JsonResponse:
        """PUT a JSON value; sent like every write, see `_write`."""
        return self._write("PUT", path, responses.read_json, body)

    def patch(self, path: str, body: Mapping[str, Any]) -> JsonResponse:
        """PATCH with a JSON value; sent like every write, see `_write`."""
        return self._write("PATCH", path, responses.read_json, body)

    def delete(self, path: str) -> None:
        """DELETE; returns when the server confirmed it, see `responses.read_confirmation`."""
        self._write("DELETE", path, responses.read_confirmation)

    def trigger(self, path: str) -> None:
        """POST nothing; returns when the server confirmed it, see `responses.read_confirmation`."""
        self._write("POST", path, responses.read_confirmation)

    def _write(
        self, method: str, path: str, read: responses.Reader, body: Mapping[str, Any] | None = None
    ) -> JsonResponse:
        """Send a write. Sent again only when it certainly reached nobody."""
        return self._repeating(
            lambda: self._exchange(method, path, json=body, read=read), is_write=True
        )

    def upload(self, path: str, open_body: Callable[[], Any]) -> JsonResponse:
        """POST a multipart body that is streamed while it is sent.

        open_body: returns the body from its beginning, with `content_type`.
        Sent again only when it certainly reached nobody.
        """

        def send() -> JsonResponse:
            body = open_body()
            headers = {"Content-Type": body.content_type}
            return self._exchange("POST", path, data=body, headers=headers, limit_s=_limit_of(body))

        return self._repeating(send, is_write=True)

    @contextmanager
    def download(self, path: str) -> Iterator[Iterator[bytes]]:
        """GET a CSV file as chunks of bytes, while it arrives.

        Sent again only until the first byte has arrived. Raises TalkValueError,
        also from the iterator when the stream is cut off, and NoContentError for 204.
        """
        request = f"GET {path}"
        response = self._repeating(
            lambda: self._bounded(lambda: self._send("GET", path), self._limit_s, "GET", path)
        )
        with response:
            content_type = response.headers.get("Content-Type", "").partition(";")[0]
            content_type = content_type.strip().lower()
            if response.status_code == 204:
                raise NoContentError(f"{request} should answer with CSV, not nothing")
            if response.status_code not in _WHOLE:
                status = f"HTTP {response.status_code}"
                raise UnexpectedAnswerError(f"{request} should answer with the whole, not {status}")
            if content_type in _NOT_CSV:
                raise UnexpectedAnswerError(f"{request} should answer with CSV, not {content_type}")
            chunks = self._read_chunks(response)
            first = next(chunks, None)
            if first is None:
                # even nobody at all is a line of headers; what this replaces is to stay
                raise UnexpectedAnswerError(f"{request} should answer with CSV, not nothing")
            yield itertools.chain([first], chunks)

    @contextmanager
    def call(
        self, method: str, path: str, *, body: Any = None, **arguments: Any
    ) -> Iterator[tuple[requests.Response, Iterator[bytes]]]:
        """Send any request; give the head of its response, and the body as it arrives.

        A GET is sent again on transient failures, all else like every write.
        body: bytes, or a file, which is read from its start.
        arguments: params and headers, as requests takes them.
        Raises TalkValueError, also from the iterator when the stream is cut off.
        """
        limit_s = self._limit_s if body is None else _limit_of(body)

        def send() -> requests.Response:
            if hasattr(body, "seek"):
                body.seek(0)
            return self._send(method, path, data=body, **arguments)

        response = self._repeating(
            lambda: self._bounded(send, limit_s, method, path), is_write=method != "GET"
        )
        with response:
            yield response, self._read_chunks(response)

    def _read_chunks(self, response: requests.Response) -> Iterator[bytes]:
        """Yield the body as it arrives; each chunk and the whole have their limits."""
        where = response.url.partition("?")[0]
        chunks = responses.read_chunks(response)

        def work() -> bytes | None:
            deadline.begin(response.raw.shutdown)
            return next(chunks, None)

        end = time.monotonic() + deadline.DOWNLOAD_LIMIT_S
        while True:
            limit_s = max(0.0, min(self._limit_s, end - time.monotonic()))
            chunk = exchange(self._session, limit_s, work, where, self._on_tick)
            if chunk is None:
                return
            yield chunk

    def _repeating(self, send: Callable[[], T], *, is_write: bool = False) -> T:
        """Send, once more with another token if the server refuses it, and again if that helps."""
        try:
            return self._trying(send, is_write=is_write)
        except AuthError as error:
            # a refused request did nothing, so that even a write can be sent again
            if not error.may_be_renewed:
                raise
        return self._trying(send, is_write=is_write)

    def _trying(self, send: Callable[[], T], *, is_write: bool) -> T:
        for left in range(self._tries - 1, -1, -1):
            try:
                return send()
            except TalkValueError as error:
                if is_write and not error.was_never_sent:
                    raise
                pause_s = self._pause_s(error, self._tries - left)
                if not left or not error.is_transient or pause_s > LONGEST_PAUSE_S:
                    raise
                self._trace.repeating(error, pause_s)
                self._sleep(pause_s)
        raise AssertionError("at least one try is made")

    @staticmethod
    def _pause_s(error: TalkValueError, tries: int) -> float:
        backoff_s = FIRST_PAUSE_S * 2 ** (tries - 1) * random.uniform(1, 2)
        return error.retry_after_s or backoff_s

    def _exchange(self, method: str, path: str, **arguments: Any) -> JsonResponse:
        """Send a request and read the whole response, all within the limit."""
        limit_s = arguments.pop("limit_s", self._limit_s)
        read: responses.Reader = arguments.pop("read", responses.read_json)

        def work() -> JsonResponse:
            with self._send(method, path, **arguments) as response:
                body = responses.read_at_most(response, responses.LARGEST_JSON)
                self._trace.received(body)
                return read(response, body, f"{method} {path}")

        return self._bounded(work, limit_s, method, path)

    def _bounded(self, work: Callable[[], T], limit_s: float | None, method: str, path: str) -> T:
        """Do the work within the limit, once more when an idle connection turns out to be dead."""
        began_at = time.monotonic()
        try:
            return self._run(work, limit_s, path)
        except NetworkError as error:
            # the server dropped the connection while it was idle: no failure of this request
            if not (method == "GET" and error.is_disconnect and self._session.has_responded):
                raise
        self._session.has_responded = False
        left_s = None if limit_s is None else max(1.0, limit_s - (time.monotonic() - began_at))
        return self._run(work, left_s, path)

    def _run(self, work: Callable[[], T], limit_s: float | None, path: str) -> T:
        """Do the work within the limit, and remember that a response came."""
        where = self.base_url + path
        result = exchange(self._session, limit_s, work, where, self._on_tick)
        self._session.has_responded = True
        return result

    def _send(self, method: str, path: str, **arguments: Any) -> requests.Response:
        """Send a request; return the response if it is a success, else raise its error."""
        request = self._prepare(method, path, **arguments)
        settings = self._session.merge_environment_settings(request.url or "", {}, True, None, None)
        self._trace.sent(request)
        began_at = time.monotonic()
        response = self._session.send(
            request,
            timeout=_TIMEOUTS_S if arguments.get("data") is None else _UPLOAD_TIMEOUTS_S,
            # a redirect would turn a POST into a GET without a body
            allow_redirects=method == "GET",
            **settings,
        )
        self._trace.responded(response, time.monotonic() - began_at)
        if 200 <= response.status_code < 300:
            return response
        with response:
            try:
                body = responses.read_at_most(response, responses.LARGEST_PROBLEM)
                self._trace.received(body)
            except (requests.RequestException, TalkValueError):
                body = b""  # the status alone says enough
        error = problems.error_from(
            response.status_code, response.headers, body, f"{method} {path}"
        )
        raise self._complete(error, response) if isinstance(error, AuthError) else error

    def _prepare(self, method: str, path: str, **arguments: Any) -> requests.PreparedRequest:
        """Return a request with its token, which may have to be renewed first."""
        try:
            return self._session.prepare_request(
                requests.Request(method, self.base_url + path, **arguments)
            )
        except TalkValueError as error:
            # whatever became of the renewal, this request was not made
            raise error.evolve(was_never_sent=True) from error.__cause__

    def _complete(self, error: AuthError, response: requests.Response) -> AuthError:
        """Return a refused token's error with what to do, and whether a better one may come."""
        auth = self._session.auth
        assert isinstance(auth, BearerAuth)
        # without one the refusal comes from a host that a redirect led to
        token = response.request.headers.get("Authorization", "").removeprefix("Bearer ")
        may_be_renewed = response.status_code == 401 and bool(token) and auth.reject(token)
        return error.evolve(hint=auth.hint, may_be_renewed=may_be_renewed)


def _limit_of(body: Any) -> float:
    """Return how long an exchange with such a body may take altogether, in seconds."""
    size = requests.utils.super_len(body)  # type: ignore[no-untyped-call] # no stub
    return deadline.upload_limit_s(size)
