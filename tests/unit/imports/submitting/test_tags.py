"""Names that carry the key of an import."""

from __future__ import annotations

import re

import pytest

from talkvalue_cli.imports.submitting.tags import Tag, find_tag, hide_tag, make_name, make_tag

KEY = "3f9ac21b7d04" + "e" * 52
TAG = Tag("3f9ac21b7d04", "8e21c9")
SENT = "contacts.tv-3f9ac21b7d04-8e21c9.csv"


def test_a_tag_has_the_first_digits_of_a_key_and_of_an_attempt() -> None:
    assert make_tag(KEY, "8e21c9ffff") == TAG
    assert str(TAG) == "tv-3f9ac21b7d04-8e21c9"


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("contacts.csv", SENT),
        ("contacts.CSV", SENT),
        ("contacts", SENT),
        ("contacts.csv.csv", "contacts.csv.tv-3f9ac21b7d04-8e21c9.csv"),
        ("my contacts (2).csv", "my_contacts__2_.tv-3f9ac21b7d04-8e21c9.csv"),
        ('é東\t\\%22".csv', "_____22_.tv-3f9ac21b7d04-8e21c9.csv"),
        ("a/b.csv", "a_b.tv-3f9ac21b7d04-8e21c9.csv"),
        (".csv", ".tv-3f9ac21b7d04-8e21c9.csv"),
        ("", ".tv-3f9ac21b7d04-8e21c9.csv"),
        ("a\nb.csv", "a_b.tv-3f9ac21b7d04-8e21c9.csv"),
    ],
)
def test_a_name_is_made_plain_and_gets_the_tag(name: str, sent: str) -> None:
    assert make_name(name, TAG) == sent


def test_a_long_name_is_cut_and_the_tag_is_not() -> None:
    sent = make_name("a" * 300 + ".csv", TAG)
    assert sent == "a" * 60 + ".tv-3f9ac21b7d04-8e21c9.csv"
    assert re.fullmatch(r"[A-Za-z0-9._-]{1,87}", sent)


@pytest.mark.parametrize(
    "kept",
    [
        SENT,
        SENT.upper(),
        f"uploads/2026/11/{SENT}",
        f"upload 4f2a ({SENT[:-4]}), 1.csv",
        "contacts.tv-3f9ac21b7d04-8e21c9",
        "tv-3f9ac21b7d04-8e21c9",
        "contactstv-3f9ac21b7d04-8e21c9csv",
    ],
)
def test_a_tag_is_found_whatever_was_done_to_the_rest(kept: str) -> None:
    assert find_tag(kept) == TAG


@pytest.mark.parametrize(
    "kept",
    [
        None,
        7,
        [SENT],
        "",
        "contacts.csv",
        "contacts.tv-3f9ac21b7d04-8e21c.csv",
        "contacts.tv-3f9ac21b7d0-8e21c9.csv",
        "contacts.tv_3f9ac21b7d04_8e21c9.csv",
        "contacts.tv-3f9ac21b7g04-8e21c9.csv",
    ],
)
def test_anything_else_has_no_tag(kept: object) -> None:
    assert find_tag(kept) is None


@pytest.mark.parametrize(
    "name",
    [
        "tv-000000000000-000000.csv",
        "b.tv-000000000000-000000.csv",
        "b.tv-000000000000-000000.tv-111111111111-111111.csv",
        # one within another
        "b.tv-000.tv-111111111111-111111000000000-000000.csv",
    ],
)
def test_a_file_that_came_back_under_a_tag_is_known_by_its_new_one_alone(name: str) -> None:
    sent = make_name(name, TAG)
    assert re.findall("tv-[0-9a-f]{12}-[0-9a-f]{6}", sent) == ["tv-3f9ac21b7d04-8e21c9"]
    assert find_tag(sent) == TAG


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (SENT, "contacts.csv"),
        ("contacts_tv-3f9ac21b7d04-8e21c9.csv", "contacts.csv"),
        ("contacts.csv", "contacts.csv"),
        ("tv-3f9ac21b7d04-8e21c9.csv", ".csv"),
    ],
)
def test_its_owner_is_shown_the_name_without_the_tag(name: str, shown: str) -> None:
    assert hide_tag(name) == shown
