"""Files made up in many languages, encodings and dialects: what is sent was in the cells."""

from __future__ import annotations

import csv
import io
import random
from contextlib import ExitStack

import pytest

from talkvalue_cli.imports.file import plan as plans
from talkvalue_cli.imports.file.conversion import Conversion
from talkvalue_cli.imports.options import FileOptions
from tests.unit.imports.file.language_samples import LANGUAGES, Language

CASES = sorted(
    (code, encoding)
    for code, language in LANGUAGES.items()
    for encoding in (*language.encodings, "utf-8", "utf-8-sig", "utf-16")
)


def make_rows(dice: random.Random, language: Language) -> list[list[str]]:
    """Return a header and some people, with what makes cells hard to read."""
    rows = [list(language.headers)]
    for number in range(dice.randint(8, 40)):
        company = dice.choice(language.companies)
        if dice.random() < 0.2:
            company = dice.choice(
                (f"{company}, 2", f"{company}; 3", f'"{company}"', f"{company}\n4")
            )
        title = dice.choice(language.titles) if dice.random() < 0.8 else ""
        rows.append([dice.choice(language.people), f"p{number}@example.org", company, title])
    return rows


def write(dice: random.Random, rows: list[list[str]], encoding: str) -> bytes:
    out = io.StringIO()
    csv.writer(
        out,
        delimiter=dice.choice(",;\t|"),
        lineterminator=dice.choice(("\n", "\r\n")),
        quoting=csv.QUOTE_ALL if dice.random() < 0.5 else csv.QUOTE_MINIMAL,
    ).writerows(rows)
    return out.getvalue().encode(encoding)


def convert(content: bytes) -> tuple[plans.Plan, list[list[str]]]:
    file = io.BytesIO(content)
    with ExitStack() as stack:
        plan = plans.make_plan(file, "a.csv", "a.csv", FileOptions(), stack)
        sent = b"".join(Conversion(file, plan, lambda: None).chunks())
    return plan, list(csv.reader(io.StringIO(sent.decode(), newline="")))


@pytest.mark.parametrize(("code", "encoding"), CASES)
def test_what_lands_is_what_was_in_the_cells(code: str, encoding: str) -> None:
    dice = random.Random(f"{code} {encoding}")
    rows = make_rows(dice, LANGUAGES[code])
    plan, sent = convert(write(dice, rows, encoding))
    assert [row for row in sent[1:] if row] == rows[1:]
    assert [c.field for c in plan.choice.columns if c.index == 1] == ["EMAIL"]
