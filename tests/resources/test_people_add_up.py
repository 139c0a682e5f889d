"""People whom an import brought are seen by every command, and the counts agree."""

from __future__ import annotations

import csv
import io
from typing import Any

from tests.world import World

FIELDS = ("EMAIL", "NAME", "PHONE")
#: how many people a `Crowd` has in each of its three companies
STAFF = 40


class Crowd:
    """People of three companies whom nobody else knows."""

    def __init__(self, tag: str) -> None:
        self.domains = [f"{tag}-{letter}.example" for letter in "abc"]
        self.emails = {f"p{n:03}@{self.domains[n % 3]}" for n in range(3 * STAFF)}

    def load(self, world: World, channel_id: int) -> dict[str, Any]:
        """Import them into a channel, with a row that is no good, and return the job."""
        rows = [f"{email},Ann,+49 {email[1:4]}" for email in sorted(self.emails)]
        text = "\n".join(["Email,Name,Phone", *rows, "nobody,x,"])
        job_id = world.create_import(text, source_id=channel_id, fields=FIELDS)
        world.clock.advance(1)
        done: dict[str, Any] = world.run(f"path import get {job_id}").data
        return done


def find_emails(world: World, line: str, crowd: Crowd) -> set[str]:
    """Return the addresses of the crowd that an export has."""
    rows = csv.reader(io.StringIO(world.run(line).out))
    return {cell for row in rows for cell in row} & crowd.emails


def test_imported_people_are_everywhere_and_the_figures_add_up(world: World) -> None:
    before = world.run("path overview").data
    channel_id = world.run("path channel create --name", words=["Adds up"]).data["id"]
    crowd = Crowd("sum")
    job = crowd.load(world, channel_id)
    assert (job["newCount"], job["updatedCount"], job["failedCount"]) == (120, 0, 1)

    people = world.run(f"path person list --channel-id {channel_id} --all").data
    ids = sorted(person["id"] for person in people)
    assert {person["primaryEmail"] for person in people} == crowd.emails
    members = world.run(f"path channel people {channel_id} --all").data
    assert sorted(person["id"] for person in members) == ids
    assert world.run(f"path channel get {channel_id}").data["peopleCount"] == 120

    companies = world.run("path company list --keyword sum-").data
    assert [(each["domain"], each["peopleCount"]) for each in companies] == [
        (domain, STAFF) for domain in crowd.domains
    ]
    staff = [world.run(f"path company person list {each['id']} --all").data for each in companies]
    assert sorted(person["id"] for each in staff for person in each) == ids

    assert find_emails(world, "path person export", crowd) == crowd.emails
    assert find_emails(world, f"path channel export {channel_id}", crowd) == crowd.emails
    for each in companies:
        assert len(find_emails(world, f"path company person export {each['id']}", crowd)) == STAFF

    after = world.run("path overview").data
    for name, more in {"peopleCount": 120, "channelCount": 1, "totalCompanies": 3}.items():
        assert after[name] == before[name] + more, name
    [was, now] = [each["diversification"]["totalUniquePersons"] for each in (before, after)]
    assert now == was + 120

    line = f"path analysis channel audience --channel-id {channel_id} --channel-id 1"
    assert world.run(line).data["channels"][0]["personCount"] == 120
    attribution = world.run(f"path analysis channel attribution {channel_id}").data
    assert attribution["metrics"]["channelSize"] == 120
