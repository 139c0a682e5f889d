"""Counts and ids as a server sends them, which may be anything."""

from __future__ import annotations

#: the largest number that the API, a database and a query can hold
LARGEST = 2**63 - 1


def read_count(value: object) -> int | None:
    """Return a whole number from 0 to LARGEST, None for everything else."""
    # bool is an int in Python, but not in JSON
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LARGEST:
        return value
    return None
