"""The store as routes use it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from flask import g

from ..db.store import Store, Transaction
from ..web.problems import Problem


class RequestStore:
    """Opens transactions on behalf of the organization that asks, at the time of the request."""

    def __init__(self, store: Store) -> None:
        """Open them on `store`."""
        self.store = store

    def read(self) -> AbstractContextManager[Transaction]:
        """Open a read transaction; see `Store.read`."""
        return self.store.read(g.organization_id or 0, g.now)

    @contextmanager
    def write(self, taken: Problem | None = None) -> Iterator[Transaction]:
        """Open a write transaction; see `Store.write`. taken: raised for a name that exists."""
        try:
            with self.store.write(g.organization_id or 0, g.now) as tx:
                yield tx
        except sqlite3.IntegrityError as error:
            raise taken or error from None
