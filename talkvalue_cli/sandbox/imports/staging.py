"""Putting one batch of checked rows aside: what is to land, counters, failed rows.

Everything of a batch is one transaction, the position in the file included, so that a process
killed at any moment leaves no row counted twice and no row lost.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from ..db.store import Transaction
from ..people import lookup
from .validation import RowError, Values

KEY_SQL = "INSERT INTO import_keys VALUES (?, ?)"
BATCH_SQL = "INSERT INTO import_batches (job_id, known, content) VALUES (?, ?, ?)"
COUNT_SQL = """UPDATE imports SET
    processed_rows = processed_rows + ?, new_count = new_count + ?,
    updated_count = updated_count + ?, duplicated_count = duplicated_count + ?,
    skip_count = skip_count + ?, failed_count = failed_count + ? WHERE id = ?"""
FAILED_ROW_SQL = """INSERT INTO import_failed_rows
    (job_id, row_num, error_code, error_message, raw_value, cells) VALUES (?, ?, ?, ?, ?, ?)"""


@dataclass(frozen=True)
class Target:
    """Where the people of a job go, and under which rule."""

    job_id: int
    channel_id: int
    mode: str


def stage_batch(
    tx: Transaction,
    target: Target,
    values: Sequence[Values],
    failed: Sequence[tuple[int, RowError, Sequence[str]]],
) -> None:
    """Put rows aside and move the job's counters; inside a write transaction of the caller.

    values: of rows that were checked, in file order. failed: number, reason and cells.
    """
    known, staged = _drop_duplicates(tx, target, values)
    if staged:
        tx.execute(BATCH_SQL, (target.job_id, known, _encode(staged)))
    tx.executemany(
        FAILED_ROW_SQL,
        (
            (target.job_id, number, why.code, why.message, why.raw_value, _encode(cells))
            for number, why, cells in failed
        ),
    )
    updated, skipped = (known, 0) if target.mode == "UPDATE" else (0, known)
    duplicated = len(values) - len(staged)
    counts = (len(staged) - known, updated, duplicated, skipped, len(failed))
    tx.execute(COUNT_SQL, (sum(counts), *counts, target.job_id))


def _drop_duplicates(
    tx: Transaction, target: Target, rows: Sequence[Values]
) -> tuple[int, list[Values]]:
    """Return how many rows concern people who are there, and all rows that are to land.

    A repeated e-mail inside the file is a duplicate, and so is another address of the same
    person; it changes nothing.
    """
    keys = [row["EMAIL"].lower() for row in rows]
    people = lookup.find_people(tx, keys)
    seen = _find_seen(tx, target.job_id, [*keys, *map(str, people.values())])
    known, staged, fresh = 0, [], []
    for row, key in zip(rows, keys, strict=True):
        own = [key, str(people[key])] if key in people else [key]
        if not seen.isdisjoint(own):
            continue
        seen.update(own)
        fresh += [(target.job_id, each) for each in own]
        known += key in people
        staged.append(row)
    tx.executemany(KEY_SQL, fresh)
    return known, staged


def _find_seen(tx: Transaction, job_id: int, keys: Sequence[str]) -> set[str]:
    rows = tx.execute(
        "SELECT key FROM import_keys WHERE job_id = ? AND key IN (SELECT value FROM json_each(?))",
        (job_id, json.dumps(keys)),
    )
    return {row[0] for row in rows}


def _encode(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
