"""Sandboxes in this process, quicker to make: tests make thousands of them."""

from __future__ import annotations

import functools
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

from talkvalue_cli.sandbox.db.store import Store
from talkvalue_cli.sandbox.openapi import document
from talkvalue_cli.sandbox.sample import seed

#: what a rule is made of → the function that builds its URLs
_builders: dict[tuple[Any, ...], Callable[..., tuple[str, str]]] = {}


class QuickRule(Rule):
    """Shares the functions that build URLs with its likes.

    Werkzeug compiles two for each rule, by way of Python's own syntax tree: 10 of the 17 ms that
    it takes to make a sandbox, which has no use for them.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        if self.defaults:
            return super()._compile_builder(append_unknown)
        made_of = (self.rule, *self._trace, append_unknown)
        if made_of not in _builders:
            _builders[made_of] = super()._compile_builder(append_unknown)
        return _builders[made_of]


def make_apps_quickly() -> None:
    """Have all sandboxes of this process made with such rules, and described only once."""
    Flask.url_rule_class = QuickRule
    # 3 ms, for what never changes and nobody changes
    document.make_document = functools.cache(document.make_document)


def open_store(folder: Path, number: int = 1) -> Store:
    """Return the store of a folder, with sample data if there is none yet.

    number: the seed of the data, which is made once: to fill a database takes as long as a test.
    """
    database, files = folder / "sandbox.db", folder / "files"
    files.mkdir(parents=True, exist_ok=True)
    if not database.exists():
        database.write_bytes(_make_sample(number))
    return Store(database, files)


@functools.cache
def _make_sample(number: int) -> bytes:
    """Return a database with sample data."""
    with tempfile.TemporaryDirectory() as name:
        store = Store(Path(name) / "sandbox.db", Path(name))
        seed.add_sample_data(store, number)
        store.close()
        return store.database.read_bytes()
