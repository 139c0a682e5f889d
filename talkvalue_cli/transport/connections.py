"""Connections: they can be cut from outside, and trust what OpenSSL's variables say."""

from __future__ import annotations

import functools
import http.client
import os
import socket
from typing import Any, BinaryIO

import requests.adapters
import urllib3
from urllib3.connectionpool import HTTPConnectionPool

from talkvalue_cli.transport import deadline


class _Head:
    """A stream of which lines are read: the first may be missing, but none behind it."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream, self._is_first = stream, True
        self.close = stream.close

    def readline(self, limit: int) -> bytes:
        """Return a line; raise IncompleteRead where the head of a response should go on."""
        line = self._stream.readline(limit)
        if not self._is_first and not line.endswith(b"\n") and len(line) < limit:
            raise http.client.IncompleteRead(line)
        self._is_first = False
        return line


class _Response(http.client.HTTPResponse):
    """A response that is taken for whole only when it is, head and chunks."""

    fp: Any

    def begin(self) -> None:
        """Read the head, which may end where the connection does as far as Python is concerned."""
        stream, self.fp = self.fp, _Head(self.fp)
        try:
            super().begin()
        finally:
            # None after a response that has no body
            if self.fp is not None:
                self.fp = stream

    def _safe_read(self, amt: int) -> bytes:
        # urllib3 passes on what stands before a chunk, and -1 means everything here
        if amt < 0:
            raise http.client.HTTPException("a chunk has a negative size")
        return super()._safe_read(amt)  # type: ignore[misc,no-any-return] # no stub


class _Connection(urllib3.connection.HTTPConnection):
    """Mixed into a connection: it can be cut by whoever gives the exchange up."""

    response_class = _Response

    def connect(self) -> None:
        """Connect; send nothing when the exchange was given up meanwhile."""
        super().connect()
        deadline.begin(self._cut)

    def request(self, *args: Any, **settings: Any) -> None:
        """Send a request, over a connection of before where there is one."""
        if self.sock is not None:
            deadline.begin(self._cut)
        super().request(*args, **settings)

    def _cut(self) -> None:
        if isinstance(self.sock, socket.socket):
            # not its own method: that of TLS takes the encryption away first
            socket.socket.shutdown(self.sock, socket.SHUT_RDWR)
        elif self.sock is not None:  # TLS within the TLS of a proxy
            self.sock.close()


@functools.cache
def _make_pool_class(pool_class: type[HTTPConnectionPool]) -> type[HTTPConnectionPool]:
    """Return the class of a pool of the same connections, which can be cut."""
    kind = type("Connection", (_Connection, pool_class.ConnectionCls), {})
    return type("Pool", (pool_class,), {"ConnectionCls": kind})


def _use_own_pools(manager: urllib3.PoolManager) -> None:
    manager.pool_classes_by_scheme = {
        scheme: _make_pool_class(pool_class)
        for scheme, pool_class in manager.pool_classes_by_scheme.items()
    }


class Adapter(requests.adapters.HTTPAdapter):
    """Makes the connections of a session, those through proxies among them."""

    def init_poolmanager(self, *args: Any, **settings: Any) -> None:
        """Make the pools of direct connections."""
        super().init_poolmanager(*args, **settings)
        _use_own_pools(self.poolmanager)

    def proxy_manager_for(self, proxy: str, **settings: Any) -> urllib3.ProxyManager:
        """Return the pools of connections through a proxy."""
        if proxy not in self.proxy_manager:
            _use_own_pools(super().proxy_manager_for(proxy, **settings))
        manager: urllib3.ProxyManager = self.proxy_manager[proxy]
        return manager

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """Trust what the environment says: requests knows REQUESTS_CA_BUNDLE, not OpenSSL's names.

        SSL_CERT_FILE is a file, SSL_CERT_DIR folders as c_rehash(1) makes them.
        Raises OSError when there is none of what they name.
        """
        super().cert_verify(conn, url, verify, cert)  # type: ignore[no-untyped-call] # no stub
        file, folders = os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR")
        if verify is not True or not url.lower().startswith("https") or not (file or folders):
            return
        name, places = ("SSL_CERT_FILE", file) if file else ("SSL_CERT_DIR", str(folders))
        if not any(map(os.path.exists, places.split(os.pathsep))):
            raise OSError(f"{name} names nothing that exists: {places}")
        conn.ca_certs, conn.ca_cert_dir = file or None, folders or None
