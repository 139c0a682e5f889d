"""Addresses out of what people write into their cells."""

from __future__ import annotations

import random

import pytest

from talkvalue_cli.imports.file import addresses
from talkvalue_cli.sandbox.people import fields
from tests.unit.imports.file.reading import convert

BLANKS = "blanks or invisible characters removed"
ARMOUR = "spreadsheet armour removed"
LINK = "address out of a mailto: link"
NAME = "address out of a display name"
SEVERAL = "first of several addresses"
PUNCTUATION = "punctuation around an address removed"


@pytest.mark.parametrize(
    "cell",
    [
        "ada@example.org",
        "  ada@example.org ",
        "ADA@EXAMPLE.ORG",
        "o'neil@example.org",
        "ada+news@mail.example.co.uk",
        "a/b=c!d#e$f%g&h*i{j}k|l~m@example.org",
        "josé@exämple.org",
        "user@例え.jp",
        "ada@xn--r8jz45g.xn--zckzah",
        "1@example.org",
        "_ada_@example.org",
        "ada-@example.org",
    ],
)
def test_a_valid_address_stays(cell: str) -> None:
    assert addresses.find_address(cell) == (cell, None)


@pytest.mark.parametrize(
    ("cell", "address", "change"),
    [
        ("ada@example.org\u00a0", "ada@example.org", BLANKS),
        (" ada@example.org\t", "ada@example.org", None),
        ("\u200bada@example.org", "ada@example.org", BLANKS),
        ("ada@example.org\u200b", "ada@example.org", BLANKS),
        ("\ufeffada@example.org", "ada@example.org", BLANKS),
        ("ada@exam\u00adple.org", "ada@example.org", BLANKS),
        ("\u202aada@example.org\u202c", "ada@example.org", BLANKS),
        ("ada\uff20example\uff0eorg", "ada@example.org", BLANKS),
        ("ada@example\u3002com", "ada@example.com", BLANKS),
        ("ada @ example.org", "ada@example.org", BLANKS),
        ("ada@example. org", "ada@example.org", BLANKS),
        ("ada@example.org.", "ada@example.org", PUNCTUATION),
        ("ada@example.org,", "ada@example.org", PUNCTUATION),
        ("ada@example.org;", "ada@example.org", PUNCTUATION),
        ("<ada@example.org>", "ada@example.org", PUNCTUATION),
        ("[ada@example.org]", "ada@example.org", PUNCTUATION),
        ("'ada@example.org'", "ada@example.org", PUNCTUATION),
        ("'ada@example.org", "ada@example.org", PUNCTUATION),
        ('="ada@example.org"', "ada@example.org", ARMOUR),
        ("mailto:ada@example.org", "ada@example.org", LINK),
        ("MAILTO:ada@example.org?subject=Hi%20there", "ada@example.org", LINK),
        ("mailto:ada%2Bnews@example.org", "ada+news@example.org", LINK),
        ("<mailto:ada@example.org>", "ada@example.org", LINK),
        ("ada%40example.org", "ada@example.org", "escaped @ of an address written out"),
        ("ada&#64;example.org", "ada@example.org", "escaped @ of an address written out"),
        ('<a href="mailto:ada@example.org">ada@example.org</a>', "ada@example.org", NAME),
        ("SMTP:ada@example.org", "ada@example.org", NAME),
        ("Ada <ada@example.org>", "ada@example.org", NAME),
        ('"Lindqvist, Ada" <ada@example.org>', "ada@example.org", NAME),
        ("ada@work.example.net <ada@example.org>", "ada@example.org", NAME),
        ("Ada (ada@example.org)", "ada@example.org", NAME),
        ("ada@example.org (Ada)", "ada@example.org", NAME),
        ("E-Mail: ada@example.org", "ada@example.org", NAME),
        ("[ada@example.org](mailto:ada@example.org)", "ada@example.org", NAME),
        ("ada@example.org; bjorn@example.net", "ada@example.org", SEVERAL),
        ("ada@example.org, bjorn@example.net", "ada@example.org", SEVERAL),
        ("ada@example.org ::: bjorn@example.net", "ada@example.org", SEVERAL),
        ("ada@example.org / bjorn@example.net", "ada@example.org", SEVERAL),
        ("ada@example.org/bjorn@example.net", "ada@example.org", SEVERAL),
        ("ada@example.org\nbjorn@example.net", "ada@example.org", SEVERAL),
        ("ada@example.org | bjorn@example.net", "ada@example.org", SEVERAL),
        ("Ada <ada@example.org>; Björn <bjorn@example.net>", "ada@example.org", SEVERAL),
    ],
)
def test_an_address_is_found(cell: str, address: str, change: str | None) -> None:
    found = addresses.find_address(cell)
    assert found is not None
    text, kind = found
    assert (text.strip(), kind) == (address, change)


