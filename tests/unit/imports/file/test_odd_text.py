"""Headers and cells of any characters: nothing of them may be too much."""

from __future__ import annotations

import random
import unicodedata

import pytest

from talkvalue_cli.api.models import TARGET_FIELDS
from talkvalue_cli.imports.file import columns, dates, headers
from talkvalue_cli.imports.file.date_order import OrderFinder
from talkvalue_cli.imports.file.values import make_converter

#: every character but surrogates, which no decoded file has
CHARACTERS = [chr(code) for code in range(0x30000) if not 0xD800 <= code < 0xE000]
NUMBERS = [letter for letter in CHARACTERS if unicodedata.category(letter).startswith("N")]
WORDS = [
    "Email",
    "Name",
    "Phone",
    "2026",
    "03/04/2026",
    "19:01",
    "@",
    ".",
    "(",
    ")",
    "#",
    "AM",
    "Z",
]


def make_texts(seed: int, number: int) -> list[str]:
    rng = random.Random(seed)
    kinds = (CHARACTERS, NUMBERS, WORDS)
    return [
        "".join(rng.choice(rng.choice(kinds)) for _ in range(rng.randrange(12)))
        for _ in range(number)
    ]


def test_any_header_is_read() -> None:
    languages = headers.find_languages(["Email"])
    for text in [*make_texts(1, 4000), "Email " * 2000, "(" * 3000, "[](" * 500, "名" * 3000]:
        meaning = headers.read_header(text, languages)
        assert meaning.field in (*TARGET_FIELDS, "NAME or part", "not used", ""), text


def test_any_table_has_a_choice() -> None:
    for seed in range(40):
        texts = make_texts(seed, 60)
        choice = columns.choose(texts[:6], [texts[start : start + 6] for start in range(6, 60, 6)])
        asked = {each.index for _, several in choice.undecided for each in several}
        numbers = {column.index for column in choice.columns}
        others = [column.index for column in choice.unused]
        assert sorted([*numbers, *others]) == [*range(6)]
        assert asked <= set(others)


def test_rows_that_are_too_short_are_no_reason_to_stop() -> None:
    choice = columns.choose(["Email", "Name"], [["ada@example.org"], [], ["bo@example.org", "Bo"]])
    assert [column.field for column in choice.columns] == ["EMAIL", "NAME"]
    assert columns.choose(["Email"], []).columns[0].field == "EMAIL"
    assert columns.choose([], []).columns == []


@pytest.mark.parametrize("field", TARGET_FIELDS)
def test_any_cell_is_converted_once_and_for_all(field: str) -> None:
    converter = make_converter(field, "dmy")
    for cell in make_texts(2, 3000):
        text = converter.convert(cell).text
        assert converter.convert(text) == (text, None), cell


def test_any_date_is_one_or_none() -> None:
    finder = OrderFinder()
    texts = make_texts(3, 4000)
    finder.add(texts)
    for text in texts:
        for order in ("dmy", "mdy", "ymd", None):
            found = dates.read_date(text, order)
            assert found is None or dates.is_iso(found), text
