"""Counting requests, so that a test can ask how often a client has asked for something."""

from __future__ import annotations

import re
import threading
from collections import Counter
from typing import Any, NamedTuple

from flask import Response, g, request


class _Kind(NamedTuple):
    """What is counted as one. Paths are those of the routes, so that memory has a bound."""

    method: str
    path: str | None
    status: int
    grant_type: str | None


class RequestCounts:
    """Counters since the server was started; what a fault answered never came this far."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._lock = threading.Lock()
        self._counts: Counter[_Kind] = Counter()

    def add(self, response: Response) -> Response:
        """Count the present request, and return its answer as it is."""
        rule = request.url_rule
        path = None if rule is None else re.sub(r"<\w+:(\w+)>", r"{\1}", rule.rule)
        kind = _Kind(request.method, path, response.status_code, g.get("grant_type"))
        with self._lock:
            self._counts[kind] += 1
        return response

    def describe(self) -> list[dict[str, Any]]:
        """Return the counters in the order of their first request."""
        with self._lock:
            return [{**kind._asdict(), "count": count} for kind, count in self._counts.items()]
