"""What the header of a column says: which field it names, whose, and how plainly."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from talkvalue_cli.api.models import TARGET_FIELDS

from . import words

#: what a word list calls headers that no field is for
NOT_USED = "not used"
#: what names the whole, or the one part of it for which there is no other column
NAME_OR_PART = "NAME or part"
#: whose column it is, and of which kind; in the order in which one wins where languages differ
_CLASSES = (
    "other thing", "other person", "buyer", "attendee", "primary", "work", "home", "mobile",
    "other", "filler",
)  # fmt: skip
_RANKS = {"": 0, "second": 2, "third": 4}
#: what a kind costs: the column that costs least gets the field
_KIND_COSTS = {
    "EMAIL": {"primary": -1, "work": 1, "home": 2, "mobile": 6, "other": 6},
    "PHONE": {"primary": -1, "mobile": 1, "work": 3, "home": 4, "other": 6},
    "ADDRESS": {"primary": -1, "home": 1, "work": 2, "other": 5},
}
_OTHER_COSTS = {"primary": 0, "work": 0, "home": 0, "mobile": 0, "other": 6}
#: what else may be in a header, and what it costs: "name of the company", "e-mail address"
_TOGETHER = {
    "COMPANY_NAME": {"NAME": 0, NAME_OR_PART: 0, "ADDRESS": 2},
    "EMAIL": {"ADDRESS": 0, "COMPANY_NAME": 4, NAME_OR_PART: 0},
    "JOB_TITLE": {"COMPANY_NAME": 0, NAME_OR_PART: 0},
    "JOINED_AT": {NOT_USED: 0},
    "ADDRESS": {"COMPANY_NAME": 8},
    "LINKEDIN_URL": {"X_URL": 0, NAME_OR_PART: 0, NOT_USED: 0},
    "X_URL": {NOT_USED: 0, NAME_OR_PART: 0},
    "FIRST_NAME": {NAME_OR_PART: 0},
    "LAST_NAME": {NAME_OR_PART: 0},
    "NAME": {NAME_OR_PART: 0},
}
#: what a header with such a name beside it is: "Nom / Last name"
_NAMES = ("NAME", "FIRST_NAME", "LAST_NAME")
#: what makes a column one of something or somebody else
_EXCLUDING = (NOT_USED, "other thing", "other person", "COMPANY_NAME")
WEAK_COST = 20
_LONGEST_PHRASE = 7

_CAMEL = re.compile(r"(?<=[a-zà-ÿ])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
# round and square ones, and the full-width ones of East Asia
_BRACKETS = re.compile(
    r"\([^()]*\)|\[[^\[\]]*\]|\uff08[^\uff08\uff09]*\uff09|\u3010[^\u3010\u3011]*\u3011"
)
_TOKEN = re.compile(r"[^\W\d_]+|\d+")
_EAST_ASIAN = re.compile("[\u3040-\u30ff\u31f0-\u31ff\u3400-\u9fff\uac00-\ud7a3ー々]+")


class Meaning(NamedTuple):
    """What a header says.

    field: one of TARGET_FIELDS, NAME_OR_PART, NOT_USED, or "" when its words are not known.
    cost: of two columns for a field the one that costs less gets it.
    role: `attendee` or `buyer` when it says whose it is, "" when it does not.
    is_weak: there are unknown words beside the ones that name the field.
    languages: codes of the languages that have this word.
    """

    field: str = ""
    cost: float = 0
    role: str = ""
    is_weak: bool = False
    languages: tuple[str, ...] = ()


#: word -> language -> (field, cost)
_Fields = dict[str, dict[str, tuple[str, float]]]
#: word -> language -> class
_Classes = dict[str, dict[str, str]]


class _Vocabulary(NamedTuple):
    fields: _Fields
    classes: _Classes
    together: re.Pattern[str]


@lru_cache(maxsize=1)
def load_vocabulary() -> _Vocabulary:
    """Return the words of all languages, without blanks between their parts."""
    fields: _Fields = {}
    classes: _Classes = {}
    for language in words.load_languages():
        for meaning, listed in language.words.items():
            field, _, rank = meaning.partition(" ")
            if meaning == NAME_OR_PART:
                field, rank = meaning, ""
            for place, word in enumerate(listed):
                key = "".join(split(word))
                if meaning in _CLASSES:
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
    return _Vocabulary(fields, classes, re.compile("|".join(map(re.escape, longest_first))))


def _add_short_forms(language: words.Language, fields: _Fields) -> None:
    """Add the words of a language without those that say nothing: "data compra" for "data de"."""
    fillers = {word for listed in language.words.get("filler", []) for word in split(listed)}
    for meaning, listed in language.words.items():
        for word in listed:
            parts = split(word)
            short = [part for part in parts if part not in fillers]
            known = fields.get("".join(parts), {}).get(language.code)
            # one word that is left over would mean more than it does: "where do you work"
            if known is not None and len(short) > 1 and meaning not in _CLASSES:
                fields.setdefault("".join(short), {}).setdefault(language.code, known)


def split(header: str) -> list[str]:
    """Return the words and numbers of a header, without case, accents and punctuation."""
    spaced = _CAMEL.sub(" ", header) if not header.isupper() else header
    return _TOKEN.findall(words.fold(spaced))


def find_languages(headers: Sequence[str]) -> list[str]:
    """Return the codes of the languages that the headers seem to be in, the likeliest first."""
    counts: Counter[str] = Counter()
    fields = load_vocabulary().fields
    for header in headers:
        for text in (header, _BRACKETS.sub(" ", header)):
            found = fields.get("".join(split(text)))
            if found:
                counts.update(found.keys())
                break
    codes = [language.code for language in words.load_languages()]
    return sorted(codes, key=lambda code: -counts[code])


def read_header(header: str, languages: Sequence[str]) -> Meaning:
    """Return what a header says; languages: in which order to look its words up."""
    header = _drop_empty_brackets(header, languages)
    whole = split(header)
    bare = split(_BRACKETS.sub(" ", header)) or whole
    vocabulary = load_vocabulary()
    if found := vocabulary.fields.get("".join(whole)):
        return _choose_exact(found, languages)
    if found := vocabulary.fields.get("".join(bare)):
        return _add_brackets(_choose_exact(found, languages), header, languages)
    parts = [part for token in bare for part in _take_apart(token, vocabulary)]
    meaning = _read_numbered(parts, languages)
    if meaning.field in ("", NOT_USED) or meaning.is_weak:
        plain = [part for part in parts if _find_class(part, languages, vocabulary) != "filler"]
        again = _read_numbered(plain, languages)
        meaning = meaning if again.field in ("", NOT_USED) or again.is_weak else again
    return _add_brackets(meaning, header, languages)


def _drop_empty_brackets(header: str, languages: Sequence[str]) -> str:
    """Return a header without brackets that say nothing: "(required)"."""
    for bracket in _BRACKETS.findall(header):
        if set(_classify(split(bracket), languages)) <= {"filler"}:
            header = header.replace(bracket, " ")
    return header


def _read_numbered(parts: Sequence[str], languages: Sequence[str]) -> Meaning:
    """Return what a header says in which there may be numbers: "1. E-mail", "E-mail 2"."""
    if len(parts) > 1 and parts[0].isdigit():
        parts = parts[1:]
    number = next((int(part[:4]) for part in parts if part.isdigit()), 1)
    meaning = _read_parts([part for part in parts if not part.isdigit()], languages)
    return meaning._replace(cost=meaning.cost + max(0, min(number - 1, 9)))


def _add_brackets(meaning: Meaning, header: str, languages: Sequence[str]) -> Meaning:
    """Return what a header says with what is in brackets: "Email (work)", "Name (parent)".

    Most brackets explain the value, so that only the first word counts that says whose or which
    it is. What is nothing but something else makes the column one of that: "Address (country)".
    """
    inside = split(" ".join(_BRACKETS.findall(header)))
    if not inside or meaning.field in ("", NOT_USED):
        return meaning
    preferred = [*meaning.languages, *languages]
    kinds = list(_classify(inside, preferred))
    if set(kinds) <= set(_EXCLUDING) - {"COMPANY_NAME"}:
        return Meaning(NOT_USED)
    for kind in kinds:
        if kind in ("attendee", "buyer", "other person", *_OTHER_COSTS):
            return _add(meaning, kind)
    part = load_vocabulary().fields.get("".join(inside))
    if part and (exact := _choose_exact(part, preferred)).field == meaning.field:
        return meaning._replace(cost=meaning.cost + exact.cost)
    return meaning


def _choose_exact(found: dict[str, tuple[str, float]], languages: Sequence[str]) -> Meaning:
    code = next(code for code in languages if code in found)
    field, cost = found[code]
    same = tuple(other for other in languages if found.get(other, ("",))[0] == field)
    return Meaning(field, cost, languages=same)


def _take_apart(token: str, vocabulary: _Vocabulary) -> Iterator[str]:
    """Yield the words that are written together in one: `参加者名`, `Teilnehmername`."""
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


def _split_compound(token: str, vocabulary: _Vocabulary) -> Iterator[str]:
    for place in range(len(token) - 3, 3, -1):
        first, second = token[:place], token[place:]
        known = first in vocabulary.classes or first.removesuffix("s") in vocabulary.classes
        if known and second in vocabulary.fields:
            yield first if first in vocabulary.classes else first.removesuffix("s")
            yield second
            return
    yield token


class _Span(NamedTuple):
    start: int
    end: int
    meaning: Meaning


def _read_parts(parts: Sequence[str], languages: Sequence[str]) -> Meaning:
    spans = list(_find_spans(parts, languages))
    if not spans:
        return _read_unnamed(parts, languages)
    # of two the last one is what the other one says more about: "business address"
    best = max(spans, key=lambda span: (span.end - span.start, span.start))
    meaning = best.meaning
    if meaning.field == NOT_USED:
        # "date" alone says nothing, but "birthday of the attendee" is no field of ours
        return meaning
    preferred = [*meaning.languages, *languages]
    for tokens in (parts[: best.start], parts[best.end :]):
        for kind in _classify(tokens, preferred):
            meaning = _add(meaning, kind)
            if meaning.field == NOT_USED:
                return meaning
    return meaning


def _find_spans(parts: Sequence[str], languages: Sequence[str]) -> Iterator[_Span]:
    fields = load_vocabulary().fields
    for start in range(len(parts)):
        for end in range(start + 1, min(start + _LONGEST_PHRASE, len(parts)) + 1):
            found = fields.get("".join(parts[start:end]))
            if found:
                yield _Span(start, end, _choose_exact(found, languages))


def _read_unnamed(parts: Sequence[str], languages: Sequence[str]) -> Meaning:
    """Return what a header says that names no field.

    "Owner" is somebody else, "Guest" may be a name, "Q 17" is not known.
    """
    kinds = set(_classify(parts, languages)) - {"filler"}
    if kinds & {"other thing", "other person"}:
        return Meaning(NOT_USED)
    if kinds and kinds <= {"attendee", "buyer"}:
        return Meaning("NAME", WEAK_COST, min(kinds), is_weak=True)
    return Meaning()


def _classify(tokens: Sequence[str], languages: Sequence[str]) -> Iterator[str]:
    """Yield the class or the field of each phrase of known words, and "" for each other word."""
    vocabulary = load_vocabulary()
    place = 0
    while place < len(tokens):
        for end in range(min(place + _LONGEST_PHRASE, len(tokens)), place, -1):
            phrase = "".join(tokens[place:end])
            kind = _find_class(phrase, languages, vocabulary)
            if kind or end == place + 1:
                yield kind
                place = end
                break


def _find_class(phrase: str, languages: Sequence[str], vocabulary: _Vocabulary) -> str:
    classes, fields = vocabulary.classes.get(phrase, {}), vocabulary.fields.get(phrase, {})
    for code in languages:
        if code in classes:
            return classes[code]
        if code in fields:
            return fields[code][0]
    return ""


def _add(meaning: Meaning, kind: str) -> Meaning:
    """Return what a header says with one more phrase beside the one that names the field.

    kind: the class or the field of the phrase, "" for words that are not known.
    """
    field = meaning.field
    if kind == "filler" or kind == field:
        return meaning
    if kind in ("attendee", "buyer"):
        return meaning._replace(role=kind)
    if kind in _OTHER_COSTS:
        costs = _KIND_COSTS.get(field, _OTHER_COSTS)
        return meaning._replace(cost=meaning.cost + costs.get(kind, 6))
    if kind in _TOGETHER.get(field, {}):
        return meaning._replace(cost=meaning.cost + _TOGETHER[field][kind])
    if field == NAME_OR_PART and kind in _NAMES:
        return meaning._replace(field=kind)
    if kind in _EXCLUDING:
        return Meaning(NOT_USED)
    return meaning._replace(is_weak=True, cost=meaning.cost + WEAK_COST)
