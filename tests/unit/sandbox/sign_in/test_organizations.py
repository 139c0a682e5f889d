"""Several organizations: each sees its own and nothing of the others."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from talkvalue_cli.sandbox.db import migrations
from talkvalue_cli.sandbox.sample import members

from ..bench import Bench, describe_job
from ..program import Program


def create(program: Program, token: str, file_key: str, channel_id: int) -> tuple[int, Any]:
    """Start an import; return the status and the JSON of the answer."""
    body = describe_job(file_key, channel_id)
    answer = program.send(token, "POST", "/path/import", json=body)
    return answer.status_code, answer.json


def test_a_member_sees_all_organizations_from_each(program: Program) -> None:
    expected = {
        "data": [
            {"id": "org_harbor", "name": "Harbor Meetups"},
            {"id": "org_academy", "name": "Northwind Academy"},
            {"id": "org_sandbox", "name": "Sandbox Events"},
        ]
    }
    assert program.get(program.sign_in()["access_token"], "/auth/organization") == expected
    assert program.get(program.enter("org_harbor"), "/auth/organization") == expected


@pytest.mark.parametrize(
    ("organization_id", "count"), [("org_sandbox", 3), ("org_harbor", 2), ("org_academy", 1)]
)
def test_the_overview_counts_the_team(program: Program, organization_id: str, count: int) -> None:
    token = program.enter(organization_id)
    assert program.get(token, "/auth/overview") == {
        "teamMemberCount": count,
        "memberFirstName": "Ada",
    }


def test_an_api_token_belongs_to_one_organization_and_to_nobody(bench: Bench) -> None:
    assert bench.get("/auth/organization") == {
        "data": [{"id": "org_sandbox", "name": "Sandbox Events"}]
    }
    assert bench.get("/auth/overview") == {"teamMemberCount": 3, "memberFirstName": None}


def test_each_organization_has_channels_of_its_own(program: Program) -> None:
    listed = {
        organization: [
            (channel["id"], channel["name"])
            for channel in program.get(program.enter(organization), "/path/channel")
        ]
        for organization in ("org_sandbox", "org_harbor", "org_academy")
    }
    assert listed == {
        "org_sandbox": [(1, "Newsletter"), (2, "Community"), (3, "Conference"), (4, "Customers")],
        "org_harbor": [(5, "Newsletter"), (6, "Speakers"), (7, "Volunteers")],
        "org_academy": [(8, "Students"), (9, "Alumni")],
    }


def test_the_made_up_people_are_all_in_channels(program: Program) -> None:
    for organization in ("org_harbor", "org_academy"):
        channels = program.get(program.enter(organization), "/path/channel")
        assert sum(channel["peopleCount"] for channel in channels) == 24
        assert all(channel["peopleCount"] > 0 for channel in channels)


def test_an_api_token_and_a_member_see_the_same(program: Program) -> None:
    token = program.enter("org_sandbox")
    job_id = program.bench.run("Email\na@example.net\n")["id"]
    path = f"/path/import/{job_id}"
    assert program.get(token, path) == program.bench.get(path)


def test_files_of_others_cannot_be_imported(program: Program) -> None:
    harbor, academy = program.enter("org_harbor"), program.enter("org_academy")
    key = program.bench.analyze("Email\na@example.net\n", harbor)["fileKey"]
    status, answer = create(program, academy, key, 8)
    assert (status, answer["errors"][0]["field"]) == (400, "fileKey")
    status, answer = create(program, harbor, key, 8)
    assert (status, answer["detail"]) == (404, "Channel 8 not found")
    assert create(program, harbor, key, 5)[0] == 200


def test_the_same_address_is_another_person_elsewhere(program: Program) -> None:
    harbor = program.enter("org_harbor")
    key = program.bench.analyze("Email\nada.baker@example.com\n", harbor)["fileKey"]
    job_id = create(program, harbor, key, 5)[1]["importJobId"]
    program.bench.work()
    job = program.get(harbor, f"/path/import/{job_id}")
    assert (job["newCount"], job["updatedCount"]) == (1, 0)
    assert program.bench.run("Email\nada.baker@example.com\n")["updatedCount"] == 1


def test_a_database_of_a_release_without_sign_in_gets_members(
    open_bench: Callable[..., Bench], tmp_path: Path
) -> None:
    with closing(sqlite3.connect(tmp_path / "sandbox.db")) as old:
        old.executescript(f"{migrations.read_scripts()[0]} PRAGMA user_version = 1;")
        old.execute("INSERT INTO organizations VALUES (1, 'org_sandbox', 'Sandbox Events')")
        old.execute(
            "INSERT INTO channels (id, organization_id, name, created_at)"
            " VALUES (12, 1, 'Kept', '2026-01-05T09:00:00Z')"
        )
        old.commit()
    bench = open_bench()
    for _ in range(2):  # the second time there is nothing to do
        members.add_members(bench.store, 1)
    program = Program(bench)
    for organization, names in (("org_sandbox", ["Kept"]), ("org_academy", ["Students", "Alumni"])):
        channels = program.get(program.enter(organization), "/path/channel")
        assert [channel["name"] for channel in channels] == names
