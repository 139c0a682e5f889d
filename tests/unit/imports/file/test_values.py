"""Values as the server takes them."""

from __future__ import annotations

import random
import string
from collections.abc import Callable

import pytest

from talkvalue_cli.api.models import TARGET_FIELDS
from talkvalue_cli.imports.file import changes
from talkvalue_cli.imports.file.values import make_converter
from talkvalue_cli.sandbox.imports.validation import CONVERTERS

BLANKS = "blanks or invisible characters removed"
ARMOUR = "spreadsheet armour removed"
LEFT_OUT = "invalid value left out"
TOO_LONG = "too long value left out"
NO_VALUE = "n/a and the like left out"
DIGITS_LOST = "number without its last digits left out"
DATE = "date to ISO 8601"
SCHEME = "https:// put before an address"
HANDLE = "handle made an address"
Case = tuple[str, str, str, "str | None"]

UNCHANGED = [
    ("PHONE", "+46 70 174 06 05"),
    ("PHONE", "+49 (0)30 123456"),
    ("PHONE", "0049 30 123456"),
    ("PHONE", "030/123456-12"),
    ("PHONE", "+1 (415) 555-0101 ext. 4"),
    ("PHONE", "\u260e 070-111 22 33"),
    ("PHONE", "911"),
    ("PHONE", " +46 70 "),
    ("PHONE", ""),
    ("LINKEDIN_URL", "https://www.linkedin.com/in/ada"),
    ("LINKEDIN_URL", "http://example.org"),
    ("X_URL", "HTTPS://x.com/ada"),
    ("X_URL", ""),
    ("JOINED_AT", "2026-03-04"),
    ("JOINED_AT", "2026-03-04T19:01:33.123Z"),
    ("JOINED_AT", "2026-03-04 19:01:33+00:00"),
    ("JOINED_AT", "  "),
    ("LAST_NAME", "'t Hart"),
    ("LAST_NAME", "Null"),
    ("FIRST_NAME", "Na"),
    ("FIRST_NAME", "Nan"),
    ("NAME", "\U0001f469\u200d\U0001f4bb Ada"),
    ("NAME", "Zoe\u0308 (NFD)"),
    ("NAME", "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"),
    ("NAME", "Jos\u00c3\u00a9 Garc\u00c3\u00ada"),
    ("NAME", " Ada "),
    ("COMPANY_NAME", "Smith &amp; Co"),
    ("COMPANY_NAME", "Soci\u00e9t\u00e9\u00a0G\u00e9n\u00e9rale"),
    ("COMPANY_NAME", "=SUM(A1)"),
    ("ADDRESS", "Storgatan 1\n114 55 Stockholm"),
    ("EMAIL", "ada@example.org"),
    ("EMAIL", "n/a"),
    ("EMAIL", "not an address"),
    ("EMAIL", ""),
]
CHANGED: list[Case] = [
    ("EMAIL", "Ada <ada@example.org>", "ada@example.org", "address out of a display name"),
    ("PHONE", "'+46701234567", "+46701234567", ARMOUR),
    ("PHONE", '="+46701234567"', "+46701234567", ARMOUR),
    ("PHONE", "=+46701234567", "+46701234567", ARMOUR),
    ("PHONE", '="0301234567"', "0301234567", ARMOUR),
    ("LAST_NAME", "\u00a0Lind\u00a0Holm\u3000", "Lind\u00a0Holm", BLANKS),
    ("PHONE", "+46\u00a070\u00a0174 06 05", "+46 70 174 06 05", BLANKS),
    ("PHONE", "\u202a+46 70 174 06 05\u202c", "+46 70 174 06 05", BLANKS),
    ("PHONE", "\uff0b\uff14\uff16701740605", "+46701740605", BLANKS),
    ("PHONE", "p:+46701740605", "+46701740605", "prefix before a number removed"),
    ("PHONE", "tel:+46701740605", "+46701740605", "prefix before a number removed"),
    ("PHONE", "491701234567.0", "491701234567", ".0 behind a number removed"),
    ("PHONE", "4.91701234567E+11", "491701234567", "number in scientific notation written out"),
    ("PHONE", "4.91701E+11", "", DIGITS_LOST),
    ("PHONE", "4,67E+10", "", DIGITS_LOST),
    ("PHONE", "070-111 22 33, 070-222 33 44", "070-111 22 33", "first of several numbers"),
    ("PHONE", "070-111 22 33 ::: 070-222 33 44", "070-111 22 33", "first of several numbers"),
    ("PHONE", "n/a", "", NO_VALUE),
    ("PHONE", "-", "", NO_VALUE),
    ("PHONE", "call me", "", LEFT_OUT),
    ("PHONE", "+1-415-555-0101 x123 (mobile), ask for Ada at reception", "", TOO_LONG),
    ("LINKEDIN_URL", "www.linkedin.com/in/ada", "https://www.linkedin.com/in/ada", SCHEME),
    ("LINKEDIN_URL", "linkedin.com/in/ada", "https://linkedin.com/in/ada", SCHEME),
    ("LINKEDIN_URL", "//linkedin.com/in/ada", "https://linkedin.com/in/ada", SCHEME),
    ("LINKEDIN_URL", "/in/ada", "https://www.linkedin.com/in/ada", HANDLE),
    ("LINKEDIN_URL", "in/ada", "https://www.linkedin.com/in/ada", HANDLE),
    ("LINKEDIN_URL", "<https://example.org/ada>", "https://example.org/ada", BLANKS),
    ("LINKEDIN_URL", "me: https://example.org", "https://example.org", "address out of other text"),
    ("LINKEDIN_URL", "Ada Lindqvist", "", LEFT_OUT),
    ("LINKEDIN_URL", "ada.lindqvist", "", LEFT_OUT),
    ("LINKEDIN_URL", "ada@example.org", "", LEFT_OUT),
    ("LINKEDIN_URL", "n/a", "", NO_VALUE),
    ("X_URL", "@ada", "https://x.com/ada", HANDLE),
    ("X_URL", "twitter.com/ada", "https://twitter.com/ada", SCHEME),
    ("X_URL", "x.com/ada", "https://x.com/ada", SCHEME),
    ("X_URL", "ada_", "", LEFT_OUT),
    ("X_URL", "none", "", NO_VALUE),
    ("JOINED_AT", "04.03.2026", "2026-03-04", DATE),
    ("JOINED_AT", "04.03.2026 19:01", "2026-03-04T19:01", DATE),
    ("JOINED_AT", "04.03.2026 19:01:33", "2026-03-04T19:01:33", DATE),
    ("JOINED_AT", "46085", "2026-03-04", DATE),
    ("JOINED_AT", "'04/03/2026", "2026-03-04", DATE),
    ("JOINED_AT", "\u200b2026-03-04", "2026-03-04", BLANKS),
    ("JOINED_AT", "31.02.2026", "", LEFT_OUT),
    ("JOINED_AT", "2026", "", LEFT_OUT),
    ("JOINED_AT", "0000-00-00 00:00:00", "", NO_VALUE),
    ("JOINED_AT", "NULL", "", NO_VALUE),
    ("NAME", "A\x0bB\x0cC", "A B C", BLANKS),
    ("NAME", "D\u2028E", "D E", BLANKS),
    ("NAME", "F\u0085G", "F G", BLANKS),
    ("NAME", "RTL \u202eabc", "RTL abc", BLANKS),
    ("NAME", "\ufeffAda", "Ada", BLANKS),
    ("NAME", '="Ada"', "Ada", ARMOUR),
    ("COMPANY_NAME", "'=Equals", "=Equals", ARMOUR),
    ("COMPANY_NAME", "'007 Ltd", "007 Ltd", ARMOUR),
    ("LAST_NAME", "NULL", "", NO_VALUE),
    ("LAST_NAME", "n/a", "", NO_VALUE),
    ("JOB_TITLE", "NA", "", NO_VALUE),
    ("JOB_TITLE", "#N/A", "", NO_VALUE),
    ("FIRST_NAME", "x" * 101, "", TOO_LONG),
]  # fmt: skip


