"""Tables of words as text, a line each: what others type, `=`, and what is meant, between `|`."""

from __future__ import annotations

from collections.abc import Mapping


def read_table(text: str) -> Mapping[str, tuple[str, ...]]:
    """Return what each word means: `word word = meaning | meaning`."""
    found = {}
    for line in text.strip().splitlines():
        words, _, meanings = line.partition(" = ")
        found.update(dict.fromkeys(words.split(), tuple(meanings.split(" | "))))
    return found


def read_groups(text: str) -> Mapping[tuple[str, str], str]:
    """Return what each word behind a group means: `group: word word = meaning`."""
    found = {}
    for line in text.strip().splitlines():
        words, _, meaning = line.partition(" = ")
        group, *behind = words.split()
        found.update(dict.fromkeys(((group.removesuffix(":"), word) for word in behind), meaning))
    return found
