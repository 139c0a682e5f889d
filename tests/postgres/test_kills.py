"""Machines with one journal, on which `run` dies at each moment of its life: one import a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest

from talkvalue_cli.imports.submitting.journal.postgres import PostgresJournal
from tests.postgres.database import share_journal
from tests.postgres.server import Server
from tests.resources import test_run_kills as kills
from tests.world import MakeWorld, World


@pytest.fixture
def die_at(
    make_world: MakeWorld, server: Server, url: str, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Counter[str]]:
    """Return `test_run_kills.die_at`, for machines with one journal, empty in each life."""
    monkeypatch.setattr(kills, "JOURNALS", (PostgresJournal,))

    def make(*options: str) -> World:
        server.empty_database(url)
        return share_journal(make_world(*options), url, monkeypatch)

    return lambda *facts: kills.die_at(make, monkeypatch, *facts)


@pytest.mark.parametrize("trouble", ["well", "never arrived"])
def test_it_dies_now_and_then(die_at: Callable[..., Counter[str]], trouble: str) -> None:
    # two of these make 6 at the least
    assert die_at(trouble, range(len(trouble) % 5, 200, 7), 0).total() >= 3


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("trouble", kills.SERVERS)
def test_it_dies_at_every_moment(
    die_at: Callable[..., Counter[str]], trouble: str, record_property: Callable[..., None]
) -> None:
    died = die_at(trouble, range(200), 1)
    record_property("kills", f"{died.total()} kills at {dict(died)}")
    # ten of these make 180 at the least
    assert died.total() >= 18
