"""The SQLite schema as numbered migrations; number N leads to `PRAGMA user_version = N`.

Every table that holds a customer's data has `organization_id`, directly or through its parent.
A migration that was released is never edited: add another one.
"""

from __future__ import annotations

import sqlite3

from .surface_schema import SURFACE

FIRST = """
CREATE TABLE organizations (
    id INTEGER PRIMARY KEY,
    public_id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL
);
CREATE TABLE channels (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    organization_id INTEGER NOT NULL REFERENCES organizations (id),
    name TEXT NOT NULL,
    icon TEXT,
    color TEXT,
    created_at TEXT NOT NULL,
    UNIQUE (organization_id, name)
);
CREATE TABLE people (
    id INTEGER PRIMARY KEY,
    organization_id INTEGER NOT NULL REFERENCES organizations (id),
    email TEXT NOT NULL,
    email_key TEXT NOT NULL,
    first_name TEXT,
    last_name TEXT,
    name TEXT,
    phone TEXT,
    job_title TEXT,
    company_name TEXT,
    address TEXT,
    linkedin_url TEXT,
    x_url TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    UNIQUE (organization_id, email_key)
);
CREATE TABLE channel_people (
    channel_id INTEGER NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    person_id INTEGER NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    joined_at TEXT NOT NULL,
    PRIMARY KEY (channel_id, person_id)
) WITHOUT ROWID;
CREATE INDEX channel_people_by_person ON channel_people (person_id);
CREATE TABLE uploads (
    id INTEGER PRIMARY KEY,
    organization_id INTEGER NOT NULL REFERENCES organizations (id),
    file_key TEXT NOT NULL UNIQUE,
    file_name TEXT NOT NULL,
    staged_name TEXT NOT NULL,
    encoding TEXT NOT NULL,
    delimiter TEXT NOT NULL,
    headers TEXT NOT NULL,
    total_rows INTEGER NOT NULL,
    created_at TEXT NOT NULL
);
CREATE TABLE imports (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    organization_id INTEGER NOT NULL REFERENCES organizations (id),
    channel_id INTEGER NOT NULL,
    upload_id INTEGER NOT NULL REFERENCES uploads (id),
    mappings TEXT NOT NULL,
    mode TEXT NOT NULL,
    status TEXT NOT NULL,
    total_rows INTEGER NOT NULL,
    processed_rows INTEGER NOT NULL DEFAULT 0,
    new_count INTEGER NOT NULL DEFAULT 0,
    updated_count INTEGER NOT NULL DEFAULT 0,
    duplicated_count INTEGER NOT NULL DEFAULT 0,
    skip_count INTEGER NOT NULL DEFAULT 0,
    failed_count INTEGER NOT NULL DEFAULT 0,
    failure_code TEXT,
    failure_message TEXT,
    created_at TEXT NOT NULL,
    process_started_at TEXT,
    completed_at TEXT
);
CREATE INDEX imports_open ON imports (id) WHERE status IN ('PENDING', 'RUNNING');
CREATE INDEX imports_by_organization ON imports (organization_id, id);
CREATE TABLE import_seen (
    job_id INTEGER NOT NULL,
    person_id INTEGER NOT NULL,
    PRIMARY KEY (job_id, person_id)
) WITHOUT ROWID;
CREATE TABLE import_rejects (
    id INTEGER PRIMARY KEY,
    job_id INTEGER NOT NULL REFERENCES imports (id),
    row_num INTEGER NOT NULL,
    error_code TEXT NOT NULL,
    error_message TEXT NOT NULL,
    raw_value TEXT,
    cells TEXT NOT NULL,
    UNIQUE (job_id, row_num)
);
"""

SIGN_IN = """
CREATE TABLE members (
    id INTEGER PRIMARY KEY,
    public_id TEXT NOT NULL UNIQUE,
    email TEXT NOT NULL UNIQUE,
    first_name TEXT NOT NULL
);
CREATE TABLE organization_members (
    organization_id INTEGER NOT NULL REFERENCES organizations (id),
    member_id INTEGER NOT NULL REFERENCES members (id),
    PRIMARY KEY (organization_id, member_id)
) WITHOUT ROWID;
CREATE TABLE signing_key (key BLOB NOT NULL);
INSERT INTO signing_key VALUES (randomblob(32));
CREATE TABLE device_codes (
    code_hash BLOB PRIMARY KEY,
    user_code TEXT NOT NULL UNIQUE,
    client_id TEXT NOT NULL,
    state TEXT NOT NULL,
    interval_s INTEGER NOT NULL,
    expires_at REAL NOT NULL,
    polled_at REAL
);
CREATE TABLE sessions (
    id INTEGER PRIMARY KEY,
    public_id TEXT NOT NULL UNIQUE,
    client_id TEXT NOT NULL,
    member_id INTEGER NOT NULL REFERENCES members (id),
    organization_id INTEGER REFERENCES organizations (id)
);
CREATE TABLE refresh_tokens (
    token_hash BLOB PRIMARY KEY,
    session_id INTEGER NOT NULL REFERENCES sessions (id),
    is_used INTEGER NOT NULL DEFAULT 0
);
"""

MIGRATIONS = (FIRST, SIGN_IN, SURFACE)


def migrate(connection: sqlite3.Connection) -> bool:
    """Bring the database to the newest schema; return whether it was empty before.

    Each migration and its number are one transaction.
    Raises ValueError for a database that a newer release has written.
    """
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > len(MIGRATIONS):
        raise ValueError(f"the database has schema {version}, newer than {len(MIGRATIONS)}")
    for number, script in enumerate(MIGRATIONS[version:], start=version + 1):
        connection.executescript(f"BEGIN IMMEDIATE;{script}PRAGMA user_version = {number};COMMIT;")
    return version == 0
