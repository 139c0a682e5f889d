"""The SQLite schema as numbered scripts; number N leads to `PRAGMA user_version = N`.

Every table that holds a customer's data has `organization_id`, directly or through its parent.
A script that was released is never edited: add another one.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path


def read_scripts() -> list[str]:
    """Return the SQL of all migrations, the first of which is number 1."""
    files = sorted(Path(__file__).parent.glob("[0-9]*.sql"))
    return [file.read_text(encoding="utf-8") for file in files]


def migrate(connection: sqlite3.Connection) -> bool:
    """Bring the database to the newest schema; return whether it was empty before.

    Each migration and its number are one transaction.
    Raises ValueError for a database that a newer release has written.
    """
    scripts = read_scripts()
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > len(scripts):
        raise ValueError(f"the database has schema {version}, newer than {len(scripts)}")
    for number, script in enumerate(scripts[version:], start=version + 1):
        connection.executescript(f"BEGIN IMMEDIATE;{script}PRAGMA user_version = {number};COMMIT;")
    return version == 0
