"""The session, the limit of an exchange, and the words for a failure."""

from __future__ import annotations

import socket
import threading
import time

import pytest
import requests
import urllib3
from urllib3.exceptions import (
    MaxRetryError,
    NameResolutionError,
    NewConnectionError,
    ProtocolError,
    ReadTimeoutError,
)

from talkvalue_cli import __version__
from talkvalue_cli.errors import Interrupted, NetworkError
from talkvalue_cli.transport import deadline
from talkvalue_cli.transport.deadline import run_within
from talkvalue_cli.transport.failures import describe_failure, exchange
from talkvalue_cli.transport.session import BearerAuth, make_session

WHERE = "http://h/a"


def test_a_session_names_the_program_and_leaves_repeating_to_the_client() -> None:
    session = make_session(BearerAuth("t"))
    assert session.headers["User-Agent"] == f"talkvalue-cli/{__version__}"
    assert session.max_redirects == 5
    for url in ("http://h", "https://h"):
        adapter = session.get_adapter(url)
        assert isinstance(adapter, requests.adapters.HTTPAdapter)
        assert adapter.max_retries.total == 0


def test_every_request_has_a_limit_for_connecting_and_for_reading() -> None:
    assert (deadline.CONNECT_TIMEOUT_S, deadline.READ_TIMEOUT_S) == (5.0, 30.0)


def test_work_within_the_limit_hands_its_result_over() -> None:
    assert run_within(5, lambda: "done") == "done"
    assert run_within(None, lambda: None) is None


@pytest.mark.parametrize("failure", [ValueError("no"), Interrupted(2), SystemExit(3)])
def test_work_that_fails_raises_what_it_raised(failure: BaseException) -> None:
    def fail() -> None:
        raise failure

    with pytest.raises(type(failure)) as caught:
        run_within(5, fail)
    assert caught.value is failure


def test_work_beyond_the_limit_is_given_up_and_ticks_meanwhile() -> None:
    release = threading.Event()
    ticks: list[None] = []
    began_at = time.monotonic()
    with pytest.raises(TimeoutError, match=r"no complete answer within 0\.05 s"):
        run_within(0.05, lambda: release.wait(60), lambda: ticks.append(None))
    assert time.monotonic() - began_at < 30
    release.set()
    # it sleeps meanwhile
    assert 1 <= len(ticks) <= 3


def test_an_exception_of_a_tick_ends_the_waiting_at_once() -> None:
    release = threading.Event()

    def interrupt() -> None:
        raise Interrupted(15)

    began_at = time.monotonic()
    with pytest.raises(Interrupted):
        run_within(30, lambda: release.wait(60), interrupt)
    assert time.monotonic() - began_at < 30
    release.set()


class _SocksError(OSError):
    """What PySocks, which need not be here, raises: a word, and what the system said."""


_SocksError.__name__ = "ProxyError"


class GeneralProxyError(OSError):
    """What PySocks raises for the rest, such as a server whose name it cannot resolve."""


class SOCKS5Error(_SocksError):
    """What PySocks raises for what a proxy answers."""


class SOCKSConnection:
    """The connection of urllib3 to a proxy of SOCKS, which loads PySocks."""


UNKNOWN_NAME = socket.gaierror(-2, "Name or service not known")
NO_RESOLUTION = NameResolutionError("proxy", None, UNKNOWN_NAME)  # type: ignore[arg-type]


def unsent(what: object, *causes: Exception) -> requests.ConnectionError:
    """Return what requests raises for a connection that could not be made."""
    return requests.ConnectionError(NewConnectionError(what, "at <object at 0x7f>"), *causes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (
            requests.ConnectTimeout(MaxRetryError(None, WHERE, None)),  # type: ignore[arg-type]
            "lost contact with {}: no connection within 5 s",
        ),
        (requests.ReadTimeout("x"), "lost contact with {}: no answer in time"),
        (
            requests.ConnectionError(ReadTimeoutError(None, WHERE, "x")),  # type: ignore[arg-type]
            "lost contact with {}: no answer in time",
        ),
        (
            requests.ConnectionError(ProtocolError("aborted", OSError(104, "Connection reset"))),
            "lost contact with {}: connection reset",
        ),
        (
            requests.ConnectionError(ProtocolError("aborted", OSError("odd"))),
            "lost contact with {}: the answer was cut off or is not HTTP",
        ),
        (
            requests.exceptions.ContentDecodingError("bad gzip"),
            "lost contact with {}: the answer was cut off or is not HTTP",
        ),
        (
            requests.exceptions.ProxyError("odd"),
            "lost contact with {}: the proxy does not work (no usable answer)",
        ),
        (
            unsent(None, _SocksError(ConnectionRefusedError(111, "Connection refused"))),
            "cannot reach {}: the proxy does not work (connection refused)",
        ),
        (
            requests.exceptions.ProxyError(urllib3.exceptions.ProxyError("x", NO_RESOLUTION)),
            "cannot reach {}: the proxy does not work (could not resolve host)",
        ),
        (
            unsent(SOCKSConnection(), UNKNOWN_NAME),
            "cannot reach {}: the proxy does not work (could not resolve host)",
        ),
        (
            unsent(SOCKSConnection(), GeneralProxyError(UNKNOWN_NAME)),
            "cannot reach {}: could not resolve host",
        ),
        (
            unsent(SOCKSConnection(), GeneralProxyError(SOCKS5Error("0x04: Host unreachable"))),
            "cannot reach {}: the proxy does not reach it (host unreachable)",
        ),
        (unsent(None), "cannot reach {}: the answer was cut off or is not HTTP"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_broken_exchange_is_told_in_a_few_words(
    error: requests.RequestException, message: str
) -> None:
    found = describe_failure(error, WHERE)
    assert found.message == message.format(WHERE)
    assert found.is_transient


@pytest.mark.parametrize(
    ("error", "is_disconnect"),
    [
        (requests.ConnectionError(ProtocolError("x", ConnectionResetError(104, "reset"))), True),
        (requests.ConnectionError(ProtocolError("x", BrokenPipeError(32, "pipe"))), True),
        (requests.ReadTimeout("slow"), False),
    ],
)
def test_a_disconnect_is_told_apart_from_slowness(
    error: requests.RequestException, is_disconnect: bool
) -> None:
    assert describe_failure(error, WHERE).is_disconnect is is_disconnect


@pytest.mark.parametrize(
    ("error", "message", "is_transient"),
    [
        (TimeoutError("too late"), "lost contact with http://h/a: too late", True),
        # such as a bundle of certificates that is not there
        (OSError("no such bundle"), "cannot use http://h/a: no such bundle", False),
        (requests.ReadTimeout("x"), "lost contact with http://h/a: no answer in time", True),
    ],
)
def test_what_goes_wrong_in_an_exchange_is_a_failure_of_the_network(
    error: OSError, message: str, is_transient: bool
) -> None:
    def fail() -> None:
        raise error

    with pytest.raises(NetworkError) as caught:
        exchange(make_session(BearerAuth("t")), None, fail, WHERE)
    assert (caught.value.message, caught.value.is_transient) == (message, is_transient)


@pytest.mark.parametrize("error", [ValueError("mine"), OSError("mine")])
def test_what_a_tick_raises_is_no_failure_of_the_network(error: Exception) -> None:
    release = threading.Event()

    def fail() -> None:
        raise error

    with pytest.raises(type(error), match=r"^mine$"):
        exchange(make_session(BearerAuth("t")), 60, lambda: release.wait(60), WHERE, fail)
    release.set()
