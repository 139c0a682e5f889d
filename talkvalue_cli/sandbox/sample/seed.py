"""Sample data for a fresh database: the same for the same seed.

The people's e-mail addresses do not depend on the seed: each of FIRST_NAMES with each of
LAST_NAMES, such as ada.baker@example.com, so that example files can meet existing people.
"""

from __future__ import annotations

import random
from datetime import datetime, timedelta, timezone

from ..db.store import Store
from ..web import timestamps
from . import members, surface

ORGANIZATION_ID = 1
ORGANIZATION = (ORGANIZATION_ID, "org_sandbox", "Sandbox Events")
CHANNELS = (
    (1, "Newsletter", "mail", "#FFD700"),
    (2, "Community", "users", "#1E90FF"),
    (3, "Conference", None, None),
    (4, "Customers", "star", "green"),
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

PERSON_SQL = """INSERT INTO people
    (id, organization_id, email, email_key, first_name, last_name, job_title, company_name,
     created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""


def add_sample_data(store: Store, seed: int) -> None:
    """Fill an empty database: four channels and 300 people of one organization, and members."""
    dice = random.Random(seed)
    people: list[tuple[object, ...]] = []
    memberships: list[tuple[object, ...]] = []
    for first in FIRST_NAMES:
        for last in LAST_NAMES:
            person_id = len(people) + 1
            created = timestamps.format_utc(EPOCH + timedelta(minutes=dice.randrange(DAYS * 1440)))
            email = f"{first}.{last}@example.com".lower()
            title, company = dice.choice(JOB_TITLES), dice.choice(COMPANIES)
            names = (email, email, first, last)
            people.append((person_id, ORGANIZATION_ID, *names, title, company, created, created))
            for channel in dice.sample(range(1, 4), dice.randrange(1, 3)):
                memberships.append((channel, person_id, created))
    with store.write(ORGANIZATION_ID) as tx:
        tx.execute("INSERT INTO organizations VALUES (?, ?, ?)", ORGANIZATION)
        tx.executemany(
            "INSERT INTO channels VALUES (?, ?, ?, ?, ?, ?)",
            [
                (number, ORGANIZATION_ID, name, icon, color, timestamps.format_utc(EPOCH))
                for number, name, icon, color in CHANNELS
            ],
        )
        tx.executemany(PERSON_SQL, people)
        tx.executemany("INSERT INTO channel_people VALUES (?, ?, ?)", memberships)
        surface.add_surface(tx, seed)
    members.add_members(store, seed)
