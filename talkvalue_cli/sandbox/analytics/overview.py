"""The figures of an organization at a glance (section 13)."""

from __future__ import annotations

import sqlite3
from datetime import tzinfo
from typing import Any

from ..db.store import Transaction
from ..web import timestamps
from ..web.answers import pick
from . import trend

TOP_CHANNELS = 5
TOP_FIELDS = "channelId=id channelName=name personCount=personCount"
TOP_COMPANIES = 10
LATEST_EVENTS = 6
LATEST_FIELDS = "eventId=id eventName=name startAt personCount=total"

ALL_PEOPLE = "SELECT id FROM people WHERE organization_id = :organization"
TAGGED_PEOPLE = """
    SELECT person_id FROM memberships WHERE source_id IN
        (SELECT source_id FROM tag_sources WHERE tag_id = :tag)"""
PEOPLE_SQL = """SELECT COUNT(*) AS people, COUNT(DISTINCT company_id) AS companies,
        COALESCE(SUM(created_at >= :month), 0) AS fresh
    FROM people WHERE id IN ({scope})"""
COMPANIES_SQL = """SELECT companies.id, COALESCE(NULLIF(display_name, ''), domain) AS name,
        domain, COUNT(*) AS peopleCount
    FROM people JOIN companies ON companies.id = company_id WHERE people.id IN ({scope})
    GROUP BY companies.id ORDER BY peopleCount DESC, domain LIMIT :top"""
CHANNELS_SQL = """SELECT id, name,
        (SELECT COUNT(*) FROM channel_people WHERE channel_id = channels.id) AS personCount,
        icon, color
    FROM channels WHERE organization_id = :organization
    AND (:tag IS NULL OR id IN (SELECT source_id FROM tag_sources WHERE tag_id = :tag))
    ORDER BY personCount DESC, id"""
UNIQUE_SQL = """SELECT COUNT(DISTINCT person_id) FROM channel_people
    WHERE channel_id IN (SELECT id FROM channels WHERE organization_id = :organization)
    AND (:tag IS NULL OR channel_id IN (SELECT source_id FROM tag_sources WHERE tag_id = :tag))"""


def find_month(now: str, zone: tzinfo) -> str:
    """Return when the present month began in a time zone, for comparison with the wire."""
    today = timestamps.read_utc(now).astimezone(zone)
    month = today.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return timestamps.format_utc(month)


def _count_people(
    tx: Transaction, zone: tzinfo, tag_id: int | None, scope: str
) -> tuple[sqlite3.Row, list[sqlite3.Row]]:
    """Return figures of all people in scope, and their channels, the largest first."""
    values = {"organization": tx.organization_id, "tag": tag_id, "month": find_month(tx.now, zone)}
    people = tx.execute(PEOPLE_SQL.format(scope=scope), values).fetchone()
    return people, tx.execute(CHANNELS_SQL, values).fetchall()


def describe_overview(tx: Transaction, tag_id: int | None, zone: tzinfo) -> dict[str, Any]:
    """Return the overview as it travels; raises the 404 of an unknown tag.

    With a tag all figures are about the channels and events that have it, and their people.
    """
    scope = ALL_PEOPLE if tag_id is None else TAGGED_PEOPLE
    events = trend.list_events(tx, tag_id)
    people, channels = _count_people(tx, zone, tag_id, scope)
    values = {"organization": tx.organization_id, "tag": tag_id, "top": TOP_COMPANIES}
    registrations = sum(event.total for event in events)
    average = trend.divide(registrations, trend.count_people(events))
    return {
        "eventCount": len(events),
        "peopleCount": people["people"],
        "channelCount": len(channels),
        "newPeopleThisMonth": people["fresh"],
        "totalCompanies": people["companies"],
        "diversification": {
            "totalUniquePersons": tx.execute(UNIQUE_SQL, values).fetchone()[0],
            "channels": list(map(dict, channels)),
            "companies": list(map(dict, tx.execute(COMPANIES_SQL.format(scope=scope), values))),
        },
        "growth": trend.describe_growth(events),
        "retention": {
            **trend.describe_retention(events),
            "avgEventsPerPerson": trend.round_rate(average),
        },
    }


def describe_stats(tx: Transaction, zone: tzinfo) -> dict[str, Any]:
    """Return the short overview as it travels; the latest events come oldest first."""
    people, channels = _count_people(tx, zone, None, ALL_PEOPLE)
    events = trend.list_events(tx, None)
    return {
        "totalPeople": people["people"],
        "newPeopleThisMonth": people["fresh"],
        "totalChannels": len(channels),
        "totalEvents": len(events),
        "totalCompanies": people["companies"],
        "topChannels": [pick(channel, TOP_FIELDS) for channel in channels[:TOP_CHANNELS]],
        "latestTrend": [pick(vars(event), LATEST_FIELDS) for event in events[-LATEST_EVENTS:]],
    }