@pytest.mark.parametrize(
    "cell",
    [
        "",
        " ",
        "n/a",
        "-",
        "Ada Lindqvist",
        "ada@localhost",
        "ada@",
        "@ada",
        "ada(at)example.org",
        "+46 70 174 06 05",
        "ada@example..org",
    ],
)
def test_there_is_no_address(cell: str) -> None:
    assert addresses.find_address(cell) is None


@pytest.mark.parametrize(
    ("cells", "are_plain"),
    [
        (["ada@example.org", "", "b.c+d_e-f@x-y.example"], True),
        (["ada@example.org", " bjorn@example.org"], False),
        (["ada@example.org."], False),
        (["ada@example.org,"], False),
        (["Ada <ada@example.org>"], False),
        (["josé@example.org"], False),
    ],
)
def test_plain_addresses_are_known_as_a_whole(cells: list[str], are_plain: bool) -> None:
    assert addresses.are_plain("\n".join(["", *cells, ""]).encode()) is are_plain


def test_what_is_found_is_found_again_unchanged() -> None:
    rng = random.Random(11)
    parts = [
        "ada@example.org", "bjorn@example.net", "Ada", "<", ">", " ", ",", ";", "mailto:", "'",
        '"', "\u200b", "\u00a0", "\uff20", "x.y", "(", ")", "\n", "=",
    ]  # fmt: skip
    for _ in range(3000):
        cell = "".join(rng.choices(parts, k=rng.randrange(1, 7)))
        found = addresses.find_address(cell)
        if found is not None:
            assert addresses.is_address(found[0].strip()), cell
            assert addresses.find_address(found[0]) == (found[0], None), cell


NONE = [
    "ada@example.org1", "ada@my_company.com", "ada@-example.org", "ada@example-.org",
    "ada@ab--cd.example", "ada@192.168.0.1", "ada@localhost",
    f"ada@{'a' * 64}.org", f"ada@{'abcdefg.' * 32}example.org",
    "ada@.xn--p1ai", "ada@b..xn--p1ai", "ada..b@example.org", ".ada@example.org",
    "ada.@example.org", "ada@example..org",
]  # fmt: skip


@pytest.mark.parametrize("cell", NONE)
def test_what_the_server_refuses_is_no_address_nor_is_a_part_of_it(cell: str) -> None:
    assert fields.normalize_email(cell) is None
    assert not addresses.is_address(cell)
    found = addresses.find_address(f"{cell}, bo@example.org")
    assert found is None or found[0] == "bo@example.org"


def test_addresses_are_those_that_the_server_takes() -> None:
    """The sandbox judges, which shares no code with this."""
    dice = random.Random(7)
    parts = ["a", "b.c", "_", "-", "--", "+", ".", "@", "org", "org1", "1", "co.uk", "a" * 63,
             "\u00fc", "\u65e5\u672c", "'", "!", "x.", "example.org"]  # fmt: skip
    taken = 0
    for _ in range(20_000):
        local, domain = ("".join(dice.choices(parts, k=dice.randint(1, 4))) for _ in "12")
        text = f"{local}@{domain}"
        if addresses.is_address(text):
            assert fields.normalize_email(text) is not None, text
            taken += 1
        if addresses.are_valid(f"{text}\n".encode()):
            assert addresses.is_address(text), text
    assert taken > 500


def test_who_has_no_valid_address_gets_the_one_of_another_column() -> None:
    header = "Name,Email,Email 2\n"
    rows = "Ada,ada@example.org,ada@example.net\nBo,bo@example.org1,bo@example.org\n"
    sent = convert(header + rows)
    assert sent.column("EMAIL") == ["ada@example.org", "bo@example.org"]
    assert sent.changed == {"address out of another column": 1}
