"""Prices of texts: what people write is cheaper than what is read wrong."""

from __future__ import annotations

import unicodedata

import pytest

from talkvalue_cli.imports.file import plausibility

EVERY = tuple(plausibility.languages())


@pytest.mark.parametrize(
    ("text", "name", "wrong"),
    [
        ("Łukasz Żółć", "cp1250", "cp1252"),
        ("Müller", "cp1252", "cp850"),
        ("Иван Петров", "cp1251", "koi8_r"),
        ("Иван Петров", "koi8_r", "cp1251"),
        ("김민준", "cp949", "gb18030"),
        ("王小明", "gb18030", "cp949"),
        ("株式会社", "cp932", "gb18030"),
        ("José García", "mac_roman", "cp1252"),
        ("Şule Yeşilçağ", "cp1254", "cp1252"),
        ("Γιώργος", "cp1253", "cp1252"),
        ("it\u2019s \u201cfine\u201d \u2013 really", "cp1252", "cp850"),
    ],
)
def test_the_right_reading_is_cheaper(text: str, name: str, wrong: str) -> None:
    misread = text.encode(name).decode(wrong, "replace")
    assert plausibility.measure([text], EVERY) + 10 < plausibility.measure([misread], EVERY)


def test_addresses_and_ascii_cost_nothing_that_matters() -> None:
    assert plausibility.measure(["ann@example.org,https://example.org/x"], EVERY) == 0
    assert plausibility.measure(["", "1,2,3"], EVERY) == 0


def test_letters_and_marks_in_either_form_cost_the_same() -> None:
    text = "Zoë Ångström"
    assert plausibility.measure([text], EVERY) == plausibility.measure(
        [unicodedata.normalize("NFD", text)], EVERY
    )


@pytest.mark.parametrize("code", EVERY)
def test_each_language_has_prices_of_its_letters(code: str) -> None:
    letters, pairs = plausibility.languages()[code]
    assert len(letters) > 20
    for prices in (letters, *pairs.values()):
        assert all(0 <= price < 20 for price in prices.values())
        # a probability each, and not much more than one together, for levels are rounded
        assert sum(2.0**-price for price in prices.values()) < 1.5
    assert set(pairs) <= {*letters, "^"}


def test_signs_have_prices_and_places() -> None:
    prices, inside, before, after = plausibility.symbols()
    assert prices["\u2019"] < prices["½"]
    assert set(inside) <= set(before) & set(after)
    assert not any(sign.isascii() for sign in prices if sign != "&")
