"""Sandboxes in this process, quicker to make: tests make thousands of them."""

from __future__ import annotations

import functools
import tempfile
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

from talkvalue_cli.sandbox.db.store import Store
from talkvalue_cli.sandbox.sample import seed

#: what is set when a rule is compiled
_COMPILED = ("_parts", "_trace", "_converters", "arguments", "_build", "_build_unknown")
#: a path → that of its rules
_compiled: dict[str, dict[str, Any]] = {}


class QuickRule(Rule):
    """Is compiled once for all sandboxes: most of the 8 ms that it takes to make one.

    What builds URLs is that of the first of its likes, which a sandbox has no use for.
    """

    def compile(self) -> None:
        """Take what there is, else compile the rule."""
        assert not self.defaults
        if self.rule not in _compiled:
            super().compile()
            _compiled[self.rule] = {name: getattr(self, name) for name in _COMPILED}
        vars(self).update(_compiled[self.rule])


def make_apps_quickly() -> None:
    """Have all sandboxes of this process made with such rules."""
    Flask.url_rule_class = QuickRule


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