@pytest.mark.parametrize(("field", "cell"), UNCHANGED)
def test_what_is_valid_stays(field: str, cell: str) -> None:
    converter = make_converter(field, "dmy")
    assert converter.convert(cell) == (cell, None)
    cells = [cell]
    assert converter.convert_all(cells) is cells
    assert converter.changes == {}


@pytest.mark.parametrize(("field", "cell", "text", "change"), CHANGED)
def test_what_is_not_valid_becomes_so_or_is_left_out(
    field: str, cell: str, text: str, change: str
) -> None:
    converter = make_converter(field, "dmy")
    assert converter.convert(cell) == (text, change)
    assert converter.convert_all(["", cell, cell]) == ["", text, text]
    assert converter.changes == {change: 2}


def test_names_without_at_are_handles_when_most_of_the_column_are() -> None:
    sample = ["ada", "@bjorn", "chloe_d", "https://x.com/dan", "yes"]
    assert make_converter("X_URL", sample=sample).convert("ada") == ("https://x.com/ada", HANDLE)
    for few in (["yes", "no", "yes", "no", "no"], ["ada", "", ""], []):
        assert make_converter("X_URL", sample=few).convert("ada") == ("", LEFT_OUT)


@pytest.mark.parametrize(
    ("header", "cell", "text"),
    [
        ("Join time (UTC)", "2026-03-04 19:01:33", "2026-03-04T19:01:33Z"),
        ("Join time (UTC)", "04.03.2026 19:01", "2026-03-04T19:01Z"),
        ("Start (GMT+2)", "2026-03-04T19:01", "2026-03-04T19:01+02:00"),
        ("Datum (MEZ)", "04.03.2026 19:01", "2026-03-04T19:01+01:00"),
        ("Registered at [UTC-05:30]", "2026-03-04 19:01:33.25", "2026-03-04T19:01:33.25-05:30"),
        ("Registration Time UTC", "2026-03-04 19:01", "2026-03-04T19:01Z"),
        ("Created (Europe/Berlin)", "2026-07-04 19:01", "2026-07-04T19:01+02:00"),
        ("Created (Europe/Berlin)", "2026-03-04 19:01", "2026-03-04T19:01+01:00"),
        ("Date Added (Eastern Time)", "2026-07-04 19:01", "2026-07-04T19:01-04:00"),
        ("Registration date (ET)", "2026-07-04 19:01", "2026-07-04T19:01-04:00"),
        ("Join time (UTC)", "2026-03-04 19:01 +0100", "2026-03-04T19:01:00+01:00"),
        ("Join time (UTC)", "2026-03-04T19:01:33+01:00", "2026-03-04T19:01:33+01:00"),
        ("Joined (CET/CEST)", "2026-07-04 19:01", "2026-07-04T19:01+02:00"),
        ("Join time (UTC)", "2026-03-04", "2026-03-04"),
        ("Join time (UTC)", "n/a", ""),
        ("Inscrit (PT)", "2026-03-04 19:01", "2026-03-04 19:01"),
        ("Joined (met)", "2026-03-04 19:01", "2026-03-04 19:01"),
        ("Joined (optional)", "2026-03-04 19:01", "2026-03-04 19:01"),
    ],
)
def test_times_get_the_zone_that_their_header_names(header: str, cell: str, text: str) -> None:
    converter = make_converter("JOINED_AT", "dmy", header=header)
    assert converter.convert_all([cell, ""]) == [text, ""]
    assert sum(converter.changes.values()) == (text != cell)


