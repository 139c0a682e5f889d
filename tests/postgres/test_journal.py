"""The shared journal does what every journal does, at a real server."""

from __future__ import annotations

from tests.unit.imports.submitting.journal_suite import JournalSuite


class TestPostgres(JournalSuite):
    """What every journal does."""
