"""The files of words: twice the same, and the same for two things."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import pytest

from talkvalue_cli.imports.file import samples, vocabulary, words
from talkvalue_cli.imports.file.words import Language

FIELDS = {
    "EMAIL", "FIRST_NAME", "LAST_NAME", "NAME", "PHONE", "JOB_TITLE", "COMPANY_NAME", "ADDRESS",
    "LINKEDIN_URL", "X_URL", "JOINED_AT", "NAME or part", "not used",
}  # fmt: skip
CLASSES = {
    "attendee", "buyer", "other person", "other thing", "primary", "work", "home", "other",
    "mobile", "filler",
}  # fmt: skip
OF_DATES = {"weekday", "am", "pm", "in dates", *(f"month {number}" for number in range(1, 13))}
CHOICES = ("", "second", "third")
ASKED_FOR = (
    "de", "en", "es", "fr", "it", "ja", "ko", "nl", "pl", "pt", "ru", "sv", "tr", "zh_Hans",
    "zh_Hant",
)  # fmt: skip
#: words that are one field in a language and another one in another language; which it is in a
#: file is decided by what its other headers are
KNOWN_CONFLICTS = {
    # family name in Japanese, given or whole name in Chinese
    "名字": {"LAST_NAME", "NAME or part"},
}


#: names of months that are others in other languages; the rest of the file decides, see
#: test_date_language.py
SHARED_MONTHS = {
    **{word: {"month 10", "month 11"} for word in ("lis", "listopad", "listopada", "listopadu")},
    "lip": {"month 6", "month 7"},
    "srp": {"month 7", "month 8"},
}


def languages() -> list[Language]:
    return list(words.load_languages())


def read_field(meaning: str) -> str:
    """Return the field of a line of words, "" for one that is none."""
    if meaning in FIELDS:
        return meaning
    field, _, rank = meaning.partition(" ")
    return field if field in FIELDS and rank in CHOICES else ""


def list_words(language: Language) -> Iterator[tuple[str, str, str]]:
    """Yield the kind of each word, the word as it is compared, and its meaning."""
    for meaning, listed in language.words.items():
        for word in listed:
            if read_field(meaning):
                yield "field", "".join(vocabulary.split(word)), meaning
            elif meaning in CLASSES:
                yield "class", "".join(vocabulary.split(word)), meaning


def test_the_languages_asked_for_are_there_with_a_word_for_each_field() -> None:
    by_code = {language.code: language for language in languages()}
    assert len(by_code) >= 25
    for code in ASKED_FOR:
        has = {read_field(meaning) for meaning in by_code[code].words}
        wanted = FIELDS - {"NAME or part", "LINKEDIN_URL", "X_URL"}
        assert wanted <= has, code


@pytest.mark.parametrize("language", languages(), ids=lambda language: language.name)
def test_each_line_means_something(language: Language) -> None:
    known = CLASSES | OF_DATES | {"salutations", "roles", "date order"}
    assert [line for line in language.words if line not in known and not read_field(line)] == []
    assert language.name != language.code
    assert set(language.words["date order"]) <= {"dmy", "mdy", "ymd"}


@pytest.mark.parametrize("language", languages(), ids=lambda language: language.name)
def test_no_word_is_twice_in_a_language(language: Language) -> None:
    seen: dict[tuple[str, str], str] = {}
    twice = []
    for kind, word, meaning in list_words(language):
        assert word, f"{language.code}: {meaning} has a word without letters"
        if (kind, word) in seen:
            twice.append(f"{word}: {seen[kind, word]} and {meaning}")
        seen[kind, word] = meaning
    assert twice == []


def test_no_word_means_different_fields_in_two_languages() -> None:
    found: dict[str, set[str]] = defaultdict(set)
    for language in languages():
        for kind, word, meaning in list_words(language):
            if kind == "field":
                found[word].add(read_field(meaning))
    assert {word: fields for word, fields in found.items() if len(fields) > 1} == KNOWN_CONFLICTS


def test_months_of_all_languages_agree_but_for_some() -> None:
    found: dict[str, set[str]] = defaultdict(set)
    for language in languages():
        for meaning, listed in language.words.items():
            if meaning.startswith("month "):
                for word in listed:
                    found[words.fold(word)].add(meaning)
    assert {word: months for word, months in found.items() if len(months) > 1} == SHARED_MONTHS


def test_a_line_may_go_on_and_have_a_comment() -> None:
    text = "# words\nlanguage: Test\nEMAIL: mail,  e   mail # both\n   post\nEMAIL: more\n"
    assert words.parse("xx", text) == Language(
        "xx", "Test", {"EMAIL": ["mail", "e mail", "post", "more"]}
    )


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("E-MAIL", "e-mail"),
        ("Prénom", "prenom"),
        ("\uff2e\uff41\uff4d\uff45", "name"),
        ("İsim ADI", "isim adi"),
        ("Straße", "strasse"),
        ("이름", "이름"),
        ("\uff92\uff70\uff99", "メール"),
        ("Имя й", "имя и"),
    ],
)
def test_folding_takes_away_what_does_not_tell_words_apart(text: str, folded: str) -> None:
    assert words.fold(text) == folded


def test_what_people_are_at_an_event_is_no_job_title() -> None:
    of_languages = [(each.code, each.words.get("roles", [])) for each in languages()]
    assert set(ASKED_FOR) <= {code for code, roles in of_languages if roles}
    for code, roles in of_languages:
        for spelled in (roles, [role.upper() for role in roles]):
            sample = samples.take_sample([[role] for role in spelled], 0)
            assert not roles or samples.speaks_against("JOB_TITLE", sample), code
    sample = samples.take_sample([["Attendee"], ["Engineer"]], 0)
    assert not samples.speaks_against("JOB_TITLE", sample)
