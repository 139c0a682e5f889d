"""Finding people by their addresses, and ids for new ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..db.store import Transaction

# SQLite's oldest limit for the variables of one statement is 999.
KEYS_PER_QUERY = 900


def split_keys(values: Iterable[object]) -> Iterator[list[object]]:
    """Yield different values in lists that fit in one statement."""
    unique = list(dict.fromkeys(values))
    for start in range(0, len(unique), KEYS_PER_QUERY):
        yield unique[start : start + KEYS_PER_QUERY]


def take_person_id(tx: Transaction) -> int:
    """Return the first id that nobody has or had."""
    number: int = tx.execute(
        """SELECT MAX((SELECT COALESCE(MAX(id), 0) FROM people),
                      (SELECT COALESCE(MAX(id), 0) FROM removed_people)) + 1"""
    ).fetchone()[0]
    return number


def find_people(tx: Transaction, keys: Iterable[str]) -> dict[str, int]:
    """Return e-mail address in lower case -> person, by primary and by other addresses."""
    found: dict[str, int] = {}
    tables = [("people", "id")]
    if tx.execute("SELECT 1 FROM person_emails LIMIT 1").fetchone() is not None:
        tables.append(("person_emails", "person_id"))
    for part in split_keys(keys):
        marks = ",".join("?" * len(part))
        for table, column in tables:
            found.update(
                tx.execute(
                    f"SELECT email_key, {column} FROM {table}"
                    f" WHERE organization_id = ? AND email_key IN ({marks})",
                    (tx.organization_id, *part),
                ).fetchall()
            )
    return found
