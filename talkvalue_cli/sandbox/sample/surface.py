"""Sample events, tags, companies and people who come to events: the same for the same seed."""

from __future__ import annotations

import random
from datetime import datetime, timedelta, timezone

from ..db.store import Transaction
from ..people import companies, person_changes
from ..web import timestamps

# name, time zone, start (UTC), hours, place, and how many people came
EVENTS = (
    ("Summer Meetup", "Europe/Berlin", "2025-08-14T16:00", 3, "Berlin", 14),
    ("Product Webinar", "America/New_York", "2025-09-11T15:00", 1, None, 18),
    ("Founders Dinner", "Europe/London", "2025-10-09T18:30", 3, "London", 9),
    ("Autumn Summit", "Europe/Berlin", "2025-11-06T08:00", 9, "Berlin", 24),
    ("Year in Review", "America/New_York", "2025-12-11T16:00", 1, None, 20),
    ("Kickoff Webinar", "America/Los_Angeles", "2026-01-22T18:00", 1, None, 22),
    ("Design Workshop", "Europe/Paris", "2026-02-19T13:00", 4, "Paris", 18),
    ("Partner Day", "Asia/Singapore", "2026-03-19T02:00", 6, "Singapore", 30),
    ("Spring Conference", "Europe/Berlin", "2026-04-23T07:00", 10, "Berlin", 75),
    ("Community Call", "UTC", "2026-05-14T17:00", 1, None, 48),
    ("Data Workshop", "Asia/Tokyo", "2026-06-11T01:00", 4, "Tokyo", 36),
    ("Summer Summit", "America/Sao_Paulo", "2026-06-30T12:00", 9, "São Paulo", 90),
)
FIRST_EVENT_ID = 1001
DOMAINS = (
    "acme.example.com", "globex.example.com", "initech.example.net", "umbrella.example.org",
    "hooli.example.net", "gmail.com",
)  # fmt: skip
# Regular guests, who joined before the first event; they are in no channel.
GUESTS = ("Yara", "Zane", "Vera", "Udo", "Wren", "Xena", "Timo", "Suki")
# tag -> channels and events that have it
TAGS = {
    "online": (1, 1002, 1005, 1006, 1010),
    "workshop": (1007, 1011),
    "flagship": (3, 1004, 1009, 1012),
    "europe": (2, 1001, 1003, 1004, 1007, 1009),
}
GUESTS_JOINED = datetime(2025, 8, 1, 9, 0, tzinfo=timezone.utc)
# Of ten seats, how many go to people who were at an event before: at least, and less than.
KNOWN_SEATS = (3, 8)


def add_surface(tx: Transaction, seed: int) -> None:
    """Put guests, events and tags beside the people of an organization, who get companies."""
    dice = random.Random(seed + 1)
    _add_guests(tx)
    companies.link_people(tx)
    _add_events(tx, dice)
    for number, (name, source_ids) in enumerate(TAGS.items(), start=1):
        tx.execute("INSERT INTO tags VALUES (?, ?, ?)", (number, tx.organization_id, name))
        tx.executemany(
            "INSERT INTO tag_sources VALUES (?, ?)", [(number, source) for source in source_ids]
        )


def _add_guests(tx: Transaction) -> None:
    tx.now = timestamps.format_utc(GUESTS_JOINED)
    for domain in DOMAINS:
        for name in GUESTS:
            email = f"{name}.guest@{domain}".lower()
            person_changes.insert_person(tx, email, first_name=name, last_name="Guest")


def _add_events(tx: Transaction, dice: random.Random) -> None:
    people = tx.execute(
        "SELECT id, created_at FROM people WHERE organization_id = ? ORDER BY id",
        (tx.organization_id,),
    ).fetchall()
    been: list[int] = []
    for number, (name, zone, start, hours, place, seats) in enumerate(EVENTS, FIRST_EVENT_ID):
        start_at = datetime.fromisoformat(start).replace(tzinfo=timezone.utc)
        times = [start_at, start_at + timedelta(hours=hours), start_at - timedelta(days=60)]
        starts, ends, created = map(timestamps.format_utc, times)
        event = (number, tx.organization_id, name, zone, starts, ends, place, created)
        tx.execute("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?)", event)
        fresh = [
            person["id"]
            for person in people
            if person["created_at"] < starts and person["id"] not in been
        ]
        known_seats = min(len(been), seats * dice.randrange(*KNOWN_SEATS) // 10)
        came = dice.sample(been, known_seats)
        came += dice.sample(fresh, min(len(fresh), seats - known_seats))
        signed_up = timestamps.format_utc(start_at - timedelta(hours=1))
        tx.executemany(
            "INSERT INTO event_people VALUES (?, ?, ?)",
            [(number, person_id, signed_up) for person_id in sorted(came)],
        )
        been += [person_id for person_id in came if person_id not in been]
