"""Fixtures of the unit tests."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator

import pytest
import responses
from responses.registries import OrderedRegistry

from tests.unit.wire import Handler, Wire

_NETWORK_SETTINGS = (
    *("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"),
    *("http_proxy", "https_proxy", "all_proxy", "no_proxy"),
    *("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR", "NETRC"),
)


@pytest.fixture(autouse=True)
def plain_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep proxies and certificates of the machine away from the tests."""
    for name in _NETWORK_SETTINGS:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def http() -> Iterator[responses.RequestsMock]:
    """Answers in the order in which they are added; one that is not used fails the test."""
    with responses.RequestsMock(registry=OrderedRegistry) as mock:
        yield mock


@pytest.fixture
def serve() -> Iterator[Callable[..., Wire]]:
    """Return a function that starts a server with handlers; all are closed in the end."""
    started: list[Wire] = []

    def start(*handlers: Handler, tls: ssl.SSLContext | None = None) -> Wire:
        started.append(Wire(*handlers, tls=tls))
        return started[-1]

    yield start
    for wire in started:
        wire.close()
