"""Sample data for a fresh database: the same for the same seed.

The people's e-mail addresses do not depend on the seed: each of FIRST_NAMES with each of
LAST_NAMES, such as ada.baker@example.com, so that example files can meet existing people.
"""

from __future__ import annotations

import random
from datetime import datetime, timedelta, timezone

from ..db.store import Store, Transaction
from ..people import person_changes, sources
from ..people.sources import CHANNEL
from ..web import timestamps
from . import members, surface

ORGANIZATION_ID = 1
ORGANIZATION = (ORGANIZATION_ID, "org_sandbox", "Sandbox Events")
CHANNELS = (
    ("Newsletter", "mail", "#FFD700"),
    ("Community", "users", "#1E90FF"),
    ("Conference", None, None),
    ("Customers", "star", "green"),
)
# fmt: off
FIRST_NAMES = (
    "Ada", "Ben", "Chloe", "Diego", "Elif", "Femi", "Grace", "Hiro", "Ines", "Jonas",
    "Kira", "Liam", "Mona", "Noor", "Olga", "Pavel", "Quinn", "Rosa", "Sami", "Tess",
)
LAST_NAMES = (
    "Abbott", "Baker", "Costa", "Dietz", "Engel", "Fischer", "Garcia", "Haas",
    "Ito", "Jansen", "Keller", "Lopez", "Meyer", "Novak", "Okafor",
)
# fmt: on
JOB_TITLES = ("Engineer", "Designer", "Product Manager", "Founder", "Analyst", None)
COMPANIES = ("Acme", "Globex", "Initech", "Umbrella", "Hooli", None)
EPOCH = datetime(2026, 1, 5, 9, 0, tzinfo=timezone.utc)
DAYS = 180


def add_sample_data(store: Store, seed: int) -> None:
    """Fill an empty database: four channels and 300 people of one organization, and members."""
    dice = random.Random(seed)
    with store.write(ORGANIZATION_ID, timestamps.format_utc(EPOCH)) as tx:
        tx.execute("INSERT INTO organizations VALUES (?, ?, ?)", ORGANIZATION)
        for name, icon, color in CHANNELS:
            sources.add_source(tx, CHANNEL, name=name, icon=icon, color=color)
        _add_people(tx, dice)
        surface.add_surface(tx, seed)
    members.add_members(store, seed)


def _add_people(tx: Transaction, dice: random.Random) -> None:
    for first in FIRST_NAMES:
        for last in LAST_NAMES:
            tx.now = timestamps.format_utc(EPOCH + timedelta(minutes=dice.randrange(DAYS * 1440)))
            person_id = person_changes.insert_person(
                tx,
                f"{first}.{last}@example.com".lower(),
                first_name=first,
                last_name=last,
                job_title=dice.choice(JOB_TITLES),
                company_name=dice.choice(COMPANIES),
            )
            for channel in dice.sample(range(1, 4), dice.randrange(1, 3)):
                values = (channel, person_id, tx.now)
                tx.execute("INSERT INTO channel_people VALUES (?, ?, ?)", values)
