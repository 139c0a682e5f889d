"""The words that tell rows apart: the text file, and what is found with it."""

from __future__ import annotations

import re
from importlib import resources

import pytest

from talkvalue_cli.imports.file import header, row_words
from tests.unit.imports.file.language_samples import LANGUAGES

MEANINGS = ["address", "person", "people", "others", "total", "about"]


def read_words(meaning: str) -> list[str]:
    path = resources.files(row_words.__package__ or "").joinpath("row_words.txt")
    text = re.sub(r"^#.*\n", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    found = re.search(rf"^{meaning}:(.*(?:\n .*)*)", text, re.MULTILINE)
    assert found is not None
    return [word.strip() for word in found[1].split(",")]


@pytest.mark.parametrize("meaning", MEANINGS)
def test_every_word_finds_itself_and_none_is_empty(meaning: str) -> None:
    for word in read_words(meaning):
        assert word
        written = word.replace("*", "xyz")
        assert row_words.pattern(meaning).search(row_words.fold(written)), word


@pytest.mark.parametrize("meaning", MEANINGS)
def test_a_word_of_a_meaning_is_there_once(meaning: str) -> None:
    words = [row_words.fold(word) for word in read_words(meaning)]
    assert sorted({word for word in words if words.count(word) > 1}) == []


def test_no_title_is_of_people_and_of_others() -> None:
    for word in read_words("people"):
        assert header.judge_title(word.replace("*", "s")) > 0, word
    for word in read_words("others"):
        assert header.judge_title(word.replace("*", "s")) < 0, word


@pytest.mark.parametrize("code", LANGUAGES)
def test_headers_of_each_language_are_known(code: str) -> None:
    headers = LANGUAGES[code].headers
    assert header.is_address_word(headers[1]), headers[1]
    assert header.count_words(headers) >= 3, headers


@pytest.mark.parametrize("code", LANGUAGES)
def test_people_and_companies_of_each_language_are_no_headers(code: str) -> None:
    language = LANGUAGES[code]
    for cell in language.people:
        assert not header.is_address_word(cell), cell
    assert header.count_words(language.people) <= 2, language.people


@pytest.mark.parametrize(
    "cell",
    ["E-mail", "EMAIL", "emailAddress", "email_address", "e-mail address *",
     "3. E-mail", "E-mail 1 - Value", "User Email",
     "Correo electrónico", "Почта", "メールアドレス", "이메일주소"],
)  # fmt: skip
def test_headers_of_addresses_are_known_however_they_are_written(cell: str) -> None:
    assert header.is_address_word(cell)


@pytest.mark.parametrize("cell", ["Mailchimp", "Emailia Post AB", "Blackmailer", "a@example.org"])
def test_other_words_are_no_headers_of_addresses(cell: str) -> None:
    assert not header.is_address_word(cell)


@pytest.mark.parametrize(
    "cells",
    [["Total"], ["Total: 4"], ["TOTAL", "", "4"], ["Grand Totals (3 records)"], ["Summe", "12"],
     ["합계", "3"], ["合计 3"], ["Toplam 4"], ["Итого", "", "3"], ["# Total", "3"]],
)  # fmt: skip
def test_sums_are_known(cells: list[str]) -> None:
    assert header.is_total(cells)


@pytest.mark.parametrize(
    "cells", [["Totally Tim"], ["Ann Total"], ["Summer Smith"], ["Total", "t@example.org"], [""]]
)
def test_people_are_no_sums(cells: list[str]) -> None:
    assert not header.is_total(cells)
