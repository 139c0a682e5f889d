"""Files in the form of real exports, with invented people, and what becomes of each.

tests/files/real/expectations.json says what a perfect tool does with them. What is
imported is compared with that, and so is what the program says that it did.
"""

from __future__ import annotations

import csv
import io
import json
from email import message_from_bytes
from pathlib import Path
from typing import Any, NamedTuple

from tests.world import Result, World

FOLDER = Path(__file__).parent / "files" / "real"
#: what a file is expected to give, by the name of its field in the list of people
_VALUES = (("phone", "primaryPhone"), ("job_title", "jobTitle"), ("company_name", "companyName"))


class Case(NamedTuple):
    """One file, and what is expected of it, as expectations.json has it."""

    id: str
    path: Path
    expected: dict[str, Any]


class Landed(NamedTuple):
    """What came of a run: its result, its mapping, and the people of its channel by address.

    fields: the field of each column, as it was sent. body: the file, as it was sent.
    """

    done: Result
    channel_id: int
    fields: list[str]
    people: dict[str, dict[str, Any]]
    body: bytes | None


def load_cases() -> list[Case]:
    """Return all cases."""
    found = json.loads((FOLDER / "expectations.json").read_text())
    return [Case(case["id"], FOLDER / case["file"], case["expected"]) for case in found]


def run_case(world: World, case: Case) -> Landed:
    """Import a file into a channel of its own."""
    channel: dict[str, Any] = world.post("/path/channel", json={"name": case.id})
    target = f"--source-id={channel['id']} --mode=SKIP --json --no-failed-rows --progress=none"
    done = world.run("path import run", case.path, target)
    mapping = [
        json.loads(r.body) for r in done.sent if (r.method, r.path) == ("POST", "/path/import")
    ]
    fields = [column["targetField"] for each in mapping for column in each["columnMappings"]]
    found = world.run(f"path person list --channel-id={channel['id']} --all --json").data
    people = {person["primaryEmail"].lower(): person for person in found}
    uploads = [r for r in done.sent if r.path == "/path/import/analyze"]
    return Landed(done, channel["id"], fields, people, read_upload(uploads[0]) if uploads else None)


def read_upload(request: Any) -> bytes:
    """Return the file in the multipart body of an upload."""
    head = f"Content-Type: {request.headers['Content-Type']}\r\n\r\n".encode()
    for part in message_from_bytes(head + request.body).walk():
        if part.get_filename() is not None:
            content = part.get_payload(decode=True)
            assert isinstance(content, bytes)
            return content
    raise AssertionError("there is no file in it")


def find_faults(case: Case, landed: Landed) -> list[str]:
    """Return what is not as a perfect tool would have it, in sentences."""
    want, done, faults = case.expected, landed.done, []
    if done.code != want["exit_code"]:
        faults.append(f"exit {done.code}, not {want['exit_code']}: {done.err[-300:]}")
    message = done.err.replace(str(case.path), "FILE").lower()
    words = want["message_should_mention"]
    if want["exit_code"] == 2 and words and not any(word.lower() in message for word in words):
        faults.append(f"the message says none of {', '.join(words)}")
    wanted = {column["field"] for column in want["mapping_columns"]}
    missing = sorted(wanted - {*landed.fields})
    if missing and want["exit_code"] != 2:
        faults.append(f"not mapped: {' '.join(missing)}")
    known = wanted | {field for column in want["may_also_map"] for field in column["fields"]}
    if extra := sorted({*landed.fields} - known):
        faults.append(f"mapped but should not be: {' '.join(extra)}")
    return faults + _find_lost_people(want, landed) + _find_lost_rows(want, done)


def _find_lost_people(want: dict[str, Any], landed: Landed) -> list[str]:
    expected = {person["email"].lower(): person for person in want["imported"]}
    lost, extra = expected.keys() - landed.people.keys(), landed.people.keys() - expected.keys()
    faults = [f"lost: {', '.join(sorted(lost))}"] if lost else []
    faults += [f"too many: {', '.join(sorted(extra))}"] if extra else []
    for email in expected.keys() & landed.people.keys():
        person, there = expected[email], landed.people[email]
        pairs = [(_full_name(person), there["name"], "name")]
        pairs += [(person.get(ours), there.get(theirs), ours) for ours, theirs in _VALUES]
        faults += [
            f"{what}: {got!r}, not {value!r}"
            for value, got, what in pairs
            if value and value != got
        ]
        at = next(c["joinedAt"] for c in there["channels"] if c["id"] == landed.channel_id)
        if not at.startswith(person.get("joined_at") or ""):
            faults.append(f"joined_at: {at}, not {person['joined_at']}")
    return faults


def _full_name(person: dict[str, Any]) -> str | None:
    parts = (person.get("first_name"), person.get("last_name"))
    return person.get("name") or " ".join(filter(None, parts)) or None


def _find_lost_rows(want: dict[str, Any], done: Result) -> list[str]:
    if done.code == 2:
        return []
    failed = done.json["data"]["failedCount"]
    is_right = failed == want["rejected_rows"]
    return [] if is_right else [f"{failed} failed rows, not {want['rejected_rows']}"]


def read_rows(body: bytes) -> list[list[str]]:
    """Return the cells of a file as it was sent, the header first."""
    return list(csv.reader(io.StringIO(body.decode(), newline="")))
