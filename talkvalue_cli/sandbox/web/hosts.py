"""Refusing requests for other hosts, against DNS rebinding.

A web page whose name its owner lets point to this machine has the browser send requests here;
they carry that name in their `Host`.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from typing import TYPE_CHECKING

from .problems import CONTENT_TYPE, MARK, Problem

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

LOCAL = ("localhost", "127.0.0.1", "::1")


def _read_address(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(name)
    except ValueError:
        return None


def is_local(address: str) -> bool:
    """Return whether only this machine reaches what listens on an address."""
    found = _read_address(address.partition("%")[0])
    return found is not None and found.is_loopback


class HostGuard:
    """A WSGI layer that answers requests for these hosts, and those without any.

    Where the server listens on all addresses, each address is one of its own; a name is not.
    """

    def __init__(self, app: WSGIApplication, host: str, address: str) -> None:
        """host: as it was asked for. address: the one that it has led to."""
        self._app = app
        self._names = {name.lower() for name in (*LOCAL, host, address)}
        bound = _read_address(address)
        self._takes_addresses = bound is not None and bound.is_unspecified

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Handle one request."""
        host = environ.get("HTTP_HOST", "")
        if not host or self._is_ours(host):
            return self._app(environ, start_response)
        body = Problem(421, f"This server is not {host}.").encode()
        length = ("Content-Length", str(len(body)))
        start_response("421 Misdirected Request", [("Content-Type", CONTENT_TYPE), length, MARK])
        return [body]

    def _is_ours(self, host: str) -> bool:
        name, bracket, _ = host.lower().removeprefix("[").partition("]")
        if not bracket:
            name = name.partition(":")[0]
        return name in self._names or (self._takes_addresses and _read_address(name) is not None)
