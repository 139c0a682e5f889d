"""Finding people by their addresses, and ids for new ones."""

from __future__ import annotations

import json
from collections.abc import Iterable

from ..db.store import Transaction

FIND_SQL = """SELECT email_key, {column} FROM {table} WHERE organization_id = ?
    AND email_key IN (SELECT value FROM json_each(?))"""


def take_person_id(tx: Transaction) -> int:
    """Return the first id that nobody has or had."""
    number: int = tx.execute(
        """SELECT MAX((SELECT COALESCE(MAX(id), 0) FROM people),
                      (SELECT COALESCE(MAX(id), 0) FROM removed_people)) + 1"""
    ).fetchone()[0]
    return number


def find_people(tx: Transaction, keys: Iterable[str]) -> dict[str, int]:
    """Return e-mail address in lower case -> person, by primary and by other addresses."""
    values = tx.organization_id, json.dumps(list(keys))
    found = dict(tx.execute(FIND_SQL.format(column="id", table="people"), values).fetchall())
    if tx.find("SELECT 1 FROM person_emails") is not None:
        sql = FIND_SQL.format(column="person_id", table="person_emails")
        found.update(tx.execute(sql, values).fetchall())
    return found
