"""`path company` against the sandbox: what is sent, what is printed, and what is left behind."""

from __future__ import annotations

from tests.process.relay import Relay

KEYS = ["id", "domain", "displayName", "peopleCount"]


def find_company(relay: Relay, domain: str) -> int:
    """Let somebody from this domain be known, and return the id of the company."""
    person = relay.call(f"path channel add-person 4 -e boss@{domain} --job-title Boss").data
    company_id: int = person["company"]["id"]
    return company_id


def test_companies_are_found_and_shown(relay: Relay) -> None:
    company_id = find_company(relay, "found.example")
    record = {
        "id": company_id,
        "domain": "found.example",
        "displayName": "Found",
        "peopleCount": 1,
    }
    line = "path company list --keyword found. --page 1 --page-size 3"
    done = relay.call(line)
    assert done.sent == ["GET /path/company?keyword=found.&pageNumber=1&pageSize=3"]
    assert done.json == {
        "data": [record],
        "pagination": {"page": 1, "pageSize": 3, "totalElements": 1, "totalPages": 1},
    }
    assert list(done.data[0]) == KEYS
    assert relay.call(line + " --format csv").out == (
        f"ID,Domain,Display Name,People\n{company_id},found.example,Found,1\n"
    )
    table = relay.call(line + " --format table").out.splitlines()
    assert table[0] == "ID    Domain         Display Name      People"
    assert table[2].split() == [str(company_id), "found.example", "Found", "1"]
    assert table[3] == "Page 1 of 1 (1 total)"
    got = relay.call(f"path company get {company_id}")
    assert (got.sent, got.data) == ([f"GET /path/company/{company_id}"], record)
    assert relay.call(f"path company get {company_id} --format csv").out == (
        f"id,domain,displayName,peopleCount\n{company_id},found.example,Found,1\n"
    )
    assert relay.call("path company get 999999").code == 4


def test_a_company_gets_a_name_that_its_people_have_too(relay: Relay) -> None:
    company_id = find_company(relay, "renamed.example")
    done = relay.call(f"path company update {company_id} --display-name", "=Re, named")
    assert done.sent == [f'PUT /path/company/{company_id} {{"displayName": "=Re, named"}}']
    assert (list(done.data), done.data["displayName"]) == (KEYS, "=Re, named")
    people = relay.call(f"path company person list {company_id}").data
    assert [person["companyName"] for person in people] == ["=Re, named"]
    assert relay.call(f"path company get {company_id}").data == done.data
    empty = relay.call(f"path company update {company_id} --display-name=")
    assert (empty.code, empty.sent) == (2, [])
    assert relay.call("path company update 999999 --display-name x").code == 4


def test_the_people_of_a_company_are_listed(relay: Relay) -> None:
    company_id = find_company(relay, "staff.example")
    relay.call("path channel add-person 3 -e amy@staff.example")
    line = f"path company person list {company_id} --channel-id 4 --channel-id 3 --event-id 1001"
    assert relay.call(line).sent == [
        f"GET /path/company/{company_id}/person?channelId=4&channelId=3&eventId=1001"
    ]
    line = f"path company person list {company_id} --job-title boss"
    [boss] = relay.call(line).data
    assert (boss["primaryEmail"], list(boss)[-1]) == ("boss@staff.example", "companyName")
    assert relay.call(line + " --format csv").out == (
        "ID,Name,Primary Email,Company,Job Title,Joined At,Created At\n"
        f"{boss['id']},boss@staff.example,boss@staff.example,Staff,Boss,"
        f"{boss['joinedAt']},{boss['createdAt']}\n"
    )
    assert relay.call("path company person list 999999").code == 4


def test_an_installed_program_does_the_same(relay: Relay) -> None:
    before = len(relay.sent)
    done = relay.run("path", "company", "get", "1", "--format=table")
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines()[2:4] == ["id           1", "domain       acme.example.com"]
    assert relay.sent[before:] == ["GET /path/company/1"]
