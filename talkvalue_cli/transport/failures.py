"""Exchanges that broke, as errors that say what happened and whether anything was sent."""

from __future__ import annotations

import http.client
import ssl
from collections.abc import Callable, Iterator
from typing import TypeVar

import requests
import urllib3

from talkvalue_cli.errors import NetworkError
from talkvalue_cli.transport import deadline
from talkvalue_cli.transport.session import Session

T = TypeVar("T")

SOCKS_HINT = "pip install '.[socks]' in the folder of the clone installs what a SOCKS proxy takes"
_UNRESOLVED = "could not resolve host"
_NO_HTTP = "the answer was cut off or is not HTTP"


def exchange(
    session: Session,
    limit_s: float | None,
    work: Callable[[], T],
    where: str,
    on_tick: Callable[[], None] | None = None,
) -> T:
    """Work within the session's bounds, and raise NetworkError for all that goes wrong on the way.

    What the tick raises is none of the network's, and comes out as it is.

    limit_s, work, on_tick: as `deadline.run_within` takes them.
    where: the URL without its query, for the message.
    """

    def translated() -> T:
        try:
            return work()
        except requests.RequestException as error:
            raise describe_failure(error, where) from error
        except TimeoutError as error:
            raise _lose(where, error) from error
        except OSError as error:  # such as a REQUESTS_CA_BUNDLE that is not there
            raise NetworkError(f"cannot use {where}: {error}", is_transient=False) from error
        except (urllib3.exceptions.HTTPError, http.client.HTTPException, ValueError) as error:
            # requests lets through what it did not think of, such as a number that is none
            raise _lose(where, _NO_HTTP) from error

    try:
        return session.run_within(limit_s, translated, on_tick)
    except TimeoutError as error:
        raise _lose(where, error) from error


def _lose(where: str, why: object) -> NetworkError:
    return NetworkError(f"lost contact with {where}: {why}")


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
        # requests' word for a library that is not there
        hint = SOCKS_HINT if "SOCKS" in str(error) else None
        return NetworkError(f"cannot use {where}: {error}", is_transient=False, hint=hint)
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
    if _find(chain, "NameResolutionError") or _find(chain, "gaierror"):
        is_of_proxy = _is_before_proxy(chain)
        return f"the proxy does not work ({_UNRESOLVED})" if is_of_proxy else _UNRESOLVED
    if isinstance(error, requests.ConnectTimeout):
        return f"no connection within {deadline.CONNECT_TIMEOUT_S:g} s"
    if isinstance(error, requests.ReadTimeout) or _find(chain, "ReadTimeoutError"):
        return "no answer in time"
    if _find(chain, "RemoteDisconnected"):
        return "the server closed the connection without an answer"
    refusal = _find(chain, "SOCKS5Error") or _find(chain, "SOCKS4Error")
    if refusal is not None:
        # such as "0x04: Host unreachable"
        return f"the proxy does not reach it ({str(refusal).rpartition(': ')[2].lower()})"
    # of requests for a proxy of HTTP, and of PySocks for one of SOCKS
    if _find(chain, "ProxyError"):
        return f"the proxy does not work ({_system_reason(chain) or 'no usable answer'})"
    if _find(chain, "IncompleteRead"):
        return "the answer was cut off"
    return _system_reason(chain) or _NO_HTTP


def _is_before_proxy(chain: list[BaseException]) -> bool:
    """Tell whether a look-up that failed was of the proxy's name, and not of the server's."""
    # of PySocks, which looks the server up itself for socks5:// and socks4://
    if _find(chain, "GeneralProxyError"):
        return False
    connections = (getattr(item, "conn", None) for item in chain)
    is_socks = any(
        kind.__name__ == "SOCKSConnection" for each in connections for kind in type(each).__mro__
    )
    return is_socks or _find(chain, "ProxyError") is not None


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