#: what cells of all kinds are made of
PARTS = [
    "Ada", "ada@example.org", "+46 70 174 06 05", "46085", "04.03.2026", "2026-03-04", "19:01",
    "https://", "www.", "linkedin.com/in/ada", "@ada", "n/a", "NULL", "-", "'", '="', '"', " ",
    "  ", "\n", "\t", "\u00a0", "\u200b", "\ufeff", "\u202a", "\x0b", ",", ";", "/", ".0", "E+11",
    "4.91701", "x" * 60, "\u00e9", "T", "Z", "+02:00", "mailto:", "<", ">", "(", ")", "=", "?",
]  # fmt: skip


def make_cells(seed: int, number: int) -> list[str]:
    rng = random.Random(seed)
    cells = ["".join(rng.choices(PARTS, k=rng.randrange(5))) for _ in range(number)]
    letters = string.printable + "\u00e4\u00df\u0151\u0416\u3042\ud55c\u200d\u00ad"
    return cells + ["".join(rng.choices(letters, k=rng.randrange(20))) for _ in range(number)]


@pytest.mark.parametrize("field", TARGET_FIELDS)
def test_converting_twice_is_converting_once(field: str) -> None:
    once = make_converter(field, "dmy")
    twice = make_converter(field, "dmy")
    for cell in make_cells(11, 2000):
        text = once.convert(cell).text
        assert twice.convert(text) == (text, None), cell


