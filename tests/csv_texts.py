"""CSV files to import."""

from __future__ import annotations

import re


def people(count: int, *, bad: int = 0) -> str:
    """Return a CSV text with so many good rows, and behind them so many bad ones."""
    rows = [f"person{i}@example.org,Person {i}" for i in range(count)]
    rows += [f"not-an-address-{i},Nobody {i}" for i in range(bad)]
    return "\n".join(["Email,Name", *rows]) + "\n"


def rows(count: int, tag: str = "p", *, bad: int = 0) -> str:
    """Return a CSV text with so many good rows of people whom no other tag has."""
    lines = [f"{tag}{n}@example.org,Person {n}" for n in range(count)]
    lines += [f"nobody {tag}{n},Nobody" for n in range(bad)]
    return "\n".join(["Email,Name", *lines]) + "\n"


def without_tag(name: str) -> str:
    """Return the name of an upload as its owner knows it; fails for one that carries no key."""
    plain, count = re.subn(r"\.tv-[0-9a-f]{12}-[0-9a-f]{6}\.csv$", ".csv", name)
    assert count == 1, name
    return plain
