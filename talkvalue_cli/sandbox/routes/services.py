"""What routes work with."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from flask import g

from ..db.store import Store, Transaction


@dataclass(frozen=True)
class Services:
    """The store, and the worker of import jobs as far as requests concern it.

    wake_worker: called after a job was queued. is_silent: job id -> hide its counters.
    """

    store: Store
    wake_worker: Callable[[], None]
    is_silent: Callable[[int], bool]

    def read(self) -> AbstractContextManager[Transaction]:
        """Open a read transaction on behalf of who asks, at the time of the request."""
        return self.store.read(g.organization_id or 0, g.now)

    def write(self) -> AbstractContextManager[Transaction]:
        """Open a write transaction on behalf of who asks, at the time of the request."""
        return self.store.write(g.organization_id or 0, g.now)