@pytest.mark.parametrize("field", TARGET_FIELDS)
def test_many_cells_become_what_each_of_them_becomes(field: str) -> None:
    cells = make_cells(12, 1500)
    each, many = make_converter(field, "dmy"), make_converter(field, "dmy")
    rng = random.Random(12)
    while cells:
        size = rng.choice((1, 1, 2, 3, 50))
        chunk, cells = cells[:size], cells[size:]
        assert list(many.convert_all(chunk)) == [each.convert(cell).text for cell in chunk]


@pytest.mark.parametrize("field", [field for field in TARGET_FIELDS if field != "EMAIL"])
def test_what_is_plain_as_bytes_is_not_changed(field: str) -> None:
    cells = [cell for cell in make_cells(14, 3000) if "\n" not in cell]
    quick, each = make_converter(field, "dmy"), make_converter(field, "dmy")
    kinds = set()
    for size in (1, 2, 3):
        for place in range(0, len(cells), size):
            chunk = cells[place : place + size]
            is_plain = quick.are_plain([cell.encode() for cell in chunk])
            assert is_plain is all(each.convert(cell).change is None for cell in chunk), chunk
            kinds.add(is_plain)
    assert kinds == {True, False}


@pytest.mark.parametrize(
    ("cells", "are_plain"),
    [
        (["a@example.org", "", "b.c+d@x.example.org"], True),
        (["jörg@müller.example"], True),
        (["a@example.org", "<b@example.org>"], False),
        ([" a@example.org", "mailto:b@example.org"], False),
        (["a@example.org."], False),
        (["nobody"], True),
    ],
)
def test_addresses_are_plain_as_bytes(cells: list[str], are_plain: bool) -> None:
    converter = make_converter("EMAIL")
    assert converter.are_plain([cell.encode() for cell in cells]) is are_plain


@pytest.mark.parametrize("field", [field for field in TARGET_FIELDS if field != "EMAIL"])
def test_no_optional_value_is_refused_by_the_server(field: str) -> None:
    """The sandbox judges, which shares no code with this."""
    converter = make_converter(field, "dmy")
    check: Callable[[str], object] = CONVERTERS.get(field, str)
    for cell in make_cells(13, 1500):
        text = converter.convert(cell).text.strip()
        assert not text or isinstance(check(text), str), (cell, text)
        assert len(text) <= changes.LONGEST[field]


@pytest.mark.parametrize("field", TARGET_FIELDS)
def test_a_change_is_always_told(field: str) -> None:
    converter = make_converter(field, "dmy")
    for cell in make_cells(14, 1500):
        text, change = converter.convert(cell)
        assert (text != cell) == (change is not None), cell
