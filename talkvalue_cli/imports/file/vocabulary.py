"""The words that headers are made of, in all languages, and how to take a header apart."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from talkvalue_cli.api.models import TARGET_FIELDS

from . import words

#: what a word list calls headers that no field is for
NOT_USED = "not used"
#: what names the whole, or the one part of it for which there is no other column
NAME_OR_PART = "NAME or part"
#: whose column it is, and of which kind
CLASSES = (
    "other thing", "other person", "buyer", "attendee", "primary", "work", "home", "mobile",
    "other", "filler",
)  # fmt: skip
_RANKS = {"": 0, "second": 2, "third": 4}
#: phrases of more words are not looked for
LONGEST_PHRASE = 7

_CAMEL = re.compile(r"(?<=[a-zà-ÿ])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_TOKEN = re.compile(r"[^\W\d_]+|\d+")
_EAST_ASIAN = re.compile("[\u3040-\u30ff\u31f0-\u31ff\u3400-\u9fff\uac00-\ud7a3\u3005]+")

#: word -> language -> (field, cost)
_Fields = dict[str, dict[str, tuple[str, float]]]
#: word -> language -> class
_Classes = dict[str, dict[str, str]]


class Vocabulary(NamedTuple):
    """The words of all languages, without blanks between their parts.

    together: the words of East Asia, which are written without blanks between them.
    """

    fields: _Fields
    classes: _Classes
    together: re.Pattern[str]


@lru_cache(maxsize=1)
def load_vocabulary() -> Vocabulary:
    """Return the words of all languages."""
    fields: _Fields = {}
    classes: _Classes = {}
    for language in words.load_languages():
        for meaning, listed in language.words.items():
            field, _, rank = meaning.partition(" ")
            if meaning == NAME_OR_PART:
                field, rank = meaning, ""
            for place, word in enumerate(listed):
                key = "".join(split(word))
                if meaning in CLASSES:
                    classes.setdefault(key, {}).setdefault(language.code, meaning)
                elif meaning == NOT_USED:
                    fields.setdefault(key, {}).setdefault(language.code, (NOT_USED, 0))
                elif field in (*TARGET_FIELDS, NAME_OR_PART):
                    # of two words for a field the one that comes first in the list is better;
                    # whose address it is must not hang on that
                    cost = _RANKS[rank] + (0 if field == "EMAIL" else place / 1000)
                    found = (field, cost)
                    fields.setdefault(key, {}).setdefault(language.code, found)
        _add_short_forms(language, fields)
    unspaced = {word for word in (*fields, *classes) if _EAST_ASIAN.fullmatch(word)}
    longest_first = sorted(unspaced, key=len, reverse=True)
    return Vocabulary(fields, classes, re.compile("|".join(map(re.escape, longest_first))))


def _add_short_forms(language: words.Language, fields: _Fields) -> None:
    """Add the words of a language without those that say nothing: "data compra" for "data de"."""
    fillers = {word for listed in language.words.get("filler", []) for word in split(listed)}
    for meaning, listed in language.words.items():
        for word in listed:
            parts = split(word)
            short = [part for part in parts if part not in fillers]
            known = fields.get("".join(parts), {}).get(language.code)
            # one word that is left over would mean more than it does: "where do you work"
            if known is not None and len(short) > 1 and meaning not in CLASSES:
                fields.setdefault("".join(short), {}).setdefault(language.code, known)


def split(header: str) -> list[str]:
    """Return the words and numbers of a header, without case, accents and punctuation."""
    spaced = _CAMEL.sub(" ", header) if not header.isupper() else header
    return _TOKEN.findall(words.fold(spaced))


def find_fields(parts: Sequence[str]) -> dict[str, tuple[str, float]]:
    """Return the field and the cost that words have together, by language; {} for none."""
    return load_vocabulary().fields.get("".join(parts), {})


def find_languages(parts: Sequence[str]) -> set[str]:
    """Return the codes of the languages that know a phrase."""
    vocabulary, phrase = load_vocabulary(), "".join(parts)
    return {*vocabulary.fields.get(phrase, {}), *vocabulary.classes.get(phrase, {})}


def find_exact(parts: Sequence[str], languages: Sequence[str]) -> dict[str, tuple[str, float]]:
    """Return what a whole header is, see `find_fields`.

    {} as well when it means something else in a language that comes first: CEP is a postal code
    in Portuguese and a telephone in Turkish.
    """
    found = find_fields(parts)
    classes = load_vocabulary().classes.get("".join(parts), {})
    first = next((code for code in languages if code in found or code in classes), "")
    return found if first in found else {}


def classify(tokens: Sequence[str], languages: Sequence[str]) -> Iterator[str]:
    """Yield the class or the field of each phrase of known words, and "" for each other word."""
    place = 0
    while place < len(tokens):
        for end in range(min(place + LONGEST_PHRASE, len(tokens)), place, -1):
            kind = find_class("".join(tokens[place:end]), languages)
            if kind or end == place + 1:
                yield kind
                place = end
                break


def find_class(phrase: str, languages: Sequence[str]) -> str:
    """Return the class or the field of a phrase in the first language that has it, else ""."""
    vocabulary = load_vocabulary()
    classes, fields = vocabulary.classes.get(phrase, {}), vocabulary.fields.get(phrase, {})
    for code in languages:
        if code in classes:
            return classes[code]
        if code in fields:
            return fields[code][0]
    return ""


def take_apart(token: str) -> Iterator[str]:
    """Yield the words that are written together in one: `参加者名`, `Teilnehmername`."""
    vocabulary = load_vocabulary()
    if token in vocabulary.fields or token in vocabulary.classes:
        yield token
    elif _EAST_ASIAN.search(token):
        place = 0
        for match in vocabulary.together.finditer(token):
            if match.start() > place:
                yield token[place : match.start()]
            yield match[0]
            place = match.end()
        if place < len(token):
            yield token[place:]
    else:
        yield from _split_compound(token, vocabulary)


def _split_compound(token: str, vocabulary: Vocabulary) -> Iterator[str]:
    for place in range(len(token) - 3, 3, -1):
        first, second = token[:place], token[place:]
        known = first in vocabulary.classes or first.removesuffix("s") in vocabulary.classes
        if known and second in vocabulary.fields:
            yield first if first in vocabulary.classes else first.removesuffix("s")
            yield second
            return
    yield token
