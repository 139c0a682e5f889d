"""A database of an earlier release is brought up to date with its data."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from talkvalue_cli.sandbox.app import create_app
from talkvalue_cli.sandbox.db import migrations
from talkvalue_cli.sandbox.db.store import Store
from talkvalue_cli.sandbox.imports.worker import ImportWorker
from talkvalue_cli.sandbox.sign_in import accounts

from ..bench import count

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


OLD_JOB = """
INSERT INTO uploads VALUES (1, 1, 'u/1', 'p.csv', 'staged.csv', 'utf-8', ',', '["Email"]', 4, '');
INSERT INTO imports (organization_id, channel_id, upload_id, mappings, mode, status, total_rows,
    processed_rows, updated_count, failed_count, created_at)
    VALUES (1, 7, 1, '{"EMAIL": 0}', 'UPDATE', 'RUNNING', 4, 2, 1, 1, '2026-01-05');
INSERT INTO import_seen VALUES (1, 5);
INSERT INTO import_rejects VALUES (1, 1, 2, 'INVALID_EMAIL', 'why', 'bad', '["bad"]');
"""


def test_a_job_of_an_older_database_is_finished_by_the_new_rules(tmp_path: Path) -> None:
    old = sqlite3.connect(tmp_path / "old.db")
    first, second, third, *_ = migrations.read_scripts()
    old.executescript(
        f"{first}{OLD_DATA}{second}{third}{OLD_JOB}PRAGMA user_version = 3;"
        "UPDATE imports SET process_started_at = '2026-01-05';"
    )
    old.close()
    (tmp_path / "staged.csv").write_text(
        "Email\nann@quartz.example\nbad\nANN@quartz.example\nc@d.eu\n"
    )
    store = Store(tmp_path / "old.db", tmp_path)
    worker = ImportWorker(store)
    while worker.run_turn() is not None:
        pass
    client = create_app(store, accounts.Tokens({"t": 1})).test_client()
    job = client.get("/path/import/1", headers={"Authorization": "Bearer t"}).json
    assert job is not None
    assert (job["status"], count(job)) == ("PARTIAL_SUCCESS", (4, 1, 1, 1, 0, 1))
    assert [row["rowNum"] for row in job["failedRows"]] == [2]
    store.close()
