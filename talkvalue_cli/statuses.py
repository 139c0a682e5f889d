"""The words for where an import job stands, as the server sends them."""

from __future__ import annotations

PENDING, RUNNING = "PENDING", "RUNNING"
COMPLETED, PARTIAL_SUCCESS, FAILED = "COMPLETED", "PARTIAL_SUCCESS", "FAILED"
LIVE = frozenset({PENDING, RUNNING})
TERMINAL = frozenset({COMPLETED, PARTIAL_SUCCESS, FAILED})
#: in the order in which a job goes through them
STATUSES = (PENDING, RUNNING, COMPLETED, PARTIAL_SUCCESS, FAILED)
