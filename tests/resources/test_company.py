"""`path company` against the sandbox: what is sent, what is printed, and what is left behind."""

from __future__ import annotations

from tests.world import World

KEYS = ["id", "domain", "displayName", "peopleCount"]


def find_company(world: World, domain: str) -> int:
    """Let somebody from this domain be known, and return the id of the company."""
    person = world.run(f"path channel add-person 4 -e boss@{domain} --job-title Boss").data
    company_id: int = person["company"]["id"]
    return company_id


def test_companies_are_found_and_shown(world: World) -> None:
    company_id = find_company(world, "found.example")
    record = {
        "id": company_id,
        "domain": "found.example",
        "displayName": None,
        "peopleCount": 1,
    }
    line = "path company list --keyword found. --page 1 --page-size 3"
    done = world.run(line)
    assert done.lines == ["GET /path/company?keyword=found.&pageNumber=1&pageSize=3"]
    assert done.json == {
        "data": [record],
        "pagination": {"page": 1, "pageSize": 3, "totalElements": 1, "totalPages": 1},
    }
    assert list(done.data[0]) == KEYS
    assert world.run(line + " --format csv").out == (
        f"ID,Domain,Display Name,People\n{company_id},found.example,,1\n"
    )
    table = world.run(line + " --format table").out.splitlines()
    assert table[0] == "ID    Domain         Display Name      People"
    assert table[2].split() == [str(company_id), "found.example", "1"]
    assert table[3] == "Page 1 of 1 (1 total)"
    got = world.run(f"path company get {company_id}")
    assert (got.lines, got.data) == ([f"GET /path/company/{company_id}"], record)
    assert world.run(f"path company get {company_id} --format csv").out == (
        f"id,domain,displayName,peopleCount\n{company_id},found.example,,1\n"
    )
    assert world.run("path company get 999999").code == 4


def test_a_company_gets_a_name_that_its_people_have_too(world: World) -> None:
    company_id = find_company(world, "renamed.example")
    done = world.run(f"path company update {company_id} --display-name", words=["=Re, named"])
    assert done.lines == [f'PUT /path/company/{company_id} {{"displayName": "=Re, named"}}']
    assert (list(done.data), done.data["displayName"]) == (KEYS, "=Re, named")
    people = world.run(f"path company person list {company_id}").data
    assert [person["companyName"] for person in people] == ["=Re, named"]
    assert world.run(f"path company get {company_id}").data == done.data
    empty = world.run(f"path company update {company_id} --display-name=")
    assert (empty.code, empty.lines) == (2, [])
    assert world.run("path company update 999999 --display-name x").code == 4


def test_the_people_of_a_company_are_listed(world: World) -> None:
    company_id = find_company(world, "staff.example")
    world.run("path channel add-person 3 -e amy@staff.example")
    line = f"path company person list {company_id} --channel-id 4 --channel-id 3 --event-id 1001"
    assert world.run(line).lines == [
        f"GET /path/company/{company_id}/person?channelId=4&channelId=3&eventId=1001"
    ]
    line = f"path company person list {company_id} --job-title boss"
    [boss] = world.run(line).data
    assert (boss["primaryEmail"], list(boss)[-1]) == ("boss@staff.example", "companyName")
    assert world.run(line + " --format csv").out == (
        "ID,Name,Primary Email,Company,Job Title,Joined At,Created At\n"
        f"{boss['id']},boss@staff.example,boss@staff.example,,Boss,"
        f"{boss['joinedAt']},{boss['createdAt']}\n"
    )
    assert world.run("path company person list 999999").code == 4
