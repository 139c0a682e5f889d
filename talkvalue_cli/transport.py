"""The requests session, and how one exchange is bounded; the only place that sets up HTTP."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Callable, Iterator
from typing import TypeVar

import requests
import requests.adapters
import requests.auth

from talkvalue_cli import __version__
from talkvalue_cli.errors import NetworkError

T = TypeVar("T")

CONNECT_TIMEOUT_S = 5.0
READ_TIMEOUT_S = 30.0
#: urllib3 bounds each write by the connect timeout: a server may stop reading for a while
UPLOAD_WRITE_TIMEOUT_S = 60.0
#: after an upload the server reads through the whole file before it says anything
UPLOAD_READ_TIMEOUT_S = 300.0
#: an exchange without a limit of its own may take this long altogether
EXCHANGE_LIMIT_S = 60.0
MAX_REDIRECTS = 5
TICK_S = 0.25


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

    has_answered: an answer has come over it, so a connection may have been kept open.
    """

    has_answered = False

    def rebuild_auth(
        self, prepared_request: requests.PreparedRequest, response: requests.Response
    ) -> None:
        """Drop the token when the redirect leaves the host; never take one from ~/.netrc."""
        came_from, goes_to = response.request.url or "", prepared_request.url or ""
        if self.should_strip_auth(came_from, goes_to):  # type: ignore[no-untyped-call] # no stub
            prepared_request.headers.pop("Authorization", None)


def make_session(auth: requests.auth.AuthBase) -> Session:
    """Return a session with our user agent, the token of `auth`, and proxies of the environment."""
    session = Session()
    session.headers["User-Agent"] = f"talkvalue-cli/{__version__}"
    session.headers["Accept"] = "*/*"
    session.auth = auth
    session.max_redirects = MAX_REDIRECTS
    # retries are decided by the client, which knows what is safe to repeat
    session.mount("https://", requests.adapters.HTTPAdapter(max_retries=0))
    session.mount("http://", requests.adapters.HTTPAdapter(max_retries=0))
    return session


def run_within(
    limit_s: float | None, work: Callable[[], T], on_tick: Callable[[], None] | None = None
) -> T:
    """Return what work returns, or raise what it raises, but not after the limit.

    The work goes to a thread of its own. A socket timeout bounds each read
    only, and a look-up of a host name has none at all; here the whole of it is
    bounded, and a signal is handled at once because this thread only waits.
    Work that is given up goes on in its thread, which does not keep the
    process from ending.

    Raises TimeoutError when the limit passes.
    """
    done = threading.Event()
    results: list[T] = []
    failures: list[BaseException] = []

    def run() -> None:
        try:
            results.append(work())
        except BaseException as error:  # noqa: BLE001 - handed over to the waiting thread
            failures.append(error)
        finally:
            done.set()

    threading.Thread(target=run, daemon=True).start()
    end = float("inf") if limit_s is None else time.monotonic() + limit_s
    while not done.wait(max(0.0, min(TICK_S, end - time.monotonic()))):
        if on_tick is not None:
            on_tick()
        if time.monotonic() >= end:
            raise TimeoutError(f"no complete answer within {limit_s:.3g} s")
    if failures:
        raise failures[0]
    return results[0]


def exchange(
    limit_s: float | None,
    work: Callable[[], T],
    where: str,
    on_tick: Callable[[], None] | None = None,
) -> T:
    """Do as `run_within`, and raise NetworkError for everything that goes wrong on the way.

    where: the URL without its query, for the message.
    """
    try:
        return run_within(limit_s, work, on_tick)
    except requests.RequestException as error:
        raise describe_failure(error, where) from error
    except TimeoutError as error:
        raise NetworkError(f"lost contact with {where}: {error}") from error
    except OSError as error:  # such as a REQUESTS_CA_BUNDLE that is not there
        raise NetworkError(f"cannot use {where}: {error}", is_transient=False) from error


def describe_failure(error: requests.RequestException, where: str) -> NetworkError:
    """Return the NetworkError for an exchange that broke.

    where: the URL without its query, for the message.
    """
    chain = list(_causes(error))
    certificate = _find(chain, "SSLCertVerificationError")
    if certificate is not None:
        return NetworkError(
            f"the certificate of {where} does not verify: "
            f"{getattr(certificate, 'verify_message', '') or certificate}",
            is_transient=False,
            hint="for a certificate authority of your own, set REQUESTS_CA_BUNDLE to its file",
        )
    if isinstance(error, requests.TooManyRedirects):
        return NetworkError(f"{where} redirects in circles", is_transient=False)
    if isinstance(error, (requests.exceptions.InvalidSchema, requests.exceptions.InvalidURL)):
        return NetworkError(f"cannot use {where}: {error}", is_transient=False)
    never_sent = any(_find(chain, name) for name in _BEFORE_SENDING)
    verb = "cannot reach" if never_sent else "lost contact with"
    return NetworkError(
        f"{verb} {where}: {_reason(error, chain)}",
        was_never_sent=never_sent,
        is_disconnect=any(_find(chain, name) for name in _DISCONNECTS),
    )


#: what only happens while a connection is made (urllib3 and requests class names)
_BEFORE_SENDING = ("NewConnectionError", "NameResolutionError", "ConnectTimeoutError")
_DISCONNECTS = ("RemoteDisconnected", "ConnectionResetError", "BrokenPipeError")


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield the error and everything it was made from, outermost first."""
    queue: list[object] = [error]
    seen: set[int] = set()
    while queue:
        item = queue.pop(0)
        if not isinstance(item, BaseException) or id(item) in seen:
            continue
        seen.add(id(item))
        yield item
        queue += [getattr(item, "reason", None), *item.args, item.__cause__, item.__context__]


def _find(chain: list[BaseException], class_name: str) -> BaseException | None:
    return next(
        (item for item in chain if any(c.__name__ == class_name for c in type(item).__mro__)), None
    )


def _reason(error: requests.RequestException, chain: list[BaseException]) -> str:
    """Return the cause in a few words, without addresses of objects and without the URL."""
    if _find(chain, "NameResolutionError"):
        return "the host name is not known"
    if isinstance(error, requests.ConnectTimeout):
        return f"no connection within {CONNECT_TIMEOUT_S:g} s"
    if isinstance(error, requests.ReadTimeout) or _find(chain, "ReadTimeoutError"):
        return "no answer in time"
    if _find(chain, "RemoteDisconnected"):
        return "the server closed the connection without an answer"
    if isinstance(error, requests.exceptions.ProxyError):
        return f"the proxy does not work ({_system_reason(chain) or 'no usable answer'})"
    if _find(chain, "IncompleteRead"):
        return "the answer was cut off"
    return _system_reason(chain) or "the answer was cut off or is not HTTP"


def _system_reason(chain: list[BaseException]) -> str:
    """Return what the operating system or TLS said, in lower case."""
    for item in reversed(chain):
        if isinstance(item, ssl.SSLError):
            # OpenSSL's word for it, such as WRONG_VERSION_NUMBER, without its file and line
            return f"TLS: {item.reason.lower().replace('_', ' ') if item.reason else item}"
        is_ours = isinstance(item, requests.RequestException)
        if isinstance(item, OSError) and item.strerror and not is_ours:
            return item.strerror[0].lower() + item.strerror[1:]
    return ""
