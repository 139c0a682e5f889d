"""The requests session; the only place that sets up HTTP."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import requests
import requests.auth

from talkvalue_cli import __version__
from talkvalue_cli.transport import deadline
from talkvalue_cli.transport.connections import Adapter

MAX_REDIRECTS = 5
#: what can be decoded, see `decoding`; whatever else is installed beside requests
ENCODINGS = "gzip, deflate"


class NoAuth(requests.auth.AuthBase):
    """Leave each request as it is: without an auth object requests looks into ~/.netrc."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request


class BearerAuth(requests.auth.AuthBase):
    """Put a token into each request.

    hint: what to do when the server refuses it.
    """

    hint = "check TALKVALUE_TOKEN; it may be wrong, expired or revoked"

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self.get_token()}"
        return request

    def get_token(self) -> str:
        """Return the token to send now."""
        return self._token

    def reject(self, token: str) -> bool:
        """Take note that the server refused a token; tell whether the next may be a better one."""
        return False


class Session(requests.Session):
    """A session that follows redirects without giving the token away.

    has_responded: a response has come over it, so a connection may have been kept open.
    run_within: what bounds an exchange; another one where time is not the machine's.
    """

    has_responded = False
    run_within: deadline.RunWithin = staticmethod(deadline.run_within)

    def __init__(self) -> None:
        super().__init__()
        self._known: dict[tuple[object, ...], Any] = {}

    def merge_environment_settings(
        self, url: Any, proxies: object, stream: Any, verify: Any, cert: Any
    ) -> Any:
        """Return the settings for a host, with the proxies and certificates of the environment.

        requests would read all variables for each request; here that is done once, and again
        after a failure: a machine may have come into another network.
        proxies: none, for nobody has any but those of the environment.
        """
        key = (*urlsplit(url)[:2], stream, verify, cert)
        if key not in self._known:
            self._known[key] = super().merge_environment_settings(url, {}, stream, verify, cert)
        return self._known[key]

    def send(self, request: requests.PreparedRequest, **settings: Any) -> requests.Response:
        """Send a request; after a failure the environment is read again."""
        try:
            return super().send(request, **settings)
        except OSError:
            self._known.clear()
            raise

    def rebuild_auth(
        self, prepared_request: requests.PreparedRequest, response: requests.Response
    ) -> None:
        """Drop the token when the redirect leaves the host; never take one from ~/.netrc."""
        came_from, goes_to = response.request.url or "", prepared_request.url or ""
        if self.should_strip_auth(came_from, goes_to):  # type: ignore[no-untyped-call] # no stub
            prepared_request.headers.pop("Authorization", None)

    def resolve_redirects(
        self, resp: requests.Response, *args: Any, yield_requests: bool = False, **settings: Any
    ) -> Iterator[requests.Response]:
        """Follow redirects, and look at none that is not to be followed.

        Raises requests.RequestException, also for what is no URL.
        """
        if yield_requests:  # requests wants to know where it would have gone
            return
        try:
            yield from super().resolve_redirects(resp, *args, **settings)
        except requests.RequestException:
            raise
        except ValueError as error:
            text = f"it redirects to what is no URL: {error}"
            raise requests.exceptions.InvalidURL(text) from error

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """Return where a response leads to; then nothing of its body is read.

        requests would read and unpack it to its end, of which there may be none.
        """
        target = super().get_redirect_target(resp)
        if target:
            resp.close()
            resp.raw = io.BytesIO()
        return target


def make_session(auth: requests.auth.AuthBase | None) -> Session:
    """Return a session with our user agent, the token of `auth`, and proxies of the environment.

    auth: with None each request brings its own, or has what ~/.netrc says.
    """
    session = Session()
    session.headers["User-Agent"] = f"talkvalue-cli/{__version__}"
    session.headers["Accept"] = "*/*"
    session.headers["Accept-Encoding"] = ENCODINGS
    session.auth = auth
    session.max_redirects = MAX_REDIRECTS
    # retries are decided by the client, which knows what is safe to repeat
    session.mount("https://", Adapter(max_retries=0))
    session.mount("http://", Adapter(max_retries=0))
    return session
