"""The tables of a journal in SQLite, and how those of older versions get there."""

from __future__ import annotations

#: tables of version 1
SCHEMA = """
CREATE TABLE attempts (
    id INTEGER PRIMARY KEY,
    api_url TEXT NOT NULL,
    profile TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    source_id INTEGER NOT NULL,
    mode TEXT NOT NULL,
    file_path TEXT NOT NULL,
    file_name TEXT NOT NULL,
    step TEXT NOT NULL,
    mapping TEXT,
    file_key TEXT,
    job_id INTEGER,
    record TEXT,
    began_at REAL NOT NULL,
    creating_at REAL,
    updated_at REAL NOT NULL
);
CREATE INDEX attempts_by_key ON attempts (api_url, sha256, source_id, mode, profile);
"""
#: what makes a journal of version n one of version n + 1, from an empty one on
MIGRATIONS = (
    SCHEMA,
    """
    ALTER TABLE attempts ADD COLUMN import_key TEXT;
    ALTER TABLE attempts ADD COLUMN attempt TEXT;
    ALTER TABLE attempts ADD COLUMN headers TEXT;
    ALTER TABLE attempts ADD COLUMN rows INTEGER;
    ALTER TABLE attempts ADD COLUMN newest_id INTEGER;
    CREATE INDEX attempts_by_import_key ON attempts (import_key);
    CREATE INDEX attempts_by_job ON attempts (job_id);
    """,
)
VERSION = len(MIGRATIONS)
