"""Dates as people and programs write them."""

# ruff: noqa: RUF001 - dates are written with the letters that they have

from __future__ import annotations

import random
from datetime import datetime, timedelta

import pytest

from talkvalue_cli.imports.file import dates, words

UNAMBIGUOUS = [
    ("2026-03-04", "2026-03-04"),
    ("2026-03-04T19:01:33Z", "2026-03-04T19:01:33Z"),
    ("2026-03-04T19:01:33.123+02:00", "2026-03-04T19:01:33.123+02:00"),
    ("2026-03-04 19:01:33", "2026-03-04 19:01:33"),
    ("2026-03-04 19:01:33+00:00", "2026-03-04 19:01:33+00:00"),
    ("2026-03-04 19:01:33 +0200", "2026-03-04T19:01:33+02:00"),
    ("2026-3-4", "2026-03-04"),
    ("2026/03/04", "2026-03-04"),
    ("2026.03.04.", "2026-03-04"),
    ("2026-03-04 7:01", "2026-03-04T07:01:00"),
    ("20260304", "2026-03-04"),
    ("20260304190133", "2026-03-04T19:01:33"),
    # numbers of spreadsheets, and seconds since 1970
    ("46085", "2026-03-04"),
    ("46085.0", "2026-03-04"),
    ("46085.75", "2026-03-04T18:00:00"),
    ("46085,75", "2026-03-04T18:00:00"),
    ("1772650893", "2026-03-04T19:01:33Z"),
    ("1772650893.5", "2026-03-04T19:01:33Z"),
    ("1772650893123", "2026-03-04T19:01:33Z"),
    ("1772650893123456", "2026-03-04T19:01:33Z"),
    # English
    ("Mar 4, 2026 7:01 PM", "2026-03-04T19:01:00"),
    ("March 4, 2026 at 7:01 PM", "2026-03-04T19:01:00"),
    ("4th of March 2026", "2026-03-04"),
    ("4-Mar-26", "2026-03-04"),
    ("04-Mar-2026 12:00 AM", "2026-03-04T00:00:00"),
    ("Mar-04-2026 12:30 pm", "2026-03-04T12:30:00"),
    ("10 Mar 2026 06:05 PM", "2026-03-10T18:05:00"),
    ("Wed, 04 Mar 2026 19:01:33 GMT", "2026-03-04T19:01:33Z"),
    ("Wed, 04 Mar 2026 19:01:33 +0100", "2026-03-04T19:01:33+01:00"),
    ("Wed Mar  4 19:01:33 UTC 2026", "2026-03-04T19:01:33Z"),
    ("Wednesday, March 4th, 2026", "2026-03-04"),
    (
        "Wed Mar 04 2026 19:01:33 GMT+0100 (Central European Standard Time)",
        "2026-03-04T19:01:33+01:00",
    ),
    ("2026-03-04 7 PM", "2026-03-04T19:00:00"),
    ("2026-03-04 7:01 p.m.", "2026-03-04T19:01:00"),
    ("2026-03-04\u00a07:01\u202fPM", "2026-03-04T19:01:00"),
    # zones: GMT+2 is ahead of UTC
    ("2026/03/04 7:01:33 PM GMT+2", "2026-03-04T19:01:33+02:00"),
    ("2026/03/04 7:01:33 PM GMT-5", "2026-03-04T19:01:33-05:00"),
    ("2026/03/04 7:01:33 PM UTC+05:30", "2026-03-04T19:01:33+05:30"),
    ("2026-03-04 19:01 UTC", "2026-03-04T19:01:00Z"),
    ("2026-03-04 19:01 CET", "2026-03-04T19:01:00+01:00"),
    ("2026-07-04 19:01 CEST", "2026-07-04T19:01:00+02:00"),
    ("2026-07-04 19:01 MESZ", "2026-07-04T19:01:00+02:00"),
    ("2026-03-04 19:01 PST", "2026-03-04T19:01:00-08:00"),
    ("2026-07-04 19:01 PT", "2026-07-04T19:01:00-07:00"),
    ("2026-03-04 19:01 (EST)", "2026-03-04T19:01:00-05:00"),
    ("2026-03-04 19:01 JST", "2026-03-04T19:01:00+09:00"),
    ("2026-03-04 19:01 IST", "2026-03-04T19:01:00+05:30"),
    ("2026-03-04 19:01:33 America/New_York", "2026-03-04T19:01:33-05:00"),
    ("2026-03-04 19:01 Eastern Time", "2026-03-04T19:01:00-05:00"),
    # other languages
    ("Mittwoch, 4. März 2026 um 19:01 Uhr", "2026-03-04T19:01:00"),
    ("4. Mrz. 2026", "2026-03-04"),
    ("1er mars 2026", "2026-03-01"),
    ("mercredi 4 mars 2026 à 19h01", "2026-03-04T19:01:00"),
    ("31 DÉCEMBRE 2025", "2025-12-31"),
    ("4 de marzo de 2026 a las 19:01", "2026-03-04T19:01:00"),
    ("mié, 4 mar 2026, 7:01 p. m.", "2026-03-04T19:01:00"),
    ("mar, 3 feb 2026", "2026-02-03"),
    ("martedì 3 marzo 2026 alle ore 19.01", "2026-03-03T19:01:00"),
    ("4 de março de 2026 às 19:01", "2026-03-04T19:01:00"),
    ("4 mrt 2026 19:01", "2026-03-04T19:01:00"),
    ("4 marca 2026 r. o godz. 19:01", "2026-03-04T19:01:00"),
    ("4 марта 2026 г., 19:01", "2026-03-04T19:01:00"),
    ("4 мар. 2026 г. в 19:01", "2026-03-04T19:01:00"),
    ("4 mars 2026 kl. 19:01", "2026-03-04T19:01:00"),
    ("4 Mart 2026 Çarşamba 19:01", "2026-03-04T19:01:00"),
    ("4. tammikuuta 2026 klo 19.01", "2026-01-04T19:01:00"),
    ("2026年3月4日", "2026-03-04"),
    ("2026年3月4日(水) 19時01分33秒", "2026-03-04T19:01:33"),
    ("2026年3月4日 午後7:01", "2026-03-04T19:01:00"),
    ("令和8年3月4日", "2026-03-04"),
    ("2026年3月4日 下午7:01:33", "2026-03-04T19:01:33"),
    ("2026/3/4 上午 12:01:33", "2026-03-04T00:01:33"),
    ("民國115年3月4日", "2026-03-04"),
    ("2026. 3. 4", "2026-03-04"),
    ("2026. 3. 4 오후 7:01:33", "2026-03-04T19:01:33"),
    ("2026. 3. 4. 오전 12:01", "2026-03-04T00:01:00"),
    ("2026년 3월 4일 수요일 오후 7시 1분", "2026-03-04T19:01:00"),
    ("2026년 3월 4일 19시 01분 33초", "2026-03-04T19:01:33"),
]


