"""Names of months that are others in another language: what else is in the file decides."""

from __future__ import annotations

import shlex

import pytest

from talkvalue_cli.errors import UsageError
from tests.unit.imports.file.reading import convert

CROATIAN = "Ime,Prezime,E-mail,Datum registracije"
POLISH = "Imi\u0119,Nazwisko,E-mail,Data rejestracji"
CZECH = "Jm\u00e9no,P\u0159\u00edjmen\u00ed,E-mail,Datum registrace"
ENGLISH = "First name,Last name,Email,Registered"


def read(header: str, *dates: str) -> list[str]:
    rows = "".join(f'A{n},B,p{n}@example.org,"{date}"\n' for n, date in enumerate(dates))
    return convert(f"{header}\n{rows}").column("JOINED_AT")


@pytest.mark.parametrize(
    ("header", "date", "iso"),
    [
        (CROATIAN, "15. listopada 2026.", "2026-10-15"),
        (POLISH, "15 listopada 2026", "2026-11-15"),
        (CZECH, "15. listopadu 2026", "2026-11-15"),
        (CROATIAN, "15 lis 2026", "2026-10-15"),
        (POLISH, "15 lis 2026", "2026-11-15"),
        (CZECH, "15. lis 2026 14:05", "2026-11-15T14:05:00"),
        (CROATIAN, "15 lip 2026", "2026-06-15"),
        (POLISH, "15 lip 2026", "2026-07-15"),
        (CROATIAN, "15 srp 2026", "2026-07-15"),
        (CZECH, "15 srp 2026", "2026-08-15"),
        (ENGLISH, "15 Nov 2026", "2026-11-15"),
    ],
)
def test_the_language_of_the_headers_says_which_month_it_is(
    header: str, date: str, iso: str
) -> None:
    assert read(header, date) == [iso]


@pytest.mark.parametrize(
    ("dates", "isos"),
    [
        (["15. listopada 2026.", "3. rujna 2026."], ["2026-10-15", "2026-09-03"]),
        (["15 listopada 2026", "3 wrze\u015bnia 2026"], ["2026-11-15", "2026-09-03"]),
        (["15 listopada 2026", "3 maja 2026"], ["2026-11-15", "2026-05-03"]),
        (["ned, 15 lis 2026", "\u010det, 3 svi 2026"], ["2026-10-15", "2026-05-03"]),
        (["15 lis 2026", "3 \u0159\u00edj 2026"], ["2026-11-15", "2026-10-03"]),
        (["15 srp 2026", "3 kv\u011b 2026"], ["2026-08-15", "2026-05-03"]),
    ],
)
def test_the_other_dates_say_which_month_it_is(dates: list[str], isos: list[str]) -> None:
    assert read(ENGLISH, *dates) == isos


@pytest.mark.parametrize(
    ("header", "date", "asked"),
    [
        (ENGLISH, "15 listopada 2026", "'listopada' is October or November"),
        (ENGLISH, "15 lis 2026", "'lis' is October or November"),
        ("Vorname,Name,E-Mail,Anmeldedatum", "15. srp 2026", "'srp' is July or August"),
        (ENGLISH, "15 lip 2026", "'lip' is June or July"),
        (POLISH, "15 srp 2026", "'srp' is July or August"),
    ],
)
def test_what_nothing_shows_is_asked_for(header: str, date: str, asked: str) -> None:
    with pytest.raises(UsageError) as caught:
        read(header, date)
    assert asked in caught.value.message
    assert header.rpartition(",")[2] in caught.value.message
    assert caught.value.remedy == ("month", shlex.quote(header.rpartition(",")[2]))


def test_a_month_far_down_is_not_guessed_either() -> None:
    dates = ["2026-03-04"] * 1100
    with pytest.raises(UsageError, match="'listopada' is October or November"):
        read(ENGLISH, *dates, "15 listopada 2026")
    assert read(POLISH, *dates, "15 listopada 2026")[-1] == "2026-11-15"
