"""A database of an earlier release is brought up to date with its data."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from talkvalue_cli.sandbox.app import create_app
from talkvalue_cli.sandbox.db import migrations
from talkvalue_cli.sandbox.db.store import Store
from talkvalue_cli.sandbox.sign_in import accounts

OLD_DATA = """
INSERT INTO organizations VALUES (1, 'org_sandbox', 'Sandbox Events');
INSERT INTO channels (id, organization_id, name, created_at) VALUES (7, 1, 'News', '2026-01-01');
INSERT INTO people (id, organization_id, email, email_key, name, created_at, updated_at) VALUES
    (5, 1, 'Ann@quartz.example', 'ann@quartz.example', 'Ann', '2026-01-02', '2026-01-02'),
    (6, 1, 'bob@localhost', 'bob@localhost', NULL, '2026-01-03', '2026-01-03');
INSERT INTO channel_people VALUES (7, 5, '2026-01-04');
"""


def test_people_of_an_older_database_get_companies_and_activity(tmp_path: Path) -> None:
    old = sqlite3.connect(tmp_path / "old.db")
    old.executescript(f"{migrations.read_scripts()[0]}{OLD_DATA}PRAGMA user_version = 1;")
    old.close()
    store = Store(tmp_path / "old.db", tmp_path)
    assert store.was_empty is False
    client = create_app(store, accounts.Tokens({"t": 1})).test_client()
    headers = {"Authorization": "Bearer t"}
    companies = client.get("/path/company", headers=headers).json
    assert companies is not None
    assert [(each["domain"], each["displayName"]) for each in companies["content"]] == [
        ("localhost", "Localhost"),
        ("quartz.example", "Quartz"),
    ]
    activity = client.get("/path/person/5/activity", headers=headers).json
    assert activity is not None
    assert [entry["action"] for entry in activity["content"]] == ["SOURCE_CONNECTED", "CREATED"]
    created = client.post("/path/channel", json={"name": "Next"}, headers=headers).json
    assert created is not None
    assert created["id"] == 8
    store.close()