@pytest.mark.parametrize(("text", "iso"), UNAMBIGUOUS)
def test_a_date_that_needs_no_order_is_read(text: str, iso: str) -> None:
    assert dates.read_date(text, None) == iso


@pytest.mark.parametrize(
    ("text", "order", "iso"),
    [
        ("03/04/2026", "dmy", "2026-04-03"),
        ("03/04/2026", "mdy", "2026-03-04"),
        ("3/4/26", "dmy", "2026-04-03"),
        ("3/4/26", "mdy", "2026-03-04"),
        ("26/3/4", "ymd", "2026-03-04"),
        ("03.04.2026, 19:01:33 Uhr", "dmy", "2026-04-03T19:01:33"),
        ("3-4-2026 19:01", "dmy", "2026-04-03T19:01:00"),
        ("03/04/2026 19.01.33", "dmy", "2026-04-03T19:01:33"),
        ("03/04/2026 7:01:33 PM", "mdy", "2026-03-04T19:01:33"),
        ("3/4/26, 7:01 PM", "mdy", "2026-03-04T19:01:00"),
        ("19:01 03.04.2026", "dmy", "2026-04-03T19:01:00"),
        ("1. 2. 2026 7.05", "dmy", "2026-02-01T07:05:00"),
        ("03/03/2026", None, "2026-03-03"),
        ("03/04/69", "dmy", "1969-04-03"),
        ("03/04/68", "dmy", "2068-04-03"),
        ("04/03/2569", "dmy", "2026-03-04"),
        ("2026/03/04", "dmy", "2026-03-04"),
    ],
)
def test_an_order_says_what_is_the_day(text: str, order: str | None, iso: str) -> None:
    assert dates.read_date(text, order) == iso


@pytest.mark.parametrize(
    "text",
    [
        "", "2026", "March 2026", "2026-03", "12:30", "Ada", "n/a", "yes", "0/0/00", "30.02.2026",
        "2026-02-30", "2026-13-01", "32.01.2026", "13/13/2026", "03/04/2026/05", "100123451",
        "+46 70 174 06 05", "ada@example.org", "2 days ago", "12345", "1", "0", "99999999999",
        "4 Foo 2026", "2026-03-04 25:00", "1.7670E+09",
    ],
)  # fmt: skip
def test_what_is_no_full_date_is_not_read(text: str) -> None:
    assert dates.read_date(text, "dmy") is None


def test_without_an_order_nothing_is_guessed() -> None:
    assert dates.read_date("03/04/2026", None) is None


@pytest.mark.parametrize("language", words.load_languages(), ids=lambda language: language.name)
def test_months_and_weekdays_of_a_language_are_read(language: words.Language) -> None:
    for number in range(1, 13):
        for month in language.words.get(f"month {number}", []):
            iso = f"2026-{number:02}-04"
            assert dates.read_date(f"4 {month} 2026", None) == iso, month
            assert dates.read_date(f"{month} 4, 2026", None) == iso, month
            assert dates.read_date(f"4. {month.upper()}. 2026 19:01", None) == f"{iso}T19:01:00"
    for day in language.words["weekday"]:
        assert dates.read_date(f"{day} 2026-03-04 19:01", None) == "2026-03-04T19:01:00", day


FORMATS = [
    ("%Y-%m-%d %H:%M:%S", None), ("%d.%m.%Y %H:%M:%S", "dmy"), ("%d/%m/%Y %H:%M:%S", "dmy"),
    ("%m/%d/%Y %I:%M:%S %p", "mdy"), ("%d-%m-%Y %H.%M.%S", "dmy"), ("%b %d, %Y %I:%M:%S %p", None),
    ("%A, %d %B %Y %H:%M:%S", None), ("%d %b %Y at %I:%M:%S%p", None), ("%Y%m%d%H%M%S", None),
    ("%Y년 %m월 %d일 %H시 %M분 %S초", None), ("%Y年%m月%d日 %H:%M:%S", None),
]  # fmt: skip


@pytest.mark.parametrize(("form", "order"), FORMATS)
def test_a_time_that_is_written_is_read_back(form: str, order: str | None) -> None:
    rng = random.Random(form)
    for _ in range(200):
        moment = datetime(1990, 1, 1) + timedelta(seconds=rng.randrange(50 * 365 * 86_400))
        found = dates.read_date(moment.strftime(form), order)
        assert found is not None
        assert found.replace("T", " ") == f"{moment:%Y-%m-%d %H:%M:%S}"
        assert dates.read_date(found, order) == found
