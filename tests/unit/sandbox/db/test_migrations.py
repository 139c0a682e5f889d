"""A database of an earlier release is brought up to date with its data."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

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


def open_client(store: Store) -> Any:
    """Return a client whose answers may be anything, with a token."""
    client = create_app(store, accounts.Tokens({"t": 1})).test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = "Bearer t"
    return client


def test_people_of_an_older_database_get_companies_and_activity(tmp_path: Path) -> None:
    old = sqlite3.connect(tmp_path / "old.db")
    old.executescript(f"{migrations.read_scripts()[0]}{OLD_DATA}PRAGMA user_version = 1;")
    old.close()
    store = Store(tmp_path / "old.db", tmp_path)
    assert store.was_empty is False
    client = open_client(store)
    companies = client.get("/path/company").json
    assert [(each["domain"], each["displayName"]) for each in companies["content"]] == [
        ("localhost", None),
        ("quartz.example", None),
    ]
    activity = client.get("/path/person/5/activity").json
    assert [entry["action"] for entry in activity["content"]] == ["SOURCE_CONNECTED", "CREATED"]
    created = client.post("/path/channel", json={"name": "Next"}).json
    assert created["id"] == 8
    store.close()


OLD_MERGE = """
INSERT INTO companies VALUES (8, 1, 'a.named.example', 'A'), (9, 1, 'b.named.example', 'Bee');
UPDATE people SET created_at = '2026-01-02T03:04:05.678Z', company_id = id + 3;
UPDATE channel_people SET joined_at = '2026-01-04T05:06:07.000Z';
"""


def test_times_become_whole_seconds_and_guessed_names_go(tmp_path: Path) -> None:
    store = Store(tmp_path / "old.db", tmp_path)
    old = store.connect()
    old.executescript(f"{OLD_DATA}{OLD_MERGE}")
    client = open_client(store)
    before = client.get("/path/person/5").json
    assert client.post("/path/person/5/merge/6").status_code == 200
    old.execute("PRAGMA user_version = 5")
    assert migrations.migrate(old) is False
    merged = client.get("/path/person/6").json
    assert merged["channels"][0]["joinedAt"] == "2026-01-04T05:06:07Z"
    assert merged["company"] == {
        "id": 9, "domain": "b.named.example", "displayName": "Bee", "nameUpdatable": False,
    }  # fmt: skip
    [operation] = merged["mergeOperations"]
    undo = client.post(f"/path/person/merge/{operation['id']}/undo")
    assert undo.status_code == 200
    after = client.get("/path/person/5").json
    assert after == {
        **before,
        "createdAt": "2026-01-02T03:04:05Z",
        "channels": [{**before["channels"][0], "joinedAt": "2026-01-04T05:06:07Z"}],
        "company": {**before["company"], "displayName": None},
    }
    assert before["company"]["displayName"] == "A"
    left = client.get("/path/person/6").json
    assert left["channels"] == []
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
    client = open_client(store)
    job = client.get("/path/import/1").json
    assert (job["status"], count(job)) == ("PARTIAL_SUCCESS", (4, 1, 1, 1, 0, 1))
    assert [row["rowNum"] for row in job["failedRows"]] == [2]
    store.close()
