"""Files made up in many languages, encodings and dialects: what is sent was in the cells."""

from __future__ import annotations

import csv
import io
import random

import pytest

from tests.unit.imports.file.language_samples import LANGUAGES, Language
from tests.unit.imports.file.reading import convert

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


@pytest.mark.parametrize(("code", "encoding"), CASES)
def test_what_lands_is_what_was_in_the_cells(code: str, encoding: str) -> None:
    dice = random.Random(f"{code} {encoding}")
    rows = make_rows(dice, LANGUAGES[code])
    sent = convert(write(dice, rows, encoding))
    assert sent.rows == rows[1:]
    assert sent.fields[1] == "EMAIL"
