"""Files in the form of real exports, with invented people, and what becomes of each.

tests/files/real/expectations.json says what a perfect tool does with them. What is
imported is compared with that, and so is what the program says that it did.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
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
    return list(filter(None, csv.reader(io.StringIO(body.decode(), newline=""))))


def find_silences(case: Case, landed: Landed) -> list[str]:
    """Return what was not imported, left out or changed, and is missing from the report.

    The file is read in the simplest way for that: with the encoding and the separator that
    the report names, and Python's own csv module.
    """
    report = landed.done.json["run"]["prepared"]
    assert landed.body is not None, "something was sent"
    header, *sent = read_rows(landed.body)
    used, unused = report["columns"], report["unusedColumns"]
    silences = []
    if sorted(column["field"] for column in used) != sorted(landed.fields):
        silences.append("fields")
    numbers = sorted(column["column"] for column in [*used, *unused])
    is_narrowed = len(numbers) > 500 and len(header) == len(used)
    if numbers != list(range(len(numbers))) or (len(numbers) != len(header) and not is_narrowed):
        silences.append(f"columns: {len(numbers)} of {len(header)}")
    if report["rows"] != len(sent):
        silences.append(f"rows: {report['rows']} of {len(sent)}")
    raw = _read_simply(case, report)
    if raw is None:
        return silences
    told = 1 + report["rows"] + sum(report["rowsLeftOut"].values())
    if len(raw) != told:
        silences.append(f"{len(raw)} rows in the file, {told} in the report")
    places = {column["column"]: place for place, column in enumerate(used)} if is_narrowed else {}
    changed = sum(
        _count_new(sent, places.get(column["column"], column["column"]), raw, column["column"])
        for column in used
    )
    if changed > sum(report["valuesChanged"].values()):
        silences.append(f"{changed} values changed: {report['valuesChanged']}")
    return silences + _find_untold(landed.done.err, report)


def _read_simply(case: Case, report: dict[str, Any]) -> list[list[str]] | None:
    """Return the rows of a file that are not empty; None where they are not that simple."""
    if case.path.suffix == ".gz" or report["sheet"] is not None:
        return None
    text = case.path.read_bytes().decode(report["encoding"], "replace")
    separator = report["separator"]
    if re.search(r"\\\"|^'|\"(?=[^\n]*\\)", text, re.MULTILINE) or "sep=" in text[:20]:
        return None
    lines = io.StringIO(text, newline="")
    skips_space = f'{separator} "' in text
    reader = csv.reader(lines, delimiter=separator, skipinitialspace=skips_space)
    return [row for row in reader if row and row != ["\x1a"]]


def _count_new(sent: list[list[str]], place: int, raw: list[list[str]], column: int) -> int:
    """Return how many cells of a column were sent that are not in the file."""
    before = Counter(row[column].strip(" \ufeff") for row in raw if column < len(row))
    after = Counter(row[place].strip() for row in sent)
    return (after - before).total()


def _find_untold(told: str, report: dict[str, Any]) -> list[str]:
    """Return what of a report people are not told, in words of the report."""
    reasons = [*report["rowsLeftOut"], *report["valuesChanged"]]
    names = [" ".join(column["header"].split()) for column in report["unusedColumns"][:12]]
    return [word for word in (*reasons, *names) if word not in told]
